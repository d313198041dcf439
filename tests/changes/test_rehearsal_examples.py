"""For every example, and every price in it: the bills are those that the plan predicts."""

import json
import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from changes.rehearsing import Town, town
from commetctl.catalog import load
from commetctl.catalog.catalog import Catalog
from commetctl.core.contract import PER_YEAR
from commetctl.core.money import EXPONENTS, Money
from commetctl.core.resource import Resource
from test_examples import CATALOGS, name_of

#: When customers began: the end of a month, a leap day, the moment of the change, and a moment ago.
BEGAN = ("2026-05-31T23:30:00Z", "2024-02-29T08:00:00Z", "2026-11-01T00:00:00Z", "2026-12-01T11:59:59Z")
#: Brazil is the only country with this currency, and has a market price.
UNPAID = "regional_price.pro/monthly/brl"
ALLOWED = "[price_change, updates]"


def moved(price: Money, number: int) -> str:
    """Every other amount goes up, and the others down."""
    step = Decimal(1).scaleb(-EXPONENTS[price.currency])
    factor = Decimal("1.2") if number % 2 else Decimal("0.9")
    return str((price.amount * factor).quantize(step, ROUND_HALF_UP))


def content(catalog: Catalog) -> dict[str, Any]:
    """Another amount for each price of each plan, in every currency and market in which the file says it."""
    found: dict[str, Any] = {}
    for number, row in enumerate(prices(catalog)):
        code, interval, *rest = row.address.key.split("/")
        price = found.setdefault(code, {}).setdefault(interval, {})
        amount = row.fields["price"]
        assert isinstance(amount, Money)
        match row.address.kind, rest:
            case "plan_price", []:
                price["price"] = moved(amount, number)
            case "regional_price", [currency]:
                balance = row.fields.get("included_balance")
                told = {"price": moved(amount, number)}
                told |= {"included_balance": balance.number()} if isinstance(balance, Money) else {}
                price.setdefault("regional_prices", {})[currency] = told
            case "market_price", [market]:
                told = {"currency": amount.currency, "price": moved(amount, number)}
                price.setdefault("market_prices", {})[market] = told
            case "variant_price", [variant, market]:
                told = {"currency": amount.currency, "price": moved(amount, number)}
                those = price.setdefault("variants", {}).setdefault(variant, {}).setdefault("market_prices", {})
                those[market] = told
            case _:
                raise AssertionError(row.address)
    return {code: {"prices": those} for code, those in found.items()}


def prices(catalog: Catalog) -> Iterator[Resource]:
    """The prices that are amounts; what Commet derives from them moves with them."""
    for row in catalog.desired.values():
        recurs = row.address.key.split("/")[1:2] != ["one_time"]
        price = row.fields.get("price")
        if row.address.kind.endswith("_price") and recurs and isinstance(price, Money) and price.amount:
            yield row


def people(here: Town, catalog: Catalog) -> int:
    """Subscribe customers to every price, on awkward dates, and one to a trial that ends after the change."""
    number = 0
    for row in prices(catalog):
        code, interval, *rest = row.address.key.split("/")
        if rest or interval not in PER_YEAR:
            continue
        for day in BEGAN:
            here.billed(day, interval, code)
            number += 1
        trial: dict[str, Any] = {"skipTrial": False, "customTrialDays": 45, "startDate": "2026-11-28T00:00:00Z"}
        here.subscribe(code, billingInterval=interval, **trial)
    return number


@pytest.mark.parametrize("path", CATALOGS, ids=name_of)
def test_every_bill_is_as_the_plan_predicts(path: Path, version: str, tmp_path: Path) -> None:
    text = path.read_text("utf-8")
    if load(path).contract.version != version and "api_version:" in text:
        version = load(path).contract.version
    with town(tmp_path, text, version) as here:
        catalog = here.shop.load(text)
        number = people(here, catalog)
        written = re.sub(r'"([\d.]+)"', r"\1", json.dumps(content(catalog)))
        here.change(f"plans: {written}", f"effective: 2027-01-01, allow: {ALLOWED}")
        found = here.rehearse()
    assert [str(error) for error in found.errors] == []
    assert not found.absent
    lines = found.verdict.lines
    assert sum(line.subscriptions for line in lines if line.turn.is_base) == number
    asked = {str(row.address) for row in prices(catalog)}
    seen = {str(line.turn.address) for line in lines if line.after}
    assert asked - seen <= {UNPAID}, "a price without a bill proves nothing"

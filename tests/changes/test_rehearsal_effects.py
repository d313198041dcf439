"""For every row of the table of effects: what an emulator bills is what the row says, on a date and after it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from changes.rehearsing import Town, town
from commetctl.catalog.catalog import Catalog
from commetctl.core.change import Update
from commetctl.core.contract import PER_YEAR
from commetctl.core.impact import When
from commetctl.core.money import Derived, Money
from commetctl.core.resource import Address
from commetctl.review.review import Review
from commetctl.usecases.compare import compared
from effects.effect_cases import CASES, Case

HEAD = "effective: 2027-01-01, allow: [price_change, updates, deletes, scale]"
#: Where customers live, and the currency there; the first pays in US dollars.
COUNTRIES = {"": "usd", "DE": "eur", "BR": "brl", "CL": "clp"}
PAID = (When.AT_ONCE, When.NEXT_PERIOD, When.AT_RENEWAL)
_YAML = YAML(typ="safe")


def with_price(text: str) -> dict[str, Any]:
    """A file in which every plan can be bought."""
    found: dict[str, Any] = json.loads(json.dumps(_YAML.load(StringIO(text))))
    for plan in found.get("plans", {}).values():
        if not plan.get("is_free"):
            plan["prices"] = plan.get("prices") or {"monthly": {"price": 10}}
    return found


def patch(before: Any, after: Any) -> Any:
    """What laid over one state gives another (RFC 7396)."""
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return after
    gone = {key: None for key in before if key not in after}
    new = {key: patch(before.get(key), value) for key, value in after.items() if value != before.get(key)}
    return gone | new


#: Cases as a dated change: one version of the API each, without plan versions, and without `--replace`.
DATED = [
    (case, version)
    for case in CASES
    for version in case.versions
    if not (case.switched or case.replaced) and patch(with_price(case.before), with_price(case.after))
]


def paying(catalog: Catalog, code: str, interval: str, variant: str, country: str) -> Address:
    """Which amount a customer in a country pays."""
    rows = catalog.desired
    for row in rows.values():
        if row.address.kind == "market" and country in (row.fields.get("countries") or ()):
            key = row.handle or row.address.key
            own = Address("variant_price", f"{code}/{interval}/{variant}/{key}")
            found = own if variant and own in rows else Address("market_price", f"{code}/{interval}/{key}")
            if found in rows:
                return found
    regional = Address("regional_price", f"{code}/{interval}/{COUNTRIES[country]}")
    return regional if regional in rows else Address("plan_price", f"{code}/{interval}")


def buyers(here: Town, catalog: Catalog, began: str) -> Iterator[tuple[str, Address]]:
    """A customer of every price in every country: the subscription, and the amount that it pays."""
    for plan in here.shop.send("GET", "/plans?includePrivate=true")["data"]:
        for price in plan["prices"]:
            interval = price["billingInterval"]
            variant = Address("plan_price", f"{plan['code']}/{interval}")
            if interval not in PER_YEAR or price.get("inheritsFromPriceId") or variant not in catalog.desired:
                continue
            for country in COUNTRIES:
                made = here.subscribe(plan["code"], country, billingInterval=interval, startDate=began)
                yield made["id"], paying(catalog, plan["code"], interval, "", country)


def amounts(here: Town) -> Mapping[str, list[tuple[str, Money]]]:
    """The bills of each subscription: day and amount."""
    found: dict[str, list[tuple[str, Money]]] = {}
    for row in here.bills():
        found.setdefault(row.subscription, []).append((f"{row.moment:%m-%d}", row.amount))
    return found


def foretold(review: Review, address: Address) -> When | None:
    """When the customers of an amount notice that it moves; None where it does not."""
    change = next((item for item in review.changeset.changes if item.address == address), None)
    if change is None or (isinstance(change, Update) and "price" not in change.names):
        return None
    effects = [effect for effect in review.effects[address] if effect.path in ("", "price")]
    return effects[0].when


def is_amount(found: Money, said: object) -> bool:
    return found.is_near(said.about) if isinstance(said, Derived) else str(found) == str(said)


def name(value: object) -> str:
    return f"{value.address}:{value.field}:{value.now[:24]}" if isinstance(value, Case) else str(value)


@pytest.mark.parametrize(("case", "version"), DATED, ids=name)
def test_what_is_billed_is_what_the_row_says(case: Case, version: str, tmp_path: Path) -> None:
    before, after = with_price(case.before), with_price(case.after)
    with town(tmp_path, json.dumps(before), version) as here:
        old, new = here.shop.load(json.dumps(before)), here.shop.load(json.dumps(after))
        review = compared(old, new)
        existing = dict(buyers(here, old, "2026-11-15T00:00:00Z"))
        content = patch(before, after)
        here.change("\n".join(f"{key}: {json.dumps(part)}" for key, part in content.items()), HEAD)
        here.at("2027-01-01T00:00:00Z")
        ended = here.apply_due()
        if refused_in_use(ended.errors):
            return
        assert ended.errors == ()
        fresh = dict(buyers(here, new, "2027-01-01T00:00:00Z"))
        here.at("2027-03-05T00:00:00Z")
        bills = amounts(here)
    for subscription, address in existing.items():
        if not old.desired[address].fields.get("price") or address.key.split("/")[1] != "monthly":
            continue
        first, then = bills[subscription][:2]
        assert (first[0], then[0]) == ("12-15", "01-15")
        when = foretold(review, address)
        if when in PAID:
            assert is_amount(then[1], new.desired[address].fields["price"]), address
        elif when is not When.UNKNOWN:
            assert first[1] == then[1], address
    for subscription, address in fresh.items():
        if address.key.split("/")[1] == "monthly":
            assert is_amount(bills[subscription][0][1], new.desired[address].fields["price"]), address


def refused_in_use(errors: object) -> bool:
    """Whether Commet refuses a deletion because somebody pays the amount, as the row says."""
    assert isinstance(errors, tuple)
    return any("in use" in str(error) or "subscription" in str(error) for error in errors)

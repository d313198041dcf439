"""For every row of the table of effects: what an emulator bills is what the row says, on a date and after it."""

import json
from collections.abc import Iterator
from decimal import Decimal
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from changes.rehearsing import Town, town
from commetctl.catalog.catalog import Catalog
from commetctl.core.change import Delete, Failed, Update
from commetctl.core.contract import DEFAULT_VERSION, PER_YEAR
from commetctl.core.impact import When
from commetctl.core.money import EXPONENTS, Derived, Money
from commetctl.core.resource import Address
from commetctl.review.review import Review
from commetctl.usecases.compare import compared
from commetctl.usecases.conclusion import Conclusion
from effect_cases import CASES, Case

HEAD = "effective: 2027-01-01, allow: [price_change, updates, deletes, scale]"
#: Where customers live, and the currency there; the first pays in US dollars.
COUNTRIES = {"": "usd", "DE": "eur", "BR": "brl", "CL": "clp"}
#: Kinds of which a bill may show something.
BILLED = {"plan", "plan_price", "regional_price", "exchange_rate", "market", "market_price"}
BILLED |= {"price_variant", "variant_price"}
PAID = (When.AT_ONCE, When.NEXT_PERIOD, When.AT_RENEWAL)
_YAML = YAML(typ="rt")


def with_price(text: str) -> dict[str, Any]:
    """A file in which every plan can be bought."""
    found: dict[str, Any] = json.loads(
        json.dumps(_YAML.load(StringIO(text)), default=lambda time: f"{time:%Y-%m-%dT%H:%M:%SZ}")
    )
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


def dated() -> Iterator[Any]:
    """The edits of the table as dated changes, each once in each version.

    Those of the older version, and of what no bill shows, are proofs. Plan versions have a test of their own, and
    `apply --due` replaces nothing.
    """
    seen = set()
    for case in CASES:
        for version in case.versions:
            edit = (case.before, case.after, version)
            if case.switched or case.replaced or edit in seen or not patch(*map(with_price, edit[:2])):
                continue
            seen.add(edit)
            is_billed = case.address.partition(".")[0] in BILLED
            marks = [] if version == DEFAULT_VERSION and is_billed else [pytest.mark.proof]
            yield pytest.param(case, version, marks=marks, id=f"{case.address}:{case.field}:{case.now[:24]}-{version}")


def paying(catalog: Catalog, code: str, interval: str, variant: str, country: str) -> Address:
    """Which amount a customer in a country pays."""
    rows = catalog.desired
    for row in rows.values():
        countries = row.fields.get("countries")
        if row.address.kind == "market" and isinstance(countries, tuple) and country in countries:
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


def noticed(review: Review, address: Address) -> When | None:
    """When the customers of an amount notice that it moves; None where it does not."""
    change = next((item for item in review.changeset.changes if item.address == address), None)
    if change is None or (isinstance(change, Update) and "price" not in change.names):
        return None
    effects = [effect for effect in review.effects[address] if effect.path in ("", "price")]
    return effects[0].when


def is_amount(found: str, said: object) -> bool:
    """Whether a bill has an amount of the catalog, which is about what Commet derives."""
    number, currency = found.split()
    amount = Money(Decimal(number).scaleb(-EXPONENTS[currency]), currency)
    return amount.is_near(said.about) if isinstance(said, Derived) else str(amount) == str(said)


@pytest.mark.parametrize(("case", "version"), [*dated()])
def test_what_is_billed_is_what_the_row_says(case: Case, version: str, tmp_path: Path) -> None:
    before, after = with_price(case.before), with_price(case.after)
    with town(tmp_path, json.dumps(before), version) as here:
        old, new = here.shop.load(json.dumps(before)), here.shop.load(json.dumps(after))
        review = compared(old, new)
        existing = dict(buyers(here, old, "2026-11-15T00:00:00Z"))
        content = patch(before, after)
        here.change("\n".join(f"{key}: {json.dumps(part)}" for key, part in content.items()), HEAD)
        here.move("2027-01-01T00:00:00Z")
        ended = here.force()
        if any(error.code == "due_missing" for error in ended.errors):
            assert case.address.startswith("credit_pack."), "only inactive packs are not listed"
            return
        assert [error.code for error in ended.errors] == (["price_in_use"] if in_use(ended) else [])
        fresh = {} if in_use(ended) else dict(buyers(here, new, "2027-01-01T00:00:00Z"))
        here.move("2027-03-05T00:00:00Z")
        bills = here.bills()
    for subscription, address in existing.items():
        if not old.desired[address].fields.get("price") or address.key.split("/")[1] != "monthly":
            continue
        first, then = bills[subscription][:2]
        assert (first[0], then[0]) == ("2026-12-15", "2027-01-15")
        when = noticed(review, address)
        if when in PAID:
            assert is_amount(then[1], new.desired[address].fields["price"]), address
        elif when is not When.UNKNOWN:
            assert first[1] == then[1], address
    for subscription, address in fresh.items():
        if address.key.split("/")[1] == "monthly":
            assert is_amount(bills[subscription][0][1], new.desired[address].fields["price"]), address


def in_use(ended: Conclusion) -> bool:
    """Whether Commet refused a deletion because somebody pays the amount."""
    return any(isinstance(outcome, Failed) and isinstance(outcome.change, Delete) for outcome in ended.outcomes)


#: What a subscription shows of a plan, and what of its own.
SHOWN = {"plan_feature": ("", "enabled", "unlimited", "included_amount"), "plan_price": ("included_credits",)}
#: Where the answer does not say what changes: that a feature of this type is enabled.
UNSEEN = ("enabled", "enabled: false, included_amount: 5, overage: {unit_price: 0.02}")


def included() -> Iterator[Any]:
    """The edits of what a plan includes that the answer for a subscription shows, and when customers notice them."""
    for case in CASES:
        kind = case.address.partition(".")[0]
        counts = case.when in PAID and DEFAULT_VERSION in case.versions and not (case.switched or case.replaced)
        if counts and case.field in SHOWN.get(kind, ()) and (case.field, case.was) != UNSEEN:
            yield pytest.param(case, id=f"{case.address}:{case.field}:{case.now[:24]}")


@pytest.mark.parametrize("case", [*included()])
def test_what_is_included_changes_for_existing_customers_when_the_row_says(case: Case, tmp_path: Path) -> None:
    before, after = with_price(case.before), with_price(case.after)
    with town(tmp_path, json.dumps(before)) as here:
        made = here.billed("2026-11-15T00:00:00Z")["id"]
        content = patch(before, after)
        here.change("\n".join(f"{key}: {json.dumps(part)}" for key, part in content.items()), HEAD)
        here.move("2027-01-01T00:00:00Z")
        seen = [terms(here, made)]
        assert here.force().exit_code == 0
        seen.append(terms(here, made))
        here.move("2027-01-16T00:00:00Z")
        seen.append(terms(here, made))
    changes = [first != second for first, second in pairwise(seen)]
    assert changes == [case.when is When.AT_ONCE, case.when is not When.AT_ONCE]


def terms(here: Town, subscription: str) -> Any:
    """What a subscription includes now."""
    found = here.shop.send("GET", f"/subscriptions/{subscription}")
    features = [{name: part for name, part in item.items() if name != "usage"} for item in found["features"]]
    usage = [(item.get("usage") or {}).get("included") for item in found["features"]]
    return features, usage, [(item.get("usage") or {}).get("unlimited") for item in found["features"]], found["credits"]

"""What a subscription may use after its plan was changed: the better at once, the worse from the next period on."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from commetctl.emulator import create_app
from emulator.client import Api
from emulator.test_emulator_store import MADE_BEFORE

START = datetime(2026, 1, 31, tzinfo=UTC)


@pytest.fixture
def api() -> Iterator[Api]:
    with closing(create_app(":memory:")) as app:
        app.clock = lambda: START
        yield Api(app)


def advance(api: Api) -> None:
    api.ok("POST", "/test-clock", {"advanceDays": 31})


def features(api: Api, subscription: str) -> dict[str, Any]:
    """What a subscription may use of each feature: a boolean, or the included amount and the overage price if any."""
    found = api.ok("GET", f"/subscriptions/{subscription}")["features"]
    return {item["code"]: item["enabled"] if item["type"] == "boolean" else used(item["usage"]) for item in found}


def used(usage: dict[str, Any]) -> Any:
    amount = "unlimited" if usage["unlimited"] else usage["included"]
    return (amount, usage["overageUnitPrice"]) if "overageUnitPrice" in usage else amount


def overage(unit_price: int) -> dict[str, Any]:
    return {"enabled": True, "unitPrice": unit_price}


OFF = {"enabled": False}
#: What a feature of a plan has, what it is changed to, and what a subscription has at once and in the next period.
CHANGES: list[tuple[dict[str, Any], dict[str, Any], Any, Any]] = [
    ({"includedAmount": 10}, {"includedAmount": 20}, 20, 20),
    ({"includedAmount": 20}, {"includedAmount": 10}, 20, 10),
    ({"includedAmount": 20}, {"includedAmount": 0, "unlimited": True}, "unlimited", "unlimited"),
    ({"unlimited": True}, {"unlimited": False, "includedAmount": 10}, "unlimited", 10),
    ({"unlimited": True}, {"unlimited": False, "overage": overage(5)}, "unlimited", (0, 5)),
    ({"includedAmount": 1, "overage": overage(5)}, {"overage": overage(7)}, (1, 5), (1, 7)),
    ({"includedAmount": 1, "overage": overage(7)}, {"overage": overage(5)}, (1, 5), (1, 5)),
    ({"includedAmount": 1}, {"overage": overage(5)}, (1, 5), (1, 5)),
    (
        {"includedAmount": 9, "overage": overage(5)},
        {"includedAmount": 1, "overage": OFF, "unlimited": True, "enabled": False},
        (9, 5),
        "unlimited",
    ),
    ({"includedAmount": 9, "enabled": False}, {"includedAmount": 1, "enabled": True}, 1, 1),
    ({"includedAmount": 9, "enabled": False}, {"includedAmount": 1}, 1, 1),
]


@pytest.mark.parametrize(("was", "becomes", "at_once", "later"), CHANGES)
def test_a_feature_that_changes(
    make_api: Any, was: dict[str, Any], becomes: dict[str, Any], at_once: Any, later: Any
) -> None:
    api = make_api(strict="off")
    api.app.clock = lambda: START
    plan, feature = api.plan(), api.feature("calls")
    api.price(plan)
    api.attach(plan, feature, **was)
    existing = api.subscribe(plan)["id"]
    api.ok("PATCH", f"/plans/{plan}/features/{feature}", becomes)
    new = api.subscribe(plan, "new")["id"]
    assert features(api, existing) == {"calls": at_once}
    assert features(api, new) == {"calls": later}
    advance(api)
    assert features(api, existing) == features(api, new) == {"calls": later}


def test_a_feature_comes_at_once_and_goes_with_the_period(api: Api) -> None:
    plan, sso, audit, off = (api.plan(), *(api.feature(code, "boolean") for code in ("sso", "audit", "off")))
    api.price(plan)
    api.attach(plan, sso)
    api.attach(plan, off, enabled=False)
    subscription = api.subscribe(plan)["id"]
    api.ok("DELETE", f"/plans/{plan}/features/{sso}")
    api.ok("DELETE", f"/plans/{plan}/features/{off}")
    api.attach(plan, audit)
    assert features(api, subscription) == {"audit": True, "sso": True}
    advance(api)
    assert features(api, subscription) == {"audit": True}


def test_credits_rise_at_once_and_fall_with_the_period(api: Api) -> None:
    plan = api.plan(model="credits")
    price = api.price(plan, includedCredits=100)
    path = f"/subscriptions/{api.subscribe(plan)['id']}"
    for included, found in ((150, 150), (50, 100)):
        api.ok("PATCH", f"/plans/{plan}/prices/{price}", {"includedCredits": included})
        assert api.ok("GET", path)["credits"]["included"] == found
    advance(api)
    assert api.ok("GET", path)["credits"]["included"] == 50


@pytest.mark.parametrize("included", [500, 2000])
def test_a_balance_changes_with_the_period_in_both_directions(api: Api, included: int) -> None:
    plan = api.plan(model="balance")
    price = api.price(plan, includedBalance=1000)
    path = f"/subscriptions/{api.subscribe(plan)['id']}"
    api.ok("PATCH", f"/plans/{plan}/prices/{price}", {"includedBalance": included})
    assert api.ok("GET", path)["balance"]["included"] == 100_000
    advance(api)
    assert api.ok("GET", path)["balance"]["included"] == included * 100


def test_amounts_are_in_the_currency_of_the_subscription(api: Api) -> None:
    plan, feature = api.plan(model="balance"), api.feature("calls")
    price = api.price(plan, includedBalance=1000)
    api.attach(plan, feature, overage=overage(10))
    body = {"currency": "eur", "exchangeRate": 0.5}
    api.ok("PUT", f"/plans/{plan}/regional", body)
    api.ok("POST", "/customers", {"id": "de", "email": "a@example.com", "address": {"country": "DE"}})
    german, other = (api.subscribe(plan, customer)["id"] for customer in ("de", "us"))
    found = [api.ok("GET", f"/subscriptions/{one}")["balance"] for one in (german, other)]
    assert [(balance["included"], balance["currency"]) for balance in found] == [(50_000, "eur"), (100_000, "usd")]
    assert [features(api, one)["calls"] for one in (german, other)] == [(0, 5), (0, 10)]
    api.ok("PUT", f"/plans/{plan}/regional", {**body, "exchangeRate": 2})
    assert features(api, german)["calls"] == (0, 5)
    api.ok("PUT", f"/plans/{plan}/prices/{price}/regional", {"overrides": [{"currency": "eur", "price": 1}]})
    advance(api)
    assert features(api, german)["calls"] == (0, 20)


def test_what_has_no_period_follows_the_catalog(api: Api) -> None:
    plan, feature = api.plan("free", "metered", isFree=True), api.feature("calls")
    api.attach(plan, feature, includedAmount=10)
    subscription = api.subscribe(plan)["id"]
    api.ok("PATCH", f"/plans/{plan}/features/{feature}", {"includedAmount": 5})
    assert features(api, subscription) == {"calls": 5}


def test_a_subscription_of_an_earlier_emulator_follows_the_catalog_until_it_renews(tmp_path: Path) -> None:
    shutil.copy(MADE_BEFORE, tmp_path / "a.db")
    with closing(create_app(tmp_path / "a.db")) as app:
        api = Api(app)
        (subscription,) = api.ok("GET", "/subscriptions")
        plan = subscription["plan"]["id"]
        (price,) = api.ok("GET", f"/plans/{plan}")["prices"]
        path = f"/subscriptions/{subscription['id']}"
        before = api.ok("GET", path)["credits"]["included"]
        for less in (before - 1, before - 2):
            api.ok("PATCH", f"/plans/{plan}/prices/{price['id']}", {"includedCredits": less})
            assert api.ok("GET", path)["credits"]["included"] == less
        app.move_clock(datetime.now(UTC) + timedelta(days=70))
        api.ok("PATCH", f"/plans/{plan}/prices/{price['id']}", {"includedCredits": 1})
        assert api.ok("GET", path)["credits"]["included"] == before - 2
    with closing(sqlite3.connect(tmp_path / "a.db")) as file:
        assert file.execute("SELECT count(*) FROM period_terms").fetchall() == [(1,)]

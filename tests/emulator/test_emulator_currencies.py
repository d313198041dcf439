"""In which currency and market a subscription is billed: by the country of its customer when it was created."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from commetctl.emulator import create_app
from commetctl.emulator.resources.pricing import CURRENCIES
from commetctl.emulator.versions import CURRENT
from emulator.client import OLD, Api

START = datetime(2026, 1, 31, tzinfo=UTC)


@pytest.fixture
def api() -> Iterator[Api]:
    with closing(create_app(":memory:")) as app:
        app.clock = lambda: START
        yield Api(app)


def customer(api: Api, country: Any) -> str:
    address = {"line1": "Street 1", "city": "Town", "postalCode": "1", "country": country}
    return str(api.ok("POST", "/customers", {"email": "a@example.com", "address": address})["id"])


def subscribed(api: Api, plan: str, country: Any, **more: Any) -> str:
    return str(api.subscribe(plan, customer(api, country), **more)["id"])


def regional(api: Api, plan: str, price: str, **amounts: int) -> None:
    overrides = [{"currency": currency, "price": amount} for currency, amount in amounts.items()]
    api.ok("PUT", f"/plans/{plan}/prices/{price}/regional", {"overrides": overrides})


def billed(api: Api, subscription: str) -> tuple[str, int]:
    """What the last invoice of a subscription is for."""
    *_, last = api.ok("GET", f"/invoices?subscriptionId={subscription}")
    return last["currency"], last["total"]


def advance(api: Api) -> None:
    api.ok("POST", "/test-clock", {"advanceDays": 31})


def test_the_currency_is_that_of_the_country_if_the_price_has_it(api: Api) -> None:
    plan = api.plan()
    price = api.price(plan)
    regional(api, plan, price, eur=4500, jpy=7000)
    api.ok("PUT", f"/plans/{plan}/regional", {"currency": "brl", "exchangeRate": 5.2})
    found = {
        country: subscribed(api, plan, country)
        for country in ("DE", "at", "JP", "BR", "GB", "US", "XX", "Germany", 7, None)
    }
    nowhere = str(api.subscribe(plan, "stranger")["id"])
    advance(api)
    assert {country: billed(api, subscription) for country, subscription in found.items()} == {
        "DE": ("eur", 4500),
        "at": ("eur", 4500),
        "JP": ("jpy", 7000),
        "BR": ("brl", 25480),
        "GB": ("usd", 4900),
        "US": ("usd", 4900),
        "XX": ("usd", 4900),
        "Germany": ("usd", 4900),
        7: ("usd", 4900),
        None: ("usd", 4900),
    }
    assert billed(api, nowhere) == ("usd", 4900)
    (old,) = api.at(OLD).ok("GET", f"/invoices?subscriptionId={found['JP']}")
    assert (old["total"], old["lineItems"][0]["amount"]) == (70_000_000, 70_000_000), "in rate scale"


def test_a_market_comes_before_the_currency(api: Api) -> None:
    plan, latin, europe = api.plan(), api.market("Latin", "BR", "AR"), api.market("Europe", "DE")
    price = api.price(plan, marketPrices=[{"marketGroupId": latin, "currency": "brl", "price": 19900}])
    regional(api, plan, price, eur=4500, ars=999)
    found = [subscribed(api, plan, country) for country in ("BR", "AR", "DE")]
    advance(api)
    assert [billed(api, one) for one in found] == [("brl", 19900), ("brl", 19900), ("eur", 4500)]
    prices = [{"marketGroupId": latin, "currency": "brl", "price": 17900}]
    prices.append({"marketGroupId": europe, "currency": "eur", "price": 4000})
    api.ok("PATCH", f"/plans/{plan}/prices/{price}", {"marketPrices": prices})
    advance(api)
    # The market was fixed when they were created.
    assert [billed(api, one) for one in found] == [("brl", 17900), ("brl", 17900), ("eur", 4500)]


def test_a_variant_has_its_markets_then_those_of_its_base_price(api: Api) -> None:
    plan, brazil, germany = api.plan(), api.market("Brazil", "BR"), api.market("Germany", "DE")
    here = [{"marketGroupId": brazil, "currency": "brl", "price": 19900}]
    here.append({"marketGroupId": germany, "currency": "eur", "price": 4500})
    base = api.price(plan, marketPrices=here)
    regional(api, plan, base, jpy=7000)
    body = {"billingInterval": "monthly", "inheritsFromPriceId": base, "marketPrices": [{**here[0], "price": 9900}]}
    variant = api.ok("POST", f"/plans/{plan}/prices", body)["id"]
    found = [subscribed(api, plan, country, priceId=variant) for country in ("BR", "DE", "JP", "US")]
    advance(api)
    assert [billed(api, one) for one in found] == [("brl", 9900), ("eur", 4500), ("jpy", 7000), ("usd", 4900)]


def test_the_currency_stays_and_the_amount_follows_the_catalog(api: Api) -> None:
    plan = api.plan()
    price = api.price(plan)
    early = subscribed(api, plan, "DE")
    regional(api, plan, price, eur=4500)
    late = subscribed(api, plan, "DE")
    advance(api)
    assert [billed(api, one) for one in (early, late)] == [("usd", 4900), ("eur", 4500)]
    regional(api, plan, price, eur=5400)
    advance(api)
    assert [billed(api, one) for one in (early, late)] == [("usd", 4900), ("eur", 5400)]


def test_the_country_of_a_known_customer_stays(api: Api) -> None:
    plan = api.plan()
    regional(api, plan, api.price(plan), eur=4500)
    body = {"id": "cus_1", "email": "a@example.com"}
    for country in ("DE", "US"):
        api.ok("POST", "/customers", {**body, "address": {"country": country}})
    subscription = api.subscribe(plan, "cus_1")["id"]
    advance(api)
    assert billed(api, subscription) == ("eur", 4500)


def offer(api: Api, *phases: dict[str, Any]) -> str:
    return str(api.ok("POST", "/offers", {"name": "Launch", "phases": phases})["id"])


OFF = {"type": "amount_off", "durationCycles": None}


def test_an_offer_counts_in_the_currency_of_the_subscription(api: Api) -> None:
    plan = api.plan()
    regional(api, plan, api.price(plan), eur=4500)
    amounts = [{"currency": "usd", "amount": 1000}, {"currency": "eur", "amount": 700}]
    german = subscribed(api, plan, "DE", offerId=offer(api, {**OFF, "amounts": amounts}))
    share = subscribed(
        api, plan, "DE", offerId=offer(api, {"type": "percentage", "durationCycles": 2, "percentage": 1000})
    )
    (applied,) = api.ok("GET", f"/subscriptions/{german}")["offerApplications"]
    assert (applied["currency"], applied["subtotal"], applied["discountAmount"]) == ("eur", 4500, 700)
    assert applied["phases"][0]["amount"] == 700
    dollars = offer(api, {**OFF, "amounts": amounts[:1]})
    body = {"planId": plan, "customerId": customer(api, "DE"), "offerId": dollars}
    assert api.refused("POST", "/subscriptions", body) == (400, "offer_not_applicable")
    path = f"/subscriptions/{subscribed(api, plan, 'DE')}/offer"
    assert api.refused("PUT", path, {"offerId": dollars}) == (400, "offer_not_applicable")
    advance(api)
    assert [billed(api, one) for one in (german, share)] == [("eur", 3800), ("eur", 4050)]


def test_an_amount_is_not_used_in_another_currency(tmp_path: Path) -> None:
    """Overrides that a subscription depends on cannot be removed, so this is written into the file."""
    with closing(create_app(tmp_path / "a.db")) as app:
        app.clock = lambda: START
        api = Api(app)
        plan = api.plan()
        regional(api, plan, api.price(plan), eur=4500)
        phase = {**OFF, "amounts": [{"currency": "eur", "amount": 700}]}
        german = subscribed(api, plan, "DE", offerId=offer(api, phase))
        with closing(sqlite3.connect(tmp_path / "a.db")) as file, file:
            file.execute("DELETE FROM regional_price")
        advance(api)
        assert billed(api, german) == ("usd", 4900)


def test_the_accepted_price_is_that_of_the_currency(tmp_path: Path) -> None:
    with closing(create_app(tmp_path / "a.db", quirks={"plan_versions": "on"})) as app:
        app.clock = lambda: START
        api = Api(app)
        plan = api.plan()
        price = api.price(plan)
        regional(api, plan, price, eur=4500)
        german, dollars = subscribed(api, plan, "DE"), subscribed(api, plan, "US")
        regional(api, plan, price, eur=9900)
        with closing(sqlite3.connect(tmp_path / "a.db")) as file, file:
            # As an earlier emulator stored them.
            ((text,),) = file.execute("SELECT terms FROM accepted_terms WHERE subscription_id = ?", (dollars,))
            terms = {name: value for name, value in json.loads(text).items() if name != "charged"}
            file.execute("UPDATE accepted_terms SET terms = ? WHERE subscription_id = ?", (json.dumps(terms), dollars))
        advance(api)
        assert [billed(api, one) for one in (german, dollars)] == [("eur", 4500), ("usd", 4900)]


def test_every_currency_has_a_country() -> None:
    assert {*CURRENCIES.values(), "usd"} == {*CURRENT.currencies}

"""Scales that sources differ on: which requests depend on them, and what an account proves of them."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from commetctl.core.money import Money, Scale
from commetctl.kinds.plans import addresses
from commetctl.review import scales
from commetctl.review.scales import BALANCE, PRICE, Balances, known_balances
from harness import Planned, Shop

YAML = """
version: 1
{settings}
features: {{}}
plans:
  purse:
    name: Purse
    visibility: {visibility}
    consumption_model: balance
    prices:
      monthly: {{price: 49.00, is_default: true, included_balance: {balance}{more}}}
credit_packs: {{}}
"""
REGIONAL = ", regional_prices: {eur: {price: 45.00, included_balance: 9.00}}"


def text(balance: str = "10.00", *, scale: str = "", more: str = "", visibility: str = "private") -> str:
    settings = f"balance_scale: {scale}" if scale else ""
    return YAML.format(settings=settings, balance=balance, more=more, visibility=visibility)


def subscribed(shop: Shop, customer: str = "cus_1", **more: Any) -> str:
    plan = shop.send("GET", "/plans/purse")["id"]
    return str(shop.send("POST", "/subscriptions", {"customerId": customer, "planId": plan, **more})["id"])


def proven(shop: Shop, planned: Planned) -> Balances:
    return known_balances(shop.client(planned.catalog), planned.live)


@pytest.fixture(params=["2026-08-27", "2026-07-11"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    with Shop(tmp_path, request.param) as opened:
        yield opened


@pytest.fixture(params=["2026-08-27", "2026-07-11"])
def rated(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """An account whose included balances are ten-thousandths."""
    with Shop(tmp_path, request.param, {"balance_scale": "rate"}) as opened:
        yield opened


def test_every_balance_travels_in_the_scale_of_the_file(tmp_path: Path) -> None:
    """In both versions, in US dollars and in other currencies; prices keep theirs."""
    for version in ("2026-08-27", "2026-07-11"):
        for scale, integers in (("minor", (1000, 900)), ("rate", (100_000, 90_000))):
            with Shop(tmp_path, version, {"balance_scale": scale}) as shop:
                wanted = text(scale=scale, more=REGIONAL)
                shop.make(wanted)
                (price,) = shop.send("GET", "/plans/purse")["prices"]
                (regional,) = price["regionalPrices"]
                assert (price["includedBalance"], regional["includedBalance"]) == integers
                assert (price["price"], regional["price"]) == (4900, 4500)
                again = shop.plan(wanted)
                assert again.actions == []
                found = again.live.resources[addresses.regional_price("purse", "monthly", "eur")]
                assert found.fields["included_balance"] == Money(Decimal(9), "eur")


def test_a_balance_without_a_subscription_proves_nothing(shop: Shop) -> None:
    shop.make(text())
    found = proven(shop, shop.plan(text()))
    assert found == Balances(Scale.MINOR, stated=False)
    assert not found.settled
    assert proven(shop, shop.plan(text(scale="minor"))).settled


def test_an_account_without_balances_is_not_asked(shop: Shop) -> None:
    shop.make(text("0.00"))
    planned = shop.plan(text())
    shop.recorder.requests.clear()
    assert proven(shop, planned).proven is None
    assert shop.recorder.requests == []


def test_a_subscription_proves_minor_units(shop: Shop) -> None:
    shop.make(text())
    subscribed(shop)
    found = proven(shop, shop.plan(text()))
    assert (found.proven, found.contradiction, found.shown) == (Scale.MINOR, None, "10.00 USD")
    assert found.settled


def test_a_subscription_proves_ten_thousandths(rated: Shop) -> None:
    rated.make(text(scale="rate"))
    subscribed(rated)
    found = proven(rated, rated.plan(text("11.00", scale="rate")))
    assert (found.proven, found.contradiction) == (Scale.RATE, None)


@pytest.mark.parametrize("stated", ["", "minor"])
def test_what_is_taken_and_what_is_proven_may_contradict_each_other(rated: Shop, stated: str) -> None:
    rated.make(text(scale="rate"))
    subscribed(rated)
    refused = proven(rated, rated.plan(text("11.00", scale=stated))).contradiction
    assert refused is not None
    assert refused.code == "balance_scale"
    assert "the integer of purse/monthly is 100000" in refused.message
    assert "set `balance_scale: rate`" in refused.hint
    assert "10.00 USD" in refused.hint


def test_only_a_few_requests_are_made(shop: Shop) -> None:
    shop.make(text())
    for number in range(12):
        subscribed(shop, f"cus_{number}")
    planned = shop.plan(text())
    shop.recorder.requests.clear()
    assert proven(shop, planned).proven is Scale.MINOR
    paths = [request.url.path for request in shop.recorder.requests]
    assert len(paths) == 5, "the list, the plan, and three subscriptions"
    assert {request.method for request in shop.recorder.requests} == {"GET"}


def test_a_balance_that_was_given_before_the_plan_changed_proves_nothing(shop: Shop) -> None:
    """A mistake by a hundred that was corrected would look like the other scale."""
    shop.make(text("1000.00"))
    subscribed(shop)
    shop.make(text("10.00"))
    assert proven(shop, shop.plan(text())).proven is None


def test_a_newer_subscription_counts_beside_an_older_one(shop: Shop) -> None:
    shop.make(text("1000.00"))
    subscribed(shop)
    shop.make(text("10.00"))
    subscribed(shop, "cus_2")
    assert proven(shop, shop.plan(text())).proven is Scale.MINOR


def test_a_key_that_may_not_read_subscriptions_proves_nothing(shop: Shop) -> None:
    shop.make(text())
    subscribed(shop)
    shop.key = "rk_sandbox_x.plan:r,feature:r,credit_pack:r"
    assert proven(shop, shop.plan(text())).proven is None


def verdict(plan: dict[str, Any], subscription: dict[str, Any]) -> Scale | str:
    found = scales._verdict(plan, subscription)
    return "nothing" if found is None else found.scale or "neither"


PRICE_ROW = {"id": "price_1", "billingInterval": "monthly", "includedBalance": 1000}
PLAN_ROW = {"code": "purse", "updatedAt": "2026-01-01T00:00:00.000Z", "prices": [PRICE_ROW]}
SUBSCRIPTION = {
    "priceId": "price_1",
    "billingInterval": "monthly",
    "createdAt": "2026-01-02T00:00:00.000Z",
    "currentPeriod": {"start": "2026-02-02T00:00:00.000Z"},
    "balance": {"included": 100_000, "remaining": 3, "currency": "USD"},
}


def test_what_one_subscription_says() -> None:
    def held(included: object, **more: Any) -> dict[str, Any]:
        return {**SUBSCRIPTION, "balance": {"included": included, "currency": "usd"}, **more}

    assert verdict(PLAN_ROW, SUBSCRIPTION) is Scale.MINOR
    assert verdict(PLAN_ROW, held(1000)) is Scale.RATE
    assert verdict(PLAN_ROW, held(1001)) == "neither"
    assert verdict(PLAN_ROW, held(10)) == "neither"
    assert verdict(PLAN_ROW, held(1000, priceId="price_2")) == "nothing"
    assert verdict(PLAN_ROW, held(1000, planGrant={"planId": "x"})) == "nothing"
    assert verdict(PLAN_ROW, held(1000, billingInterval="yearly")) == "nothing"
    assert verdict(PLAN_ROW, {**SUBSCRIPTION, "balance": None}) == "nothing"
    assert verdict(PLAN_ROW, {**SUBSCRIPTION, "balance": {"included": 1000, "currency": "eur"}}) == "nothing"
    assert verdict({**PLAN_ROW, "updatedAt": "2026-03-01T00:00:00.000Z"}, SUBSCRIPTION) == "nothing"
    assert verdict({**PLAN_ROW, "prices": [{**PRICE_ROW, "includedBalance": None}]}, SUBSCRIPTION) == "nothing"
    variant = {**PRICE_ROW, "id": "price_2", "inheritsFromPriceId": "price_1"}
    assert verdict({**PLAN_ROW, "prices": [variant, PRICE_ROW]}, SUBSCRIPTION) is Scale.MINOR
    with pytest.raises(TypeError):
        verdict(PLAN_ROW, held("1000"))


@pytest.mark.parametrize(
    ("before", "after", "sent"),
    [
        (text(), text("11.00"), {BALANCE}),
        (text(), text().replace("49.00", "59.00"), {PRICE}),
        (text(more=REGIONAL), text(more=REGIONAL.replace("45.00", "46.00")), {PRICE, BALANCE}),
        (text(more=REGIONAL), text(more=REGIONAL.replace("9.00", "8.00")), {PRICE, BALANCE}),
        (text(), text().replace("name: Purse", "name: Wallet"), set()),
        (text(), text().replace("name: Purse", "name: Purse\n    metadata: {price: 1, includedBalance: 2}"), set()),
        (text(), text(visibility="public"), set()),
        (text(), text().replace("credit_packs: {}", "credit_packs: {a: {name: A, credits: 1, price: 2}}"), set()),
        (text(), text().replace(", included_balance: 10.00", ""), set()),
    ],
)
def test_which_requests_carry_which_amounts(shop: Shop, before: str, after: str, sent: set[str]) -> None:
    """Restated amounts count like changed ones; keys of the user's own, and prices of packs, do not."""
    shop.make(before)
    changeset = shop.plan(after).changeset
    assert changeset.steps
    assert {name for name in (PRICE, BALANCE) if scales.sends(changeset, name)} == sent

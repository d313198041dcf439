"""A declared pack is bought and its credits arrive."""

from pathlib import Path

import pytest

from commetctl.errors import CommetctlError, Refused
from commetctl.purchase import Purchase, buy
from harness import Shop

YAML = """
version: 1
features:
  images: {name: Images, type: usage}
plans:
  creator:
    name: Creator
    consumption_model: credits
    prices: {monthly: {price: 20, included_credits: 1000}}
    features: {images: {credits_per_unit: 10}}
  plain: {name: Plain, prices: {monthly: {price: 5}}}
credit_packs:
  starter: {name: Starter Pack, credits: 100, price: 10}
  bulk: {name: Bulk Pack, credits: 2000, price: 160}
"""


def subscribed(shop: Shop, plan: str = "creator") -> str:
    body = {"customerId": "cus_1", "planCode": plan, "billingInterval": "monthly"}
    return str(shop.send("POST", "/subscriptions", body)["id"])


def purchase(shop: Shop, subscription: str, pack: str, *, allow_live: bool = False) -> Purchase:
    catalog = shop.load(YAML)
    return buy(shop.client(catalog), catalog, subscription, pack, allow_live=allow_live)


def test_the_balance_rises_by_the_credits_of_the_pack(shop: Shop) -> None:
    shop.make(YAML)
    subscription = subscribed(shop)
    assert purchase(shop, subscription, "starter") == Purchase(subscription, "Starter Pack", 100, 1000, 1100)
    assert purchase(shop, subscription, "bulk").after == 3100


def test_each_purchase_is_one_of_its_own(shop: Shop) -> None:
    """Buying the same pack twice is two purchases, not one that is answered again."""
    shop.make(YAML)
    subscription = subscribed(shop)
    assert [purchase(shop, subscription, "starter").after for _ in range(2)] == [1100, 1200]


@pytest.mark.parametrize(
    ("pack", "message", "hint"),
    [
        ("startr", "`startr` is not a key under `credit_packs:`", "did you mean `starter`?"),
        ("zzz", "`zzz` is not a key under `credit_packs:`", "declared: starter, bulk"),
    ],
)
def test_a_pack_that_is_not_declared_is_not_bought(shop: Shop, pack: str, message: str, hint: str) -> None:
    shop.make(YAML)
    with pytest.raises(CommetctlError, match=message) as raised:
        purchase(shop, subscribed(shop), pack)
    assert raised.value.hint == hint


def test_a_pack_that_is_not_applied_is_not_bought(shop: Shop) -> None:
    shop.make(YAML.replace("  bulk: {name: Bulk Pack, credits: 2000, price: 160}\n", ""))
    with pytest.raises(CommetctlError, match=r"does not sell credit_pack\.Bulk Pack") as raised:
        purchase(shop, subscribed(shop), "bulk")
    assert "commetctl apply" in raised.value.hint


def test_a_subscription_without_credits_is_charged_nothing(shop: Shop) -> None:
    shop.make(YAML)
    subscription = subscribed(shop, "plain")
    shop.recorder.requests.clear()
    with pytest.raises(CommetctlError, match="has no credits"):
        purchase(shop, subscription, "starter")
    assert {request.method for request in shop.recorder.requests} == {"GET"}


def test_a_live_subscription_is_charged_only_with_the_flag(version: str, tmp_path: Path) -> None:
    with Shop(tmp_path, version, key="ck_live_test") as shop:
        catalog = shop.load(YAML)
        planned = shop.plan(YAML)
        assert planned.live.livemode is None
        shop.livemode = True
        shop.carry_out(planned)
        subscription = subscribed(shop)
        shop.recorder.requests.clear()
        with pytest.raises(Refused, match="a real customer would be charged") as raised:
            purchase(shop, subscription, "starter")
        assert "--live" in raised.value.hint
        assert {request.method for request in shop.recorder.requests} == {"GET"}
        client = shop.client(catalog)
        assert buy(client, catalog, subscription, "starter", allow_live=True).after == 1100

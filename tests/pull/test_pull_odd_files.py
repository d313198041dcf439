"""However a file is written: when a price changes in the account, that amount changes in the text and nothing else."""

import pytest

from harness import Shop
from pull.odd import AMOUNTS, ODD
from pull.pulling import NEWER, OLDER, opened, plan_of, planned, pulled, settled, text_of


def reprice(shop: Shop, cents: int) -> None:
    """What somebody does in the dashboard."""
    plan = next(plan for plan in shop.send("GET", "/plans?includePrivate=true")["data"] if plan["code"] == "pro")
    price = next(price for price in plan["prices"] if price["billingInterval"] == "monthly")
    shop.send("PATCH", f"/plans/{plan['id']}/prices/{price['id']}", {"price": cents})


def test_there_are_enough_of_them() -> None:
    assert len(ODD) >= 30


@pytest.mark.parametrize("name", ODD)
def test_one_price_changes_and_nothing_else(name: str) -> None:
    before = ODD[name].replace("AMOUNT", "49.00")
    with opened(NEWER) as shop:
        shop.carry_out(planned(shop, before.encode()))
        assert pulled(shop, before).main.after == before.encode()
        reprice(shop, 5900)
        after = text_of(pulled(shop, before))
        assert after == ODD[name].replace("AMOUNT", "59.00")
        assert plan_of(shop, after.encode()) == []


@pytest.mark.parametrize("written", AMOUNTS)
def test_an_amount_keeps_its_manner(written: str) -> None:
    for name in ("plain", "flow", "value below its key"):
        before = ODD[name].replace("AMOUNT", written)
        with opened(NEWER) as shop:
            shop.make(before)
            reprice(shop, 5900)
            assert text_of(pulled(shop, before)) == ODD[name].replace("AMOUNT", AMOUNTS[written])


@pytest.mark.parametrize("name", ODD)
def test_what_another_account_has_is_pulled_into_it(name: str) -> None:
    """Much changes at once: whatever the layout, the file then says what the account has."""
    before = ODD[name].replace("AMOUNT", "49.00")
    with opened(NEWER) as shop:
        shop.make(OTHER)
        after = text_of(pulled(shop, before))
        assert plan_of(shop, after.encode()) == [], after
        assert pulled(shop, after).main.after == after.encode()


@pytest.mark.parametrize("name", ODD)
def test_an_empty_account_empties_it(name: str) -> None:
    before = ODD[name].replace("AMOUNT", "49.00")
    with opened(NEWER) as shop:
        after = text_of(pulled(shop, before))
        assert plan_of(shop, after.encode()) == [], after
        assert "pro:" not in after.replace(" ", "")


OTHER = """\
version: 1
features:
  sso: {name: Sign-on, type: boolean, description: "Several\\nlines: # with this"}
  calls: {name: Calls, type: usage}
plans:
  pro:
    name: Pro 2
    description: "Another: one"
    consumption_model: metered
    visibility: public
    metadata: {tier: "2", n: 3, yes: true}
    prices:
      weekly: {price: 5.00}
      monthly:
        price: 59.00
        trial_days: 7
        is_default: true
        regional_prices: {eur: 55.00, jpy: 7200}
    features:
      sso: false
      calls: {included_amount: 5, overage: {unit_price: 0.002, regional_prices: {brl: 0.01}}}
    exchange_rates: {brl: 5.2}
  extra:
    name: Extra
    is_free: true
credit_packs:
  one: {name: One, credits: 1, price: 1.00}
"""


@pytest.mark.parametrize("version", [NEWER, OLDER])
def test_the_other_account_itself_settles(version: str) -> None:
    with opened(version) as shop:
        shop.make(OTHER)
        settled(shop, text_of(pulled(shop)))

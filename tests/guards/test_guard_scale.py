"""The guard `scale`: amounts that move by exactly a hundred."""

import pytest
from judging import judged, lifted_by_its_own_name_alone

from harness import Shop

YAML = """
version: 1
policy: {max_updates: off, max_price_change: off}
features:
  calls: {name: Calls, type: usage}
plans:
  pro:
    name: Pro
    consumption_model: balance
    prices:
      monthly:
        price: 49
        included_balance: 20
        regional_prices: {eur: {price: 45, included_balance: 18}, jpy: {price: 7200, included_balance: 3000}}
    features:
      calls: {overage: {unit_price: 0.02, regional_prices: {brl: 0.11}}}
    exchange_rates: {brl: 5.2}
credit_packs:
  small: {name: Small, credits: 10, price: 10}
"""


def edited(*edits: tuple[str, str]) -> str:
    text = YAML
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize(
    ("old", "new", "address", "message"),
    [
        ("price: 49", "price: 4900", "plan_price.pro/monthly", "`price` changes by exactly ×100: 49.00 → 4900.00 USD"),
        ("price: 49", "price: 0.49", "plan_price.pro/monthly", "`price` changes by exactly ÷100: 49.00 → 0.49 USD"),
        ("balance: 20\n", "balance: 2000\n", "plan_price.pro/monthly", "`included_balance` changes by exactly ×100: "),
        ("price: 45", "price: 4500", "regional_price.pro/monthly/eur", "45.00 → 4500.00 EUR"),
        ("price: 7200", "price: 72", "regional_price.pro/monthly/jpy", "7200 → 72 JPY"),
        ("price: 0.02", "price: 2", "plan_feature.pro/calls", "`overage` changes by exactly ×100: 0.02 → 2.00 USD"),
        ("brl: 0.11", "brl: 11", "regional_unit_price.pro/calls/brl", "0.11 → 11.00 BRL"),
        ("brl: 5.2", "brl: 520", "exchange_rate.pro/brl", "`rate` changes by exactly ×100: 5.2 → 520"),
        (
            *("credits: 10,", "credits: 1000,", "credit_pack.Small"),
            "`credits` changes by exactly ÷100: 10 → 1000: a credit costs 0.01 instead of 1 USD",
        ),
        ("price: 10}", "price: 0.1}", "credit_pack.Small", "`price` changes by exactly ÷100: 10.00 → 0.10 USD"),
    ],
)
def test_an_amount_that_moves_by_exactly_a_hundred_is_suspected(
    shop: Shop, old: str, new: str, address: str, message: str
) -> None:
    shop.found(YAML)
    found = judged(shop, edited((old, new)))
    refused = found.only("scale")
    assert (refused.address, message in refused.message, refused.exit_code) == (address, True, 4)
    assert "`--allow scale`" in refused.hint
    assert lifted_by_its_own_name_alone(found, "scale")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("price: 49", "price: 4899.99"),
        ("price: 49", "price: 4900.01"),
        ("price: 49", "price: 490"),
        ("price: 49", "price: 0"),
        ("price: 10}", "price: 10.1}"),
        ("name: Small", "name: Smaller"),
    ],
)
def test_other_moves_are_not(shop: Shop, old: str, new: str) -> None:
    shop.found(YAML)
    assert judged(shop, edited((old, new))).codes == []


def test_a_part_of_the_amounts_is_listed(shop: Shop) -> None:
    shop.found(YAML)
    found = judged(
        shop, edited(("price: 49", "price: 4900"), ("price: 45", "price: 4500"), ("price: 10}", "price: 11}"))
    )
    assert found.only("scale").message == (
        "2 amounts change by exactly ×100: plan_price.pro/monthly `price` 49.00 → 4900.00 USD, "
        "regional_price.pro/monthly/eur `price` 45.00 → 4500.00 EUR"
    )


def test_a_whole_catalog_is_said_to_be_one(shop: Shop) -> None:
    shop.found(YAML)
    found = judged(shop, edited(("price: 49", "price: 0.49"), ("price: 10}", "price: 1000}")))
    assert found.only("scale").message == (
        "all 2 edited amounts change by exactly ÷100 or ×100: plan_price.pro/monthly `price` 49.00 → 0.49 USD, "
        "credit_pack.Small `price` 10.00 → 1000.00 USD"
    )
    assert found.only("scale").address == ""


def test_what_commet_derives_is_not_suspected_beside_what_it_follows(shop: Shop) -> None:
    derived = edited((", regional_prices: {brl: 0.11}", ""))
    shop.make(derived)
    found = judged(shop, derived.replace("price: 0.02", "price: 2"))
    assert found.only("scale").address == "plan_feature.pro/calls"

"""The guards `deletes`, `updates` and `price_change`, at their edges."""

import pytest
from judging import judged, lifted_by_its_own_name_alone

from harness import Shop


def features(count: int, *, renamed: int = 0, policy: str = "") -> str:
    """A file with features, the first of them under other names."""
    entries = "".join(
        f"  f{number}: {{name: {'New' if number < renamed else 'Old'} {number}, type: usage}}\n"
        for number in range(count)
    )
    return f"version: 1\npolicy: {{{policy}}}\nfeatures:{chr(10) if count else ' {}'}{entries}\n"


@pytest.mark.parametrize(
    ("live", "changed", "policy", "said"),
    [
        (10, 3, "", ""),
        (10, 4, "", "4 of 10 objects would be {}, and the limit is 30%"),
        # Nine objects are too few for a share.
        (9, 9, "", ""),
        (9, 9, "max_{}: 0%", ""),
        (10, 1, "max_{}: 10%", ""),
        (10, 1, "max_{}: 9.99%", "1 of 10 objects would be {}, and the limit is 9.99%"),
        (10, 10, "max_{}: 100%", ""),
        (10, 10, "max_{}: off", ""),
        # A number counts in an account of any size.
        (3, 2, "max_{}: 2", ""),
        (3, 3, "max_{}: 2", "3 objects would be {}, and the limit is 2"),
        (3, 1, "max_{}: 0", "1 object would be {}, and the limit is 0"),
        (12, 12, "max_{}: 12", ""),
    ],
)
@pytest.mark.parametrize("guard", ["deletes", "updates"])
def test_more_than_the_limit_is_refused_and_the_limit_is_not(
    shop: Shop, guard: str, live: int, changed: int, policy: str, said: str
) -> None:
    shop.found(features(live))
    policy = policy.format(guard)
    if guard == "updates":
        found = judged(shop, features(live, renamed=changed, policy=policy))
    else:
        found = judged(shop, features(live - changed, policy=policy), prune=True)
    assert found.codes == ([guard] if said else [])
    if said:
        refused = found.only(guard)
        assert refused.message == said.format(guard.removesuffix("s") + "d")
        assert f"`--allow {guard}`" in refused.hint
        assert f"`max_{guard}` under `policy:`" in refused.hint
        assert lifted_by_its_own_name_alone(found, guard)


def test_what_goes_along_is_counted(shop: Shop) -> None:
    plans = "version: 1\npolicy: {max_deletes: LIMIT}\nplans:\n  a: {name: A, prices: {monthly: {price: 1}}}\n"
    shop.make(
        plans.replace("LIMIT", "0") + "  b: {name: B, prices: {monthly: {price: 1, regional_prices: {eur: 1}}}}\n"
    )
    assert judged(shop, plans.replace("LIMIT", "3"), prune=True).codes == []
    found = judged(shop, plans.replace("LIMIT", "2"), prune=True)
    assert found.only("deletes").message == "3 objects would be deleted, and the limit is 2"


def test_the_whole_is_what_the_file_manages(shop: Shop) -> None:
    """Features are read for their plans, and do not make those more when the file leaves them alone."""
    plans = "plans:\n" + "".join(f"  p{n}: {{name: P{n}, features: {{f{n}: {{enabled: true}}}}}}\n" for n in range(5))
    plans = plans.replace("type: usage", "type: quota")
    shop.make(features(10).replace("usage", "seats") + plans)
    alone = "version: 1\n" + plans
    assert judged(shop, alone.replace("name: P1", "name: Q1").replace("name: P2", "name: Q2")).codes == []
    more = alone.replace("name: P", "name: Q")
    assert judged(shop, more).only("updates").message == "5 of 10 objects would be updated, and the limit is 30%"


PRICES = """
version: 1
policy: {POLICY}
features: {calls: {name: Calls, type: usage}}
plans:
  pro:
    name: Pro
    consumption_model: balance
    prices:
      monthly: {price: 100, included_balance: 20, regional_prices: {eur: {price: 50, included_balance: 10}}}
    features: {calls: {overage: {unit_price: 0.02}}}
    exchange_rates: {brl: 4}
  nothing: {name: Nothing, prices: {monthly: {price: 0}}}
credit_packs: {small: {name: Small, credits: 10, price: 10}}
"""


@pytest.mark.parametrize(
    ("old", "new", "policy", "said"),
    [
        ("price: 100", "price: 150", "", ""),
        ("price: 100", "price: 50", "", ""),
        (
            "price: 100",
            "price: 150.01",
            "",
            "`price` changes too much: 100.00 → 150.01 USD (+50.01%; the limit is 50%)",
        ),
        ("price: 100", "price: 49.99", "", "`price` changes too much: 100.00 → 49.99 USD (-50.01%; the limit is 50%)"),
        ("price: 100", "price: 0", "", "(-100%; the limit is 50%)"),
        ("price: 0}", "price: 0.01}", "", "0.00 → 0.01 USD (from zero; the limit is 50%)"),
        ("price: 0}", "price: 0.01}", "max_price_change: off", ""),
        ("price: 100", "price: 120.5", "max_price_change: 20.5%", ""),
        ("price: 100", "price: 120.51", "max_price_change: 20.5%", "(+20.51%; the limit is 20.5%)"),
        ("price: 100", "price: 300", "max_price_change: 200%", ""),
        ("price: 50,", "price: 76,", "", "50.00 → 76.00 EUR (+52%; the limit is 50%)"),
        ("price: 0.02", "price: 0.05", "", "`overage` changes too much: 0.02 → 0.05 USD (+150%; the limit is 50%)"),
        ("price: 10}", "price: 16}", "", "10.00 → 16.00 USD (+60%; the limit is 50%)"),
        ("brl: 4", "brl: 7", "", "`rate` changes too much: 4 → 7 (+75%; the limit is 50%)"),
        # Customers get the larger balance at once, and it is money.
        (
            "balance: 20,",
            "balance: 200,",
            "",
            "`included_balance` changes too much: 20.00 → 200.00 USD (+900%; the limit",
        ),
        ("balance: 20,", "balance: 9,", "", "20.00 → 9.00 USD (-55%; the limit is 50%)"),
        ("balance: 10}", "balance: 4}", "", "10.00 → 4.00 EUR (-60%; the limit is 50%)"),
        (", price: 10}", ", price: 10}, large: {name: Large, credits: 10, price: 1000}", "", ""),
        ("{overage: {unit_price: 0.02}}", "{included_amount: 5}", "", ""),
    ],
)
def test_a_price_that_moves_too_far_is_refused(shop: Shop, old: str, new: str, policy: str, said: str) -> None:
    shop.found(PRICES.replace("POLICY", ""))
    assert PRICES.count(old) == 1
    found = judged(shop, PRICES.replace("POLICY", policy).replace(old, new))
    assert found.codes == (["price_change"] if said else [])
    if said:
        refused = found.only("price_change")
        assert said in refused.message
        assert refused.address
        assert "`--allow price_change`" in refused.hint
        assert "`max_price_change` under `policy:`" in refused.hint
        assert lifted_by_its_own_name_alone(found, "price_change")


def test_several_prices_are_listed(shop: Shop) -> None:
    shop.found(PRICES.replace("POLICY", ""))
    text = PRICES.replace("POLICY", "").replace("price: 100", "price: 200").replace("price: 0}", "price: 5}")
    assert judged(shop, text).only("price_change").message == (
        "2 prices change too much (the limit is 50%): plan_price.pro/monthly `price` 100.00 → 200.00 USD (+100%), "
        "plan_price.nothing/monthly `price` 0.00 → 5.00 USD (from zero)"
    )

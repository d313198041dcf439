"""The guard `in_use`: what subscriptions use goes only where it is named."""

from pathlib import Path

import pytest
from judging import judged

from commetctl.core.resource import Address
from commetctl.review.guards import ALLOWABLE
from harness import Shop

YAML = """
version: 1
policy: {max_deletes: off}
features:
  sso: {name: SSO, type: boolean}
  old: {name: Old, type: boolean}
plans:
  pro:
    name: Pro
    prices:
      monthly: {price: 5, is_default: true, regional_prices: {eur: 4}}
      yearly: {price: 50}
    features: {sso: true, old: true}
  team: {name: Team, prices: {monthly: {price: 9}}, features: {old: true}}
  spare: {name: Spare, prices: {monthly: {price: 9}}}
credit_packs: {small: {name: Small, credits: 1, price: 1}}
"""
WITHOUT = {
    "plan.pro": [
        (YAML[YAML.index("  pro:") : YAML.index("  team:")], ""),
    ],
    "plan.spare": [("  spare: {name: Spare, prices: {monthly: {price: 9}}}\n", "")],
    "plan_price.pro/yearly": [("      yearly: {price: 50}\n", "")],
    "regional_price.pro/monthly/eur": [(", regional_prices: {eur: 4}", "")],
    "plan_feature.pro/sso": [("sso: true, ", "")],
    "credit_pack.Small": [("small: {name: Small, credits: 1, price: 1}", "")],
}
OLD_GONE = [("  old: {name: Old, type: boolean}\n", ""), (", old: true}", "}"), (", features: {old: true}", "")]


def without(edits: list[tuple[str, str]]) -> str:
    text = YAML
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def subscribe(shop: Shop, plan: str, interval: str = "monthly") -> None:
    shop.send("POST", "/subscriptions", {"customerId": "cus_1", "planCode": plan, "billingInterval": interval})


@pytest.fixture
def sold(shop: Shop) -> Shop:
    """Two subscriptions to Pro each month, one each year, one to Team."""
    shop.found(YAML)
    for plan, interval in (("pro", "monthly"), ("pro", "monthly"), ("pro", "yearly"), ("team", "monthly")):
        subscribe(shop, plan, interval)
    shop.recorder.requests.clear()
    return shop


def asked(shop: Shop) -> int:
    return sum(request.url.path.endswith("/subscriptions") for request in shop.recorder.requests)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("plan.pro", "3 subscriptions use it"),
        ("plan_price.pro/yearly", "1 subscription uses it"),
        (
            "regional_price.pro/monthly/eur",
            "up to 2 subscriptions use it: Commet does not report the currency of a subscription",
        ),
        ("plan_feature.pro/sso", "3 subscriptions use it"),
    ],
)
def test_what_is_in_use_is_refused_and_passes_when_it_is_named(sold: Shop, address: str, message: str) -> None:
    found = judged(sold, without(WITHOUT[address]), prune=True)
    refused = found.only("in_use")
    assert (refused.address, refused.message, refused.exit_code) == (address, message, 4)
    assert refused.hint == f"if this is intended, give `--allow-delete {address}`"
    assert found.allowing(*ALLOWABLE, "in_use", deletes=("plan.team",)).codes == ["in_use"]
    assert found.allowing(deletes=(address,)).codes == []
    assert asked(sold) == 1


def test_a_feature_is_in_use_where_its_plans_are(sold: Shop) -> None:
    found = judged(sold, without(OLD_GONE), prune=True)
    said = {refused.address: refused.message for refused in found.refusals}
    assert said == {
        "plan_feature.pro/old": "3 subscriptions use it",
        "plan_feature.team/old": "1 subscription uses it",
        "feature.old": "4 subscriptions use it",
    }


def test_what_nobody_uses_may_go(sold: Shop) -> None:
    assert judged(sold, without(WITHOUT["plan.spare"]), prune=True).codes == []
    assert asked(sold) == 1


def test_nobody_is_counted_where_nothing_can_be_in_use(sold: Shop) -> None:
    judged(sold, YAML)
    judged(sold, without(WITHOUT["plan.spare"]))
    assert judged(sold, without(WITHOUT["credit_pack.Small"]), prune=True).codes == []
    assert judged(sold, YAML.replace("price: 50}", "price: 55}")).codes == []
    assert asked(sold) == 0


def test_a_list_that_may_not_be_read_is_no_proof_that_nobody_uses_it(sold: Shop) -> None:
    sold.key = "rk_sandbox_x.plan:rw,feature:rw,credit_pack:rw,addon:r,plan_group:r,promo_code:r,offer:r"
    found = judged(sold, without(WITHOUT["plan.spare"]), prune=True)
    refused = found.only("in_use")
    assert (
        refused.message
        == "it is not known whether a subscription uses it: the key is not allowed to read subscriptions"
    )
    assert refused.hint == "if this is intended, give `--allow-delete plan.spare`, or use a key that is"
    assert found.allowing(deletes=("plan.spare",)).codes == []
    assert judged(sold, without(WITHOUT["credit_pack.Small"]), prune=True).codes == []


def test_a_price_and_its_variant_go_only_where_nobody_is_on_them(tmp_path: Path) -> None:
    """A price takes its variants along, so those on a variant count for both."""
    priced = "{br: {currency: brl, price: 25}}"
    markets = f"market_prices: {priced}, variants: {{b: {{market_prices: {priced}}}}}"
    text = YAML.replace("monthly: {price: 5,", f"monthly: {{price: 5, {markets},")
    text += "markets: {br: {name: Brazil, countries: [BR]}}\n"
    with Shop(tmp_path) as shop:
        shop.make(text)
        found = shop.plan(text).live.ids
        base, variant = (
            found[Address(*at)] for at in (("plan_price", "pro/monthly"), ("price_variant", "pro/monthly/b"))
        )
        for price, number in ((base, 1), (variant, 2)):
            for _ in range(number):
                body = {"customerId": "cus_1", "planCode": "pro", "billingInterval": "monthly", "priceId": price}
                shop.send("POST", "/subscriptions", body)
        for gone, at, uses in (
            (f", variants: {{b: {{market_prices: {priced}}}}}", "price_variant.pro/monthly/b", "2 subscriptions use "
             "it"),
            (f" {markets},", "market_price.pro/monthly/br", "up to 3 subscriptions use it: Commet does not report "
"the market of a subscription"),
            (f"monthly: {{price: 5, {markets}, is_default: true, regional_prices: {{eur: 4}}}}\n      ",
             "plan_price.pro/monthly", "3 subscriptions use it"),
        ):  # fmt: skip
            assert text.count(gone) == 1, gone
            refused = [item for item in judged(shop, text.replace(gone, "")).refusals if str(item.address) == at]
            assert [item.message for item in refused] == [uses]

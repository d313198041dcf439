"""The guards see what a feature costs customers of its plan who have not had it: it is enabled."""

import pytest
from judging import judged

from harness import Shop

PLANS = """
version: 1
policy: {{max_updates: off, max_deletes: off}}
features:
  calls: {{name: Calls, type: usage}}
plans:
  pro:
    name: Pro
    consumption_model: {model}
    prices: {{monthly: {{price: 49.00}}}}
    features: {{{features}}}
    exchange_rates: {{eur: 0.9}}
"""
#: In US dollars, and derived in euros.
PRICED = "overage: {unit_price: 0.50}"
EURO = "overage: {unit_price: 0, regional_prices: {eur: 5}}"


def said(shop: Shop, before: str, after: str, model: str = "metered") -> list[str]:
    """What the guards say where the features of a plan become others."""
    shop.found(PLANS.format(model=model, features=before))
    return [refused.message for refused in judged(shop, PLANS.format(model=model, features=after)).refusals]


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (f"enabled: false, {PRICED}", PRICED, "`overage` changes too much: disabled → 0.50 USD (from disabled"),
        ("enabled: false", PRICED, "`overage` changes too much: disabled → 0.50 USD (from disabled"),
        (f"enabled: false, {EURO}", EURO, "`unit_price` changes too much: disabled → 5.00 EUR (from disabled"),
        ("enabled: false, included_amount: 5", "included_amount: 2", "`included_amount` changes too much: 5 → 2 (-60%"),
        ("included_amount: 5", "enabled: false, included_amount: 5", "5 → disabled (to disabled"),
        ("unlimited: true", "enabled: false, unlimited: true", "unlimited → disabled (from unlimited"),
    ],
)
def test_a_feature_that_is_enabled_costs_what_it_costs(shop: Shop, before: str, after: str, message: str) -> None:
    (found,) = said(shop, f"calls: {{{before}}}", f"calls: {{{after}}}")
    assert message in found


@pytest.mark.parametrize(
    ("model", "after"),
    [
        ("metered", PRICED),
        ("metered", EURO),
        ("credits", "credits_per_unit: 3"),
        ("balance", "pricing_mode: ai_model, margin_percent: 20"),
    ],
)
def test_nobody_has_used_a_feature_that_is_new_in_a_plan(shop: Shop, model: str, after: str) -> None:
    assert said(shop, "", f"calls: {{{after}}}", model) == []


def test_an_amount_that_slips_shows_where_its_feature_is_enabled_with_it(shop: Shop) -> None:
    found = said(shop, f"calls: {{enabled: false, {PRICED}}}", f"calls: {{{PRICED.replace('0.50', '50')}}}")
    assert any("`overage` changes by exactly ×100: 0.50 → 50.00 USD" in message for message in found)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "calls: {included_amount: 5}"),
        ("", f"calls: {{enabled: false, {PRICED}}}"),
        ("calls: false", "calls: {included_amount: 5}"),
        ("calls: false", "calls: true"),
        ("calls: true", "calls: false"),
        (f"calls: {{{PRICED}}}", f"calls: {{enabled: false, {PRICED}}}"),
    ],
)
def test_a_gift_is_none_of_it(shop: Shop, before: str, after: str) -> None:
    assert said(shop, before, after) == []

"""A mistake hides what it could make untrue, and nothing else."""

from pathlib import Path

import pytest
from catalogs import problems

FEATURES = "features: {calls: {name: Calls, type: usage}, seats: {name: Seats, type: seats}}"
METERED = "name: Pro, consumption_model: metered"
RATE = "overage: {unit_price: 0.1, regional_prices: {brl: 0.5}}"

#: What is mistaken, the plan, and what is said of it: the mistake alone.
ALONE: list[tuple[str, str, str]] = [
    ("model misspelt", "{name: Pro, consumption_modl: metered, features: {calls: true}}", "`consumption_modl` is not"),
    (
        "model misspelt, with all that hangs on it",
        "{name: Pro, consumption: credits, prices: {monthly: {price: 9, included_credits: 5}}, "
        "features: {calls: {credits_per_unit: 5}, seats: {overage: {unit_price: 1}}}}",
        "`consumption` is not",
    ),
    ("model is none", "{name: Pro, consumption_model: meterd, features: {calls: true}}", "`consumption_model` must"),
    ("name misspelt", "{nmae: Pro}", "`nmae` is not"),
    ("prices misspelt", "{name: Pro, pricse: {}, exchange_rates: {eur: 0.9}}", "`pricse` is not"),
    ("prices of the wrong type", "{name: Pro, prices: [1], exchange_rates: {eur: 0.9}}", "`prices` must be a mapping"),
    (
        "the only price is wrong",
        "{name: Pro, prices: {monthly: {price: x}}, exchange_rates: {eur: 0.9}}",
        "`price` must be a plain number",
    ),
    (
        "the only price is no mapping",
        "{name: Pro, prices: {monthly: 5}, exchange_rates: {eur: 0.9}}",
        "plan_price.pro/monthly: must be a mapping",
    ),
    ("price misspelt", "{name: Pro, prices: {monthly: {prise: 9}}}", "`prise` is not"),
    (
        "the default price is wrong",
        "{name: Pro, prices: {monthly: {price: x, is_default: true}, yearly: {price: 9}, weekly: {price: 1}}}",
        "`price` must be a plain number",
    ),
    (
        "default misspelt",
        "{name: Pro, prices: {monthly: {price: 9, isdefault: true}, yearly: {price: 90}}}",
        "`isdefault` is not",
    ),
    (
        "default of the wrong type",
        "{name: Pro, prices: {monthly: {price: 9, is_default: 1}, yearly: {price: 90}}}",
        "`is_default` must be true or false",
    ),
    (
        "a balance is wrong",
        "{name: Pro, consumption_model: balance, prices: {monthly: {price: 9, included_balance: x, "
        "regional_prices: {eur: {price: 9, included_balance: 5}}}}}",
        "`included_balance` must be a plain number",
    ),
    (
        "a regional balance is wrong",
        "{name: Pro, consumption_model: balance, prices: {monthly: {price: 9, included_balance: 5, "
        "regional_prices: {eur: {price: 9, included_balance: x}}}}}",
        "`included_balance` must be a plain number",
    ),
    (
        "a rate is wrong",
        f"{{{METERED}, features: {{calls: {{{RATE}}}}}, exchange_rates: {{brl: x}}}}",
        "must be a plain",
    ),
    (
        "rates misspelt",
        f"{{{METERED}, features: {{calls: {{{RATE}}}}}, exchange_rate: {{brl: 5}}}}",
        "is not a known key",
    ),
    (
        "rates of the wrong type",
        f"{{{METERED}, features: {{calls: {{{RATE}}}}}, exchange_rates: 5}}",
        "must be a mapping",
    ),
    (
        "unit price misspelt",
        f"{{{METERED}, features: {{calls: {{overage: {{unit_prise: 1}}}}}}}}",
        "`overage.unit_prise`",
    ),
    (
        "pricing mode is none",
        "{name: Pro, consumption_model: balance, features: {calls: {pricing_mode: model, margin_percent: 5}}}",
        "`pricing_mode` must be one of",
    ),
    ("is_free of the wrong type", "{name: Pro, is_free: 'true', prices: {monthly: {price: 9}}}", "`is_free` must be"),
    ("merge of no mapping", "{<<: 5, prices: {monthly: {price: 1}}, features: {calls: true}}", "`<<` takes a mapping"),
    ("a key that is none", "{name: Pro, [a]: 5, features: {calls: true}}", "a key must be a word"),
]

#: A misspelt key on a plan, what else is wrong in the plan, and the place that is still found.
STILL_FOUND: list[tuple[str, str]] = [
    ("prices: {montly: {price: 9}}", "`montly` is not a billing interval"),
    ("prices: {monthly: {price: 9.999}}", "an amount in USD has at most 2 digits"),
    ("prices: {monthly: {price: 9, regional_prices: {jpy: 1.5}}}", "an amount in JPY has no digits"),
    ("prices: {monthly: {price: 9, regional_prices: {chf: 1}}}", "`chf` is not a currency"),
    ("prices: {one_time: {price: 9, trial_days: 1}}", "a one-time price has no trial"),
    (
        "prices: {a: {price: 9, is_default: true}, monthly: {price: 9, is_default: true}}",
        "are all marked as the default",
    ),
    ("consumption_model: credits, features: {calls: {overage: {unit_price: 1}}}", "a plan on credits has no overage"),
    ("consumption_model: metered, features: {calls: {credits_per_unit: 1}}", "only applies where"),
    ("is_free: true, prices: {monthly: {price: 9}}", "a free plan has no prices"),
    ("features: {call: true}", "`call` is not declared under `features:`"),
    ("features: {seats: {unlimited: true, included_amount: 1}}", "`unlimited` already includes any amount"),
    (
        "consumption_model: metered, features: {calls: {overage: {unit_price: 0.12345}}}",
        "a unit price in USD has at most",
    ),
    ("metadata: {commetctl: x}", "is reserved for commetctl"),
    ("prices: {monthly: {price: 9}}, exchange_rates: {xxx: 1}", "`xxx` is not a currency"),
]


def said(folder: Path, text: str) -> list[str]:
    """The problems without their hints."""
    return [line for line in problems(folder, text) if not line.startswith("  hint")]


@pytest.mark.parametrize(("plan", "words"), [case[1:] for case in ALONE], ids=[case[0] for case in ALONE])
def test_a_mistake_brings_no_complaint_about_what_it_hides(tmp_path: Path, plan: str, words: str) -> None:
    found = said(tmp_path, f"version: 1\n{FEATURES}\nplans:\n  pro: {plan}\n")
    assert len(found) == 1, found
    assert words in found[0]


@pytest.mark.parametrize(("rest", "words"), STILL_FOUND, ids=[words for _, words in STILL_FOUND])
def test_a_misspelt_key_hides_nothing_that_is_wrong_all_the_same(tmp_path: Path, rest: str, words: str) -> None:
    found = said(tmp_path, f"version: 1\n{FEATURES}\nplans:\n  pro: {{name: Pro, descripton: x, {rest}}}\n")
    assert "`descripton`" in found[0]
    assert any(words in line for line in found[1:]), found


def test_a_section_that_is_there_twice_does_not_make_its_features_unknown(tmp_path: Path) -> None:
    text = f"version: 1\n{FEATURES}\nplans: {{pro: {{name: Pro, features: {{sso: true}}}}}}\nfeatures: {{}}\n"
    assert said(tmp_path, text) == ["4:1: `features` is declared twice: the first is in line 2"]


def test_a_feature_with_mistakes_is_declared_all_the_same(tmp_path: Path) -> None:
    text = "version: 1\nfeatures: {calls: {nam: x}}\nplans: {pro: {name: Pro, features: {calls: {included_amount: 5}}}}"
    assert said(tmp_path, text) == [
        "2:12: feature.calls: `type` is required",
        "2:20: feature.calls: `nam` is not a known key",
    ]


@pytest.mark.parametrize(
    ("plan", "hint"),
    [
        ("{name: Pro, unit_price: 5}", "  hint: did you mean `prices`?"),
        ("{name: Pro, prices: {monthly: {price: 9, unit_price: 5}}}", "  hint: did you mean `price`?"),
        ("{name: Pro, prices: {monthly: {price: 9, overage: 5}}}", None),
        ("{name: Pro, features: {seats: {lifecycle: {protct: true}}}}", "  hint: did you mean `protect`?"),
    ],
)
def test_the_key_that_is_proposed_is_one_that_the_object_has(tmp_path: Path, plan: str, hint: str | None) -> None:
    lines = problems(tmp_path, f"version: 1\nplans: {{pro: {plan}}}")
    assert lines[1:] == ([hint] if hint else [])
    assert "is not a known key" in lines[0]

"""Every problem has a code that machines can rely on, and every code that is described can be had."""

from pathlib import Path

import pytest
from catalogs import load_text

from commetctl.core.errors import InvalidCatalog
from commetctl.core.files import LARGEST_FILE
from commetctl.reference.codes import Sort, codes, meanings

DEEP = "[" * 30 + "]" * 30
ALIASES = "a: &a [1,1,1,1,1,1,1,1,1]\n" + "".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdef", "bcdefg", strict=True)
)


def plan(text: str) -> str:
    return f"plans: {{pro: {{name: Pro, {text}}}}}"


def balance(text: str) -> str:
    return plan(f"consumption_model: balance, {text}")


def pack(text: str) -> str:
    return f"credit_packs: {{a: {{name: A, credits: 1, price: 1}}, b: {{name: B, credits: 1, price: 1, {text}}}}}"


IN_BRAZIL = "market_prices: {brazil: {currency: brl, price: 199}}"


def priced(text: str) -> str:
    return (
        f"markets: {{brazil: {{name: Brazil, countries: [BR]}}}}\n{plan(f'prices: {{monthly: {{price: 1, {text}}}}}')}"
    )


def offer(text: str) -> str:
    return f"offers: {{half: {{name: Half, phases: [{{percentage: {{percent: 50}}}}], {text}}}}}"


#: For each code, the rest of a file that has it and no other.
CODES: dict[str, str | bytes] = {
    "empty": b"",
    "too_large": b"# " + b"x" * LARGEST_FILE,
    "too_many_values": ALIASES,
    "too_deep": f"plans: {DEEP}",
    "not_utf8": b"version: 1\nmode: \xff",
    "yaml_syntax": "plans: {",
    "not_a_mapping": b"- 1",
    "duplicate_key": "mode: live\nmode: live",
    "bare_key": "features:",
    "bad_key": "plans: {[a]: {name: A}}",
    "bad_merge": "plans: {<<: 5}",
    "tag": "plans: !!set {}",
    "yaml_directive": b"%YAML 1.1\n---\nversion: 1",
    "conflict_marker": "<<<<<<< HEAD\nmode: live\n=======\nmode: sandbox\n>>>>>>> other",
    "odd_space": plan("is_free:\u00a0true"),
    "digit_separator": plan("prices: {monthly: {price: 1 000}}"),
    "not_unicode": 'plans: {a: {name: "\\ud800"}}',
    "unknown_version": b"version: 2",
    "unknown_key": plan("x: 1"),
    "missing_key": "plans: {pro: {}}",
    "bad_value": "mode: x",
    "amount": plan("prices: {monthly: {price: x}}"),
    "decimal_comma": plan("prices: {monthly: {price: 45,90}}"),
    "rate": plan("prices: {monthly: {price: 1}}, exchange_rates: {eur: 0}"),
    "bad_rate": plan("prices: {monthly: {price: 1}}, exchange_rates: {eur: 999999999999999}"),
    "text": "plans: {pro: {name: 5}}",
    "metadata": plan("metadata: {a: 1.5}"),
    "bad_code": "plans: {Pro: {name: Pro}}",
    "bad_amount": plan("prices: {monthly: {price: 0.001}}"),
    "bad_margin": balance("features: {a: {pricing_mode: ai_model, margin_percent: 1001}}"),
    "duplicate_name": "features: {a: {name: A, type: boolean}, b: {name: A, type: boolean}}",
    "rename_circle": pack("previous_name: C}, c: {name: C, previous_name: B, credits: 1, price: 1"),
    "duplicate": pack("id: cpk_1}, c: {name: C, credits: 1, price: 1, id: cpk_1"),
    "same_name": pack("previous_name: B"),
    "reserved_key": plan("metadata: {commetctl: x}"),
    "unknown_reference": "features: {}\naddons: {a: {name: A, feature: b, consumption_model: boolean, base_price: 1}}",
    "unknown_feature": f"features: {{}}\n{plan('features: {a: true}')}",
    "unknown_interval": plan("prices: {daily: {price: 1}}"),
    "interval_not_in_version": f"api_version: 2026-07-11\n{plan('prices: {semiannual: {price: 1}}')}",
    "unknown_currency": plan("prices: {monthly: {price: 1, regional_prices: {chf: 1}}}"),
    "currency_not_in_version": "api_version: 2026-07-11\n"
    + plan("prices: {monthly: {price: 1, regional_prices: {gbp: 1}}}"),
    "scale_is_settled": "price_scale: rate",
    "default_price": plan("prices: {monthly: {price: 1}, yearly: {price: 1}}"),
    "price_on_free_plan": plan("is_free: true, prices: {monthly: {price: 0}}"),
    "overage_on_free_plan": plan("is_free: true, features: {a: {overage: {unit_price: 1}}}"),
    "overage_on_credits_plan": plan("consumption_model: credits, features: {a: {overage: {unit_price: 1}}}"),
    "overage_without_model": plan("features: {a: {overage: {unit_price: 1}}}"),
    "trial_on_one_time": plan("prices: {one_time: {price: 1, trial_days: 1}}"),
    "wrong_model": plan("prices: {monthly: {price: 1, included_credits: 1}}"),
    "usage_without_model": f"features: {{a: {{name: A, type: usage}}}}\n{plan('features: {a: true}')}",
    "boolean_feature": f"features: {{a: {{name: A, type: boolean}}}}\n{plan('features: {a: unlimited}')}",
    "unlimited_and_amount": plan("features: {a: {unlimited: true, included_amount: 1}}"),
    "unlimited_and_overage": balance("features: {a: {unlimited: true, overage: {unit_price: 1}}}"),
    "margin_without_ai_model": balance("features: {a: {margin_percent: 1}}"),
    "balance_missing": balance("prices: {monthly: {price: 1, included_balance: 1, regional_prices: {eur: 1}}}"),
    "balance_without_base": balance(
        "prices: {monthly: {price: 1, regional_prices: {eur: {price: 1, included_balance: 1}}}}"
    ),
    "rate_missing": balance("features: {a: {overage: {unit_price: 1, regional_prices: {eur: 1}}}}"),
    "plan_twice": "plans: {a: {name: A}}\nplan_groups: {x: {name: X, plans: [a]}, y: {name: Y, plans: [a]}}",
    "group_models": "plans: {a: {name: A}, b: {name: B, consumption_model: credits}}\n"
    "plan_groups: {x: {name: X, plans: [a, b]}}",
    "group_currencies": "plans: {a: {name: A, prices: {monthly: {price: 1}}, exchange_rates: {eur: 1}}, "
    "b: {name: B, prices: {monthly: {price: 1}}}}\nplan_groups: {x: {name: X, plans: [a, b]}}",
    "nothing_to_convert": plan("exchange_rates: {eur: 1}"),
    "no_markets": plan(f"prices: {{monthly: {{price: 1, {IN_BRAZIL}}}}}"),
    "unknown_market": f"markets: {{}}\n{plan(f'prices: {{monthly: {{price: 1, {IN_BRAZIL}}}}}')}",
    "markets_not_in_version": f"api_version: 2026-07-11\n{plan(f'prices: {{monthly: {{price: 1, {IN_BRAZIL}}}}}')}",
    "bad_variant_name": priced(f"{IN_BRAZIL}, variants: {{a/b: {{{IN_BRAZIL}}}}}"),
    "variant_without_markets": priced("variants: {b: {market_prices: {}}}"),
    "market_not_in_base": priced(f"variants: {{b: {{{IN_BRAZIL}}}}}"),
    "bad_phases": "offers: {half: {name: Half, phases: [{percentage: {percent: 50}}, {percentage: {percent: 20}}]}}",
    "bad_times": offer("starts_at: 2027-02-01T00:00:00Z, ends_at: 2027-01-01T00:00:00Z"),
    "time": offer("starts_at: 2027-02-01T00:00:00"),
    "trial_alone": "offers: {half: {name: Half, phases: [{free_trial: {days: 7}}]}}\npromo_codes: {A: {offer: half}}",
    "not_in_version": "api_version: 2026-07-11\npromo_codes: {A: {offer: half}}",
    "country_twice": "markets: {a: {name: A, countries: [DE]}, b: {name: B, countries: [DE]}}",
    "section_not_in_version": f"api_version: 2026-07-11\n{offer('active: false')}",
}


@pytest.mark.parametrize("code", CODES)
def test_a_mistake_has_its_code_and_no_other(code: str, tmp_path: Path) -> None:
    rest = CODES[code]
    with pytest.raises(InvalidCatalog) as error:
        load_text(tmp_path, rest if isinstance(rest, bytes) else f"version: 1\n{rest}\n")
    assert [problem.code for problem in error.value.problems] in ([code], [code, code])
    assert all(problem.origin for problem in error.value.problems)
    assert error.value.exit_code == 3


def test_every_problem_that_is_described_has_a_file_here() -> None:
    """But for those of several files, overlays, dated changes, variables and configurations, tested with those."""
    described = {code for code in codes() if any(meaning.sort is Sort.PROBLEM for meaning in meanings(code))}
    of_several = {"bad_include", "bad_variable", "misplaced_key", "nothing_to_remove", "undefined_variable"}
    of_changes = {
        "bad_change",
        "empty_change",
        "no_date",
        "past_date",
        "change_twice",
        "lock_differs",
        "lock_incomplete",
    }
    of_configurations = {"default_interval", "duplicate_interval", "not_json", "two_amounts"}
    assert described == {*CODES, *of_several, *of_changes, "two_catalogs", *of_configurations}

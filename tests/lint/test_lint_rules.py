"""Each rule: catalogs that it is about, and such as come near and are right."""

from pathlib import Path

import pytest
from firing import FIRES
from lints import QUOTAS, codes, monthly, prices, regional, said, tiers
from near_misses import SILENT


@pytest.mark.parametrize(("code", "text", "times"), [(c, t, n) for c, some in FIRES.items() for t, n in some])
def test_a_rule_says_what_is_wrong_and_nothing_else_does(code: str, text: str, times: int, tmp_path: Path) -> None:
    assert codes(tmp_path, text) == [code] * times


@pytest.mark.parametrize("text", [text for some in SILENT.values() for text in some])
def test_what_comes_near_is_right(text: str, tmp_path: Path) -> None:
    assert said(tmp_path, text) == []


def test_many_features_are_named_in_one_warning(tmp_path: Path) -> None:
    everything = ", ".join(f"f{number}: unlimited" for number in range(8))
    lines = said(tmp_path, QUOTAS + tiers(f"{monthly('1.00')}, features: {{{everything}}}", f"{monthly('2.00')}"))
    assert lines[0] == (
        "5:3: warning: plan.b: `features`: the plan costs more than `a` (monthly) and includes less of "
        "`f0` (none instead of unlimited), `f1` (none instead of unlimited), `f2` (none instead of unlimited), "
        "`f3` (none instead of unlimited), `f4` (none instead of unlimited) and 3 more [dearer_includes_less]"
    )
    assert lines[1:] == ["  hint: include at least as much, or check the prices of both"]


def test_the_hint_for_cents_names_the_currency_without_any(tmp_path: Path) -> None:
    lines = said(tmp_path, regional("jpy: 720000, eur: 4500.00", "jpy: 150, eur: 0.92"))
    assert lines == [
        "3:76: warning: regional_price.pro/monthly/jpy: `price`: 720000 JPY is far from 7350 JPY, which is 49.00 "
        "USD at the exchange rate of this plan [regional_off_rate]",
        "  hint: JPY has no smaller unit",
        "3:89: warning: regional_price.pro/monthly/eur: `price`: 4500.00 EUR is far from 45.08 EUR, which is "
        "49.00 USD at the exchange rate of this plan [regional_off_rate]",
        "  hint: write amounts as on a price tag, not in cents",
    ]


def test_proportion_is_said_with_what_the_shorter_one_comes_to(tmp_path: Path) -> None:
    lines = said(tmp_path, prices(weekly="price: 10.00, regional_prices: {eur: 9.00}",
                                  monthly="price: 45.00, regional_prices: {eur: 40.00}"))  # fmt: skip
    assert lines[0] == (
        "3:118: warning: plan_price.pro/monthly: `price`: 45.00 USD is more than `weekly` comes to in that time, "
        "43.33 USD, and so in EUR [interval_proportion]"
    )


def test_warnings_are_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = prices(monthly="49.01", yearly="1000.00") + "\n  new: {name: PRO, visibility: public}"
    assert codes(tmp_path, text) == ["odd_cents", "yearly_dearer", "public_without_price", "near_duplicate_name"]


def test_what_an_alias_repeats_is_said_of_each(tmp_path: Path) -> None:
    text = "plans:\n  a: {name: A, prices: &p {monthly: {price: 49.01}}}\n  b: {name: B, prices: *p}"
    assert [line.split(": ")[2] for line in said(tmp_path, text)[::2]] == [
        "plan_price.a/monthly",
        "plan_price.b/monthly",
    ]


def test_a_feature_without_an_amount_is_called_included(tmp_path: Path) -> None:
    lines = said(tmp_path, QUOTAS + tiers(f"{monthly('1.00')}, features: {{f0: true}}", f"{monthly('2.00')}"))
    assert any("includes less of `f0` (none instead of included) [dearer_includes_less]" in line for line in lines)

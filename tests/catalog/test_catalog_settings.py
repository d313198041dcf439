"""The settings at the top of the file: which version is spoken, in which scale, and which sections are managed."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from catalogs import load_text, problems

from commetctl.core.money import Scale
from commetctl.core.policy import Policy, Share

DEFAULT = Policy()
NEW, OLD = "2026-08-27", "2026-07-11"
SETTLED = [
    "2:1: `price_scale`: API version 2026-08-27 has no choice: prices are in minor units",
    "  hint: remove it",
]


@pytest.mark.parametrize(
    ("written", "override", "version"),
    [
        ("", None, NEW),
        ("api_version: 2026-07-11", None, OLD),
        ('api_version: "2026-07-11"', None, OLD),
        ("api_version: 2026-08-27", None, NEW),
        ("api_version: null", None, NEW),
        ("api_version: 2026-07-11", NEW, NEW),
        ("api_version: 2026-08-27", OLD, OLD),
        ("", OLD, OLD),
    ],
)
def test_a_version_is_that_of_the_run_then_of_the_file_then_the_newest(
    tmp_path: Path, written: str, override: str | None, version: str
) -> None:
    assert load_text(tmp_path, f"version: 1\n{written}\n", override).contract.version == version


@pytest.mark.parametrize(
    ("written", "override", "scale"),
    [
        ("api_version: 2026-07-11", None, Scale.RATE),
        ("api_version: 2026-07-11\nprice_scale: rate", None, Scale.RATE),
        ("api_version: 2026-07-11\nprice_scale: minor", None, Scale.MINOR),
        ("api_version: 2026-07-11\nprice_scale: minor", NEW, Scale.MINOR),
        ("api_version: 2026-07-11\nprice_scale: rate", NEW, Scale.MINOR),
        ("price_scale: minor", OLD, Scale.MINOR),
        ("price_scale: null", None, Scale.MINOR),
    ],
)
def test_the_scale_can_be_chosen_where_sources_differ_on_it(
    tmp_path: Path, written: str, override: str | None, scale: Scale
) -> None:
    contract = load_text(tmp_path, f"version: 1\n{written}\n", override).contract
    assert contract.price_scale is scale
    assert (contract.unit_price_scale, contract.credit_pack_scale) == (Scale.RATE, Scale.MINOR)


@pytest.mark.parametrize("version", [NEW, OLD])
@pytest.mark.parametrize(
    ("written", "scale", "stated"),
    [("", Scale.MINOR, False), ("balance_scale: minor", Scale.MINOR, True), ("balance_scale: rate", Scale.RATE, True)],
)
def test_the_scale_of_balances_can_be_stated_in_every_version(
    tmp_path: Path, version: str, written: str, scale: Scale, stated: bool
) -> None:
    contract = load_text(tmp_path, f"version: 1\n{written}\n", version).contract
    assert (contract.balance_scale, contract.balance_scale_stated) == (scale, stated)
    assert contract.price_scale is (Scale.MINOR if version == NEW else Scale.RATE)


def test_the_scale_cannot_be_chosen_where_it_is_settled(tmp_path: Path) -> None:
    assert problems(tmp_path, "version: 1\nprice_scale: rate\n") == SETTLED
    assert problems(tmp_path, "version: 1\nprice_scale: rate\napi_version: 2026-08-27\n") == SETTLED


def test_an_unknown_version_of_the_api_says_nothing_about_the_scale(tmp_path: Path) -> None:
    assert problems(tmp_path, "version: 1\nprice_scale: rate\napi_version: 2026-07-12\n") == [
        "3:14: `api_version` must be one of: 2026-08-27, 2026-07-11"
    ]


def test_a_file_of_another_format_is_not_judged_any_further(tmp_path: Path) -> None:
    assert problems(tmp_path, "version: 2\nplanz: {}\nmode: x\n") == [
        "1:10: `version` must be 1",
        "  hint: upgrade commetctl to use a later version",
    ]


@pytest.mark.parametrize(
    ("text", "managed"),
    [
        ("", []),
        ("plans: {}", ["plans"]),
        ("plans: null", []),
        ("credit_packs: {}\nfeatures: {}", ["features", "credit_packs"]),
        ("credit_packs: {a: null}", ["credit_packs"]),
    ],
)
def test_an_empty_section_is_managed_and_a_missing_one_is_not(tmp_path: Path, text: str, managed: list[str]) -> None:
    catalog = load_text(tmp_path, f"version: 1\n{text}\n")
    assert [section.name for section in catalog.sections] == managed
    assert len(catalog.desired) == 0


@pytest.mark.parametrize("mode", ["sandbox", "live", None])
def test_the_mode_is_what_the_file_says_if_it_says_one(tmp_path: Path, mode: str | None) -> None:
    assert load_text(tmp_path, f"version: 1\nmode: {mode or 'null'}\n").mode == mode


@pytest.mark.parametrize(
    "name",
    ["Größe", "プロ", "Про", "برو", "🚀 Pro", "é" * 5000, "A: B", "null", "2026-08-27", "<b>&amp;</b>", "a/b", "'\"`"],
)
def test_any_text_can_be_a_name(tmp_path: Path, name: str) -> None:
    quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    catalog = load_text(tmp_path, f"version: 1\nplans: {{pro: {{name: {quoted}}}}}\n")
    assert [resource.fields["name"] for resource in catalog.desired.values()] == [name]


@pytest.mark.parametrize("key", ["1", "true", "null_", "on", "2026", "_", "a" * 300])
def test_a_code_that_yaml_reads_as_something_else_is_still_a_code(tmp_path: Path, key: str) -> None:
    catalog = load_text(tmp_path, f"version: 1\nplans: {{{key}: {{name: A}}}}\n")
    assert [str(address) for address in catalog.desired] == [f"plan.{key}"]


@pytest.mark.parametrize("key", ["Pro", "pro-max", "é", "a b", "1.5", "a.b", "a/b", "0x1F"])
def test_any_other_key_is_not_a_code(tmp_path: Path, key: str) -> None:
    assert problems(tmp_path, f"version: 1\nplans: {{{key}: {{name: A}}}}\n") == [
        f"2:9: plan.{key}: `{key}` is not a code",
        "  hint: use lower-case letters, digits and underscores",
    ]


@pytest.mark.parametrize(
    ("written", "policy"),
    [
        ("", DEFAULT),
        ("policy: null", DEFAULT),
        ("policy: {}", DEFAULT),
        ("policy: {max_deletes: null}", DEFAULT),
        ("policy: {max_deletes: 5}", replace(DEFAULT, max_deletes=5)),
        ("policy: {max_deletes: 0, max_updates: 100%}", Policy(0, Share(Decimal(100)), DEFAULT.max_price_change)),
        ("policy: {max_deletes: off, max_updates: off, max_price_change: off}", Policy(None, None, None)),
        ('policy: {max_updates: "12.5%"}', replace(DEFAULT, max_updates=Share(Decimal("12.5")))),
        ("policy: {max_price_change: 250%}", replace(DEFAULT, max_price_change=Share(Decimal(250)))),
    ],
)
def test_the_policy_has_defaults_and_no_limit_only_where_that_is_said(
    tmp_path: Path, written: str, policy: Policy
) -> None:
    assert load_text(tmp_path, f"version: 1\n{written}\n").policy == policy
    assert Share(Decimal(30)) == DEFAULT.max_deletes == DEFAULT.max_updates
    assert Share(Decimal(50)) == DEFAULT.max_price_change

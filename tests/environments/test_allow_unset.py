"""`validate` without the values of variables: a warning, or allowed; whatever does not depend on them is checked."""

from pathlib import Path

import pytest

from cli.running import run
from commetctl.catalog import load
from commetctl.core.errors import InvalidCatalog
from commetctl.review.lint import checked
from environments.files import written

UNSET = "${COMMETCTL_VAR_nowhere}"
WHOLE = """\
version: 1
mode: sandbox
features:
  calls: {name: Calls, type: usage, unit_name: call}
  sso: {name: SSO, type: boolean}
plans:
  pro:
    name: Pro
    description: For teams
    consumption_model: metered
    visibility: public
    is_free: false
    prices:
      monthly:
        price: 49.00
        trial_days: 14
        is_default: true
        regional_prices: {eur: 45.00}
      yearly: {price: 490.00}
    features:
      calls:
        included_amount: 1000
        overage: {unit_price: 0.002}
      sso: true
    exchange_rates: {eur: 0.92}
credit_packs:
  small: {name: Small, credits: 500, price: 12.00}
"""
VALUES = [
    "sandbox", "Calls", "usage", "call", "SSO", "boolean", "Pro", "For teams", "metered", "public", "false", "49.00",
    "14", "45.00", "490.00", "1000", "0.002", "0.92", "Small", "500", "12.00", "1",
]  # fmt: skip


def validate(folder: Path, *words: str, value: str = "") -> tuple[int, str]:
    ended = run(folder, "validate", *words, key=None, env={"COMMETCTL_VAR_nowhere": value} if value else {})
    return ended.code, ended.out + ended.err


def with_unset(value: str, unset: str = UNSET) -> str:
    before, after = WHOLE.split(f": {value}", 1)
    return f'{before}: "{unset}"{after}'


@pytest.mark.parametrize("value", VALUES)
def test_any_value_may_be_unknown_and_nothing_else_is_said(value: str, tmp_path: Path) -> None:
    file = written(tmp_path, {"commet.yaml": with_unset(value)})
    with pytest.raises(InvalidCatalog) as caught:
        load(file)
    assert [item.code for item in caught.value.problems] == ["undefined_variable"]
    catalog = load(file, allow_unset=True)
    assert catalog.unset == ["COMMETCTL_VAR_nowhere"]
    assert checked(catalog, strict=True, allow_unset=True) == []
    assert [item.code for item in checked(catalog, strict=False)] == ["undefined_variable"]


def test_the_rest_is_checked_as_ever(tmp_path: Path) -> None:
    written(tmp_path, {"commet.yaml": with_unset("49.00").replace("14", "x").replace("0.92", "0,92")})
    code, said = validate(tmp_path, "--allow-unset")
    assert (code, "`trial_days` must be a whole number" in said, "write `0.92`" in said) == (3, True, True)
    assert "COMMETCTL_VAR_nowhere" not in said


def test_it_is_a_warning_that_strict_refuses_unless_it_is_allowed(tmp_path: Path) -> None:
    written(tmp_path, {"commet.yaml": with_unset("49.00")})
    code, said = validate(tmp_path)
    assert code == 0
    assert "commet.yaml is valid as far as is known without COMMETCTL_VAR_nowhere, with 1 warning" in said
    assert "warning[undefined_variable]: `COMMETCTL_VAR_nowhere` is not set\n  --> commet.yaml:15:16 " in said
    assert validate(tmp_path, "--strict")[0] == 3
    assert validate(tmp_path, "--strict", "--allow-unset") == (
        0, "commet.yaml is valid as far as is known without COMMETCTL_VAR_nowhere\n"
    )  # fmt: skip
    assert validate(tmp_path, "--strict", value="49.00")[0] == 0
    assert validate(tmp_path, "--allow-unset", value="49,00")[0] == 3, "a value that is there is checked"


def test_a_comment_allows_one(tmp_path: Path) -> None:
    text = with_unset("49.00").replace(f'"{UNSET}"', f'"{UNSET}"  # commetctl: ignore=undefined_variable set in CI')
    written(tmp_path, {"commet.yaml": text})
    assert validate(tmp_path, "--strict")[0] == 0
    assert validate(tmp_path, "--strict", value="49.00")[0] == 0


def test_a_variable_that_is_written_wrong_is_no_unset_one(tmp_path: Path) -> None:
    written(tmp_path, {"commet.yaml": with_unset("49.00", "${COMMETCTL_VAR_no-where}")})
    assert validate(tmp_path, "--allow-unset")[0] == 3


def test_included_files_and_overlays_may_use_them(tmp_path: Path) -> None:
    files = {
        "commet.yaml": WHOLE.replace("mode:", 'include: [more.yaml, "${COMMETCTL_VAR_nowhere}.yaml"]\nmode:').replace(
            "      sso: true\n", "      elsewhere: true\n"
        ),
        "more.yaml": f'version: 1\nplans: {{lite: {{name: Lite, prices: {{monthly: {{price: "{UNSET}"}}}}}}}}\n',
        "commet.live.yaml": f'version: 1\nplans: {{pro: {{prices: {{yearly: {{price: "{UNSET}"}}}}}}}}\n',
    }
    written(tmp_path, files)
    assert validate(tmp_path, "--allow-unset", "--env", "live")[0] == 0


def test_no_other_command_takes_a_value_as_unknown(tmp_path: Path) -> None:
    written(tmp_path, {"commet.yaml": with_unset("49.00")})
    for words in (
        ["plan", "--local"],
        ["apply", "--local", "--yes"],
        ["pull", "--local"],
        ["diff", "/dev/null", "commet.yaml"],
    ):
        assert run(tmp_path, *words, key=None).code == 3, words
        assert "no such option" in run(tmp_path, *words, "--allow-unset", key=None).err, words

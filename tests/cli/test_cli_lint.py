"""Warnings about the catalog on the command line: where they go, what they count, and when they are errors."""

from pathlib import Path

import pytest

from cli.running import run, write

ODD = """\
version: 1
plans:
  pro:
    name: Pro
    visibility: public
    prices: {monthly: {price: 49.01}}
  max: {name: Max, visibility: public}
"""
CLEAN = ODD.replace("49.01", "49.00").replace("  max: {name: Max, visibility: public}\n", "")
FINDINGS = """\
{0}[odd_cents]: `price`: 49.01 USD ends in unusual cents
  --> commet.yaml:6:31   plans.pro.prices.monthly.price
   |
 6 |     prices: {{monthly: {{price: 49.01}}}}
   |                               ^^^^^
  hint: check the digits after the decimal point

{0}[public_without_price]: is public but has no price
  --> commet.yaml:7:3   plans.max
   |
 7 |   max: {{name: Max, visibility: public}}
   |   ^^^
  hint: add `prices:`, or set `is_free: true` or `visibility: private`

"""
CONCISE = """\
commet.yaml:6:31: `price`: 49.01 USD ends in unusual cents [odd_cents]
commet.yaml:7:3: is public but has no price [public_without_price]
"""


def test_warnings_come_after_the_text_on_stderr(tmp_path: Path) -> None:
    write(tmp_path, ODD)
    ended = run(tmp_path, "validate", key=None)
    assert ended.code == 0
    assert ended.out == "commet.yaml is valid and declares 2 plans, 1 plan price, with 2 warnings\n"
    assert ended.err == "\n" + FINDINGS.format("warning") + (
        "2 warnings in commet.yaml; explain one: commetctl explain odd_cents\n"
        "hint: to allow one where it is meant: `# commetctl: ignore=CODE reason` at the end of its line\n"
    )


def test_strict_makes_them_errors(tmp_path: Path) -> None:
    write(tmp_path, ODD)
    ended = run(tmp_path, "validate", "--strict", key=None)
    assert (ended.code, ended.out) == (3, "")
    assert ended.err == FINDINGS.format("error") + (
        "2 problems in commet.yaml; explain one: commetctl explain odd_cents\n"
        "error: commet.yaml is valid but has 2 warnings, which `--strict` does not allow\n"
        "hint: correct them, or silence each with `# commetctl: ignore=CODE reason`\n"
    )
    quiet = run(tmp_path, "validate", "--strict", "--quiet", key=None)
    assert (quiet.code, quiet.out, quiet.err) == (3, "", CONCISE)


def test_without_any_nothing_is_said(tmp_path: Path) -> None:
    write(tmp_path, CLEAN)
    for words in ([], ["--strict"]):
        ended = run(tmp_path, "validate", *words, key=None)
        assert ended.code == 0
        assert ended.out == "commet.yaml is valid and declares 1 plan, 1 plan price\n"
        assert ended.err == ""


def test_quiet_hides_warnings(tmp_path: Path) -> None:
    write(tmp_path, ODD)
    ended = run(tmp_path, "validate", "--quiet", key=None)
    assert (ended.code, ended.out, ended.err) == (0, "", "")


@pytest.mark.parametrize(("words", "severity", "code"), [([], "warning", 0), (["--strict"], "error", 3)])
def test_in_json_they_are_diagnostics(words: list[str], severity: str, code: int, tmp_path: Path) -> None:
    write(tmp_path, ODD)
    ended = run(tmp_path, "validate", "--format", "json", *words, key=None)
    assert ended.code == code
    assert ended.err == ""
    assert ended.document["diagnostics"][0] == {
        "severity": severity,
        "code": "odd_cents",
        "message": "`price`: 49.01 USD ends in unusual cents",
        "hint": "check the digits after the decimal point",
        "address": "plan_price.pro/monthly",
        "file": "commet.yaml",
        "line": 6,
        "column": 31,
        "end_line": 6,
        "end_column": 36,
        "path": "plans.pro.prices.monthly.price",
    }
    assert [item["code"] for item in ended.document["diagnostics"]] == ["odd_cents", "public_without_price"]


def test_a_comment_is_enough_for_strict(tmp_path: Path) -> None:
    write(tmp_path, CLEAN.replace("49.00}}", "49.01}}  # commetctl: ignore=odd_cents it is a birthday"))
    assert run(tmp_path, "validate", "--strict", key=None).code == 0


def test_a_comment_that_is_wrong_is_an_error_for_strict(tmp_path: Path) -> None:
    write(tmp_path, CLEAN.replace("49.00}}", "49.00}}  # commetctl: ignore=odd_cents it is a birthday"))
    ended = run(tmp_path, "validate", "--strict", "--format", "json", key=None)
    assert (ended.code, ended.errors) == (3, ["unused_ignore"])


def test_a_catalog_with_problems_has_no_warnings(tmp_path: Path) -> None:
    write(tmp_path, ODD + "    x: 1\n")
    ended = run(tmp_path, "validate", "--strict", key=None)
    assert ended.code == 3
    assert "odd_cents" not in ended.err


def test_what_a_warning_quotes_is_written_out(tmp_path: Path) -> None:
    names = 'features: {a: {name: "Big\\u202eCalls", type: quota}, b: {name: Big Calls, type: quota}}'
    comment = "# commetctl: ignore=##[error]\u202eodd so"
    write(tmp_path, f"version: 1\n{names}  {comment}\n")
    ended = run(tmp_path, "validate", key=None)
    assert ended.code == 0
    assert "\u202e" not in ended.err
    assert "##[" not in ended.err
    assert r"`Big\u202eCalls`" in ended.err

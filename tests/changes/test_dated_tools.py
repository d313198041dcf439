"""What the other tools know of the files of changes: `fmt`, the schema, `explain`, and `validate --changed`."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from changes.dated import BASE, RAISED, change, told
from changes.test_dated_laws import overlay
from cli.running import run
from commetctl.catalog import document
from commetctl.catalog.formatting import formatted
from commetctl.reference.schema import schema
from commetctl.usecases.format import catalog_files
from drawing import as_yaml, catalogs
from environments.files import written

ODD = """\
# list prices
plans:
    pro: {prices: {monthly: {price: 59}}}   # decided in November
x-note: [b, a]
change:
    was: {plans.pro.prices.monthly: {price: 49}}  # as of November
    why: FIN-812
    effective: {sandbox: now, production: 2027-01-01}
version: 1
"""
EVEN = """\
version: 1

change:
  effective: {sandbox: now, production: 2027-01-01}
  why: FIN-812
  was: {plans.pro.prices.monthly: {price: 49}}  # as of November

x-note: [b, a]

# list prices
plans:
  pro:  # decided in November
    prices:
      monthly: {price: 59.00}
"""


def test_fmt_puts_the_head_first_and_keeps_comments_and_the_lock() -> None:
    once = formatted("changes/raise.yaml", ODD.encode()).decode()
    assert once == EVEN
    assert formatted("changes/raise.yaml", once.encode()).decode() == once


def test_fmt_formats_the_changes_of_a_catalog(tmp_path: Path) -> None:
    files = {"commet.yaml": BASE, "commet.production.yaml": "version: 1\n", "changes/raise.yaml": ODD}
    main = written(tmp_path, {**files, "changes/.gitkeep": ""})
    assert [path.name for path in catalog_files(main)] == ["commet.yaml", "raise.yaml", "commet.production.yaml"]
    checked = run(tmp_path, "fmt", "--check", key=None)
    assert (checked.code, "changes/raise.yaml: would be formatted" in checked.out) == (2, True)
    assert run(tmp_path, "fmt", key=None).code == 0
    assert (tmp_path / "changes" / "raise.yaml").read_text("utf-8") == EVEN


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(one=catalogs(), other=catalogs(), date=st.dates(), was=st.booleans())
def test_a_formatted_change_means_the_same(one: dict[str, Any], other: dict[str, Any], date: Any, was: bool) -> None:
    content = overlay(one, other)
    head = {"was": one} if was else {}
    text = as_yaml({**content, "change": {**head, "effective": f"{date:%Y-%m-%d}"}, "version": 1}).encode()
    after = formatted("x.yaml", text)
    assert document.parse("x.yaml", after).data["change"] == document.parse("x.yaml", text).data["change"]
    assert formatted("x.yaml", after) == after


SCHEMA = Draft202012Validator(schema(change=True))


def fits(text: str) -> bool:
    """Whether the schema takes a file."""
    return bool(SCHEMA.is_valid(json.loads(json.dumps(document.parse("x.yaml", text.encode()).data, default=float))))


@pytest.mark.parametrize(
    "head",
    [
        "effective: 2027-01-01",
        "effective: now",
        "effective: never",
        "effective: 2027-01-01T00:00:00+01:00",
        "effective: 2027-01-01T00:00Z",
        "effective: {sandbox: now, production: 2027-01-01}",
        "effective: now, existing: keep",
        "effective: now, existing: {from: 2027-03-01}, announced: 2026-12-01, notice: 30, why: FIN-812",
        "effective: now, allow: [price_change]",
        "effective: now, was: {plans.pro.prices.monthly: {price: 49.00}}",
        "effective: now, was: {plans.pro.prices: {monthly: {price: 49}}}",
        "effective: now, x-note: mine",
    ],
)
def test_the_schema_takes_what_the_loader_takes(tmp_path: Path, head: str) -> None:
    text = change(head)
    assert fits(text)
    written(tmp_path, {"commet.sandbox.yaml": "version: 1\n"})
    assert told(tmp_path, {"raise.yaml": text}, "sandbox") == []


@pytest.mark.parametrize(
    "text",
    [
        f"version: 1\n{RAISED}\n",
        change("why: x"),
        change("effective: 2027-01-01T00:00:00"),
        change("effective: 01-02"),
        change("effective: {}"),
        change("effective: {Live: now}"),
        change("effective: now, existing: none"),
        change("effective: now, existing: {until: 2027-01-01}"),
        change("effective: now, notice: -1"),
        change("effective: now, notice: many"),
        change("effective: now, announced: 1.12."),
        change("effective: now, allow: [everything]"),
        change("effective: now, was: []"),
        change("effective: now, whyy: x"),
        change(content=f"mode: live\n{RAISED}"),
        change(content=f"policy: {{max_deletes: 5}}\n{RAISED}"),
        change(content="plans: {pro: {nmae: x}}"),
    ],
)
def test_the_schema_refuses_what_the_loader_refuses(tmp_path: Path, text: str) -> None:
    assert not fits(text)
    assert told(tmp_path, {"raise.yaml": text}) != []


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(schema(change=True))


def test_the_command_writes_it_over_its_own_only(tmp_path: Path) -> None:
    assert json.loads(run(tmp_path, "schema", "--change", key=None).out) == schema(change=True)
    done = run(tmp_path, "schema", "--change", "--out", "change.schema.json", key=None)
    assert done.out == (
        "the schema is in change.schema.json; for editors, begin a change with:\n"
        "# yaml-language-server: $schema=change.schema.json\n"
    )
    assert run(tmp_path, "schema", "--change", "--out", "change.schema.json", key=None).code == 0
    assert run(tmp_path, "schema", "--out", "change.schema.json", key=None).code == 1
    assert run(tmp_path, "schema", "--change", "--overlay", key=None).code == 64
    assert run(tmp_path, "schema", "--change", "--results", key=None).code == 64


def test_a_modeline_is_no_content(tmp_path: Path) -> None:
    assert told(tmp_path, {"raise.yaml": f"# yaml-language-server: $schema=x.json\n{change()}"}) == []


def test_explain_knows_the_head(tmp_path: Path) -> None:
    assert "date, time, `now`, or one of them for each environment" in run(tmp_path, "explain", "change").out
    assert "was: {plans.pro.prices.monthly: {price: 49.00}}" in run(tmp_path, "explain", "change.was").out


def checked(folder: Path, *names: str) -> list[tuple[str, str]]:
    """The catalogs that `validate --changed` checks, each with its environment."""
    ended = run(folder, "validate", "--changed", "--format", "json", *names, key=None)
    return [(item["file"], item["environment"]) for item in ended.document["checked"]]


def test_a_change_belongs_to_the_catalog_beside_its_folder_for_every_environment(tmp_path: Path) -> None:
    written(tmp_path, {"commet.yaml": BASE, "changes/raise.yaml": change(), "other/changes/raise.yaml": change()})
    assert checked(tmp_path, "changes/raise.yaml") == [("commet.yaml", "")]
    # A file that was deleted is one of the commit too.
    assert checked(tmp_path, "changes/gone.yaml") == [("commet.yaml", "")]
    assert checked(tmp_path, "other/changes/raise.yaml") == []
    assert checked(tmp_path, "README.md") == []
    written(tmp_path, {f"commet.{name}.yaml": "version: 1\n" for name in ("sandbox", "production")})
    both = [("commet.yaml", "production"), ("commet.yaml", "sandbox")]
    assert checked(tmp_path, "changes/raise.yaml") == both
    assert checked(tmp_path, "changes/raise.yaml", "commet.yaml") == both


def test_what_a_catalog_includes_has_no_changes_of_its_own(tmp_path: Path) -> None:
    base = f"{BASE}include: [commet-more.yaml]\n"
    written(tmp_path, {"commet.yaml": base, "commet-more.yaml": "version: 1\n", "changes/raise.yaml": change()})
    assert checked(tmp_path, "changes/raise.yaml") == [("commet.yaml", "")]
    assert checked(tmp_path, "commet-more.yaml") == [("commet.yaml", "")]


def test_a_change_that_is_wrong_is_found_from_its_own_file(tmp_path: Path) -> None:
    written(tmp_path, {"commet.yaml": BASE, "changes/raise.yaml": change("effective: 2999-02-30")})
    ended = run(tmp_path, "validate", "--changed", "changes/raise.yaml", key=None)
    assert (ended.code, "is not a day of the calendar" in ended.err) == (3, True)


@pytest.mark.parametrize(
    ("date", "wrong"),
    [
        ("soon", "neither a date nor a time"),
        ("2027-02-30", "neither a date nor a time"),
        ("9999-12-31T23:59:59-14:00", "neither a date nor a time"),
        ("2027-W01-1", "no offset from UTC"),
        ("2027-01-01T10:00", "no offset from UTC"),
    ],
)
@pytest.mark.parametrize("words", [("plan", "--local"), ("preview",), ("settle",)])
def test_a_date_of_the_command_line_that_is_none(words: tuple[str, ...], date: str, wrong: str, tmp_path: Path) -> None:
    written(tmp_path, {"commet.yaml": BASE})
    ended = run(tmp_path, *words, "--at", date, key=None)
    assert (ended.code, wrong in ended.err) == (64, True), ended

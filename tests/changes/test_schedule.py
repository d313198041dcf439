"""`commetctl schedule`: the file that it writes, the edits that it takes from the catalog, and what it leaves alone."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from changes.dated import BASE, RAISED, change
from changes.repository import commit
from cli.running import Ended, run
from commetctl.catalog import document, load
from commetctl.catalog.dated.patches import patch_between, patched
from drawing import catalogs
from environments.files import written

SET = ("--set", "plans.pro.prices.monthly.price=59.00")
ON = ("--on", "2999-01-01")
RAISE = """\
version: 1

change:
  effective: 2999-01-01
  was: {plans.pro.prices.monthly: {price: 49.00}}

plans:
  pro:
    prices:
      monthly: {price: 59.00}
"""


def schedule(folder: Path, *words: str) -> Ended:
    return run(folder, "schedule", *words, key=None)


def text(folder: Path, name: str = "changes/raise.yaml") -> str:
    return (folder / name).read_text("utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a catalog that is committed."""
    written(tmp_path, {"commet.yaml": BASE})
    commit(tmp_path)
    return tmp_path


def is_valid(folder: Path, *words: str) -> bool:
    ended = run(folder, "validate", *words, "--strict", key=None)
    return ended.code == 0


def test_it_writes_a_change_with_its_lock(folder: Path) -> None:
    ended = schedule(folder, "raise", *ON, *SET)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == ("changes/raise.yaml: due 2999-01-01\n\nnext: review it with `commetctl plan`, and commit it\n")
    assert text(folder) == RAISE
    assert is_valid(folder)
    assert text(folder, "commet.yaml") == BASE


def test_the_head_says_what_was_given(folder: Path) -> None:
    words = ("--why", "FIN-812: list prices", "--announced", "2998-12-01", "--notice", "30")
    assert schedule(folder, "raise", "--on", "2999-01-01T00:00:00+01:00", *SET, *words).code == 0
    assert document.parse("x", text(folder).encode()).data["change"] == {
        "effective": "2999-01-01T00:00:00+01:00",
        "announced": "2998-12-01",
        "notice": 30,
        "why": "FIN-812: list prices",
        "was": {"plans.pro.prices.monthly": {"price": 49}},
    }
    assert "effective: 2999-01-01T00:00:00+01:00\n" in text(folder)
    assert is_valid(folder)


@pytest.mark.parametrize(
    ("words", "content", "was"),
    [
        (
            ["plans.pro.name=Pro, the best", "plans.pro.prices.monthly.price=59"],
            {"plans": {"pro": {"name": "Pro, the best", "prices": {"monthly": {"price": 59}}}}},
            {"plans.pro": {"name": "Pro"}, "plans.pro.prices.monthly": {"price": 49}},
        ),
        (
            ["plans.pro.features.sso=null", "features.sso=null"],
            {"plans": {"pro": {"features": {"sso": None}}}, "features": {"sso": None}},
            {"plans.pro.features": {"sso": True}, "features.sso": {"name": "SSO", "type": "boolean"}},
        ),
        (
            ["plans.team={name: Team, prices: {monthly: {price: 99.00}}}"],
            {"plans": {"team": {"name": "Team", "prices": {"monthly": {"price": 99}}}}},
            {"plans.team": None},
        ),
        (
            ["plans.pro.description=For teams"],
            {"plans": {"pro": {"description": "For teams"}}},
            {"plans.pro": {"description": None}},
        ),
        (
            ['credit_packs."v1.0"={name: First, credits: 10, price: 5.00}'],
            {"credit_packs": {"v1.0": {"name": "First", "credits": 10, "price": 5}}},
            {"credit_packs": {"v1.0": None}},
        ),
        (
            ['plans.pro.name="Pro # 1"', "plans.pro.description=C#"],
            {"plans": {"pro": {"name": "Pro # 1", "description": "C#"}}},
            {"plans.pro": {"name": "Pro", "description": None}},
        ),
        (
            ["plans.pro.prices.monthly.price=${COMMETCTL_VAR_price}"],
            {"plans": {"pro": {"prices": {"monthly": {"price": "${COMMETCTL_VAR_price}"}}}}},
            {"plans.pro.prices.monthly": {"price": 49}},
        ),
    ],
)
def test_the_values_that_are_set(folder: Path, words: list[str], content: Any, was: Any) -> None:
    given = [part for word in words for part in ("--set", word)]
    ended = schedule(folder, "raise", *ON, *given)
    assert (ended.code, ended.err) == (0, "")
    data = document.parse("x", text(folder).encode(), {}).data
    assert data == {"version": 1, "change": {"effective": "2999-01-01", "was": was}, **content}
    assert run(folder, "validate", "--allow-unset", key=None).code == 0


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        (["raise", *SET], "`--on DATE` is missing"),
        (["raise", *ON], "give either `--set PATH=VALUE`, or `--from git:REV`"),
        (["raise", *ON, *SET, "--from", "git:HEAD"], "give either `--set PATH=VALUE`, or `--from git:REV`"),
        (["raise", "--on", "2999-02-30", *SET], "`effective` is not a day of the calendar"),
        (["raise", "--on", "2999-01-01T00:00", *SET], "`effective` has no offset from UTC"),
        (["raise", "--on", "01-02", *SET], "`effective` has no year"),
        (["raise", "--on", "never", *SET], "the change would never be due"),
        (["raise", "--on", "live=now,live=2999-01-01", *SET], "`--on` has two dates for live: give one"),
        (["raise", "--on", "Live=now", *SET], "which is not the name of an environment"),
        (["raise", *ON, *SET, "--announced", "1.12."], "`announced` has no year"),
        (["raise", *ON, *SET, "--notice", "-1"], "`notice` must be at least 0"),
        (["raise", *ON, "--set", "plans.pro.name"], "`plans.pro.name` is not a path and a value"),
        (["raise", *ON, "--set", "plans=x"], "`plans=x` is not a path and a value"),
        (["raise", *ON, "--set", "plans..name=x"], "`plans..name=x` is not a path and a value"),
        (["raise", *ON, "--set", "plan.pro.name=x"], "`plan` is not a section, did you mean `plans`?"),
        (["raise", *ON, "--set", "mode.x=live"], "`mode` is not a section"),
        (["raise", *ON, "--set", "plans.pro.name="], "has no value"),
        (["raise", *ON, "--set", "plans.pro.name=[a"], "is not YAML"),
        (["raise", *ON, "--set", "plans.pro.name=Pro # 1"], "has a comment: quote a value with `#`"),
        (["raise", *ON, "--set", "plans.pro.name=# 1"], "has a comment: quote a value with `#`"),
        (["raise", *ON, *SET, *SET], "is set twice"),
        (["raise", *ON, *SET, "--set", "plans.pro.prices.monthly.price.x=1"], "is inside of a value that is set too"),
        ([".raise", *ON, *SET], "is not the name of a file"),
        (["ra ise", *ON, *SET], "is not the name of a file"),
        (["changes/raise.yaml", *ON], "only `was` of changes/raise.yaml is written"),
    ],
)
def test_what_is_said_wrong(folder: Path, words: list[str], wrong: str) -> None:
    ended = schedule(folder, *words)
    assert (ended.code, wrong in ended.err) == (64, True), ended
    assert not (folder / "changes").exists()


@pytest.mark.parametrize(
    ("words", "code", "wrong"),
    [
        (["raise", "--on", "2020-01-01", *SET], 1, "2020-01-01 is past"),
        (["raise", "--on", "sandbox=now", *SET], 1, "there is no environment `sandbox`"),
        (["raise", *ON, "--set", "plans.pro.features.api=true"], 3, "`api` is not declared under `features:`"),
        (["raise", *ON, "--set", "plans.team=null"], 3, "there is nothing to remove"),
        (["raise", *ON, "--set", "plans.pro.prices.monthly.price=much"], 3, "must be a plain number"),
        (["raise", *ON, "--set", "plans.pro.name=Pro"], 1, "the change would change nothing"),
        (["raise", *ON, "--set", "plans.pto.prices.monthly.price=5"], 1, "no `pto` under `plans`, did you mean `pro`?"),
        (["changes/raise.yaml"], 1, "changes/raise.yaml is not a change of commet.yaml"),
        (["commet.yaml"], 1, "commet.yaml is not a change of commet.yaml"),
        (["raise", *ON, "--from", "git:nowhere"], 1, "git has no"),
        (["raise", *ON, "--from", "git:HEAD"], 1, "no object differs from git:HEAD"),
        (["raise", *ON, *SET, "--as", "pro"], 1, "there is a plan `pro` already"),
        (["raise", *ON, "--set", "features.sso.name=S", "--as", "x"], 1, "the edits are not of one plan alone"),
    ],
)
def test_what_cannot_be_done(folder: Path, words: list[str], code: int, wrong: str) -> None:
    ended = schedule(folder, *words)
    assert (ended.code, wrong in ended.err) == (code, True), ended
    assert not (folder / "changes").exists()


def test_it_overwrites_nothing(folder: Path) -> None:
    assert schedule(folder, "raise", *ON, *SET).code == 0
    again = schedule(folder, "raise", *ON, "--set", "plans.pro.name=Pro 2")
    assert (again.code, "changes/raise.yaml exists, so it is left unchanged" in again.err) == (1, True)
    assert text(folder) == RAISE
    (folder / "changes" / "dead.yaml").symlink_to("nowhere")
    assert schedule(folder, "dead", *ON, *SET).code != 0


def test_a_dry_run_writes_nothing(folder: Path) -> None:
    ended = schedule(folder, "raise", *ON, *SET, "--dry-run")
    assert (ended.code, "+      monthly: {price: 59.00}" in ended.out) == (0, True)
    assert not (folder / "changes").exists()


def test_the_document(folder: Path) -> None:
    found = schedule(folder, "raise", *ON, *SET, "--format", "json").document["schedule"]
    assert found == {
        "file": "changes/raise.yaml",
        "effective": {"": "2999-01-01"},
        "files": ["changes/raise.yaml"],
        "renewed": [],
    }


def test_each_environment_with_its_date(folder: Path) -> None:
    written(folder, {f"commet.{name}.yaml": "version: 1\n" for name in ("sandbox", "production")})
    one = schedule(folder, "raise", "--on", "sandbox=now", *SET)
    assert (one.code, "has no date for the environment `production`" in one.err) == (3, True)
    both = schedule(folder, "raise", "--on", "sandbox=now, production=2999-01-01", *SET)
    assert both.out.startswith("changes/raise.yaml: due sandbox now, production 2999-01-01\n")
    assert "  effective: {sandbox: now, production: 2999-01-01}\n" in text(folder)
    assert is_valid(folder, "--env", "sandbox")
    assert is_valid(folder, "--env", "production")


def test_edits_of_the_catalog_move_into_the_change(folder: Path) -> None:
    edited = BASE.replace("{price: 49.00,", "{price: 59.00,")
    (folder / "commet.yaml").write_text(edited, "utf-8")
    words = ("raise", *ON, "--from", "git:HEAD")
    refused = schedule(folder, *words)
    assert (refused.code, "no terminal to ask on" in refused.err) == (4, True)
    assert "-      monthly: {price: 59.00, regional_prices: {eur: 45.00}}" in refused.out
    assert (text(folder, "commet.yaml"), (folder / "changes").exists()) == (edited, False)
    done = schedule(folder, *words, "--yes")
    assert done.out.splitlines()[:2] == ["commet.yaml: edits taken back", "changes/raise.yaml: due 2999-01-01"]
    assert (text(folder, "commet.yaml"), text(folder)) == (BASE, RAISE)
    assert is_valid(folder)


def test_edits_of_included_files_too_and_only_edited_files_are_written(tmp_path: Path) -> None:
    more = "version: 1\nplans:\n  team: {name: Team, prices: {monthly: {price: 99.00}}}  # a comment\n"
    other = "version: 1\ncredit_packs: {}\n"
    files = {"commet.yaml": f"{BASE}include: [more.yaml, other.yaml]\n", "more.yaml": more, "other.yaml": other}
    written(tmp_path, files)
    commit(tmp_path)
    written(tmp_path, {"more.yaml": more.replace("99.00", "89.00"), "other.yaml": f"# words only\n{other}"})
    ended = schedule(tmp_path, "raise", *ON, "--from", "git:HEAD", "--yes", "--format", "json")
    assert ended.document["schedule"]["files"] == ["more.yaml", "changes/raise.yaml"]
    assert text(tmp_path, "more.yaml") == more
    assert text(tmp_path, "other.yaml") == f"# words only\n{other}"
    assert "plans.team.prices.monthly: {price: 99.00}" in text(tmp_path)


def test_comments_that_are_not_committed_stay(folder: Path) -> None:
    noted = BASE.replace("  pro:\n", "  pro:  # see FIN-812\n")
    written(folder, {"commet.yaml": noted.replace("49.00", "59.00")})
    assert schedule(folder, "raise", *ON, "--from", "git:HEAD", "--yes").code == 0
    assert (text(folder, "commet.yaml"), text(folder)) == (noted, RAISE)


@pytest.mark.parametrize(
    "edited",
    [f"{BASE}mode: live\n", f"{BASE}policy: {{max_deletes: 5}}\n", f"{BASE}include: [more.yaml]\n"],
)
def test_an_edit_of_anything_but_objects_is_refused(folder: Path, edited: str) -> None:
    written(folder, {"commet.yaml": edited, "more.yaml": "version: 1\n"})
    ended = schedule(folder, "raise", *ON, "--from", "git:HEAD", "--yes")
    assert (ended.code, "a change can edit objects only" in ended.err) == (1, True)
    assert text(folder, "commet.yaml") == edited


def test_a_variable_stays_a_variable(folder: Path) -> None:
    written(folder, {"commet.yaml": BASE.replace("price: 49.00", 'price: "${COMMETCTL_VAR_price}"')})
    ended = run(
        folder, "schedule", "raise", *ON, "--from", "git:HEAD", "--yes", key=None, env={"COMMETCTL_VAR_price": "59.00"}
    )
    assert ended.code == 0
    assert 'price: "${COMMETCTL_VAR_price}"' in text(folder)


def test_the_lock_of_a_change_is_written_anew(folder: Path) -> None:
    old = (
        "# our list prices\nversion: 1\nchange:\n  effective: 2999-01-01\n  why: x  # says finance\n"
        "  was: {plans.pro.prices.monthly: {price: 48.00}}  # old\nplans:\n  pro: {prices: {monthly: {price: 59.00}}}\n"
    )
    written(folder, {"changes/raise.yaml": old})
    assert not is_valid(folder)
    ended = schedule(folder, "changes/raise.yaml")
    assert (ended.code, ended.out.partition("\n")[0]) == (0, "changes/raise.yaml: `was` updated")
    assert text(folder) == old.replace("48.00", "49.00")
    assert is_valid(folder)
    assert schedule(folder, "changes/raise.yaml").out == "changes/raise.yaml: `was` is up to date\n"


def test_a_lock_is_added_and_comments_stay(folder: Path) -> None:
    old = f"version: 1\nchange:\n  # not before\n  effective: 2999-01-01\n{RAISED}  # dearer\n"
    written(folder, {"changes/raise.yaml": old})
    assert schedule(folder, "changes/raise.yaml").code == 0
    assert text(folder) == old.replace(
        "2999-01-01\n", "2999-01-01\n  was:\n    plans.pro.prices.monthly: {price: 49.00}\n"
    )
    assert is_valid(folder)


def test_a_change_that_is_wrong_is_not_locked(folder: Path) -> None:
    written(folder, {"changes/raise.yaml": change("effective: 2999-02-30")})
    ended = schedule(folder, "changes/raise.yaml")
    assert (ended.code, "is not a day of the calendar" in ended.err) == (3, True)


def test_a_change_that_one_with_a_date_overrules_is_not_written(folder: Path) -> None:
    written(folder, {"changes/past.yaml": change("effective: 2020-01-01")})
    ended = schedule(folder, "again", "--on", "now", "--set", "plans.pro.prices.monthly.price=69.00")
    assert (ended.code, "comes after `now` and sets `plans.pro.prices.monthly.price`" in ended.err) == (1, True)
    assert not (folder / "changes" / "again.yaml").exists()


def test_a_change_before_another_renews_its_lock(folder: Path) -> None:
    assert schedule(folder, "later", *ON, *SET).code == 0
    words = ("sooner", "--on", "2998-01-01", "--set", "plans.pro.prices.monthly.price=55.00")
    assert schedule(folder, *words).code == 4
    done = schedule(folder, *words, "--yes")
    assert "changes/later.yaml: `was` updated, as it comes later" in done.out.splitlines()
    assert "was: {plans.pro.prices.monthly: {price: 55.00}}" in text(folder, "changes/later.yaml")
    assert is_valid(folder)


def test_another_change_that_does_not_fit_is_not_made_to(folder: Path) -> None:
    """Somebody has to read it again: only what this change breaks is mended."""
    written(
        folder,
        {"changes/other.yaml": change("effective: 2999-01-01, was: {plans.pro.name: Po}", "plans: {pro: {name: P2}}")},
    )
    ended = schedule(folder, "raise", *ON, *SET, "--yes")
    assert (ended.code, "but this change was written over Po" in ended.err) == (3, True)


def test_another_plan_for_new_customers(folder: Path) -> None:
    """As the how-to does by hand."""
    written(folder, {"commet.yaml": BASE.replace("name: Pro\n", "name: Pro\n    visibility: public\n")})
    assert schedule(folder, "new", *ON, *SET, "--as", "pro_2999").code == 0
    data = document.parse("x", text(folder, "changes/new.yaml").encode()).data
    assert data["plans"] == {
        "pro": {"name": "Pro (2998)", "visibility": "private"},
        "pro_2999": {
            "name": "Pro",
            "visibility": "public",
            "prices": {"monthly": {"price": 59, "regional_prices": {"eur": 45}}},
            "features": {"sso": True},
        },
    }
    assert data["change"]["was"] == {"plans.pro": {"name": "Pro", "visibility": "public"}, "plans.pro_2999": None}
    assert run(folder, "validate", key=None).code == 0


def test_a_private_plan_is_not_put_on_sale(folder: Path) -> None:
    written(folder, {"commet.yaml": BASE.replace("name: Pro\n", "name: Pro\n    visibility: private\n")})
    assert schedule(folder, "new", *ON, *SET, "--as", "pro_2999").code == 0
    plans = document.parse("x", text(folder, "changes/new.yaml").encode()).data["plans"]
    assert plans["pro"] == {"name": "Pro (2998)"}
    assert plans["pro_2999"]["visibility"] == "private"


def test_a_change_that_cannot_keep_existing_customers_becomes_another_plan(folder: Path) -> None:
    old = (
        "# of finance\nversion: 1\n\nchange:\n  effective: 2999-01-01\n  existing: keep\n  why: x  # FIN-812\n\n"
        "plans:\n  pro:\n    prices:\n      monthly: {price: 59.00}\n"
    )
    written(folder, {"changes/raise.yaml": old})
    assert schedule(folder, "changes/raise.yaml", "--as", "pro_2").code == 0
    assert text(folder) == (
        "# of finance\nversion: 1\n\nchange:\n  effective: 2999-01-01\n  why: x  # FIN-812\n"
        "  was: {plans.pro: {name: Pro}, plans.pro_2: null}\n\n"
        "plans:\n  pro:\n    name: Pro (2998)\n\n  pro_2:\n    name: Pro\n    prices:\n"
        "      monthly: {price: 59.00, regional_prices: {eur: 45.00}}\n    features:\n      sso: true\n"
    )
    assert is_valid(folder)


def test_another_plan_with_a_name_of_its_own_leaves_the_old_name(folder: Path) -> None:
    assert schedule(folder, "new", *ON, *SET, "--set", "plans.pro.name=Pro 2", "--as", "pro_2").code == 0
    data = document.parse("x", text(folder, "changes/new.yaml").encode()).data
    assert list(data["plans"]) == ["pro_2"]
    assert data["plans"]["pro_2"]["name"] == "Pro 2"


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(one=catalogs(), other=catalogs())
def test_a_patch_between_two_catalogs_leads_from_one_to_the_other(one: dict[str, Any], other: dict[str, Any]) -> None:
    patch = patch_between((), one, other)
    assert _bare(patched((), one, patch)) == _bare(other)
    assert patch_between((), one, one) == {}


def _bare(data: Mapping[str, Any]) -> Any:
    """The data without keys that are null, as text."""
    kept = json.loads(json.dumps(data, default=str))
    return {key: value for key, value in kept.items() if value is not None}


def test_a_catalog_elsewhere(tmp_path: Path) -> None:
    written(tmp_path / "pricing", {"commet.yaml": BASE})
    ended = schedule(tmp_path, "raise", "-f", "pricing/commet.yaml", *ON, *SET)
    assert ended.out.startswith("pricing/changes/raise.yaml: due 2999-01-01\n")
    assert text(tmp_path, "pricing/changes/raise.yaml") == RAISE
    assert load(tmp_path / "pricing" / "commet.yaml").coming[0].head.was

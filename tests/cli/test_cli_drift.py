"""`commetctl drift`: what was changed in Commet, since which catalog, and how to keep or undo it."""

import re
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from cli.running import Ended, git, run, write

YAML = """\
version: 1
features:
  calls: {name: Calls, type: usage}
plans:
  pro:
    name: Pro
    visibility: public
    prices: {monthly: {price: 49.00, is_default: true}, yearly: {price: 490.00}}
  team:
    name: Team
    visibility: public
    prices: {monthly: {price: 99.00}}
"""
#: As the dashboard leaves it: one price moved, one gone, one new.
EDITED = YAML.replace("49.00, is", "59.00, is").replace(", yearly: {price: 490.00}", ", weekly: {price: 15.00}")
DRIFTED = {"update plan_price.pro/monthly", "delete plan_price.pro/yearly", "create plan_price.pro/weekly"}
LOCAL = ("--local", "account.db")


def committed(folder: Path, yaml: str) -> None:
    write(folder, yaml)
    git(folder, "add", "commet.yaml")
    git(folder, "commit", "-q", "-m", "x")


def edited(folder: Path, yaml: str) -> None:
    """Change the account as somebody else does, who leaves no journal here."""
    (folder / "dashboard.yaml").write_text(yaml)
    words = ("--yes", "-q", "--allow", "updates", "--allow", "deletes", "--journal", "elsewhere")
    ended = run(folder, "apply", "-f", "dashboard.yaml", *LOCAL, *words, key=None)
    assert ended.code == 0, ended.err


def drift(folder: Path, *words: str) -> Ended:
    return run(folder, "drift", *LOCAL, *words, key=None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose catalog was applied from here, and an account that was edited since."""
    folder = tmp_path_factory.mktemp("drift")
    git(folder, "init", "-q")
    committed(folder, YAML)
    assert run(folder, "apply", *LOCAL, "--yes", "-q", key=None).code == 0
    ended = drift(folder, "--detailed-exitcode")
    assert (ended.code, "No drift: Commet matches what was applied.\n" in ended.out) == (0, True), ended
    assert "to keep" not in ended.out
    assert "\n\ncompared with commet.yaml, as run " in ended.out
    edited(folder, EDITED)
    return folder


def test_what_was_changed_in_commet_is_shown_as_it_was_made(folder: Path) -> None:
    ended = drift(folder, "--detailed-exitcode")
    assert ended.code == 2
    lines = ended.out.splitlines()
    assert lines[0].startswith(" LOCAL  account.db · drift from commet.yaml  ")
    said = " ".join(ended.out.split())
    assert "~ Monthly price 49.00 → 59.00 USD +20.4%" in said
    assert "- Yearly price 490.00 USD archived" in said
    assert "+ Weekly price" in said
    assert "1 created, 1 updated, 1 deleted in Commet." in said
    assert lines[-5].startswith("compared with commet.yaml, as run ")
    assert lines[-4].startswith("the newest change in Commet is of 20")
    assert lines[-4].endswith(" UTC; it does not say who made it")
    assert lines[-3:] == [
        "to keep all   commetctl pull --local=account.db    writes what Commet has into commet.yaml",
        "to undo all   commetctl apply --local=account.db   applies commet.yaml again",
        "for one only  add --target ADDRESS, such as --target plan_price.pro/monthly",
    ]
    assert drift(folder).code == 0


def test_the_document_has_both_commands_for_each_object(folder: Path) -> None:
    document = drift(folder, "--format", "json").document
    found = document["drift"]
    assert (found["base"], set(found["causes"].values())) == ("commet.yaml", {"commet"})
    assert found["known_by"].startswith(f"as run {found['run'][:8]} applied it on ")
    monthly = next(item for item in found["changes"] if item["address"] == "plan_price.pro/monthly")
    assert monthly == {
        "address": "plan_price.pro/monthly",
        "action": "update",
        "origin": "commet.yaml:8:14",
        "fields": [{"path": "price", "before": "49.00", "after": "59.00", "currency": "usd"}],
        "keep": "commetctl pull --local=account.db --target plan_price.pro/monthly",
        "undo": "commetctl apply --local=account.db --target plan_price.pro/monthly",
    }
    assert "plan" not in document


def test_the_other_formats_say_the_same(folder: Path) -> None:
    markdown = drift(folder, "--format", "markdown", "--summary", "summary.md").out
    assert markdown.splitlines()[0] == "### Pricing drift: local Commet (account.db)"
    assert "1 created, 1 updated, 1 deleted in Commet" in markdown
    assert markdown.endswith("--target plan_price.pro/monthly\n```\n")
    assert (folder / "summary.md").read_text().endswith("--target plan_price.pro/monthly\n```\n\n")
    github = drift(folder, "--format", "github").out
    assert github.endswith("--target plan_price.pro/monthly\n")
    assert re.search(r"::warning file=commet.yaml,line=8,col=14,.*title=update plan_price.pro/monthly::", github)
    cases = Xml.fromstring(drift(folder, "--format", "junit").out).iter("testcase")  # noqa: S314  (our own)
    failed = {case.get("name") for case in cases if case.find("failure") is not None}
    assert failed == DRIFTED


def test_a_target_limits_what_is_looked_at(folder: Path) -> None:
    found = drift(folder, "--target", "plan_price.pro/monthly", "--format", "json").document["drift"]["changes"]
    assert [item["address"] for item in found] == ["plan_price.pro/monthly"]


def test_the_base_is_what_a_run_applied_also_when_the_file_has_moved_on(folder: Path) -> None:
    moved_on = YAML.replace("49.00, is", "55.00, is").replace("name: Team", "name: Teams")
    write(folder, moved_on)
    try:
        text = drift(folder).out
        found = drift(folder, "--format", "json").document["drift"]
    finally:
        write(folder, YAML)
    assert found["base"].startswith("git:")
    assert found["causes"]["plan_price.pro/monthly"] == "both"
    assert found["causes"]["plan_price.pro/yearly"] == "commet"
    assert "plan.team" not in found["causes"]
    assert f"the catalog has changed here too since {found['base']}" in " ".join(text.split())
    assert "applies commet.yaml again, with what has changed in it since" in text


def test_without_a_journal_the_base_is_the_last_commit(folder: Path) -> None:
    found = drift(folder, "--journal", "none", "--format", "json").document["drift"]
    assert (found["base"], found["known_by"]) == ("git:HEAD", "the last commit; no journal here names a later one")
    assert len(found["changes"]) == 3
    assert not (folder / "none").exists()


def test_a_base_can_be_named_and_writes_are_never_made(folder: Path) -> None:
    ended = drift(folder, "--base", "dashboard.yaml", "-v")
    assert "No drift: " in ended.out
    sent = {line.split()[0] for line in ended.err.splitlines() if " /" in line}
    assert sent == {"GET"}


def test_where_the_base_is_not_known_that_is_said(tmp_path: Path) -> None:
    write(tmp_path, YAML)
    ended = drift(tmp_path)
    assert ended.code == 1
    assert ended.err.startswith(
        "error: which catalog was applied last is not known: no journal here tells, and git has"
    )
    assert "--base" in ended.err


def test_what_an_apply_cannot_change_back_says_so(tmp_path: Path) -> None:
    """The type of a feature is fixed once it is created."""
    write(tmp_path, YAML)
    edited(tmp_path, YAML.replace("type: usage", "type: boolean"))
    ended = drift(tmp_path, "--base", "commet.yaml", "--format", "json")
    (item,) = ended.document["drift"]["changes"]
    assert (item["address"], "undo" in item, "keep" in item) == ("feature.calls", False, True)
    notes = [note["message"] for note in ended.document["diagnostics"] if note["code"] == "not_undone"]
    assert len(notes) == 1
    assert notes[0].startswith("`commetctl apply` cannot undo this: ")

"""`commetctl history`: what journals say was applied, also those of earlier versions, and those that are damaged."""

import json
from pathlib import Path

import pytest

from cli.running import YAML, Ended, run, write

PACKS = "credit_packs:\n  small: {name: Small, credits: 10, price: 1.00}\n"


def applied(folder: Path, yaml: str, *words: str) -> Ended:
    write(folder, yaml)
    return run(folder, "apply", "--local", "--yes", "-q", *words, key=None)


def journals(folder: Path) -> list[Path]:
    return sorted((folder / ".commet" / "runs").glob("*.jsonl"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs: one that creates, and one of a saved plan that updates and deletes."""
    folder = tmp_path_factory.mktemp("history")
    assert applied(folder, YAML + PACKS).code == 0
    write(folder, YAML.replace("Calls", "API calls") + "credit_packs: {}\n")
    assert run(folder, "plan", "--local", "--out", "p.json", "--prune", key=None).code == 0
    words = ["--prune", "--allow-delete", "credit_pack.Small"]
    assert run(folder, "apply", "p.json", "--local", "--yes", *words, key=None).code == 0
    return folder


def test_the_newest_run_comes_first_with_its_plan_and_its_counts(folder: Path) -> None:
    newest, first = run(folder, "history", "--format", "json", key=None).document["history"]["runs"]
    saved = json.loads((folder / "p.json").read_text())["id"]
    assert (newest["saved_plan"], first["saved_plan"]) == (saved, None)
    assert newest["applied"] == {"create": 0, "update": 1, "delete": 1, "replace": 0}
    assert first["applied"] == {"create": 2, "update": 0, "delete": 0, "replace": 0}
    assert newest["started"] >= first["started"]
    assert newest["finished"].endswith("+00:00")
    assert {each["ending"] for each in (newest, first)} == {"applied"}
    head, one, other, _, hint = run(folder, "history", key=None).out.splitlines()
    assert " ".join(head.split()) == "run started (UTC) account saved plan created updated deleted result"
    assert f"{newest['run'][:8]}  " in one
    assert saved[7:15] in one
    assert one.endswith("0        1        1  all applied")
    assert f"{first['run'][:8]}  " in other
    assert "  local Commet in .commet/local.db  " in other
    assert hint == f"the changes of one: commetctl history {newest['run'][:8]}"


def test_a_run_is_shown_with_each_of_its_changes(folder: Path) -> None:
    newest = run(folder, "history", "--format", "json", key=None).document["history"]["runs"][0]["run"]
    ended = run(folder, "history", newest[:6], key=None)
    assert ended.code == 0
    lines = [line.split() for line in ended.out.splitlines()]
    assert ["run", newest] in lines
    assert ["applied", "feature.calls", "updated"] in lines
    assert ["applied", "credit_pack.Small", "deleted"] in lines
    document = run(folder, "history", newest, "--format", "json", key=None).document["history"]["runs"][0]
    assert {item["address"]: item["action"] for item in document["changes"]} == {
        "feature.calls": "update",
        "credit_pack.Small": "delete",
    }


@pytest.mark.parametrize("named", ["zzzzzzzz", "a", ""])
def test_a_run_that_is_not_there_is_an_error(folder: Path, named: str) -> None:
    ended = run(folder, "history", named or "0" * 40, "--format", "json", key=None)
    assert (ended.code, ended.errors) == (1, ["unknown_run"])


def test_where_nothing_was_applied_there_is_no_history(tmp_path: Path) -> None:
    ended = run(tmp_path, "history", key=None)
    assert (ended.code, ended.out) == (0, "No run has left a journal in .commet/runs\n")
    assert not (tmp_path / ".commet").exists()


def test_a_damaged_journal_is_named_and_the_others_are_listed(tmp_path: Path) -> None:
    assert applied(tmp_path, YAML).code == 0
    damaged = journals(tmp_path)[0].with_name("20260101T000000000000-deadbeef.jsonl")
    damaged.write_text('{"format":')
    damaged.chmod(0o600)
    ended = run(tmp_path, "history", key=None)
    assert ended.code == 0
    assert "all applied" in ended.out
    assert ended.err.lstrip().startswith(
        f"warning: .commet/runs/{damaged.name} is not a journal that commetctl can read"
    )


def test_a_journal_of_an_earlier_version_says_less(tmp_path: Path) -> None:
    assert applied(tmp_path, YAML).code == 0
    (journal,) = journals(tmp_path)
    head, *middle, last = [json.loads(line) for line in journal.read_text().splitlines()]
    del head["about"], last["at"], last["outcomes"]
    journal.write_text("".join(json.dumps(line) + "\n" for line in (head, *middle, last)))
    (past,) = run(tmp_path, "history", "--format", "json", key=None).document["history"]["runs"]
    assert (past["ending"], past["planned"], past["applied"], past["finished"]) == ("applied", 1, None, None)
    assert "all applied (1 change planned)" in run(tmp_path, "history", key=None).out
    assert ["applied", "feature.calls"] in [
        line.split() for line in run(tmp_path, "history", past["run"], key=None).out.splitlines()
    ]


def test_what_a_journal_should_not_say_is_not_taken_from_it(tmp_path: Path) -> None:
    assert applied(tmp_path, YAML).code == 0
    (journal,) = journals(tmp_path)
    head, *rest = [json.loads(line) for line in journal.read_text().splitlines()]
    head["about"] = {
        "environment": "\x1b[2J",
        "mode": "LIVE",
        "catalog": "\x1b[31m",
        "actions": {"x": "create", "plan.a": "burn"},
    }
    rest[-1] |= {"at": "never", "outcomes": [{"address": "nothing", "outcome": "applied"}, 3, {"outcome": "failed"}]}
    journal.write_text("".join(json.dumps(line) + "\n" for line in (head, *rest)))
    (past,) = run(tmp_path, "history", "--format", "json", key=None).document["history"]["runs"]
    assert (past["environment"], past["mode"], past["finished"]) == (None, None, None)
    ended = run(tmp_path, "history", past["run"], key=None)
    assert (ended.code, "\x1b" in ended.out, "\\x1b[31m" in ended.out) == (0, False, True)


def test_a_run_that_was_killed_is_told_from_one_that_ended(tmp_path: Path) -> None:
    assert applied(tmp_path, YAML).code == 0
    (journal,) = journals(tmp_path)
    journal.write_text("".join(line + "\n" for line in journal.read_text().splitlines()[:-1]))
    ended = run(tmp_path, "history", key=None)
    assert "interrupted, or still at work (1 change planned)" in ended.out
    assert run(tmp_path, "apply", "--local", "--yes", key=None).code == 0
    newest, killed = run(tmp_path, "history", "--format", "json", key=None).document["history"]["runs"]
    assert (newest["ending"], killed["ending"], killed["followed_by"]) == (
        "nothing_to_do",
        "interrupted",
        newest["run"],
    )

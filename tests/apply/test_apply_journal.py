"""The journal: what a run leaves behind for the next one, however it ended."""

import json
import os
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from commetctl.apply.earlier_runs import EarlierRun
from commetctl.apply.journal import Journal, Journals, key_of
from commetctl.core.call import Request
from commetctl.core.errors import CommetctlError, Refused

SANDBOX = {"api_url": "https://commet.co", "livemode": False}
LIVE = {"api_url": "https://commet.co", "livemode": True}
REQUEST = Request("POST", ("plans",), {"name": "Secret Project", "price": 4900})
FINGERPRINT = "sha256:e5a9e8b6f074a3a1d9e3fb38426efd869d01444290e914ad2553113d0a1ace59"
OTHER = Request("POST", ("features",), {"name": "Secret Project"})
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


@pytest.fixture
def journals(tmp_path: Path) -> Journals:
    return Journals(tmp_path / ".commet" / "runs")


def begun(journal: Journal, request: Request = REQUEST) -> str:
    return journal.begin("plan.pro", 0, request)


def died(journals: Journals, *, at: datetime = NOW, request: Request = REQUEST) -> str:
    """A run that is killed with a request on its way; the key of that."""
    with journals.opened("a" * 32, SANDBOX, now=at) as journal:
        return begun(journal, request)


def only(journals: Journals) -> EarlierRun:
    (past,) = journals.runs()
    return past


def test_a_request_is_on_the_disk_before_it_is_sent(journals: Journals) -> None:
    with journals.opened("run", SANDBOX, "sha256:plan") as journal:
        key = begun(journal)
        past = only(journals)
        assert (past.run_id, past.target, past.plan, past.interrupted) == ("run", SANDBOX, "sha256:plan", True)
        assert past.in_doubt == {("plan.pro", REQUEST.fingerprint): key}
        journal.end(key, "done")
        assert only(journals).in_doubt == {}
        journal.finish("exit 0")
    assert only(journals).ended == "exit 0"


def test_the_next_run_sends_what_is_in_doubt_under_the_same_key(journals: Journals) -> None:
    key = died(journals)
    with journals.opened("b" * 32, SANDBOX, now=NOW + timedelta(minutes=1)) as journal:
        assert [past.run_id for past in journal.interrupted] == ["a" * 32]
        assert begun(journal) == key
        assert begun(journal, OTHER) != key
        journal.finish("exit 0")
    assert all(not past.interrupted for past in journals.runs())


def test_what_is_known_is_sent_under_a_new_key(journals: Journals) -> None:
    with journals.opened("a" * 32, SANDBOX, now=NOW) as journal:
        key = begun(journal)
        journal.end(key, "done")
    with journals.opened("b" * 32, SANDBOX, now=NOW + timedelta(minutes=1)) as journal:
        assert begun(journal) != key


def test_another_step_sends_the_same_request_under_a_key_of_its_own(journals: Journals) -> None:
    """It is sent again because of what happened in between, so the stored answer to the first would be wrong."""
    key = died(journals)
    with journals.opened("b" * 32, SANDBOX, now=NOW) as journal:
        assert journal.begin("plan.pro (closing)", 0, REQUEST) != key
        assert journal.begin("plan.pro", 0, REQUEST) == key


def test_what_a_run_that_ended_left_in_doubt_counts_for_the_next_one_only(journals: Journals) -> None:
    with journals.opened("a" * 32, SANDBOX, now=NOW) as journal:
        key = begun(journal)
        journal.finish("exit 5")
    for run, same in (("b", True), ("c", False)):
        with journals.opened(run * 32, SANDBOX, now=NOW + timedelta(minutes=ord(run) - 96)) as journal:
            assert journal.interrupted == ()
            given = begun(journal)
            assert (given == key) is same
            journal.end(given, "done")
            journal.finish("exit 0")


@pytest.mark.parametrize(("minutes", "same"), [(59, True), (61, False)])
def test_a_doubt_is_forgotten_after_an_hour(journals: Journals, minutes: int, same: bool) -> None:
    key = died(journals)
    with journals.opened("b" * 32, SANDBOX, now=NOW + timedelta(minutes=minutes)) as journal:
        assert (begun(journal) == key) is same


def test_another_account_has_doubts_of_its_own(journals: Journals) -> None:
    key = died(journals)
    with journals.opened("b" * 32, LIVE, now=NOW) as journal:
        assert journal.interrupted == ()
        assert begun(journal) != key


def test_keys_differ_for_each_run_step_and_call() -> None:
    given = {
        key_of(run, step, number) for run in ("a", "b") for step in ("plan.pro", "plan.free") for number in range(2)
    }
    assert len(given) == 8
    # The API documents no limit; this stays below what any keeps.
    assert all(len(key) <= 64 and key.isascii() for key in given)


def test_two_runs_on_one_account_do_not_go_together(journals: Journals) -> None:
    with journals.opened("a" * 32, SANDBOX, now=NOW):
        with pytest.raises(Refused, match="in progress in this folder since 2026-11-21 10:00:00 UTC") as caught:
            journals.opened("b" * 32, SANDBOX).__enter__()
        assert (caught.value.code, caught.value.exit_code) == ("busy", 4)
        with journals.opened("c" * 32, LIVE):
            pass
    with journals.opened("d" * 32, SANDBOX):
        pass


@pytest.mark.process
def test_a_killed_process_keeps_nobody_out(journals: Journals) -> None:
    script = (
        "import sys, time; from pathlib import Path; from commetctl.apply.journal import Journals\n"
        f"with Journals(Path(sys.argv[1])).opened('k' * 32, {SANDBOX}):\n"
        "    print('in', flush=True); time.sleep(60)"
    )
    words = [sys.executable, "-c", script, str(journals.folder)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "in\n"
        with pytest.raises(Refused):
            journals.opened("b" * 32, SANDBOX).__enter__()
        process.kill()
        process.wait(20)
    with journals.opened("c" * 32, SANDBOX) as journal:
        assert [past.run_id for past in journal.interrupted] == ["k" * 32]


def test_it_is_for_the_eyes_of_its_owner_and_holds_no_name_and_no_amount(journals: Journals) -> None:
    died(journals)
    path = only(journals).path
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    text = path.read_text()
    assert "Secret" not in text
    assert "4900" not in text


def test_old_journals_go_and_those_in_doubt_stay(journals: Journals) -> None:
    died(journals)
    for day in range(30):
        with journals.opened(f"{day:032}", LIVE, now=NOW + timedelta(hours=day)) as journal:
            journal.finish("exit 0")
    assert len([past for past in journals.runs() if not past.interrupted]) in (20, 21)
    assert len([past for past in journals.runs() if past.interrupted]) == 1
    with journals.opened("z" * 32, LIVE, now=NOW + timedelta(days=8)):
        assert [past.run_id for past in journals.runs() if past.target == SANDBOX] == []


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"\xff\xfe\x00",
        b"[]\n",
        b'{"format": 99}\n',
        b'{"format": 1}\n',
        b'{"format": 1, "run": "x", "started": "yesterday", "target": {}, "plan": null}\n',
        b'{"format": 1, "run": "x", "started": "2026-11-21T10:00:00+00:00", "target": 7, "plan": null}\n',
        b"[" * 100_000 + b"\n",
    ],
)
def test_a_file_that_is_no_journal_tells_nothing(journals: Journals, damage: bytes) -> None:
    journals.folder.mkdir(parents=True)
    (journals.folder / "20260101T000000-x.jsonl").write_bytes(damage)
    assert journals.runs() == []
    with journals.opened("b" * 32, SANDBOX) as journal:
        assert journal.inherited == {}


def test_a_line_that_somebody_died_over_does_not_hide_those_before(journals: Journals) -> None:
    key = died(journals)
    path = only(journals).path
    with path.open("ab") as file:
        file.write(b'{"end":"' + key.encode()[:10])
    assert only(journals).in_doubt == {("plan.pro", REQUEST.fingerprint): key}
    with journals.opened("b" * 32, SANDBOX, now=NOW) as journal:
        assert begun(journal) == key
        journal.finish("exit 0")
    assert all(not past.interrupted for past in journals.runs())


def test_where_no_journal_can_be_written_nothing_is_begun(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CommetctlError, match="cannot be written: Not a directory") as caught:
        Journals(tmp_path / "file" / "runs").opened("a", SANDBOX).__enter__()
    assert caught.value.code == "journal"


def test_a_link_in_the_place_of_the_lock_is_not_followed(journals: Journals, tmp_path: Path) -> None:
    died(journals)
    (lock,) = journals.folder.glob("*.lock")
    lock.unlink()
    lock.symlink_to(tmp_path / "precious")
    with pytest.raises(CommetctlError, match="cannot be written"):
        journals.opened("b" * 32, SANDBOX).__enter__()
    assert not os.path.lexists(tmp_path / "precious")


def test_every_line_is_json(journals: Journals) -> None:
    died(journals)
    for line in only(journals).path.read_text().splitlines():
        assert isinstance(json.loads(line), dict)


def test_a_journal_keeps_its_form_so_that_another_version_reads_it(journals: Journals) -> None:
    key = "commetctl-" + "0123456789" * 4
    leaves = {
        "fields": {
            "price": {"amount": "4.5", "currency": "eur"},
            "unit": {"derived": {"unit_price": "0.1", "currency": "eur"}},
        },
        "refs": [],
        "parent": "plan_price.pro/monthly",
    }
    lines: list[dict[str, object]] = [
        {
            "format": 1, "run": "a" * 32, "started": "2026-11-21T10:00:00+00:00", "target": SANDBOX, "plan": None,
            "config": "sha256:c", "changes": ["plan.pro"], "whole": [],
        },
        {"begin": key, "step": "plan.pro", "method": "POST", "request": FINGERPRINT},
        {"prepare": "regional_prices.pro/monthly", "leaves": {"regional_price.pro/monthly/eur": leaves}},
    ]  # fmt: skip
    journals.folder.mkdir(parents=True, mode=0o700)
    path = journals.folder / "20261121T100000000000-aaaaaaaa.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    path.chmod(0o600)
    assert REQUEST.fingerprint == FINGERPRINT
    assert only(journals).in_doubt == {("plan.pro", FINGERPRINT): key}
    (restored,) = journals.unfinished(SANDBOX, lambda: "sha256:c").restores.values()
    assert [str(value) for value in restored.fields.values()] == ["4.50 EUR", "about 0.10 EUR (derived)"]
    with journals.opened("b" * 32, SANDBOX, now=NOW) as journal:
        assert begun(journal) == key

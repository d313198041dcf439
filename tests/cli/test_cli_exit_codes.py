"""Every exit code that the reference promises, from real processes."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import pytest

from cli.hostile import EMPTY, Reply, hostile
from cli.running import YAML, command, environment, rows, run, send, write
from emulator.serving import emulator_server

PACKS = "credit_packs:\n  small: {name: Small, credits: 10, price: 1}\n"


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an account in which the pack `Small` was sold once, and whose names cannot be used again."""
    with emulator_server(":memory:", "--quirk", "code_reuse=refused") as running:
        pack = send(running.url, "POST", "/credit-packs", {"name": "Small", "credits": 10, "price": 100})
        send(running.url, "DELETE", f"/credit-packs/{pack['id']}")
        yield running.url


def test_doing_it_and_having_nothing_to_do_exit_with_0(tmp_path: Path) -> None:
    write(tmp_path)
    first = run(tmp_path, "apply", "--local", "--yes", key=None)
    assert (first.code, "  1 change applied and verified." in first.out) == (0, True)
    again = run(tmp_path, "apply", "--local", "--yes", key=None)
    assert (again.code, "No changes" in again.out, again.err) == (0, True, "")
    assert run(tmp_path, "plan", "--local", "--detailed-exitcode", key=None).code == 0


def test_pending_changes_exit_with_2_only_where_that_was_asked_for(tmp_path: Path) -> None:
    write(tmp_path)
    assert run(tmp_path, "plan", "--local", key=None).code == 0
    assert run(tmp_path, "plan", "--local", "--detailed-exitcode", key=None).code == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["validate", "-f", "none.yaml"], "none.yaml"),
        (["validate", "-f", "."], "."),
        (["plan", "--api-url", "http://127.0.0.1:1"], "http://127.0.0.1:1 cannot be reached"),
        (
            ["plan", "--retries", "0", "--api-url", "https://nowhere.invalid"],
            "https://nowhere.invalid cannot be reached",
        ),
        (["plan", "--local", "."], ". cannot be used"),
        (["plan", "--local", "--target", "plan.none"], "`plan.none` is neither in the catalog nor in Commet"),
        (["plan", "--local", "--target", "none"], "`none` is not an address"),
        (["plan", "--api-url", "http://commet.co"], "is not sent to commet.co without encryption"),
    ],
)
def test_what_cannot_be_read_or_reached_exits_with_1(tmp_path: Path, arguments: list[str], message: str) -> None:
    write(tmp_path)
    ended = run(tmp_path, *arguments)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("error: ")
    assert message in ended.err


def test_an_invalid_catalog_exits_with_3_and_names_every_place(tmp_path: Path) -> None:
    write(tmp_path, "version: 1\nfeatures:\n  Calls: {name: Calls, type: usage}\n  seats: {name: Seats, type: nope}\n")
    for words in (["validate"], ["plan", "--local"], ["apply", "--local", "--yes"]):
        ended = run(tmp_path, *words, key=None)
        assert (ended.code, ended.out) == (3, "")
        assert "commet.yaml:3:" in ended.err
        assert "commet.yaml:4:" in ended.err
        assert "\n2 problems in commet.yaml; explain one: " in ended.err
    assert not (tmp_path / ".commet").exists()


def test_a_blocked_change_exits_with_4_and_nothing_is_written(tmp_path: Path) -> None:
    write(tmp_path)
    assert run(tmp_path, "apply", "--local", "--yes", key=None).code == 0
    write(tmp_path, YAML.replace("usage", "boolean") + PACKS)
    ended = run(tmp_path, "apply", "--local", "--yes", key=None)
    assert ended.code == 4
    assert "! Feature Calls (feature.calls)" in ended.out
    assert "1 change is blocked, so nothing is applied" in ended.err
    assert "+ Small" in run(tmp_path, "plan", "--local", key=None).out


def test_without_a_terminal_and_without_yes_it_exits_with_4_and_writes_nothing(tmp_path: Path) -> None:
    write(tmp_path)
    with hostile(EMPTY) as server:
        ended = run(tmp_path, "apply", "--api-url", server.url, stdin="yes\n")
    assert ended.code == 4
    assert "+ Calls" in ended.out
    assert "there is no terminal to ask on" in ended.err
    assert server.requests
    assert server.writes == []


def test_the_wrong_mode_exits_with_4_and_nothing_is_written(tmp_path: Path) -> None:
    write(tmp_path, YAML + "mode: live\n")
    with hostile(EMPTY) as server:
        ended = run(tmp_path, "apply", "--yes", "--api-url", server.url)
    assert ended.code == 4
    # What would be done to another account is of no interest.
    assert ended.out == ""
    assert ended.err.startswith("error: the catalog declares `mode: live`, but the key belongs to a sandbox")
    assert server.requests
    assert server.writes == []


def test_a_part_that_fails_exits_with_5_and_the_rest_is_done(tmp_path: Path, account: str) -> None:
    write(tmp_path, YAML + PACKS)
    ended = run(tmp_path, "apply", "--yes", "--api-url", account, "--format", "json")
    assert ended.code == 5
    found = {item["address"]: item["outcome"] for item in ended.document["outcomes"]}
    assert found == {"feature.calls": "applied", "credit_pack.Small": "failed"}
    assert "partly_applied" in ended.errors
    assert [row["code"] for row in rows(account, "/features")] == ["calls"]
    again = run(tmp_path, "apply", "--yes", "--api-url", account)
    assert again.code == 1
    failed = [line for line in again.err.splitlines() if "POST /credit-packs answered 409 duplicate" in line]
    assert len(failed) == 1
    assert failed[0].startswith("  failed   credit_pack.Small: ")
    assert "           hint: " in again.err
    assert again.out.endswith("\n  0 changes applied, 1 failed.\n")


@pytest.mark.parametrize(
    ("key", "message"),
    [
        (None, "there is no API key"),
        (" ", "there is no API key"),
        ("sk_live_1", "the API key is not a Commet key"),
        ("ck_sandbox_a\nX-Evil: 1", "the API key is not a Commet key"),
        ("ck_sandbox_é", "the API key is not a Commet key"),
        ("ck_sandbox_a b", "the API key is not a Commet key"),
        ("rk_sandbox_x.plan:rw,feature:rw", "answered 403 forbidden"),
    ],
)
def test_no_key_and_a_key_that_will_not_do_exit_with_6(
    tmp_path: Path, account: str, key: str | None, message: str
) -> None:
    write(tmp_path, YAML + PACKS)
    ended = run(tmp_path, "plan", "--api-url", account, key=key)
    assert (ended.code, ended.out) == (6, "")
    assert message in ended.err
    assert "hint: " in ended.err
    assert not key or key.strip() == "" or key not in ended.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["bogus"],
        ["plan", "--bogus"],
        ["plan", "--format", "xml"],
        ["plan", "--local", "commet.yaml"],
        ["apply", "--local", "plan.json"],
        ["packs", "purchase"],
        ["packs", "no"],
    ],
)
def test_wrong_usage_exits_with_64(tmp_path: Path, arguments: list[str]) -> None:
    ended = run(tmp_path, *arguments)
    assert (ended.code, ended.out) == (64, "")
    assert ended.err.startswith("error: ")
    assert "\nhint: usage: " in ended.err


@dataclass
class Stuck:
    """An apply of two creates, of which the second is answered only when the test says so."""

    process: subprocess.Popen[str]
    answered: Event

    def interrupt(self, number: int) -> None:
        self.process.send_signal(number)

    def heard(self, text: str) -> None:
        """Wait until the process says something on stderr."""
        assert self.process.stderr
        said = ""
        while text not in said:
            line = self.process.stderr.readline()
            assert line, said
            said += line


@contextmanager
def stuck(folder: Path) -> Iterator[Stuck]:
    asked, answered = Event(), Event()

    def answer(method: str, path: str) -> Reply:
        if method == "GET":
            return EMPTY
        if path == "/features":
            return Reply({"id": "ftr_1", "livemode": False})
        asked.set()
        answered.wait(60)
        return Reply({"id": "cpk_1", "livemode": False})

    write(folder, YAML + PACKS)
    with hostile(answer) as server:
        words = command("apply", "--yes", "--api-url", server.url)
        with subprocess.Popen(
            words, cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            try:
                running = Stuck(process, answered)
                assert asked.wait(60)
                running.heard("feature.calls created")
                yield running
            finally:
                answered.set()
                process.kill()


@pytest.mark.process
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_what_is_in_flight_reports_it_and_exits_with_130(tmp_path: Path, number: int) -> None:
    with stuck(tmp_path) as running:
        running.interrupt(number)
        running.heard("finishing the requests in flight")
        running.answered.set()
        out, err = running.process.communicate(timeout=60)
    assert running.process.returncode == 130, err
    assert "credit_pack.Small created" in err
    assert "error: interrupted" in err
    assert "2 changes applied but not verified." in out
    assert "Traceback" not in err


@pytest.mark.process
def test_a_second_interrupt_leaves_at_once_and_says_what_is_in_doubt(tmp_path: Path) -> None:
    with stuck(tmp_path) as running:
        running.interrupt(signal.SIGINT)
        running.heard("finishing the requests in flight")
        running.interrupt(signal.SIGINT)
        out, err = running.process.communicate(timeout=60)
    assert running.process.returncode == 130, err
    assert "credit_pack.Small: interrupted during the request: it is not known whether it took effect" in err
    assert "1 change applied but not verified, 1 failed." in out
    assert "Traceback" not in err

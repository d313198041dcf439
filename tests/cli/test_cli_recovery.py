"""What a run that died leaves behind, and that the next one takes it up, whether or not anything is left to do."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.running import Ended, rows, run, send, write
from commetctl.apply.journal import Journals
from commetctl.apply.past import Past
from commetctl.core.call import ApiCall
from emulator.process import emulator_process

LOCK = "commetctl_lock_0123456789abcdef"
CALL = ApiCall("POST", ("/features",), {})


@pytest.fixture
def url() -> Iterator[str]:
    with emulator_process(":memory:") as running:
        yield running.url


def died(folder: Path, url: str, *, locked: bool = False) -> None:
    """A run died here, a request under way, and maybe with a lock."""
    target = {"api_url": url, "livemode": False}
    with Journals(folder / ".commet/runs").opened("d" * 32, target, now=datetime.now(UTC)) as journal:
        journal.begin("create feature.calls", 0, CALL, "sha256:request")
        if locked:
            journal.lock(LOCK)
            text = "held by nobody until 2999-01-01T00:00:00+00:00"
            send(url, "POST", "/features", {"code": LOCK, "name": "lock", "type": "boolean", "description": text})


def dead(folder: Path) -> list[Past]:
    return [past for past in Journals(folder / ".commet/runs").pasts() if past.died]


def applied(folder: Path, url: str, *words: str) -> Ended:
    return run(folder, "apply", "--yes", "--api-url", url, "--format", "json", *words)


def test_a_run_that_died_after_its_last_write_is_concluded_where_nothing_is_left_to_do(
    tmp_path: Path, url: str
) -> None:
    write(tmp_path)
    assert applied(tmp_path, url).code == 0
    died(tmp_path, url, locked=True)
    assert dead(tmp_path)
    ended = applied(tmp_path, url)
    assert (ended.code, ended.document["outcomes"]) == (0, [])
    assert dead(tmp_path) == []
    assert [feature["code"] for feature in rows(url, "/features")] == ["calls"]


def test_where_nothing_is_left_to_do_one_that_is_at_work_is_left_alone(tmp_path: Path, url: str) -> None:
    write(tmp_path)
    assert applied(tmp_path, url).code == 0
    target = {"api_url": url, "livemode": False}
    with Journals(tmp_path / ".commet/runs").opened("a" * 32, target):
        assert applied(tmp_path, url).code == 0
        assert len(dead(tmp_path)) == 1


def test_beside_one_that_is_at_work_on_the_account_nothing_is_begun(tmp_path: Path, url: str) -> None:
    write(tmp_path)
    with Journals(tmp_path / ".commet/runs").opened("a" * 32, {"api_url": url, "livemode": False}):
        ended = applied(tmp_path, url)
        assert (ended.code, ended.errors, ended.document["outcomes"]) == (4, ["busy"], [])
        assert ended.document["plan"]["summary"]["create"] == 1
        assert rows(url, "/features") == []


def test_a_refusal_does_not_let_go_of_what_a_run_that_died_left_in_doubt(tmp_path: Path, url: str) -> None:
    write(tmp_path)
    died(tmp_path, url)
    text = "held by somebody else until 2999-01-01T00:00:00+00:00"
    other = {"code": LOCK, "name": "lock", "type": "boolean", "description": text}
    lock = send(url, "POST", "/features", other)
    assert applied(tmp_path, url, "--lock").errors == ["locked"]
    (past,) = dead(tmp_path)
    assert list(past.in_doubt) == ["sha256:request"]
    send(url, "DELETE", f"/features/{lock['code']}")
    assert applied(tmp_path, url, "--lock").code == 0
    assert dead(tmp_path) == []

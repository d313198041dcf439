"""What a run that died leaves behind, and that the next one takes it up, whether or not anything is left to do."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.hostile import Reply, hostile
from cli.running import KEY, Ended, rows, run, write
from commetctl.api.destinations import same_place
from commetctl.apply.earlier_runs import EarlierRun
from commetctl.apply.journal import Journals
from commetctl.core.call import Request, digest
from emulator.serving import emulator_server

REQUEST = Request("POST", ("/features",), {})


@pytest.fixture
def url() -> Iterator[str]:
    with emulator_server(":memory:") as running:
        yield running.url


def target(url: str, key: str = KEY) -> dict[str, object]:
    """What the journals of an account have in common."""
    return {"api_url": url, "livemode": False, "account": digest([same_place(url), key])}


def died(folder: Path, url: str, *, key: str = KEY) -> None:
    """A run died here, a request under way."""
    with Journals(folder / ".commet/runs").opened("d" * 32, target(url, key), now=datetime.now(UTC)) as journal:
        journal.begin("feature.calls", 0, REQUEST)


def dead(folder: Path) -> list[EarlierRun]:
    return [past for past in Journals(folder / ".commet/runs").runs() if past.interrupted]


def applied(folder: Path, url: str, *words: str) -> Ended:
    return run(folder, "apply", "--yes", "--api-url", url, "--format", "json", *words)


def test_a_run_that_died_after_its_last_write_is_concluded_where_nothing_is_left_to_do(
    tmp_path: Path, url: str
) -> None:
    write(tmp_path)
    assert applied(tmp_path, url).code == 0
    died(tmp_path, url)
    assert dead(tmp_path)
    ended = applied(tmp_path, url)
    assert (ended.code, ended.document["outcomes"]) == (0, [])
    assert dead(tmp_path) == []
    assert [feature["code"] for feature in rows(url, "/features")] == ["calls"]


def test_where_nothing_is_left_to_do_one_that_is_at_work_is_left_alone(tmp_path: Path, url: str) -> None:
    write(tmp_path)
    assert applied(tmp_path, url).code == 0
    with Journals(tmp_path / ".commet/runs").opened("a" * 32, target(url)):
        assert applied(tmp_path, url).code == 0
        assert len(dead(tmp_path)) == 1


def test_beside_one_that_is_at_work_on_the_account_nothing_is_begun(tmp_path: Path, url: str) -> None:
    write(tmp_path)
    with Journals(tmp_path / ".commet/runs").opened("a" * 32, target(url)):
        ended = applied(tmp_path, url)
        assert (ended.code, ended.errors, ended.document["outcomes"]) == (4, ["busy"], [])
        assert ended.document["plan"]["summary"]["create"] == 1
        assert rows(url, "/features") == []


def test_a_refusal_does_not_let_go_of_what_a_run_that_died_left_in_doubt(tmp_path: Path) -> None:
    """The account changes between the plan and the second reading; the next run finds it as it was."""
    feature = {"id": "ftr_1", "code": "calls", "name": "Calls", "type": "usage", "livemode": False}
    feature |= {"description": None, "unitName": None}
    lists = [[], [feature | {"id": "ftr_2", "code": "other"}], [], [], [feature]]

    def answer(method: str, _path: str) -> Reply:
        return Reply({"object": "list", "data": lists.pop(0), "hasMore": False} if method == "GET" else feature)

    write(tmp_path)
    with hostile(answer) as server:
        died(tmp_path, server.url)
        assert applied(tmp_path, server.url).errors == ["moved"]
        (past,) = dead(tmp_path)
        assert list(past.in_doubt) == [("feature.calls", REQUEST.fingerprint)]
        assert applied(tmp_path, server.url).code == 0
        assert dead(tmp_path) == []


def test_the_run_of_another_account_at_the_same_address_is_none_of_ours(tmp_path: Path, url: str) -> None:
    """What it was let do counts for that account alone, as do its keys, and it may be at work."""
    write(tmp_path)
    died(tmp_path, url, key="ck_sandbox_another")
    with Journals(tmp_path / ".commet/runs").opened("a" * 32, target(url, "ck_sandbox_third")):
        assert applied(tmp_path, url).code == 0
    kept = dead(tmp_path)
    assert [past.run_id for past in kept if past.in_doubt] == ["d" * 32]


def test_a_journal_tells_the_account_by_a_digest(tmp_path: Path, url: str) -> None:
    write(tmp_path)
    assert applied(tmp_path, url).code == 0
    text = "".join(path.read_text("utf-8") for path in (tmp_path / ".commet/runs").iterdir())
    assert KEY not in text
    assert str(target(url)["account"]) in text

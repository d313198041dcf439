"""What the doctor sees of an account: by GET requests alone, and never with the key in what it says."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from doctoring import PLANS, bad, commet, dated, doctor, now, seen, told

from cli.hostile import Reply, hostile
from cli.running import KEY, YAML, run, send, write
from emulator.serving import emulator_server


@pytest.fixture
def url() -> Iterator[str]:
    """The address of an empty account."""
    with emulator_server(":memory:") as running:
        yield running.url


def test_where_all_is_well_it_says_so_and_exits_with_0(tmp_path: Path, url: str) -> None:
    write(tmp_path, "mode: sandbox\n" + PLANS)
    assert run(tmp_path, "apply", "--yes", "--api-url", url).code == 0
    ended = doctor(tmp_path, "--api-url", url)
    assert (ended.code, bad(ended), ended.err) == (0, {}, "")
    assert list(seen(ended)) == [
        *("commetctl", "libraries", "git", "ci", "journals", "catalog", "address", "proxy", "key", "commet", "access"),
        *("api version", "read features", "read plans", "read subscriptions", "mode", "clock", "ledger"),
    ]
    assert told(ended, "read plans") == "allowed; there is 1 | "
    assert told(ended, "mode") == "sandbox; the catalog declares sandbox | "
    assert set(ended.document["doctor"]["versions"]) == {
        *("commetctl", "python", "platform", "click", "httpx", "pydantic", "ruamel.yaml")
    }


def test_text_has_a_line_for_each_and_a_sum(tmp_path: Path, url: str) -> None:
    write(tmp_path)
    ended = run(tmp_path, "doctor", "--api-url", url)
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert all(line.startswith(("ok ", "warning ", " ")) for line in lines[:-2])
    assert "ok       access              the key is accepted" in lines
    assert lines[-1] in ("0 failed, 0 warnings", "0 failed, 1 warning")
    assert "\x1b[32m" in run(tmp_path, "doctor", "--color", "--api-url", url).out


def test_it_works_on_the_embedded_commet_without_a_key(tmp_path: Path) -> None:
    write(tmp_path)
    ended = doctor(tmp_path, "--local", key=None)
    assert (ended.code, bad(ended)) == (0, {})
    assert "key" in seen(ended)


FORBIDDEN = Reply({"error": {"code": "forbidden", "message": "no"}}, 403)


def test_it_sends_one_get_for_each_list_and_the_key_is_nowhere(tmp_path: Path) -> None:
    write(tmp_path, PLANS)
    with commet() as server:
        ended = doctor(tmp_path, "--api-url", server.url)
        text = run(tmp_path, "doctor", "-h")
    assert server.requests == [
        *("GET /api/v1/plans?includePrivate=true", "GET /api/v1/features", "GET /api/v1/subscriptions?limit=1")
    ]
    assert KEY not in ended.out + ended.err + text.out


def test_without_a_key_it_fails_like_a_plan_and_says_what_was_not_looked_at(tmp_path: Path) -> None:
    write(tmp_path)
    ended = doctor(tmp_path, key=None)
    assert (ended.code, bad(ended)) == (6, {"key": "failed", "account": "skipped"})
    assert ended.errors == ["doctor"]


@pytest.mark.parametrize("key", ["sk_live_not_of_commet", "ck_sandbox_with space"])
def test_a_key_of_another_shape_is_not_sent_and_not_shown(key: str, tmp_path: Path) -> None:
    write(tmp_path)
    with commet() as server:
        ended = doctor(tmp_path, "--api-url", server.url, key=key)
    assert (ended.code, bad(ended), server.requests) == (6, {"key": "failed", "account": "skipped"}, [])
    assert key not in ended.out


def test_a_key_that_is_refused(tmp_path: Path) -> None:
    write(tmp_path)
    with hostile(Reply({"error": {"code": "unauthorized", "message": f"bad key {KEY}"}}, 401)) as server:
        ended = doctor(tmp_path, "--api-url", server.url)
    assert (ended.code, bad(ended)) == (6, {"access": "failed", "account": "skipped"})
    assert KEY not in ended.out
    assert len(server.requests) == 1


def test_a_key_that_may_not_read_what_the_file_needs(tmp_path: Path) -> None:
    write(tmp_path, PLANS)
    with commet(plans=FORBIDDEN, subscriptions=FORBIDDEN) as server:
        ended = doctor(tmp_path, "--api-url", server.url)
    assert ended.code == 6
    assert bad(ended) == {"read plans": "failed", "read subscriptions": "warning"}


def test_what_the_file_does_not_need_is_not_asked_for(tmp_path: Path) -> None:
    write(tmp_path)
    with commet(plans=FORBIDDEN, credit_packs=FORBIDDEN) as server:
        assert doctor(tmp_path, "--api-url", server.url).code == 0
    assert not any("plans" in request or "packs" in request for request in server.requests)


def test_a_restricted_key_of_the_emulator(tmp_path: Path, url: str) -> None:
    write(tmp_path, PLANS)
    ended = doctor(tmp_path, "--api-url", url, key="rk_sandbox_x.feature:r")
    assert (ended.code, bad(ended)) == (6, {"read plans": "failed", "read subscriptions": "warning"})


def test_a_retired_version_of_the_api(tmp_path: Path) -> None:
    write(tmp_path)
    with hostile(Reply({"error": {"code": "endpoint_deprecated", "message": "gone"}}, 410)) as server:
        ended = doctor(tmp_path, "--api-url", server.url, "--api-version", "2026-07-11")
    assert (ended.code, bad(ended)) == (1, {"api version": "failed", "account": "skipped"})
    assert "`--api-version`" in told(ended, "api version")


def test_the_older_version_needs_the_newer_one_too(tmp_path: Path, url: str) -> None:
    write(tmp_path, PLANS)
    assert run(tmp_path, "apply", "--yes", "--api-url", url).code == 0
    ended = doctor(tmp_path, "--api-url", url, "--api-version", "2026-07-11")
    assert (ended.code, bad(ended), seen(ended)["newer version"]) == (0, {}, "ok")


def test_no_server(tmp_path: Path) -> None:
    write(tmp_path)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        ended = doctor(tmp_path, "--api-url", f"http://127.0.0.1:{unused.getsockname()[1]}")
    assert (ended.code, bad(ended)) == (1, {"commet": "failed", "account": "skipped"})


def test_an_address_that_is_not_safe(tmp_path: Path) -> None:
    write(tmp_path)
    ended = doctor(tmp_path, "--api-url", "http://commet.co")
    assert (ended.code, bad(ended)) == (1, {"address": "failed", "account": "skipped"})


LIVE = "ck_live_N0body0ughtT0SeeThis"


def test_the_mode_of_the_file_and_of_the_organization(tmp_path: Path, url: str) -> None:
    write(tmp_path, "mode: sandbox\n" + YAML)
    ended = doctor(tmp_path, "--api-url", url, key=LIVE)
    assert (ended.code, bad(ended)) == (4, {"mode": "failed"})
    write(tmp_path)
    ended = doctor(tmp_path, "--api-url", url, key=LIVE)
    assert (ended.code, bad(ended)) == (0, {"mode": "warning"})
    assert "`--live`" in told(ended, "mode")
    ended = doctor(tmp_path, "--api-url", url, key="ck_of_no_mode")
    assert (ended.code, bad(ended)) == (0, {"mode": "warning"})


def test_a_ledger_that_is_damaged(tmp_path: Path, url: str) -> None:
    write(tmp_path, PLANS)
    for code, ledger in (("a", "{"), ("b", '{"v":1,"o":{"plan":{"protect":true}}}')):
        send(url, "POST", "/plans", {"code": code, "name": code, "metadata": {"commetctl": ledger}})
    ended = doctor(tmp_path, "--api-url", url)
    assert (ended.code, bad(ended)) == (0, {"ledger": "warning"})
    assert told(ended, "ledger").startswith("cannot be read on plan.a | ")


def test_answers_that_are_nonsense_are_no_bug_and_command_no_terminal(tmp_path: Path) -> None:
    write(tmp_path, PLANS)
    plans = [{"code": "\x1b[31m", "metadata": {"commetctl": 5}}, {"metadata": "x"}, {"livemode": "yes"}, {}]
    with commet(plans=Reply({"data": plans}), subscriptions=Reply("<html>")) as server:
        ended = run(tmp_path, "doctor", "--api-url", server.url)
    assert ended.code == 0
    assert "cannot be read on plan.\\x1b[31m" in " ".join(ended.out.split())
    assert "\x1b" not in ended.out


@pytest.mark.parametrize(("hours", "word"), [(-2, "ahead of"), (2, "behind"), (0, "within")])
def test_a_clock_that_is_off(hours: int, word: str, tmp_path: Path) -> None:
    write(tmp_path)
    with dated(now(timedelta(hours=hours))) as url:
        ended = doctor(tmp_path, "--api-url", url)
    assert (ended.code, seen(ended)["clock"]) == (0, "warning" if hours else "ok")
    assert word in told(ended, "clock")


@pytest.mark.parametrize("date", ["yesterday", "", "Sat, 99 Nov 2026 99:00:00 GMT"])
def test_a_date_that_is_none_is_no_clock(date: str, tmp_path: Path) -> None:
    write(tmp_path)
    with dated(date) as url:
        ended = doctor(tmp_path, "--api-url", url)
    assert (ended.code, seen(ended)["clock"]) == (0, "skipped")


def test_answers_count_more_than_the_name_of_the_key(tmp_path: Path) -> None:
    write(tmp_path, "mode: live\n" + YAML)
    feature = {"id": "f", "code": "calls", "name": "Calls", "type": "usage", "livemode": True}
    with commet(features=Reply({"data": [feature]})) as server:
        ended = doctor(tmp_path, "--api-url", server.url)
    assert (ended.code, bad(ended)) == (0, {"mode": "warning"})
    assert told(ended, "mode").startswith("the key's prefix disagrees; the API's answers say live")

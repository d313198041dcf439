"""What the doctor sees: each thing that can be wrong, as a process, by GET requests alone, and never with the key."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from cli.hostile import EMPTY, Reply, hostile
from cli.running import KEY, YAML, Ended, run, send, write
from emulator.process import emulator_process

PLANS = (
    YAML + "plans:\n  pro: {name: Pro, consumption_model: metered, prices: {monthly: {price: 5}}, "
    "features: {calls: {included_amount: 9}}}\n"
)


@pytest.fixture
def url() -> Iterator[str]:
    """The address of an empty account."""
    with emulator_process(":memory:") as running:
        yield running.url


def seen(ended: Ended) -> dict[str, str]:
    """Each check and how it is."""
    return {item["name"]: item["status"] for item in ended.document["doctor"]["checks"]}


def told(ended: Ended, name: str) -> str:
    """What is said of one check."""
    return next(f"{c['message']} | {c['hint']}" for c in ended.document["doctor"]["checks"] if c["name"] == name)


def bad(ended: Ended) -> dict[str, str]:
    """What is not as it should be; git may be missing where the tests run."""
    return {name: status for name, status in seen(ended).items() if status != "ok" and name != "git"}


def doctor(folder: Path, *words: str, key: str | None = KEY, **env: str) -> Ended:
    return run(folder, "doctor", "--format", "json", *words, key=key, env=env)


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
    assert told(ended, "mode") == "sandbox; the file says sandbox | "
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
    assert (ended.code, bad(ended)) == (0, {"clock": "skipped"})
    assert "key" in seen(ended)


@contextmanager
def commet(**replies: Reply) -> Iterator[Any]:
    """A server with empty lists, but for the replies to some of them, by the first word of their path."""

    def answer(_method: str, path: str) -> Reply:
        return replies.get(path.strip("/").partition("?")[0].replace("-", "_"), EMPTY)

    with hostile(answer) as server:
        yield server


FORBIDDEN = Reply({"error": {"code": "forbidden", "message": "no"}}, 403)


def test_it_sends_one_get_for_each_list_and_the_key_is_nowhere(tmp_path: Path) -> None:
    write(tmp_path, PLANS)
    with commet() as server:
        ended = doctor(tmp_path, "--api-url", server.url)
        text = run(tmp_path, "doctor", "-h")
    assert server.requests == [
        *("GET /api/v1/features", "GET /api/v1/plans?includePrivate=true", "GET /api/v1/subscriptions?limit=1")
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


def test_a_broken_file_and_no_file_do_not_hide_the_account(tmp_path: Path, url: str) -> None:
    write(tmp_path, "version: 1\nplnas: {}\n")
    ended = doctor(tmp_path, "--api-url", url)
    assert (ended.code, bad(ended)) == (3, {"catalog": "failed"})
    assert told(ended, "catalog") == "commet.yaml has 1 problem | `commetctl validate` lists them"
    assert "read credit packs" in seen(ended)
    ended = doctor(tmp_path, "-f", "none.yaml", "--api-url", url)
    assert (ended.code, bad(ended)) == (1, {"catalog": "failed"})


def test_the_first_failure_gives_the_exit_code(tmp_path: Path) -> None:
    write(tmp_path, "version: 1\nplnas: {}\n")
    assert doctor(tmp_path, key=None).code == 3
    (tmp_path / ".commet").write_text("a file")
    assert doctor(tmp_path, key=None).code == 1


def test_warnings_about_the_catalog_are_counted(tmp_path: Path) -> None:
    write(tmp_path, PLANS + "  free: {name: Free, visibility: public}\n")
    ended = doctor(tmp_path, "--local", key=None)
    assert seen(ended)["catalog"] == "warning"
    assert "warning" in told(ended, "catalog")


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


@contextmanager
def clock(offset: timedelta) -> Iterator[str]:
    """A server with empty lists and a clock of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response_only(200)
            self.send_header("Date", format_datetime(datetime.now(UTC) + offset, usegmt=True))
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(EMPTY.content)))
            self.end_headers()
            self.wfile.write(EMPTY.content)

        def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


@pytest.mark.parametrize(("hours", "word"), [(-2, "ahead of"), (2, "behind"), (0, "within")])
def test_a_clock_that_is_off(hours: int, word: str, tmp_path: Path) -> None:
    write(tmp_path)
    with clock(timedelta(hours=hours)) as url:
        ended = doctor(tmp_path, "--api-url", url)
    assert (ended.code, seen(ended)["clock"]) == (0, "warning" if hours else "ok")
    assert word in told(ended, "clock")


def test_a_date_that_is_none_is_no_clock(tmp_path: Path) -> None:
    write(tmp_path)
    ended = doctor(tmp_path, "--local", key=None)
    assert seen(ended)["clock"] == "skipped"


def test_a_proxy_is_named_by_its_host_alone(tmp_path: Path) -> None:
    write(tmp_path)
    words = ["--api-url", "https://commet.invalid"]
    env = {"HTTPS_PROXY": "http://user:pa55word@127.0.0.1:9"}
    ended = doctor(tmp_path, *words, **env)
    assert (ended.code, bad(ended)) == (1, {"commet": "failed", "account": "skipped"})
    assert told(ended, "proxy") == "commet.invalid is reached through 127.0.0.1:9 | "
    assert "pa55word" not in ended.out
    ended = doctor(tmp_path, *words, **env, NO_PROXY="commet.invalid", key="")
    assert told(ended, "proxy") == "127.0.0.1:9 is set, and NO_PROXY excepts commet.invalid | "
    ended = doctor(tmp_path, "--api-url", "http://127.0.0.1:9", **env, key="")
    assert told(ended, "proxy").startswith("none")


def test_runs_that_did_not_end(tmp_path: Path) -> None:
    write(tmp_path)
    assert run(tmp_path, "apply", "--yes", "--local", key=None).code == 0
    (journal,) = (tmp_path / ".commet" / "runs").glob("*.jsonl")
    lines = [line for line in journal.read_text().splitlines() if "finished" not in json.loads(line)]
    journal.write_text("\n".join(lines) + "\n")
    ended = doctor(tmp_path, "--local", key=None)
    assert (ended.code, seen(ended)["journals"]) == (0, "warning")
    assert told(ended, "journals").startswith(".commet/runs has 1 run that did not end")


def test_a_folder_that_is_none_for_journals(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / ".commet").write_text("a file")
    ended = doctor(tmp_path, "--local=local.db", key=None)
    assert (ended.code, bad(ended)) == (1, {"journals": "failed", "clock": "skipped"})


CI = {"GITHUB_ACTIONS": "GitHub Actions", "GITLAB_CI": "GitLab CI", "CI": "a CI system"}


@pytest.mark.parametrize("variable", CI)
def test_where_it_runs(variable: str, tmp_path: Path) -> None:
    write(tmp_path)
    ended = doctor(tmp_path, "--local", key=None, **{variable: "true"})
    assert told(ended, "ci") == f"runs in {CI[variable]} | "


def test_without_git(tmp_path: Path) -> None:
    write(tmp_path)
    assert seen(doctor(tmp_path, "--local", key=None, PATH=str(tmp_path)))["git"] == "warning"


def test_nothing_is_left_behind(tmp_path: Path, url: str) -> None:
    write(tmp_path)
    doctor(tmp_path, "--api-url", url)
    assert [path.name for path in tmp_path.iterdir()] == ["commet.yaml"]

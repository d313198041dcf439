"""The doctor as a process, and the accounts that it is shown."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from cli.hostile import EMPTY, Hostile, Reply, hostile
from cli.running import KEY, YAML, Ended, run

PLANS = (
    YAML + "plans:\n  pro: {name: Pro, consumption_model: metered, prices: {monthly: {price: 5}}, "
    "features: {calls: {included_amount: 9}}}\n"
)


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


@contextmanager
def commet(**replies: Reply) -> Iterator[Hostile]:
    """A server with empty lists, but for the replies to some of them, by the first word of their path."""

    def answer(_method: str, path: str) -> Reply:
        return replies.get(path.strip("/").partition("?")[0].replace("-", "_"), EMPTY)

    with hostile(answer) as server:
        yield server


@contextmanager
def dated(date: str) -> Iterator[str]:
    """A server with empty lists and this for a `Date`; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response_only(200)
            self.send_header("Date", date)
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


def now(offset: timedelta) -> str:
    """A `Date` of a clock that is off."""
    return format_datetime(datetime.now(UTC) + offset, usegmt=True)

"""An emulator that notes when each request came and went: `python -m bench.watched DATABASE LOG [FAULT…]`.

It prints its URL, and writes the log when it is terminated. `own` is the time inside the emulator, without faults.
"""

import json
import signal
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from threading import local
from typing import TYPE_CHECKING, Any

from commetctl.emulator import create_app, with_faults
from commetctl.emulator.server import base_url, start

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Watched:
    """A WSGI application with faults around it, timed inside and outside of them."""

    def __init__(self, app: "WSGIApplication", faults: Iterable[str]) -> None:
        self._app = app
        self._faulty = with_faults(self._timed, faults)
        self._thread = local()
        self.rows: list[dict[str, Any]] = []

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        answered: list[str] = []

        def answer(status: str, *rest: Any) -> Any:
            answered.append(status)
            return start_response(status, *rest)

        self._thread.own, began = 0.0, time.perf_counter()
        chunks = list(self._faulty(environ, answer))
        row = {"began": began, "ended": time.perf_counter(), "own": self._thread.own}
        self.rows.append({**row, "method": environ["REQUEST_METHOD"], "status": int(answered[0].split()[0])})
        return chunks

    def _timed(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        began = time.perf_counter()
        try:
            return list(self._app(environ, start_response))
        finally:
            self._thread.own = time.perf_counter() - began


def _stop(*_: object) -> None:
    raise SystemExit


def main(database: str, log: str, *faults: str) -> None:
    """Serve until the process is terminated."""
    emulator = create_app(database)
    app = Watched(emulator, faults)
    server = start(app, "127.0.0.1", 0)
    signal.signal(signal.SIGTERM, _stop)
    try:
        with server:
            print(base_url(server), flush=True)
            server.serve_forever()
    finally:
        emulator.close()
        Path(log).write_text(json.dumps(app.rows), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])

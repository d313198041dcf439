"""A server on this machine that answers whatever a test wants, and notes what it was asked."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass(frozen=True)
class Reply:
    """An answer: any text or data as body."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()


EMPTY = Reply({"object": "list", "data": [], "hasMore": False})

Answer = Callable[[str, str], Reply]


@dataclass
class Hostile:
    """A running server: its address, and the requests that it got, as `METHOD /path`, with their headers."""

    url: str
    requests: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def writes(self) -> list[str]:
        return [request for request in self.requests if not request.startswith("GET ")]


@contextmanager
def hostile(answer: Answer | Reply) -> Iterator[Hostile]:
    """Serve on a free port; `answer` is called with the method and the path below /api/v1, or is always the same."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.daemon_threads = True
    running = Hostile(f"http://127.0.0.1:{server.server_port}")

    class Handler(BaseHTTPRequestHandler):
        def do(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            running.requests.append(f"{self.command} {self.path}")
            running.headers.append({name.lower(): value for name, value in self.headers.items()})
            reply = answer if isinstance(answer, Reply) else answer(self.command, self.path.removeprefix("/api/v1"))
            self.send_response(reply.status)
            for name, value in {"content-type": "application/json", **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(reply.content)))
            self.end_headers()
            self.wfile.write(reply.content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_CONNECT = do  # noqa: N815

        def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002
            pass

    server.RequestHandlerClass = Handler
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield running
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)

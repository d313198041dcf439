"""A server on this machine that stands for an API: strict about headers, forgetting nothing, able to fail on demand."""

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Request:
    """What a client asked."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Message
    body: Any

    @property
    def line(self) -> str:
        return f"{self.method} {self.path}"


@dataclass
class Reply:
    """What it is answered."""

    status: int = 200
    data: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None

    @property
    def body(self) -> bytes:
        if self.raw is not None:
            return self.raw
        return b"" if self.data is None else json.dumps(self.data).encode()


@dataclass
class Fault:
    """An answer that some requests get instead; the last of them may be carried out all the same."""

    line: str
    reply: Reply
    times: int = 1
    arrives: bool = False


Route = tuple[str, str, Callable[..., Reply]]


class Service:
    """The routes of an API, its faults, and every request on record."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        #: What no well-behaved client does; has to stay empty.
        self.strange: list[str] = []
        self.faults: list[Fault] = []
        self.url = ""

    def routes(self) -> list[Route]:
        raise NotImplementedError

    def admit(self, request: Request) -> Reply | None:
        """An answer to who may not ask; None for everybody else."""
        raise NotImplementedError

    def fail(self, line: str, status: int, *, times: int = 1, arrives: bool = False, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.faults.append(
            Fault(line, Reply(status, {"message": f"told to fail with {status}"}, named), times, arrives)
        )

    def lines(self, method: str = "") -> list[str]:
        return [request.line for request in self.requests if request.method == method or not method]

    def answer(self, request: Request) -> Reply:
        self.requests.append(request)
        fault = next((fault for fault in self.faults if fault.times and re.fullmatch(fault.line, request.line)), None)
        if fault:
            fault.times -= 1
            if not fault.arrives:
                return fault.reply
        refused = self.admit(request)
        reply = refused or self._routed(request)
        return fault.reply if fault else reply

    def _routed(self, request: Request) -> Reply:
        for method, pattern, function in self.routes():
            found = re.fullmatch(pattern, request.path)
            if method == request.method and found:
                return function(request, *found.groups())
        self.strange.append(f"unknown route {request.line}")
        return Reply(404, {"message": "Not Found"})


def paged(service: Service, request: Request, rows: list[Any], page_size: int, wrap: str = "") -> Reply:
    """A page of a list, with the Link header that leads to the next."""
    page = int(request.query.get("page", "1"))
    size = min(int(request.query.get("per_page", "30")), page_size)
    part = rows[(page - 1) * size : page * size]
    headers = {}
    if page * size < len(rows):
        query = "&".join(f"{name}={value}" for name, value in {**request.query, "page": str(page + 1)}.items())
        first = f'<{service.url}{request.path}?page=1>; rel="first"'
        headers["Link"] = f'{first}, <{service.url}{request.path}?{query}>; rel="next"'
    return Reply(200, {"total_count": len(rows), wrap: part} if wrap else part, headers)


@contextmanager
def serving(service: Service) -> Iterator[None]:
    """Serve on a free port until the block ends."""
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            request = Request(self.command, parts.path, query, self.headers, json.loads(body) if body else None)
            with lock:
                reply = service.answer(request)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _any  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)

"""A real emulator on a real socket, in a thread of the test process: for tests that need no separate process."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from commetctl.cli.emulator import emulator
from commetctl.emulator import RESOURCES, Resource, create_app, with_faults
from commetctl.emulator.server import base_url, start

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


@dataclass
class Served:
    """A running emulator: its address, and the requests that it received, as `METHOD /path`."""

    app: "WSGIApplication"
    url: str = ""
    requests: list[str] = field(default_factory=list)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        self.requests.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
        return self.app(environ, start_response)

    @property
    def writes(self) -> list[str]:
        return [request for request in self.requests if not request.startswith("GET ")]


@contextmanager
def emulator_server(
    database: str | Path,
    *arguments: str,
    faults: Iterable[str] = (),
    resources: tuple[Resource, ...] = RESOURCES,
) -> Iterator[Served]:
    """Serve on a free port, with the options of `commetctl emulator`."""
    told = [word for spec in faults for word in ("--fault", spec)]
    options = emulator.make_context("emulator", ["--port", "0", "--db", str(database), *told, *arguments]).params
    app = create_app(options["database"], quirks=options["quirks"], resources=resources)
    served = Served(with_faults(app, options["faults"], options["seed"]) if options["faults"] else app)
    server = start(served, options["host"], options["port"])
    served.url = base_url(server)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()
        app.close()

"""Fault injection: a WSGI application around the emulator that delays, refuses, garbles or drops chosen requests."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from werkzeug.http import HTTP_STATUS_CODES, http_date
from werkzeug.wrappers import Response

from commetctl.emulator.app import WHILE_IN_FLIGHT, Emulator
from commetctl.emulator.errors import ApiError, ConnectionDropped
from commetctl.emulator.faultspec import Fault, Stage
from commetctl.emulator.versions import version_for
from commetctl.emulator.wire import response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["Fault", "Faulty", "Fired", "with_faults"]


class Fired(NamedTuple):
    """A fault that struck: the number of the request, counted from 1, and the spec of the fault."""

    request: int
    spec: str


class Faulty:
    """An application with faults, which can be replaced while it runs; safe to use from many threads.

    A dropped connection is the exception `ConnectionDropped`, raised from the call: `server.start` resets the socket,
    and httpx.WSGITransport passes the exception on as it is, not as one of httpx's own.
    """

    def __init__(self, app: "WSGIApplication", specs: Iterable[str | Fault], seed: int) -> None:
        self._app = app
        self._lock = threading.Lock()
        #: The functions that wait for some seconds, and that give the time in seconds by which a rate is measured.
        self.sleep: Callable[[float], object] = time.sleep
        self.clock: Callable[[], float] = time.monotonic
        self._seed = seed
        self.set(specs)

    def set(self, specs: Iterable[str | Fault], *, seed: int | None = None) -> None:
        """Replace the faults, and the seed when given, and count from 1 again; EmulatorError for an invalid spec."""
        faults = tuple(spec if isinstance(spec, Fault) else Fault.parse(spec) for spec in specs)
        with self._lock:
            self._faults = faults
            self._seed = self._seed if seed is None else seed
            self._requests = self._writes = 0
            self._fired: list[Fired] = []
            self._passed = [deque[float](maxlen=fault.argument) for fault in faults]

    @property
    def faults(self) -> tuple[Fault, ...]:
        return self._faults

    @property
    def requests(self) -> int:
        """The number of requests since the faults were set."""
        return self._requests

    @property
    def fired(self) -> tuple[Fired, ...]:
        """The faults that struck since they were set, in the order of the requests."""
        with self._lock:
            return tuple(self._fired)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        fault, latency, slow = self._judge(environ["REQUEST_METHOD"])
        if latency:
            self.sleep(latency)
        if slow:
            environ[WHILE_IN_FLIGHT] = partial(self.sleep, slow)
        if fault is None:
            return self._app(environ, start_response)
        if fault.stage is Stage.AFTER:
            # Buffered: the application has committed and finished the request when this returns.
            Response.from_app(self._app, environ, buffered=True).close()
        answer = _instead(fault, environ)
        if isinstance(self._app, Emulator):
            answer.headers["Date"] = http_date(self._app.now())
        return answer(environ, start_response)

    def _judge(self, method: str) -> tuple[Fault | None, float, float]:
        """Count a request; the first fault that strikes it, and the seconds of its delays before and inside of it."""
        with self._lock:
            self._requests += 1
            self._writes += method != "GET"
            delays: list[Fault] = []
            chosen: Fault | None = None
            for position, fault in enumerate(self._faults):
                if not self._strikes(position, fault, method):
                    continue
                if fault.stage is Stage.DELAY:
                    delays.append(fault)
                elif chosen is None and (fault.kind != "rate" or self._is_over(position)):
                    chosen = fault
            if chosen is not None and chosen.stage is Stage.BEFORE:
                delays = [delay for delay in delays if delay.kind == "latency"]
            struck = [*delays, chosen] if chosen else delays
            self._fired += [Fired(self._requests, fault.text) for fault in struck]
        latency, slow = (sum(delay.seconds for delay in delays if delay.kind == kind) for kind in ("latency", "slow"))
        return chosen, latency, slow

    def _strikes(self, position: int, fault: Fault, method: str) -> bool:
        if fault.when.writes and method == "GET":
            return False
        number = self._writes if fault.when.writes else self._requests
        # A share is drawn from the number of the request, so no draw depends on another one or on the threads.
        return fault.when.strikes(number, f"{self._seed} {position} {number}")

    def _is_over(self, position: int) -> bool:
        """Whether the last second has had as many requests as the rate allows; if not, this request counts."""
        passed, now = self._passed[position], self.clock()
        if len(passed) == passed.maxlen and now - passed[0] < 1:
            return True
        passed.append(now)
        return False


def with_faults(app: "WSGIApplication", specs: Iterable[str | Fault], seed: int = 0) -> Faulty:
    """An application with faults around it, from specs `KIND[:ARGUMENT][@WHEN]`; EmulatorError for an invalid one."""
    return Faulty(app, specs, seed)


def _instead(fault: Fault, environ: "WSGIEnvironment") -> Response:
    """The answer in place of the application's; ConnectionDropped when there is none."""
    match fault.kind:
        case "reset-before" | "reset-after":
            raise ConnectionDropped(f"the connection was dropped by the fault {fault}")
        case "not-json":
            return _page(200)
        case "408" | "502" | "504":
            return _page(int(fault.kind))
        case "429" | "rate":
            # The window of a rate is one second, after which there is always room again.
            wait = 1 if fault.kind == "rate" else fault.argument
            error = ApiError("rate_limit_error", "rate_limited", f"too many requests: fault {fault}")
            return _refused(error, environ, wait)
        case _:
            # No code fits 503; that it is an internal error as well is our choice.
            message = f"something went wrong: fault {fault}"
            error = ApiError("internal_error", "internal_error", message, status=int(fault.kind))
            return _refused(error, environ, None)


def _refused(error: ApiError, environ: "WSGIEnvironment", wait: int | None) -> Response:
    version = version_for(environ.get("HTTP_COMMET_VERSION"))
    answer = response(error.text(version), error.status)
    if wait is not None:
        answer.headers["Retry-After"] = str(wait)
    return answer


def _page(status: int) -> Response:
    """An answer of a gateway or proxy in front of the API, without a request id."""
    title = f"{status} {HTTP_STATUS_CODES[status]}"
    text = f"<!doctype html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"
    return Response(text, status, content_type="text/html; charset=utf-8")

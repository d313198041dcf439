"""The WSGI application: from a request to an operation, and from its result to an answer in the version's envelope."""

import logging
import os
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.http import http_date
from werkzeug.wrappers import Request

from commetctl.emulator import clock, keys, official_cli, routing, wire
from commetctl.emulator import quirks as quirk_table
from commetctl.emulator.errors import ApiError, Problem, invalid
from commetctl.emulator.resource import Context, Page, Payload, Resource
from commetctl.emulator.resources import RESOURCES, renewals
from commetctl.emulator.store import Database, Store, Table
from commetctl.emulator.versions import CURRENT, ApiVersion, version_for

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

MAX_BODY = 1_000_000
# A key of the WSGI environ: a function to call while the request's idempotency key is in flight. No header can set it.
WHILE_IN_FLIGHT = "commetctl.emulator.while_in_flight"
_PINS = Table("version_pin", "livemode INTEGER PRIMARY KEY, version TEXT NOT NULL")
_TABLES = (_PINS, keys.TABLE, official_cli.TABLE, *clock.TABLES)

log = logging.getLogger(__name__)


class Call(NamedTuple):
    """A request that was authenticated, routed and permitted."""

    request: Request
    version: ApiVersion
    livemode: bool
    route: routing.Route
    body: bytes
    claim: keys.Claim | None


class Emulator:
    """A local Commet over one database; safe to call from many threads."""

    def __init__(self, store: Store, quirks: Mapping[str, str], resources: tuple[Resource, ...]) -> None:
        self._store = store
        self._quirks = quirks
        self._resources = resources
        self._in_flight = keys.InFlight()
        #: The machine's clock; that of the emulator may be ahead of it.
        self.clock: Callable[[], datetime] = wire.utc_now
        # By how much it was ahead when that was read last.
        self._ahead = timedelta()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        request = Request(environ)
        request.max_content_length = MAX_BODY
        answer = self._answer(request)
        response = wire.response(answer.text, answer.status)
        response.headers["Date"] = http_date(self.now())
        response.headers["commet-emulator"] = f"plan_names={self._quirks['plan_names']}"
        if answer.replayed:
            response.headers["idempotent-replayed"] = "true"
        return response(environ, start_response)

    def close(self) -> None:
        self._store.close()

    def move_clock(self, target: datetime) -> list[renewals.Done]:
        """Move the own clock forward and process what is due before the target, in both accounts; what was done.

        EmulatorError when the clock is past the target.
        """
        done: list[renewals.Done] = []
        machine = self.clock()
        with self._store.transaction(write=True) as db:
            clock.move_own(db, machine, target)
            for livemode in (False, True):
                shown = clock.read(db, machine, livemode=livemode).now
                context = Context(db, livemode, CURRENT, self._quirks, wire.stamp(shown), payload={}, query={})
                done += renewals.run(context, shown)
        return done

    def now(self) -> datetime:
        """The time of the own clock; that of the machine when the clock of the application fails."""
        try:
            ahead = self._store.glance(clock.ahead)
            self._ahead = self._ahead if ahead is None else ahead
            return self.clock() + self._ahead
        except Exception:
            log.exception("the time could not be read")
            return wire.utc_now()

    def _answer(self, request: Request) -> wire.Answer:
        version = version_for(request.headers.get("commet-version"))
        try:
            if request.path.startswith(official_cli.PREFIXES):
                return official_cli.answer(request, _read(request), self._store, self._quirks, self.clock())
            call = self._call(request, version)
            with self._in_flight.hold(call.claim):
                # Outside of the transaction, so that requests with other keys do not wait.
                if hook := request.environ.get(WHILE_IN_FLIGHT):
                    hook()
                return self._commit(call)
        except ApiError as error:
            return self._refusal(version, error)
        except Exception:
            log.exception("%s %s failed", request.method, request.environ.get("PATH_INFO"))
            message = "the emulator failed; see its log"
            return self._refusal(version, ApiError("internal_error", "internal_error", message))

    def _call(self, request: Request, version: ApiVersion) -> Call:
        key = keys.authenticate(request.headers.get("x-api-key"))
        route = routing.find(self._resources, version, request.method, request.path)
        key.require(route.permission, "read" if request.method == "GET" else "write")
        body = _read(request)
        token = request.headers.get("idempotency-key")
        claim = None
        if token and request.method in keys.METHODS:
            claim = keys.claim(key.livemode, token, request.method, request.path, body)
        return Call(request, version, key.livemode, route, body, claim)

    def _commit(self, call: Call) -> wire.Answer:
        """Serve a call in one transaction, which also stores the answer under its idempotency key."""
        machine = self.clock()
        pins = self._quirks["mixed_versions"] == "refused"
        with self._store.transaction(write=pins or call.request.method != "GET") as db:
            if pins:
                _pin(db, call)
            clocks = clock.read(db, machine, livemode=call.livemode)
            self._ahead = clocks.own - machine
            if call.claim is None:
                return self._perform(db, call, clocks.now)
            stored = keys.recall(db, call.claim, clocks.own)
            if stored is not None:
                return wire.Answer(*stored, replayed=True)
            answer = self._perform(db, call, clocks.now)
            keys.remember(db, call.claim, clocks.own, answer.status, answer.text)
            return answer

    def _perform(self, db: Database, call: Call, now: datetime) -> wire.Answer:
        """Run the operation, and undo what it wrote when it refuses."""
        try:
            with db.undone_on_error():
                takes_body = call.request.method in keys.METHODS
                context = Context(
                    db=db,
                    livemode=call.livemode,
                    version=call.version,
                    quirks=self._quirks,
                    now=wire.stamp(now),
                    payload=_parse(call.body) if takes_body else {},
                    query=call.request.args,
                )
                return self._success(call, call.route.operation.serve(context, **call.route.arguments))
        except ApiError as error:
            return self._refusal(call.version, error)

    def _success(self, call: Call, payload: Payload) -> wire.Answer:
        status, since = 200, call.route.operation.accepted_since
        if since is not None and call.version.name >= since:
            status = 202
        elif call.request.method == "POST" and call.route.operation.creates:
            status = int(self._quirks["created_status"])
        elif call.request.method == "DELETE":
            status = int(self._quirks["deleted_status"])
        text = "" if status == 204 else wire.dumps(_envelope(call.version, payload, self._quirks))
        return wire.Answer(status, text)

    def _refusal(self, version: ApiVersion, error: ApiError) -> wire.Answer:
        status = int(self._quirks["validation_status"]) if error.status == 400 else error.status
        return wire.Answer(status, error.text(version))


def create_app(
    database: str | os.PathLike[str],
    *,
    quirks: Mapping[str, str] | None = None,
    resources: tuple[Resource, ...] = RESOURCES,
) -> Emulator:
    """An emulator over a database file, or in memory when `database` is ":memory:"; EmulatorError when it cannot open.

    `resources` are the kinds of objects that it has; `(*RESOURCES, ANOTHER)` adds one.
    """
    resolved = quirk_table.resolve(quirks)
    store = Store(database, (*_TABLES, *(table for resource in resources for table in resource.tables)))
    for resource in resources:
        if resource.on_open is not None and resolved[resource.on_open[0]] == "on":
            with store.transaction(write=True) as db:
                resource.on_open[1](db)
    return Emulator(store, resolved, resources)


def _read(request: Request) -> bytes:
    try:
        return request.get_data()
    except RequestEntityTooLarge as error:
        message = f"the body is larger than {MAX_BODY} bytes"
        raise ApiError("validation_error", "validation_error", message, status=413) from error
    except HTTPException as error:
        raise ApiError("validation_error", "invalid_json", "the body could not be read") from error


def _parse(body: bytes) -> object:
    """A JSON object; a missing body counts as an empty object, since some writes need none."""
    if not body:
        return {}
    try:
        payload = wire.loads(body)
    except ValueError as error:
        raise ApiError("validation_error", "invalid_json", "the body is not valid JSON") from error
    if not isinstance(payload, dict):
        raise invalid(Problem("", "the body must be a JSON object"))
    return payload


def _pin(db: Database, call: Call) -> None:
    """With the quirk `mixed_versions` the account's first request decides its newest version."""
    row = db.first("SELECT version FROM version_pin WHERE livemode = ?", call.livemode)
    if row is None:
        db.insert("version_pin", {"livemode": call.livemode, "version": call.version.name})
    elif call.version.name > row["version"]:
        message = f"this account is pinned to {row['version']}; {call.version.name} is not available"
        raise ApiError("not_found_error", "endpoint_not_available", message)


def _envelope(version: ApiVersion, payload: Payload, quirks: Mapping[str, str]) -> wire.JsonObject | None:
    """Bare objects, and lists with `object`; before 2026-07-24 `success` and `data` around everything."""
    if not isinstance(payload, Page):
        return payload if version.is_new else {"success": True, "data": payload}
    cursor = payload.next_cursor
    paging = {"hasMore": False} if cursor is None else {"hasMore": True, "nextCursor": cursor}
    if version.is_new:
        return {"object": "list", "data": payload.items, **paging}
    is_paged = payload.always_paged or quirks["list_paging"] == "on"
    return {"success": True, "data": payload.items, **(paging if is_paged else {})}

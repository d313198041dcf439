"""The WSGI application: from a request to an operation, and from its result to an answer in the version's envelope."""

import logging
import os
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge
from werkzeug.wrappers import Request

from commetctl.emulator import clock, idempotency, jsontext, keys, plan_versions
from commetctl.emulator import quirks as quirk_table
from commetctl.emulator.answers import json_response, refusal
from commetctl.emulator.context import Context, Page, Payload
from commetctl.emulator.errors import ApiError, Problem, invalid
from commetctl.emulator.operations import Operation, routes
from commetctl.emulator.store import Database, Store
from commetctl.emulator.versions import Contract, contract_for

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

MAX_BODY = 1_000_000
# What the environ of a request may name to be called while its idempotency key is in flight; no header can set it.
WHILE_IN_FLIGHT = "commetctl.emulator.while_in_flight"

log = logging.getLogger(__name__)


class Answer(NamedTuple):
    """A status and a body, ready to be sent or stored."""

    status: int
    text: str
    replayed: bool = False


class Call(NamedTuple):
    """A request that was authenticated, routed and permitted."""

    operation: Operation
    arguments: Mapping[str, Any]
    contract: Contract
    livemode: bool
    method: str
    query: Mapping[str, str]
    body: bytes
    claim: idempotency.Claim | None
    while_in_flight: Callable[[], object]


class Emulator:
    """A local Commet over one database; safe to call from many threads."""

    def __init__(self, store: Store, quirks: Mapping[str, str]) -> None:
        self._store = store
        self._quirks = quirks
        self._in_flight = idempotency.InFlight()
        self.clock: Callable[[], datetime] = clock.utc_now

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        request = Request(environ)
        request.max_content_length = MAX_BODY
        answer = self._answer(request)
        response = json_response(answer.text, answer.status)
        if answer.replayed:
            response.headers["idempotent-replayed"] = "true"
        return response(environ, start_response)

    def close(self) -> None:
        self._store.close()

    def _answer(self, request: Request) -> Answer:
        contract = contract_for(request.headers.get("commet-version"))
        try:
            return self._serve(self._call(request, contract))
        except ApiError as error:
            return self._refusal(contract, error)
        except Exception:
            log.exception("%s %s failed", request.method, request.environ.get("PATH_INFO"))
            return self._refusal(contract, ApiError("internal_error", "the emulator failed; its log says why"))

    def _call(self, request: Request, contract: Contract) -> Call:
        key = keys.authenticate(request.headers.get("x-api-key"))
        operation, arguments = _route(request, contract)
        key.require(operation.resource, operation.right)
        body = _read(request)
        token = request.headers.get("idempotency-key")
        claim = None
        if token and request.method in idempotency.METHODS:
            claim = idempotency.claim(key.livemode, token, request.method, request.path, body)
        hook = request.environ.get(WHILE_IN_FLIGHT, _nothing)
        return Call(operation, arguments, contract, key.livemode, request.method, request.args, body, claim, hook)

    def _serve(self, call: Call) -> Answer:
        with self._in_flight.hold(call.claim):
            # Outside of the transaction, so that requests with other keys are not held up.
            call.while_in_flight()
            return self._commit(call)

    def _commit(self, call: Call) -> Answer:
        """Serve a call in one transaction, which also stores the answer under its idempotency key."""
        now = self.clock()
        pins = self._quirks["mixed_versions"] == "refused"
        writes = pins or call.method != "GET"
        with self._store.transaction(write=writes) as db:
            if pins:
                _pin(db, call)
            if call.claim is None:
                return self._perform(db, call, now)
            stored = idempotency.recall(db, call.claim, now)
            if stored is not None:
                return Answer(*stored, replayed=True)
            answer = self._perform(db, call, now)
            idempotency.remember(db, call.claim, now, answer.status, answer.text)
            return answer

    def _perform(self, db: Database, call: Call, now: datetime) -> Answer:
        """Run the operation; what a refused one wrote is taken back."""
        try:
            with db.undone_on_error():
                context = Context(
                    db=db,
                    livemode=call.livemode,
                    contract=call.contract,
                    quirks=self._quirks,
                    now=clock.stamp(now),
                    payload=_parse(call.body) if call.method in idempotency.METHODS else {},
                    query=call.query,
                )
                return self._success(call, call.operation.serve(context, **call.arguments))
        except ApiError as error:
            return self._refusal(call.contract, error)

    def _success(self, call: Call, payload: Payload) -> Answer:
        status = 200
        if call.operation.creates:
            status = int(self._quirks["created_status"])
        elif call.method == "DELETE":
            status = int(self._quirks["deleted_status"])
        text = "" if status == 204 else jsontext.dumps(_envelope(call.contract, payload, self._quirks))
        return Answer(status, text)

    def _refusal(self, contract: Contract, error: ApiError) -> Answer:
        status = error.status
        if status == 400:
            status = int(self._quirks["validation_status"])
        return Answer(status, refusal(contract, error))


def create_app(database: str | os.PathLike[str], *, quirks: Mapping[str, str] | None = None) -> Emulator:
    """An emulator over a database file, or over memory when `database` is ":memory:"."""
    resolved = quirk_table.resolve(quirks)
    store = Store(database)
    if plan_versions.is_on(resolved):
        # Its history begins with the terms in use.
        with store.transaction(write=True) as db:
            plan_versions.accept(db)
    return Emulator(store, resolved)


def _nothing() -> None:
    pass


def _route(request: Request, contract: Contract) -> tuple[Operation, Mapping[str, Any]]:
    """A path or verb that the version lacks is `endpoint_not_available` (official SDK 9.7.0, errors)."""
    urls = routes(contract.generation).bind("emulator")
    try:
        operation, arguments = urls.match(request.path, request.method)
    except (NotFound, MethodNotAllowed) as error:
        message = f"{request.method} {request.path} is not available in version {contract.version}"
        raise ApiError("endpoint_not_available", message) from error
    return operation, arguments


def _read(request: Request) -> bytes:
    try:
        return request.get_data()
    except RequestEntityTooLarge as error:
        raise ApiError("validation_error", f"the body is larger than {MAX_BODY} bytes", status=413) from error
    except HTTPException as error:
        raise ApiError("invalid_json", "the body could not be read") from error


def _parse(body: bytes) -> object:
    """A JSON object; no body at all counts as an empty one, since some writes need none."""
    if not body:
        return {}
    try:
        payload = jsontext.loads(body)
    except ValueError as error:
        raise ApiError("invalid_json", "the body is not valid JSON") from error
    if not isinstance(payload, dict):
        raise invalid(Problem("", "the body must be a JSON object"))
    return payload


def _pin(db: Database, call: Call) -> None:
    """With the `mixed_versions` quirk the organisation's first request decides its newest version."""
    row = db.first("SELECT version FROM version_pin WHERE livemode = ?", call.livemode)
    if row is None:
        db.insert("version_pin", {"livemode": call.livemode, "version": call.contract.version})
    elif call.contract.version > row["version"]:
        message = f"this organization is pinned to {row['version']}; {call.contract.version} is not available to it"
        raise ApiError("endpoint_not_available", message)


def _envelope(contract: Contract, payload: Payload, quirks: Mapping[str, str]) -> dict[str, Any]:
    """Bare objects and lists with `object`; before 2026-07-24 `success` and `data` around everything."""
    if not isinstance(payload, Page):
        return payload if contract.is_new else {"success": True, "data": payload}
    paging: dict[str, Any] = {"hasMore": payload.next_cursor is not None}
    if payload.next_cursor is not None:
        paging["nextCursor"] = payload.next_cursor
    if contract.is_new:
        return {"object": "list", "data": payload.items, **paging}
    paged = payload.always_paged or quirks["list_paging"] == "on"
    return {"success": True, "data": payload.items, **(paging if paged else {})}

"""The private endpoints of Commet's own command line: its login, organizations, API keys, and `push`.

They have no versions and no envelopes, and their errors are flat (github commet-labs/commet, packages/cli/src).
"""

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from werkzeug.wrappers import Request

from commetctl.emulator import cli_config, cli_push, clock, keys, wire
from commetctl.emulator.errors import ApiError, unknown
from commetctl.emulator.resource import Context, organization_of
from commetctl.emulator.store import Database, Store, Table
from commetctl.emulator.validate import Field, Fields, FreeObject, Text, read_body
from commetctl.emulator.versions import CURRENT
from commetctl.emulator.wire import Answer, JsonObject

PREFIXES = ("/api/cli/", "/api/auth/device")
TABLE = Table("device_login", "device_code TEXT PRIMARY KEY, polls INTEGER NOT NULL DEFAULT 0")
_GRANT = "urn:ietf:params:oauth:grant-type:device_code"


class Call(NamedTuple):
    """A request of the command line: its headers, its body, and what serving it takes."""

    request: Request
    body: JsonObject
    db: Database
    quirks: Mapping[str, str]
    #: The time on the machine's clock.
    machine: datetime

    def read(self, fields: Fields) -> JsonObject:
        return read_body(self.body, fields, CURRENT, reject_unknown=False)


def answer(request: Request, body: bytes, store: Store, quirks: Mapping[str, str], machine: datetime) -> Answer:
    """Serve a request of the command line, at a time of the machine's clock."""
    try:
        serve = _ENDPOINTS.get(f"{request.method} {request.path}")
        if serve is None:
            verbs = [known.split()[0] for known in _ENDPOINTS if known.split()[1] == request.path]
            raise unknown(f"{request.method} {request.path}", verbs)
        with store.transaction(write=True) as db:
            served = serve(Call(request, _parsed(body), db, quirks, machine))
        return served if isinstance(served, Answer) else _json(200, served)
    except ApiError as error:
        return _json(error.status, {"code": error.code, "message": str(error)})


def _json(status: int, body: JsonObject) -> Answer:
    return Answer(status, wire.dumps(body))


def _parsed(body: bytes) -> JsonObject:
    try:
        value = wire.loads(body or b"{}")
    except ValueError as error:
        raise ApiError("validation_error", "invalid_json", "the body is not valid JSON") from error
    return value if isinstance(value, dict) else {}


# The login. Nobody has to approve it here: the first poll is pending, and the second one gets the token.


def _device_code(call: Call) -> JsonObject:
    call.read({"client_id": Field(Text(low=1), required=True), "scope": Field(Text())})
    code, user_code = secrets.token_hex(20), f"{secrets.token_hex(2)}-{secrets.token_hex(2)}".upper()
    call.db.insert("device_login", {"device_code": code})
    page = f"{call.request.host_url}api/auth/device"
    return {
        "device_code": code,
        "user_code": user_code,
        "verification_uri": page,
        "verification_uri_complete": f"{page}?user_code={user_code}",
        "expires_in": 180,
        "interval": 1,
    }


def _device_page(call: Call) -> JsonObject:
    return {"message": "The emulator approves every login; there is nothing to do here."}


def _device_token(call: Call) -> JsonObject | Answer:
    text = Field(Text(low=1), required=True)
    body = call.read({"grant_type": text, "device_code": text, "client_id": text})
    row = call.db.first("SELECT polls FROM device_login WHERE device_code = ?", body["device_code"])
    if body["grant_type"] != _GRANT:
        return _json(400, {"error": "unsupported_grant_type"})
    if row is None:
        return _json(400, {"error": "expired_token"})
    if row["polls"] == 0:
        call.db.update("device_login", body["device_code"], {"polls": 1}, by="device_code")
        return _json(400, {"error": "authorization_pending"})
    call.db.run("DELETE FROM device_login WHERE device_code = ?", body["device_code"])
    return {"access_token": f"cli_{secrets.token_hex(20)}", "token_type": "Bearer", "expires_in": 30 * 24 * 3600}


# The account. Every token opens both; a key opens its own, as it does in the API.


def _accounts(call: Call) -> list[bool]:
    """The accounts that the caller may use, by whether they are live."""
    header = call.request.headers.get("x-api-key")
    if header is not None:
        key = keys.authenticate(header)
        key.require("feature", "write")
        key.require("plan", "write")
        return [key.livemode]
    if not call.request.headers.get("authorization", "").removeprefix("Bearer ").strip():
        raise ApiError("authentication_error", "unauthorized", "a token or an API key is required")
    return [False, True]


def _account(call: Call, organization: str | None) -> bool:
    """The account that a body names; the only one when the caller has a key, which needs no name."""
    accounts = _accounts(call)
    if organization is None and len(accounts) == 1:
        return accounts[0]
    for livemode in accounts:
        if organization_of(livemode) == organization:
            return livemode
    raise ApiError("not_found_error", "organization_not_found", f"no organization {organization!r} is available to you")


def _organizations(call: Call) -> JsonObject:
    modes = [("live" if livemode else "sandbox", livemode) for livemode in _accounts(call)]
    organizations = [
        {"id": organization_of(livemode), "name": mode.title(), "slug": mode, "mode": mode} for mode, livemode in modes
    ]
    return {"success": True, "organizations": organizations}


def _api_key(call: Call) -> JsonObject:
    text = Field(Text(low=1), required=True)
    livemode = _account(call, call.read({"organizationId": text, "name": text})["organizationId"])
    return {"success": True, "apiKey": f"ck_{'live' if livemode else 'sandbox'}_{secrets.token_hex(16)}"}


def _push(call: Call) -> JsonObject | Answer:
    body = call.read({"config": Field(FreeObject(), required=True), "orgId": Field(Text())})
    livemode = _account(call, body.get("orgId"))
    context = Context(
        db=call.db,
        livemode=livemode,
        version=CURRENT,
        quirks={**call.quirks, "unknown_keys": "strip"},
        now=wire.stamp(clock.read(call.db, call.machine, livemode=livemode).now),
        payload={},
        query={},
    )
    issues = cli_config.issues(body["config"])
    if issues:
        message = f"{len(issues)} invalid config field{'s' if len(issues) > 1 else ''}"
        return _json(400, {"code": "config_invalid", "message": message, "issues": issues})
    return cli_push.push(context, body["config"])


_ENDPOINTS: Mapping[str, Callable[[Call], JsonObject | Answer]] = {
    "POST /api/auth/device/code": _device_code,
    "GET /api/auth/device": _device_page,
    "POST /api/auth/device/token": _device_token,
    "GET /api/cli/organizations": _organizations,
    "POST /api/cli/api-keys": _api_key,
    "POST /api/cli/push": _push,
}

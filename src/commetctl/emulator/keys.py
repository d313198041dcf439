"""The two keys of a request: the API key, which opens an account, and the idempotency key, which makes retries safe.

The idempotency header and its 24 hours are in the API reference. Our choices: the fingerprint covers method, path and
body; refusals are replayed as well; and a key belongs to the account.
"""

import hashlib
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from commetctl.emulator.errors import ApiError, conflict
from commetctl.emulator.store import Database, Table
from commetctl.emulator.wire import stamp

WINDOW = timedelta(hours=24)
#: The methods that take an idempotency key, and a body.
METHODS = frozenset({"POST", "PUT", "PATCH"})
TABLE = Table(
    "idempotency",
    "livemode INTEGER NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL,"
    " status INTEGER NOT NULL, body TEXT NOT NULL, created_at TEXT NOT NULL",
    ("PRIMARY KEY (livemode, key)",),
    looked_up_by="created_at",
)


@dataclass(frozen=True)
class ApiKey:
    """A caller: the live or the sandbox account, with all rights or those granted by kind of object."""

    livemode: bool
    grants: Mapping[str, str] | None = None

    def require(self, permission: str, right: str) -> None:
        if self.grants is not None and right[0] not in self.grants.get(permission, ""):
            message = f"this API key lacks the permission {permission}:{right}"
            raise ApiError("authentication_error", "forbidden", message, status=403)


def authenticate(header: str | None) -> ApiKey:
    """Read an `x-api-key` header.

    Full keys start with `ck_`, restricted ones with `rk_` (official SDK 9.7.0). The emulator has no secrets and accepts
    every key of that form. The rights of a restricted key are written into it after a dot, as in
    `rk_sandbox_x.plan:rw,feature:r`; without a dot it has all of them (our choice).
    """
    if header is None or not header.startswith(("ck_", "rk_")):
        message = "a valid API key is required in the x-api-key header"
        raise ApiError("authentication_error", "unauthorized", message)
    name, dot, granted = header.partition(".")
    livemode = name.startswith(("ck_live_", "rk_live_"))
    if not (dot and header.startswith("rk_")):
        return ApiKey(livemode)
    pairs = (item.partition(":") for item in granted.split(","))
    return ApiKey(livemode, {permission: rights for permission, _, rights in pairs})


class Claim(NamedTuple):
    """An idempotency key, as one account uses it for one request."""

    livemode: bool
    key: str
    fingerprint: str


def claim(livemode: bool, key: str, method: str, path: str, body: bytes) -> Claim:
    digest = hashlib.sha256(b"\0".join((method.encode(), path.encode(), body)))
    return Claim(livemode, key, digest.hexdigest())


class InFlight:
    """The idempotency keys of the requests that this process is serving."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: set[tuple[bool, str]] = set()

    @contextmanager
    def hold(self, claimed: Claim | None) -> Iterator[None]:
        """Occupy a key for the block; requests without a key pass freely."""
        if claimed is None:
            yield
            return
        entry = (claimed.livemode, claimed.key)
        with self._lock:
            if entry in self._keys:
                message = "a request with this Idempotency-Key is still being processed"
                raise conflict("idempotency_in_progress", message)
            self._keys.add(entry)
        try:
            yield
        finally:
            with self._lock:
                self._keys.discard(entry)


def recall(db: Database, claimed: Claim, now: datetime) -> tuple[int, str] | None:
    """The stored status and body of an earlier request with the key, if it was the same request."""
    db.run("DELETE FROM idempotency WHERE created_at <= ?", stamp(now - WINDOW))
    row = db.first("SELECT * FROM idempotency WHERE livemode = ? AND key = ?", claimed.livemode, claimed.key)
    if row is None:
        return None
    if row["fingerprint"] != claimed.fingerprint:
        message = "this Idempotency-Key was used with a different payload or operation"
        raise conflict("idempotency_key_mismatch", message)
    return row["status"], row["body"]


def remember(db: Database, claimed: Claim, now: datetime, status: int, body: str) -> None:
    values = {**claimed._asdict(), "status": status, "body": body, "created_at": stamp(now)}
    db.insert("idempotency", values)

"""Idempotency keys: replaying stored answers, refusing other payloads and requests still in flight.

The header and its 24 hours are in the API reference. What enters the fingerprint (method, path, body), that refusals
are replayed as well, and that keys belong to the organisation are our choices.
"""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import NamedTuple

from commetctl.emulator.clock import stamp
from commetctl.emulator.errors import ApiError
from commetctl.emulator.store import Database

WINDOW = timedelta(hours=24)
METHODS = frozenset({"POST", "PUT", "PATCH"})


class Claim(NamedTuple):
    """A key as one organisation uses it for one request."""

    livemode: bool
    key: str
    fingerprint: str


def claim(livemode: bool, key: str, method: str, path: str, body: bytes) -> Claim:
    digest = hashlib.sha256(b"\0".join((method.encode(), path.encode(), body)))
    return Claim(livemode, key, digest.hexdigest())


class InFlight:
    """The keys whose requests are being served right now, by this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: set[tuple[bool, str]] = set()

    @contextmanager
    def hold(self, claimed: Claim | None) -> Iterator[None]:
        """Occupy a key for the block; requests without one pass freely."""
        if claimed is None:
            yield
            return
        entry = (claimed.livemode, claimed.key)
        with self._lock:
            if entry in self._keys:
                raise ApiError(
                    "idempotency_in_progress", "a request with this Idempotency-Key is still being processed"
                )
            self._keys.add(entry)
        try:
            yield
        finally:
            with self._lock:
                self._keys.discard(entry)


def recall(db: Database, claimed: Claim, now: datetime) -> tuple[int, str] | None:
    """The stored status and body of an earlier request with the key, if it was this very request."""
    db.run("DELETE FROM idempotency WHERE created_at <= ?", stamp(now - WINDOW))
    row = db.first("SELECT * FROM idempotency WHERE livemode = ? AND key = ?", claimed.livemode, claimed.key)
    if row is None:
        return None
    if row["fingerprint"] != claimed.fingerprint:
        raise ApiError(
            "idempotency_key_mismatch", "this Idempotency-Key was used with a different payload or operation"
        )
    return row["status"], row["body"]


def remember(db: Database, claimed: Claim, now: datetime, status: int, body: str) -> None:
    values = {**claimed._asdict(), "status": status, "body": body, "created_at": stamp(now)}
    db.insert("idempotency", values)

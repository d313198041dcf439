"""When requests are sent: how many at once, which failures are tried again, and after how long.

The rules for another attempt are those of the API reference: 408, 5xx and a lost connection are worth one, 429 only
when the answer says how long to wait, and a write only under the same `Idempotency-Key`. A DELETE takes no such key:
where it is not known whether it took, the account has to be read before it is sent again, so it is never repeated here.
"""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from commetctl.api.pace import Pace
from commetctl.core.errors import ApiError, CommetctlError, Unreachable


class Governor:
    """Lets at most `most` requests be in flight at once, from however many threads.

    Each time the API throttles, the limit is halved, down to one, and no request is sent before the time that it asks
    for has passed. Each round of requests that succeed raises the limit by one again, up to `most`. How many are sent a
    second is limited too, once the API has shown how many it takes.
    """

    def __init__(self, most: int = 1) -> None:
        self._most = most
        self._limit = most
        self._in_flight = 0
        self._went_well = 0
        self._pace = Pace()
        #: When the last request of a thread was sent.
        self._mine = threading.local()
        self._held_until = 0.0
        self._stopped = False
        self._changed = threading.Condition()

    @property
    def limit(self) -> int:
        """How many requests may be in flight now."""
        return self._limit

    @property
    def stopped(self) -> bool:
        """Whether all waits were ended by `stop`."""
        return self._stopped

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait until a request may be sent, and count it as in flight for the block."""
        with self._changed:
            while self._in_flight >= self._limit or not self._is_time():
                self._changed.wait(self._pause())
            self._in_flight += 1
            self._mine.sent = time.monotonic()
            self._pace.sent(self._mine.sent)
        try:
            yield
        finally:
            with self._changed:
                self._in_flight -= 1
                self._changed.notify_all()

    def went_well(self) -> None:
        """Note a success; a whole round of them raises the limit by one."""
        with self._changed:
            self._went_well += 1
            if self._limit < self._most and self._went_well >= self._limit:
                self._limit += 1
                self._went_well = 0
                self._changed.notify_all()

    def throttled(self, seconds: float) -> None:
        """Note that the last request of this thread was throttled: hold all requests back for so many seconds."""
        with self._changed:
            now = time.monotonic()
            # Requests that were in flight together are throttled together, which is one signal and not several.
            if now >= self._held_until:
                self._limit = max(1, self._limit // 2)
            self._went_well = 0
            self._held_until = max(self._held_until, now + seconds)
            self._pace.refused(getattr(self._mine, "sent", now), now, seconds)

    def wait(self, seconds: float) -> bool:
        """Sleep for so many seconds; False, at once, when the governor is stopped."""
        until = time.monotonic() + seconds
        with self._changed:
            while not self._stopped and (left := until - time.monotonic()) > 0:
                self._changed.wait(left)
            return not self._stopped

    def stop(self) -> None:
        """End all waits: requests in flight are finished, and none is tried again."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def _is_time(self) -> bool:
        return self._stopped or time.monotonic() >= self._pace.not_before

    def _pause(self) -> float | None:
        """Seconds until a request may be sent; None while only too many are in flight."""
        return None if self._is_time() else max(0.0, self._pace.not_before - time.monotonic())


#: The statuses of failures that may pass.
TRANSIENT = frozenset({408, 500, 502, 503, 504})


@dataclass(frozen=True)
class Patience:
    """How often a request is sent, and how long it may wait, in seconds.

    `attempts` counts the first one too. `total` bounds all waits of one request, whether the API or we chose them.
    `first` is the longest wait before the second attempt; it doubles with each further one.
    """

    attempts: int = 5
    total: float = 120.0
    first: float = 0.5

    def before_next(
        self, attempt: int, waited: float, method: str, *, keyed: bool, error: CommetctlError
    ) -> float | None:
        """Seconds to wait after a failed attempt, counted from 1; None where the failure is final.

        `keyed` says whether the request carries an `Idempotency-Key`.
        """
        if attempt >= self.attempts:
            return None
        seconds = self._seconds(attempt, method, keyed=keyed, error=error)
        return seconds if seconds is not None and waited + seconds <= self.total else None

    def _seconds(self, attempt: int, method: str, *, keyed: bool, error: CommetctlError) -> float | None:
        if isinstance(error, ApiError) and (error.status == 429 or error.code == "rate_limited"):
            # Exactly as long as the answer says. Where it says nothing, another attempt would only add to the load.
            return error.retry_after
        unsent = isinstance(error, Unreachable) and error.unsent
        may_repeat = method == "GET" or keyed or unsent
        return self._backoff(attempt) if may_repeat and _is_transient(error, method) else None

    def _backoff(self, attempt: int) -> float:
        # Jitter: requests that failed together must not all come back together. Not for secrets.
        return self.first * 2.0 ** (attempt - 1) * random.uniform(0.5, 1.0)  # noqa: S311


def _is_transient(error: CommetctlError, method: str) -> bool:
    match error:
        case Unreachable():
            return error.transient
        case ApiError(code="idempotency_in_progress"):
            return True
        case ApiError(code="idempotency_unavailable"):
            # The key may not have been stored, so a second request may be carried out again: harmless but for a POST.
            return method != "POST"
        case ApiError():
            return error.status in TRANSIENT
        case _:
            return False


def in_doubt(error: CommetctlError) -> bool:
    """Whether a write that failed like this, perhaps after several attempts, may have been carried out all the same."""
    if error.after_doubt:
        return True
    if isinstance(error, Unreachable):
        return not error.unsent
    return isinstance(error, ApiError) and (
        # Any 5xx: proxies have statuses of their own for an answer of the server that they lost, such as 524.
        error.status in TRANSIENT
        or error.status >= 500
        or error.code in ("idempotency_in_progress", "idempotency_unavailable")
    )


def retry_after(header: str | None, date: str | None) -> float | None:
    """The seconds that a `Retry-After` header asks for; None where there is none, or it cannot be read.

    It holds whole seconds or a date, which counts from the `Date` of the same answer, since clocks differ.
    (RFC 9110, 10.2.3)
    """
    if header is None:
        return None
    if header.strip().isdecimal() and header.isascii():
        # More digits than any wait has; `float` would be slow or infinite.
        return float(header) if len(header) < 12 else None
    try:
        at = moment(header)
        now = moment(date) if date else datetime.now(UTC)
    except (TypeError, ValueError, OverflowError):
        return None
    return max(0.0, (at - now).total_seconds())


def moment(text: str) -> datetime:
    """The time in a header, in UTC where it names no zone; raises TypeError, ValueError or OverflowError for none."""
    found = parsedate_to_datetime(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)

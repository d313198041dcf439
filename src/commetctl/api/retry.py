"""Trying again: which failures may be followed by another attempt, and after how long.

The rules are those of the API reference: 408, 5xx and a lost connection are worth another attempt, 429 only when the
answer says how long to wait, and a write only under the same `Idempotency-Key`. A DELETE takes no such key: when it is
not known whether it took, somebody has to look before it is sent again, so it is never repeated here.
"""

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from commetctl.core.errors import ApiError, CommetctlError, Unreachable

#: The statuses of a bad moment.
TRANSIENT = frozenset({408, 500, 502, 503, 504})


@dataclass(frozen=True)
class Patience:
    """How often a request is sent, and how long may be waited, in seconds.

    `attempts` counts the first one too. `total` bounds all waiting for one request, whether the API or we chose the
    time. `first` is the longest wait before the second attempt; it doubles with each.
    """

    attempts: int = 5
    total: float = 120.0
    first: float = 0.5

    def before_next(
        self, attempt: int, waited: float, method: str, *, keyed: bool, error: CommetctlError
    ) -> float | None:
        """How long to wait after the failure of an attempt, counted from 1; None when it is final.

        `keyed` says whether the request carries an `Idempotency-Key`.
        """
        if attempt >= self.attempts:
            return None
        seconds = self._seconds(attempt, method, keyed=keyed, error=error)
        return seconds if seconds is not None and waited + seconds <= self.total else None

    def _seconds(self, attempt: int, method: str, *, keyed: bool, error: CommetctlError) -> float | None:
        if isinstance(error, ApiError) and (error.status == 429 or error.code == "rate_limited"):
            # Exactly as long as it says. Without a word, another attempt would only add to the load.
            return error.retry_after
        unsent = isinstance(error, Unreachable) and error.unsent
        may_repeat = method == "GET" or keyed or unsent
        return self._backoff(attempt) if may_repeat and _is_transient(error, method) else None

    def _backoff(self, attempt: int) -> float:
        # Jitter, so that those who failed together do not come back together. Not for secrets.
        return self.first * 2.0 ** (attempt - 1) * random.uniform(0.5, 1.0)  # noqa: S311


def _is_transient(error: CommetctlError, method: str) -> bool:
    match error:
        case Unreachable():
            return error.transient
        case ApiError(code="idempotency_in_progress"):
            return True
        case ApiError(code="idempotency_unavailable"):
            # The key may not have been noted, so what is sent again may be done again: harmless but for a POST.
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
        # Any 5xx: those in front of a server have statuses of their own for an answer that they lost, such as 524.
        error.status in TRANSIENT
        or error.status >= 500
        or error.code in ("idempotency_in_progress", "idempotency_unavailable")
    )


def retry_after(header: str | None, date: str | None) -> float | None:
    """The seconds that a `Retry-After` header asks for; None when there is none that can be understood.

    It holds whole seconds or a date, which is taken relative to the `Date` of the same answer: clocks differ.
    (RFC 9110, 10.2.3)
    """
    if header is None:
        return None
    if header.strip().isdecimal() and header.isascii():
        # More digits than any wait has, for which `float` would be slow or infinite.
        return float(header) if len(header) < 12 else None
    try:
        at = _moment(header)
        now = _moment(date) if date else datetime.now(UTC)
    except (TypeError, ValueError, OverflowError):
        return None
    return max(0.0, (at - now).total_seconds())


def _moment(text: str) -> datetime:
    found = parsedate_to_datetime(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)

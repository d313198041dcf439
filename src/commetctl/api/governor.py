"""The governor: one limit on the requests in flight, shared by all workers, that gives way when the API asks for it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Governor:
    """Lets at most `most` requests be in flight at once, from however many threads.

    Each time that the API throttles, the limit is halved, down to one, and nobody sends before the time has passed that
    it asks for. Each round of requests that went well raises the limit by one again, up to `most`.
    """

    def __init__(self, most: int = 1) -> None:
        self._most = most
        self._limit = most
        self._in_flight = 0
        self._went_well = 0
        self._not_before = 0.0
        self._stopped = False
        self._changed = threading.Condition()

    @property
    def limit(self) -> int:
        """How many requests may be in flight now."""
        return self._limit

    @property
    def stopped(self) -> bool:
        """Whether nobody is to wait any more."""
        return self._stopped

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a place, and occupy it for the block."""
        with self._changed:
            while self._in_flight >= self._limit or not self._is_time():
                self._changed.wait(self._pause())
            self._in_flight += 1
        try:
            yield
        finally:
            with self._changed:
                self._in_flight -= 1
                self._changed.notify_all()

    def went_well(self) -> None:
        """Note an answer that was not a refusal to serve; a whole round of them raises the limit by one."""
        with self._changed:
            self._went_well += 1
            if self._limit < self._most and self._went_well >= self._limit:
                self._limit += 1
                self._went_well = 0
                self._changed.notify_all()

    def throttled(self, seconds: float) -> None:
        """Halve the limit, and let nobody send for so many seconds."""
        with self._changed:
            now = time.monotonic()
            # Those that were in flight together are told together: that is one sign, not several.
            if now >= self._not_before:
                self._limit = max(1, self._limit // 2)
            self._went_well = 0
            self._not_before = max(self._not_before, now + seconds)

    def wait(self, seconds: float) -> bool:
        """Sleep for so many seconds; False, at once, when the governor is stopped."""
        until = time.monotonic() + seconds
        with self._changed:
            while not self._stopped and (left := until - time.monotonic()) > 0:
                self._changed.wait(left)
            return not self._stopped

    def stop(self) -> None:
        """End all waits: what is in flight comes to its end, and nothing is tried again."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def _is_time(self) -> bool:
        return self._stopped or time.monotonic() >= self._not_before

    def _pause(self) -> float | None:
        """How long until the API wants to be asked again; None when only a place is missing."""
        return None if self._is_time() else max(0.0, self._not_before - time.monotonic())

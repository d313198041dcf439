"""The pace: how many requests a second the API takes, learned from those that it refuses."""

import math
from collections import deque
from contextlib import suppress
from typing import NamedTuple

#: The longest wait, in seconds, from which a rate is learned. A longer one means that a quota is used up.
_SHORT = 2.0
#: The share of the learned rate that is sent, since requests do not arrive as evenly as they are sent.
_SHARE = 0.95
#: How many seconds of delay a later request may make up for.
_LATE = 0.025
#: How many requests the API must have taken before one refusal sets the rate. After fewer, it takes a second refusal.
_ENOUGH = 10
#: After how many seconds without a refusal the rate is raised, and by which share the first time.
_CALM, _MORE = 10.0, 0.01


class _Refusal(NamedTuple):
    """When a request was sent, when it was refused, and for how many seconds."""

    sent: float
    refused: float
    seconds: float


class Pace:
    """When the next request may be sent. All times are in seconds, on any one clock.

    There is no limit until the API refuses a request. If it then asks for a short wait, the rate is set to what it took
    in a time as long as that wait, and requests are sent evenly. Each ten seconds without a refusal raise the rate, by
    twice the share of the time before: slowly near the limit, and soon by much where the limit was somebody else's.
    """

    def __init__(self) -> None:
        #: Requests a second.
        self.rate = math.inf
        #: When the next request may be sent.
        self.not_before = -math.inf
        #: When the requests of the last seconds were sent, but for those that were refused.
        self._sent: deque[float] = deque()
        #: The first refusal since a request was sent.
        self._refusal: _Refusal | None = None
        self._last_refused = self._settled = -math.inf
        self._more = _MORE

    def sent(self, now: float) -> None:
        """Note a request that is sent now."""
        if self._refusal:
            # Only now is it known of all requests that were in flight at the time whether they were refused.
            self._learn(self._refusal, now)
        elif now - self._settled >= _CALM:
            self._settle(self.rate * (1 + self._more), now, self._more * 2)
        while self._sent and self._sent[0] < now - _SHORT:
            self._sent.popleft()
        self._sent.append(now)
        self.not_before = max(self.not_before, now - _LATE) + 1 / self.rate

    def refused(self, sent: float, now: float, seconds: float) -> None:
        """Note now that a request was refused, with a wait of so many seconds for all."""
        with suppress(ValueError):
            self._sent.remove(sent)
        self._refusal = self._refusal or _Refusal(sent, now, seconds)
        self.not_before = max(self.not_before, now + seconds)

    def _learn(self, refusal: _Refusal, now: float) -> None:
        is_first = refusal.sent - self._last_refused >= _CALM
        self._refusal, self._last_refused = None, refusal.sent
        if not 0 < refusal.seconds <= _SHORT:
            return
        # Requests may overtake each other, so those that were sent a little later may have arrived before it.
        taken = sum(refusal.sent - refusal.seconds < at <= refusal.refused for at in self._sent)
        if taken >= _ENOUGH or not is_first:
            self._settle(_SHARE * max(taken, 1) / refusal.seconds, now, _MORE)

    def _settle(self, rate: float, now: float, more: float) -> None:
        self.rate, self._settled, self._more = rate, now, more

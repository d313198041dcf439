"""The pace: how many requests a second the API takes is learned from few refusals, whatever its limit is like."""

import heapq
import random
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Protocol

import pytest

from commetctl.api.pace import Pace

AT_ONCE = 4


class Limit(Protocol):
    """A limit of an API: whether it takes a request that arrives at a time, in seconds."""

    #: The seconds that a refusal asks for.
    wait: float

    def takes(self, at: float) -> bool:
        """Whether a request is taken; one that is not does not count."""


@dataclass
class Sliding:
    """So many in any second, or in any span of as many seconds as `wait`."""

    most: int
    wait: float = 1.0
    passed: deque[float] = field(default_factory=deque)

    def takes(self, at: float) -> bool:
        while self.passed and at - self.passed[0] >= self.wait:
            self.passed.popleft()
        if len(self.passed) >= self.most:
            return False
        self.passed.append(at)
        return True


@dataclass
class Fixed:
    """So many in each second of a clock."""

    most: int
    wait: float = 1.0
    second: int = -1
    count: int = 0

    def takes(self, at: float) -> bool:
        if int(at) != self.second:
            self.second, self.count = int(at), 0
        self.count += 1
        return self.count <= self.most


@dataclass
class Bucket:
    """A bucket of tokens that gains so many a second, and is full at first."""

    most: int
    full: float
    wait: float = 1.0
    tokens: float = -1.0
    filled: float = 0.0

    def takes(self, at: float) -> bool:
        held = self.full if self.tokens < 0 else min(self.full, self.tokens + (at - self.filled) * self.most)
        self.filled = at
        self.tokens = held - 1 if held >= 1 else held
        return held >= 1


@dataclass
class Told:
    """What became of a run: how long it took, and when requests were sent that were refused and taken."""

    seconds: float = 0.0
    refused: list[float] = field(default_factory=list)
    taken: list[float] = field(default_factory=list)

    @property
    def refused_late(self) -> float:
        """The share that was refused of what was sent after ten seconds."""
        late = sum(at > 10 for at in (*self.refused, *self.taken))
        return sum(at > 10 for at in self.refused) / max(1, late)


class World:
    """Four workers that send calls, each again until it is taken, to an API at some distance, on a clock of its own."""

    def __init__(self, limit: Limit, latency: float, seed: int = 1) -> None:
        self.limit, self.latency, self.draw = limit, latency, random.Random(seed)  # noqa: S311
        self.pace = Pace()
        #: What happens next: when, in which order at the same time, and what.
        self.agenda: list[tuple[float, int, Callable[[float], None]]] = []
        self.order = count()

    def run(self, calls: int) -> Told:
        """Send so many calls."""
        self.left, self.told = calls, Told()
        for _ in range(AT_ONCE):
            self.at(0.0, self.free)
        while self.agenda:
            now, _, event = heapq.heappop(self.agenda)
            event(now)
        return self.told

    def at(self, time: float, event: Callable[[float], None]) -> None:
        heapq.heappush(self.agenda, (time, next(self.order), event))

    def free(self, now: float) -> None:
        """A worker has nothing to do, or wakes up."""
        if now < self.pace.not_before:
            # Threads wake up a little late.
            self.at(self.pace.not_before + self.draw.uniform(0, 0.002), self.free)
        elif self.left:
            self.left -= 1
            self.pace.sent(now)
            self.at(now + self.latency * self.draw.uniform(0.4, 0.6), partial(self.arrived, now))

    def arrived(self, sent: float, now: float) -> None:
        """A request has reached the API."""
        event = self.taken if self.limit.takes(now) else self.refused
        self.at(now + self.latency * self.draw.uniform(0.4, 0.6), partial(event, sent))

    def taken(self, sent: float, now: float) -> None:
        """An answer has come."""
        self.told.taken.append(sent)
        self.told.seconds = now
        self.free(now)

    def refused(self, sent: float, now: float) -> None:
        """A refusal has come."""
        self.told.refused.append(sent)
        self.left += 1
        self.pace.refused(sent, now, self.limit.wait)
        self.free(now)


@pytest.mark.parametrize("latency", [0.002, 0.02, 0.05])
@pytest.mark.parametrize(
    "limit",
    [
        *(partial(Sliding, most) for most in (5, 20, 50)),
        partial(Sliding, 100, wait=2.0),
        *(partial(Fixed, most) for most in (20, 50)),
    ],
)
def test_what_the_api_takes_in_a_second_is_nearly_used_and_hardly_ever_exceeded(
    limit: Callable[[], Sliding | Fixed], latency: float
) -> None:
    for seed in range(3):
        one = limit()
        told = World(one, latency, seed).run(int(30 * one.most / one.wait))
        assert told.seconds <= 1.10 * 30
        assert told.refused_late <= 0.01


@pytest.mark.parametrize("latency", [0.002, 0.02, 0.05])
@pytest.mark.parametrize("full", [20, 100])
def test_so_is_what_a_bucket_of_tokens_gains(full: int, latency: float) -> None:
    for seed in range(3):
        told = World(Bucket(20, full), latency, seed).run(600)
        assert told.seconds <= 1.10 * 30
        # An empty bucket refuses all that are on their way.
        assert told.refused_late <= 0.02


def sent(pace: Pace, times: Iterable[float]) -> None:
    for time in times:
        pace.sent(time)


def test_until_a_request_is_refused_there_is_no_limit() -> None:
    pace = Pace()
    sent(pace, [0.0] * 1000)
    assert pace.not_before <= 0


def test_after_a_short_wait_as_many_are_sent_as_were_taken_in_that_time() -> None:
    pace = Pace()
    sent(pace, [0.0, *(1 + n / 100 for n in range(21))])
    pace.refused(1.2, 1.25, 1)
    assert pace.not_before == 2.25
    pace.sent(2.25)
    assert pace.rate == pytest.approx(0.95 * 20)
    assert pace.not_before == pytest.approx(2.25 + 1 / 19)


def test_requests_that_are_refused_together_are_not_counted_and_teach_once() -> None:
    pace = Pace()
    sent(pace, [n / 100 for n in range(24)])
    for n in (20, 21, 23, 22):
        pace.refused(n / 100, 0.3, 1)
    pace.sent(1.3)
    assert pace.rate == pytest.approx(0.95 * 20)


@pytest.mark.parametrize("seconds", [0, 3, 60])
def test_another_wait_says_nothing_of_how_many_a_second_are_taken(seconds: float) -> None:
    pace = Pace()
    sent(pace, [n / 100 for n in range(21)])
    pace.refused(0.2, 0.2, seconds)
    assert pace.not_before == pytest.approx(0.2 + seconds)
    pace.sent(100.0)
    assert pace.not_before <= 100


def test_one_refusal_at_the_start_may_be_chance_and_a_second_one_is_not() -> None:
    pace = Pace()
    sent(pace, [0.0, 0.1])
    pace.refused(0.1, 0.1, 1)
    pace.sent(1.1)
    assert pace.not_before <= 1.1
    sent(pace, [1.2, 1.3, 1.4])
    pace.refused(1.4, 1.4, 1)
    pace.sent(2.4)
    assert pace.rate == pytest.approx(0.95 * 3)


def test_what_was_learned_is_forgotten_within_two_minutes_without_a_refusal() -> None:
    """Somebody else may have used up the limit."""
    limit = Sliding(20)
    world = World(limit, 0.002)
    world.run(40)
    limit.most = 10**6
    began = world.told.seconds
    assert world.run(10_000).taken[-1] - began < 120
    assert world.pace.rate > 400


def test_a_request_that_is_late_does_not_make_the_next_one_late() -> None:
    pace = Pace()
    sent(pace, [n / 100 for n in range(21)])
    pace.refused(0.2, 0.2, 1)
    times, now = [], 1.2
    for _ in range(100):
        now = max(now, pace.not_before) + 0.02
        pace.sent(now)
        times.append(now)
    assert (len(times) - 1) / (times[-1] - times[0]) == pytest.approx(19, rel=0.01)

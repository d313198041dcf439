"""The governor: never more in flight than allowed, half as many after a refusal, all of them again in time."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from commetctl.api.pacing import Governor

TIMEOUT = 20


class Crowd:
    """How many are inside at once, and how many have been at most."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.inside = self.most = 0

    def enter(self, governor: Governor, meet: Callable[[], object]) -> None:
        with governor.turn():
            with self.lock:
                self.inside += 1
                self.most = max(self.most, self.inside)
            meet()
            with self.lock:
                self.inside -= 1


def crowded(governor: Governor, visitors: int, together: int) -> int:
    """Send visitors in, `together` of whom wait for each other inside; how many were there at once."""
    crowd, barrier = Crowd(), threading.Barrier(together)
    with ThreadPoolExecutor(visitors) as pool:
        for future in [pool.submit(crowd.enter, governor, lambda: barrier.wait(TIMEOUT)) for _ in range(visitors)]:
            future.result(TIMEOUT)
    return crowd.most


@pytest.mark.parametrize("most", [1, 2, 4])
def test_as_many_as_allowed_are_in_flight_and_no_more(most: int) -> None:
    assert crowded(Governor(most), visitors=4 * most, together=most) == most


def test_throttling_halves_the_limit_down_to_one() -> None:
    governor = Governor(8)
    seen = []
    for _ in range(5):
        governor.throttled(0)
        seen.append(governor.limit)
    assert seen == [4, 2, 1, 1, 1]
    assert crowded(governor, visitors=4, together=1) == 1


def test_those_who_were_told_together_count_once() -> None:
    governor = Governor(8)
    for _ in range(8):
        governor.throttled(60)
    assert governor.limit == 4


def test_each_round_that_went_well_gives_one_place_back() -> None:
    governor = Governor(4)
    governor.throttled(0)
    governor.throttled(0)
    limits = []
    for _ in range(8):
        governor.went_well()
        limits.append(governor.limit)
    assert limits == [2, 2, 3, 3, 3, 4, 4, 4]


def test_nobody_sends_before_the_time_that_was_asked_for_or_the_end_of_all_waiting() -> None:
    governor = Governor(4)
    governor.throttled(3600)
    went = threading.Event()

    def send() -> None:
        with governor.turn():
            went.set()

    thread = threading.Thread(target=send)
    thread.start()
    assert not went.wait(0.05)
    governor.stop()
    assert went.wait(TIMEOUT)
    thread.join(TIMEOUT)


def test_once_throttled_requests_are_sent_no_faster_than_they_were_taken() -> None:
    governor = Governor(4)
    for _ in range(21):
        with governor.turn():
            pass
    governor.throttled(1)
    times = []
    for _ in range(5):
        with governor.turn():
            times.append(time.monotonic())
    # The first one may have been a little late.
    assert times[-1] - times[0] > 4 / 20 - 0.03


def test_a_wait_ends_at_once_when_the_governor_is_stopped() -> None:
    governor = Governor(1)
    assert governor.wait(0.001) is True
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(governor.wait, 3600)
        governor.stop()
        assert waiting.result(TIMEOUT) is False
    assert governor.wait(3600) is False

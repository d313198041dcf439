"""Workers: threads that take steps side by side, each the next one as soon as it has ended the last."""

import threading
from collections.abc import Callable, Iterator
from queue import SimpleQueue

from commetctl.core.call import Step


class Workers:
    """Takes steps on threads of their own.

    `take` takes a step, and reports its own errors; any that it raises is a bug, which `wait` raises again. `advance`
    is called with a step that has ended, or with None at the start, and with how many are at work; it returns the steps
    to start now. It is called by the worker that ended the step, which goes on with the first of them itself: no
    request waits until the outcomes of others are shown.

    The threads do not keep the process alive, so that a second interrupt can end it while they wait for an answer.
    """

    def __init__(self, take: Callable[[Step], None], advance: Callable[[Step | None, int], list[Step]]) -> None:
        self._take = take
        self._advance = advance
        self._lock = threading.Lock()
        self._ended: SimpleQueue[Step | BaseException] = SimpleQueue()
        self._at_work: list[Step] = []
        self._closed = False

    @property
    def at_work(self) -> tuple[Step, ...]:
        """The steps that are under way, oldest first."""
        with self._lock:
            return tuple(self._at_work)

    def start(self) -> None:
        """Start the first steps."""
        self._on_threads(self._next(None))

    def close(self) -> None:
        """Start no further step. Those under way are finished."""
        with self._lock:
            self._closed = True

    def wait(self) -> Step | None:
        """The next step that ends, in the order in which they do; None once all have."""
        with self._lock:
            if not self._at_work and self._ended.empty():
                return None
        return self._received()

    def ended(self) -> Iterator[Step]:
        """The steps that have ended by now, and that `wait` has not returned."""
        while not self._ended.empty():
            yield self._received()

    def _received(self) -> Step:
        ended = self._ended.get()
        if isinstance(ended, BaseException):
            raise ended
        return ended

    def _work(self, step: Step) -> None:
        steps = [step]
        try:
            while steps:
                self._take(steps[0])
                steps = self._next(steps[0])
                self._on_threads(steps[1:])
        except BaseException as error:
            self.close()
            self._ended.put(error)

    def _next(self, ended: Step | None) -> list[Step]:
        """Note the end of a step, and the start of others."""
        with self._lock:
            others = len(self._at_work) - (1 if ended else 0)
            steps = [] if self._closed else self._advance(ended, others)
            if ended:
                self._at_work.remove(ended)
                self._ended.put(ended)
            self._at_work += steps
        return steps

    def _on_threads(self, steps: list[Step]) -> None:
        for step in steps:
            threading.Thread(target=self._work, args=(step,), daemon=True).start()

"""Workers: threads that each do one piece of work at a time and report how it ended."""

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Generic, TypeVar

Work = TypeVar("Work")


class Workers(Generic[Work]):
    """At most `most` pieces of work at once, each on a thread of its own.

    `do` must not raise what it can report; what it raises all the same is raised again by `wait`. The threads do not
    keep the process alive: whoever gives up waiting can leave.
    """

    def __init__(self, most: int, do: Callable[[Work], None]) -> None:
        self._most = most
        self._do = do
        self._ended: SimpleQueue[tuple[Work, BaseException | None]] = SimpleQueue()
        self._at_work: list[Work] = []

    @property
    def at_work(self) -> tuple[Work, ...]:
        """What is being done, oldest first."""
        return tuple(self._at_work)

    @property
    def has_room(self) -> bool:
        """Whether another piece can be started."""
        return len(self._at_work) < self._most

    def start(self, work: Work) -> None:
        """Begin a piece of work."""
        self._at_work.append(work)
        threading.Thread(target=self._run, args=(work,), daemon=True).start()

    def wait(self) -> Work:
        """The next piece that ends."""
        work, error = self._ended.get()
        self._at_work.remove(work)
        if error:
            raise error
        return work

    def _run(self, work: Work) -> None:
        try:
            self._do(work)
        except BaseException as error:
            self._ended.put((work, error))
        else:
            self._ended.put((work, None))

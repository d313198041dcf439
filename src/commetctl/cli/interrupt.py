"""Interruption: the first Ctrl-C, or the first request to end, asks a run to come to its end; the second leaves it."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def say_at_once(text: str) -> None:
    """Write to stderr from within a signal handler, where the usual way may be in the middle of a line."""
    with suppress(OSError, ValueError, AttributeError):
        os.write(sys.stderr.fileno(), text.encode())


@contextmanager
def interruptible(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` on the first signal in the block, and raise KeyboardInterrupt on the second.

    What is between a request and its answer must not be torn apart by an exception, so the first one raises none.
    """
    if threading.current_thread() is not threading.main_thread():
        # Only the main thread hears signals.
        yield
        return
    asked = False

    def hear(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True
        stop()

    former = {number: signal.signal(number, hear) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)

"""The console: how use cases talk to whoever started the command."""

import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType
from typing import TextIO

import click

from commetctl.core.change import Outcome
from commetctl.core.text import printable
from commetctl.render.terminal import Style, outcome_line

Show = Callable[[Outcome], None]
_UP = "\x1b[1A"
_INTERRUPTED = "\n  interrupted: finishing the requests in flight; press Ctrl-C again to quit at once\n"


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a stream is a terminal; it is None where it was closed before the start."""
    return stream is not None and stream.isatty()


@dataclass
class Console:
    """The reporter of a command. Only questions and their cautions are shown where it is `silent`.

    `text` is what is about to be done; it is empty once it was shown.
    """

    style: Style
    silent: bool
    text: str = ""

    @property
    def can_ask(self) -> bool:
        """Whether there is a terminal to read a question and to answer it."""
        return is_terminal(sys.stdin) and is_terminal(sys.stderr)

    def show(self) -> None:
        """Show the text, unless that was done before."""
        if self.text and not self.silent:
            click.echo(self.text)
            click.echo(err=True)
        self.text = ""

    def say(self, text: str) -> None:
        """Say one line about the run."""
        if not self.silent:
            click.echo(printable(f"  {text}"), err=True)

    def confirm(self, question: str, *, word: str = "", caution: str = "") -> bool:
        """Ask, and say whether the answer was yes, or exactly the `word`, in any case of letters."""
        if caution and self.silent:
            click.echo(printable(caution), err=True)
        asked = f'{question} Type "{word}" to go on' if word else f"{question} [y/N]"
        answer: str = click.prompt(printable(asked), default="", show_default=False, err=True)
        return answer.strip().lower() in ([word] if word else ["y", "yes"])

    @contextmanager
    def progress(self, total: int, stop: Callable[[], None]) -> Iterator[Show]:
        """A line for each outcome, and on a terminal a bar below them; calls `stop` at the first interrupt."""

        def heard() -> None:
            stop()
            if not self.silent:
                _say_at_once(_INTERRUPTED)

        with interruptible(heard):
            if self.silent:
                yield lambda _: None
            elif is_terminal(sys.stderr) and os.environ.get("TERM") != "dumb":
                yield from _bar(total, self._line)
            else:
                yield self._line

    def _line(self, outcome: Outcome) -> None:
        # A reader that has gone is no reason to stop half way.
        with suppress(OSError):
            click.echo(outcome_line(outcome, self.style), err=True)


def _bar(total: int, line: Show) -> Iterator[Show]:
    """A bar below the lines, which is gone in the end."""

    def clear() -> None:
        sys.stderr.write("\r" + " " * (shutil.get_terminal_size().columns - 1) + "\r")

    with click.progressbar(
        length=total, label="  applying", show_eta=False, show_percent=False, show_pos=True, file=sys.stderr
    ) as bar:

        def show(outcome: Outcome) -> None:
            with suppress(OSError):
                clear()
                line(outcome)
                bar.update(1)

        yield show
        with suppress(OSError):
            clear()
    # The bar ends its line, which is empty by now.
    with suppress(OSError):
        sys.stderr.write(_UP)
        sys.stderr.flush()


def _say_at_once(text: str) -> None:
    """Write to stderr from within a signal handler, where the usual way may be in the middle of a line."""
    with suppress(OSError, ValueError, AttributeError):
        os.write(sys.stderr.fileno(), text.encode())


@contextmanager
def interruptible(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` at the first SIGINT or SIGTERM in the block, and raise KeyboardInterrupt at the second.

    An exception must not come between a request and its answer, so the first signal raises none.
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

    former = {number: signal.signal(number, hear) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)

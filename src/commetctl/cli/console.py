"""The console: how use cases talk to the user of the command."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import FrameType
from typing import TextIO

import click

from commetctl.cli.progress import can_redraw, wipe
from commetctl.cli.telling import more
from commetctl.core.change import Failed, Outcome, Skipped
from commetctl.core.errors import CommetctlError
from commetctl.core.text import printable
from commetctl.render.terminal import Style, outcome_line, skipped_line

Show = Callable[[Outcome], None]
_UP = "\x1b[1A"
#: How far what belongs to an outcome is indented, in columns: as its address.
_UNDER = 11
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
    #: The errors that were shown, with the changes that they made fail.
    _said: list[CommetctlError] = field(default_factory=list)
    #: Changes that were skipped because the run stopped, which are counted in the end.
    _skipped: list[Skipped] = field(default_factory=list)

    def has_said(self, error: CommetctlError) -> bool:
        """Whether an error was shown as the outcome of a change."""
        return any(error is said for said in self._said)

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
                return
            if can_redraw(sys.stderr):
                yield from _bar(total, self._outcome)
            else:
                yield self._outcome
        self._count_skipped()

    def _outcome(self, outcome: Outcome) -> None:
        match outcome:
            case Skipped(of_run=True, left=None):
                self._skipped.append(outcome)
            case Failed(error=error):
                self._lines(outcome_line(outcome, self.style), *([] if self.has_said(error) else self._more(error)))
                self._said.append(error)
            case _:
                self._lines(outcome_line(outcome, self.style))

    def _more(self, error: CommetctlError) -> Iterator[str]:
        """What to do about an error, and what support asks for, below its line."""
        for label, text in more(error).items():
            yield from self.style.wrapped(f"{label}: {text}", _UNDER)

    def _count_skipped(self) -> None:
        if len(self._skipped) == 1:
            self._lines(outcome_line(self._skipped[0], self.style))
        elif self._skipped:
            self._lines(skipped_line(self._skipped, self.style))

    def _lines(self, *lines: str) -> None:
        # A reader that has gone is no reason to stop half way.
        with suppress(OSError):
            for line in lines:
                click.echo(line, err=True)


def _bar(total: int, line: Show) -> Iterator[Show]:
    """A bar below the lines, which is gone in the end."""

    with click.progressbar(
        length=total, label="  applying", show_eta=False, show_percent=False, show_pos=True, file=sys.stderr
    ) as bar:

        def show(outcome: Outcome) -> None:
            with suppress(OSError):
                wipe()
                line(outcome)
                bar.update(1)

        yield show
        with suppress(OSError):
            wipe()
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

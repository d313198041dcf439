"""Progress of an apply: a bar on a terminal, one line for each finished change everywhere."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import click

from commetctl.cli.options import is_terminal
from commetctl.core.change import Outcome
from commetctl.render.outcomes import outcome_line
from commetctl.render.style import Style

Show = Callable[[Outcome], None]
_UP = "\x1b[1A"


@contextmanager
def progress(total: int, style: Style, *, silent: bool) -> Iterator[Show]:
    """A function to call with each outcome; writes to stderr."""

    def line(outcome: Outcome) -> None:
        # A reader that has gone is no reason to stop half way.
        with suppress(OSError):
            click.echo(outcome_line(outcome, style), err=True)

    if silent:
        yield lambda _: None
    elif is_terminal(sys.stderr) and os.environ.get("TERM") != "dumb":
        yield from _bar(total, line)
    else:
        yield line


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

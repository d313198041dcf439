"""Progress of an apply: a bar on a terminal, one line for each finished change elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import click

from commetctl.cli.options import is_terminal
from commetctl.core.change import Outcome
from commetctl.render.outcomes import outcome_line
from commetctl.render.style import Style

Show = Callable[[Outcome], None]


@contextmanager
def progress(total: int, style: Style, *, silent: bool) -> Iterator[Show]:
    """A function to call with each outcome; writes to stderr."""
    if silent:
        yield lambda _: None
    elif not is_terminal(sys.stderr):

        def line(outcome: Outcome) -> None:
            # Nobody listens any more: no reason to stop half way.
            with suppress(OSError):
                click.echo(outcome_line(outcome, style), err=True)

        yield line
    else:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
        from rich.text import Text

        console = Console(stderr=True, no_color=not style.color, highlight=False)
        columns = (TextColumn("  applying"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task("apply", total=total)

            def show(outcome: Outcome) -> None:
                bar.advance(task)
                bar.console.print(Text.from_ansi(outcome_line(outcome, style)))

            yield show

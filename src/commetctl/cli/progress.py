"""The line that says what is being read, on a terminal, and that is gone before anything else is written."""

import os
import shutil
import sys
from contextlib import suppress
from typing import TextIO

from commetctl.core.text import printable


def can_redraw(stream: TextIO | None) -> bool:
    """Whether a line of a stream can be written over: it is a terminal, and not a dumb one."""
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


def wipe() -> None:
    """Clear the last line of stderr."""
    sys.stderr.write("\r" + " " * (shutil.get_terminal_size().columns - 1) + "\r")


class ReadingLine:
    """A line on stderr: called with its text, or with nothing to clear it."""

    def __init__(self) -> None:
        self._stands = False

    def __call__(self, text: str = "") -> None:
        """Replace the line by the text."""
        # A reader that has gone is no reason to stop.
        with suppress(OSError):
            if self._stands:
                wipe()
            self._stands = bool(text)
            if text:
                # A line that wraps could not be taken away.
                sys.stderr.write(f"  {printable(text)}"[: shutil.get_terminal_size().columns - 1])
            sys.stderr.flush()

"""The standard streams: what happens where they were closed, or cannot be written."""

import errno
import os
import sys
from io import TextIOBase, TextIOWrapper
from pathlib import Path
from typing import BinaryIO

import click

from commetctl.core import exits


class Closed(TextIOBase):
    """A standard output that was closed before the start: every write to it fails."""

    @property
    def buffer(self) -> BinaryIO:
        """Raises OSError: there is nothing to write bytes to either."""
        raise self._error()

    def write(self, _text: str) -> int:
        """Raises OSError."""
        raise self._error()

    def _error(self) -> OSError:
        return OSError(errno.EBADF, "standard output is closed")


def prepare() -> None:
    """Make the streams ready: output that is lost raises OSError, and a character that an encoding lacks never does."""
    if sys.stdout is None:
        # Otherwise click writes nothing, without a word.
        sys.stdout = Closed()
    for stream in (sys.stdout, sys.stderr):
        # A terminal or file of an older encoding gets `\u2192` for a character that it lacks.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def forced_color() -> bool | None:
    """Whether the environment wants colours wherever the output goes, or none; None where it leaves that open."""
    if os.environ.get("NO_COLOR"):
        return False
    forced = any(os.environ.get(name, "") not in ("", "0", "false") for name in ("FORCE_COLOR", "CLICOLOR_FORCE"))
    return True if forced else None


def unwritable(error: OSError) -> int:
    """Say that the output could not be written, unless its reader has gone; the exit code.

    It is the same whatever the run came to: output that nobody has must not pass for a success.
    """
    # Or the interpreter tries to write the rest at the end, and complains.
    sys.stdout = _nowhere()
    try:
        if error.errno != errno.EPIPE:
            click.echo(f"error: the output cannot be written: {error.strerror}", err=True)
        if sys.stderr:
            sys.stderr.flush()
    except OSError:
        sys.stderr = _nowhere()
    return exits.FAILED


def _nowhere() -> TextIOWrapper:
    return Path(os.devnull).open("w", encoding="utf-8")

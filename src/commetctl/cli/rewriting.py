"""Rewriting the files of a catalog: whole or not at all, and only while they are still what was read."""

import stat
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from commetctl.catalog.source import LARGEST_FILE
from commetctl.core.errors import CommetctlError, Refused
from commetctl.core.files import draft

_HINT = "name the file itself with `-f FILE`"


def content(path: Path) -> bytes | None:
    """The content of a file that may be rewritten; None where there is none yet.

    Raises CommetctlError for what is not a regular file, or a link to somewhere else.
    """
    try:
        place = _place(path)
        if not place.exists():
            return None
        if not stat.S_ISREG(place.stat().st_mode):
            raise CommetctlError(f"{path} is not a regular file", _HINT, code="no_file")
        with place.open("rb") as file:
            return file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise CommetctlError(f"{path} cannot be read: {error.strerror}", code="no_file") from None


def write(path: Path, before: bytes | None, after: bytes) -> None:
    """Write a file in one move, with the permissions that it had.

    Raises Refused when it is not as it was read any more, and CommetctlError where it cannot be written.
    """
    write_all({path: (before, after)})


def write_all(files: Mapping[Path, tuple[bytes | None, bytes]]) -> None:
    """The same for several files, each before and after: none is replaced until all of them can be."""
    path = next(iter(files), Path())
    try:
        with ExitStack() as drafts:
            written = {}
            for path, (before, after) in files.items():
                place = _place(path)
                written[path] = drafts.enter_context(draft(place, after))
                if before is not None:
                    written[path].chmod(stat.S_IMODE(place.stat().st_mode))
            for path, (before, _) in files.items():
                if content(path) != before:
                    raise Refused(f"{path} was changed while this ran", "run it again", code="file_changed")
            for path, new in written.items():
                new.replace(_place(path))
    except OSError as error:
        raise CommetctlError(f"{path} cannot be written: {error.strerror}", code="out_unwritable") from None


def _place(path: Path) -> Path:
    """Where a file really is: a link may lead to another name in the same folder, and nowhere else."""
    if not path.is_symlink():
        return path
    real = path.resolve()
    if real.parent != path.parent.resolve() or not real.exists():
        raise CommetctlError(f"{path} is a link to somewhere else, so it is left alone", _HINT, code="file_elsewhere")
    return real

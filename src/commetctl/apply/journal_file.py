"""Journals as files: readable by their owner only, on the disk before anything is sent, one run at a time."""

import errno
import json
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

#: The journal of the largest catalog is a few megabytes.
_LARGEST = 64_000_000


def content(path: Path) -> bytes:
    """The content of a private file. Raises OSError for any other file, a link, a pipe or a device."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        if not _is_private(descriptor):
            raise OSError
        return file.read(_LARGEST)


@contextmanager
def created(path: Path) -> Iterator[int]:
    """A new private file, open for writing lines at its end; raises OSError where there can be none."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        if not _is_private(descriptor):
            # The next run would not believe it.
            raise PermissionError(errno.EPERM, "the folder cannot be made private")
        yield descriptor
    finally:
        os.close(descriptor)


def write(descriptor: int, line: Mapping[str, Any]) -> None:
    """Write a line, which survives the end of this process; safe to use from several threads."""
    # One call, so that the lines of several threads do not mix.
    os.write(descriptor, _line(line))


def force(descriptor: int) -> None:
    """Wait until all lines that were written are on the disk, where they survive a power cut."""
    os.fsync(descriptor)


def append(path: Path, line: Mapping[str, Any]) -> None:
    """Write a line at the end of a file that another run left, perhaps in the middle of a line."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW)
    try:
        os.write(descriptor, b"\n" + _line(line))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync(folder: Path) -> None:
    """Wait until the names in a folder are on the disk, without which a power cut could take a new file away."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def occupied(path: Path) -> Iterator[None]:
    """Keep other processes out for the block. The system lets them in when this process ends, however it does.

    Raises BlockingIOError when another process is in. The file itself stays: deleting it would let two in.
    """
    import fcntl

    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def _is_private(descriptor: int) -> bool:
    """Whether an open file is a regular one, ours, and closed to everybody else."""
    about = os.fstat(descriptor)
    return stat.S_ISREG(about.st_mode) and not about.st_mode & 0o077 and about.st_uid == os.geteuid()


def _line(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode() + b"\n"

"""Files that are written whole or not at all, and never in the place of somebody else's."""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from commetctl.core.errors import CommetctlError

#: What a file may be read and written by, before the umask takes away.
EVERYBODY, OWNER = 0o666, 0o600


@contextmanager
def draft(path: Path, content: bytes, mode: int = EVERYBODY) -> Iterator[Path]:
    """A file beside `path` with the content, which is on the disk; gone in the end, unless it was given the name.

    Raises OSError where there cannot be one.
    """
    place = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield place
    finally:
        # Not even an interrupt leaves it behind.
        with suppress(OSError):
            place.unlink(missing_ok=True)


def write_own(path: Path, content: bytes, what: str, is_own: Callable[[Path], bool], mode: int = EVERYBODY) -> None:
    """Write a file in one move, in the place of nothing or of one that `is_own` knows as `what`.

    Raises CommetctlError where something else is there, a link included, and where it cannot be written.
    """
    try:
        if path.is_symlink() or (path.exists() and not (path.is_file() and is_own(path))):
            raise CommetctlError(
                f"{path} exists and is not {what}, so it is left alone", "give `--out` another name", code="out_taken"
            )
        with draft(path, content, mode) as written:
            written.replace(path)
    except OSError as error:
        raise CommetctlError(f"{path} cannot be written: {error.strerror}", code="out_unwritable") from None

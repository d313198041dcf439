"""Writing files: whole or not at all, and never over a file of somebody else."""

import os
import secrets
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from commetctl.core.errors import CommetctlError, Refused

#: The permissions of a new file, before the umask takes away.
EVERYBODY, OWNER = 0o666, 0o600
#: The most bytes that the files of a catalog may have together; ten thousand lines are about 300 kB.
LARGEST_FILE = 8 * 1024 * 1024
_HINT = "name the file itself with `-f FILE`"


@contextmanager
def draft(path: Path, content: bytes, mode: int = EVERYBODY) -> Iterator[Path]:
    """A file beside `path` with the content, synced to disk; deleted at the end, unless it was renamed.

    Raises OSError where it cannot be made.
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
        # Also after an interrupt.
        with suppress(OSError):
            place.unlink(missing_ok=True)


def write_own(path: Path, content: bytes, what: str, is_own: Callable[[Path], bool], mode: int = EVERYBODY) -> None:
    """Write a file in one move, over nothing or over a file that `is_own` recognises as `what`.

    Raises CommetctlError where something else is there, a link included, and where it cannot be written.
    """
    try:
        if path.is_symlink() or (path.exists() and not (path.is_file() and is_own(path))):
            raise CommetctlError(
                f"{path} exists and is not {what}, so it is left unchanged",
                "give `--out` another name",
                code="out_taken",
            )
        with draft(path, content, mode) as written:
            written.replace(path)
    except OSError as error:
        raise CommetctlError(f"{path} cannot be written: {error.strerror}", code="out_unwritable") from None


def content(path: Path) -> bytes | None:
    """The content of a file that may be replaced; None where there is no file.

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


def replace_all(files: Mapping[Path, tuple[bytes | None, bytes]]) -> None:
    """Write files, each before and after, with the permissions that they had: none is replaced until all can be.

    Raises Refused where one has changed since it was read, and CommetctlError where one cannot be written.
    """
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


def real(path: Path) -> Path:
    """The path that links lead to. `Path.resolve` fails for a link to itself; such a path stays as it is."""
    return Path(os.path.realpath(path))


def _place(path: Path) -> Path:
    """Where a file really is: a link may lead to another name in the same folder, and nowhere else."""
    if not path.is_symlink():
        return path
    place = real(path)
    if place.parent != real(path.parent) or not place.exists():
        raise CommetctlError(
            f"{path} is a link to another place, so it is left unchanged", _HINT, code="file_elsewhere"
        )
    return place


def taken(folder: Path, names: Iterable[str]) -> set[str]:
    """Which of the names are taken, also by a link to nowhere.

    Raises CommetctlError where the folder, or one on the way to a name, is something else or leads elsewhere.
    """
    if os.path.lexists(folder) and not folder.is_dir():
        raise CommetctlError(f"{folder} is not a folder", "name a folder, or one that can be created", code="no_folder")
    for name in names:
        for parent in [folder / part for part in Path(name).parents][:-1]:
            if parent.is_symlink() or (os.path.lexists(parent) and not parent.is_dir()):
                raise CommetctlError(
                    f"{parent} is not a real folder, so nothing can be written into it",
                    "leave that file out with `--ci none`, or name another folder",
                    code="no_folder",
                )
    return {name for name in names if os.path.lexists(folder / name)}


def create_all(folder: Path, files: Mapping[str, str]) -> None:
    """Create files in this order, and the folders that they need.

    Raises CommetctlError where one cannot be created; those created before it are deleted then.
    """
    made: list[Path] = []
    try:
        _make_folder(folder, made)
        for name, text in files.items():
            _make_folder((folder / name).parent, made)
            _make_file(folder / name, text, made)
    except BaseException:
        # Also after an interrupt.
        for path in reversed(made):
            with suppress(OSError):
                path.rmdir() if path.is_dir() else path.unlink()
        raise


def _make_folder(path: Path, made: list[Path]) -> None:
    try:
        if path.is_dir():
            return
        try:
            path.mkdir()
        except FileNotFoundError:
            _make_folder(path.parent, made)
            path.mkdir()
    except OSError as error:
        raise _unwritable(path, error) from None
    made.append(path)


def _make_file(path: Path, text: str, made: list[Path]) -> None:
    try:
        with draft(path, text.encode()) as written:
            _name(written, path)
            made.append(path)
    except FileExistsError:
        message = f"{path} was created while this ran, so it is left unchanged"
        raise CommetctlError(message, "run it again", code="file_changed") from None
    except OSError as error:
        raise _unwritable(path, error) from None


def _name(written: Path, path: Path) -> None:
    """Give a file its name, unless something has that name; a rename alone would replace it."""
    try:
        path.hardlink_to(written)
    except FileExistsError:
        raise
    except OSError:
        # Not every file system has links.
        if os.path.lexists(path):
            raise FileExistsError from None
        written.rename(path)


def _unwritable(path: Path, error: OSError) -> CommetctlError:
    message = f"{path} cannot be written: {error.strerror}"
    return CommetctlError(message, "everything was removed again; name another folder", code="out_unwritable")

"""Making the first files of a folder: all of them or none, each whole, and never in the place of one that is there."""

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from commetctl.core.errors import CommetctlError
from commetctl.core.files import draft


def there(folder: Path, names: Iterable[str]) -> set[str]:
    """Which of the names are taken, be it by a link to nowhere.

    Raises CommetctlError where the folder, or one on the way to a name, is something else or leads elsewhere.
    """
    if os.path.lexists(folder) and not folder.is_dir():
        raise CommetctlError(f"{folder} is not a folder", "name a folder, or one that is to be made", code="no_folder")
    for name in names:
        for parent in [folder / part for part in Path(name).parents][:-1]:
            if parent.is_symlink() or (os.path.lexists(parent) and not parent.is_dir()):
                raise CommetctlError(
                    f"{parent} is not a folder of its own, so nothing can be put there",
                    "leave that file out with `--ci none`, or name another folder",
                    code="no_folder",
                )
    return {name for name in names if os.path.lexists(folder / name)}


def make(folder: Path, files: Mapping[str, str]) -> None:
    """Make files in a folder, which is made too, in this order.

    Raises CommetctlError where one cannot be made; what was made before it is taken back then.
    """
    made: list[Path] = []
    try:
        _make_folder(folder, made)
        for name, text in files.items():
            _make_folder((folder / name).parent, made)
            _make_file(folder / name, text, made)
    except BaseException:
        # An interrupt too leaves nothing behind.
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
        message = f"{path} came to be while this ran, so it is left alone"
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
    return CommetctlError(message, "nothing was left behind; name another folder", code="out_unwritable")

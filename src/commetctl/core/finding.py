"""Finding the catalog where none is named: in this folder, or in one above it, up to the root of the repository."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commetctl.core.errors import CommetctlError

#: The names of a catalog; the first is that of a new one.
NAMES = ("commet.yaml", "commet.yml")
_ROOT = ".git"


def catalogs() -> list[Path]:
    """The catalogs of the nearest folder that has one, by paths from this folder; more than one where it has both."""
    for levels, folder in enumerate(folders()):
        if found := [name for name in NAMES if os.path.lexists(folder / name)]:
            return [Path(*[os.pardir] * levels, name) for name in found]
    return []


def folders() -> list[Path]:
    """The folders to look in: this one, and those above it in the same repository, of the same owner.

    Without a repository it is this one alone, and a folder of somebody else ends the search: a catalog from there is
    not what anybody here means to apply.
    """
    try:
        here = Path.cwd()
    except OSError:
        # The folder is gone.
        return []
    found = []
    for folder in _with_one_owner(here):
        found.append(folder)
        if os.path.lexists(folder / _ROOT):
            return found
    return [here]


def _with_one_owner(here: Path) -> Iterator[Path]:
    yield here
    try:
        owner = here.stat().st_uid
        for folder in here.parents:
            if folder.stat().st_uid != owner:
                return
            yield folder
    except OSError:
        return


def missing(name: str) -> "CommetctlError":
    """The error for a catalog that does not exist; for the usual name, with where it was looked for."""
    # Help needs the names alone, and is instant.
    from commetctl.core.errors import CommetctlError

    message, new = f"{name} does not exist", "`commetctl init` makes a new one"
    if name != NAMES[0]:
        return CommetctlError(message, f"name the catalog with `-f FILE`; {new}", code="no_file")
    found = [path for path in catalogs() if str(path) != name]
    if found:
        return CommetctlError(message, f"there is {found[0]}: leave out `-f`", code="no_file")
    searched = folders() or [Path()]
    looked = f"looked for {' and '.join(NAMES)} in {searched[0]}"
    looked += f" and the folders above it, up to {searched[-1]}" if len(searched) > 1 else ""
    return CommetctlError(f"{message}: {looked}", f"{new}; `-f FILE` names another one", code="no_file")

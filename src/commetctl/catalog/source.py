"""Sources: where the files of a catalog come from; `revision` has those in git.

A catalog names its other files by paths relative to itself. These stay in its folder, end in .yaml or .yml, and are not
hidden, so that no catalog can read any other file.
"""

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import NamedTuple, Protocol

from commetctl.catalog.paths import CHANGES, checked, is_overlay, mains, outside, overlay_name, unfit
from commetctl.core.environment import NAME as ENVIRONMENT
from commetctl.core.errors import CommetctlError, InvalidCatalog, Problem
from commetctl.core.files import LARGEST_FILE, real
from commetctl.core.finding import missing
from commetctl.core.resource import Origin

#: How many levels deep a file may be nested.
DEEPEST = 24
#: Why what stands in place of the folder of changes cannot be it.
NO_FOLDER = "is not a folder"
_LINK = "is a link to a place outside the folder of the catalog"


class Entry(NamedTuple):
    """Something in the folder of changes: a file, or what is no file of a change, for the reason in `why`."""

    name: str
    source: "Source | None" = None
    why: str = ""


class Source(Protocol):
    """A file of a catalog, and the way to the files beside it."""

    @property
    def name(self) -> str:
        """Its name in messages."""

    def content(self) -> bytes:
        """Its bytes, but little more than a catalog may have; raises CommetctlError if it cannot be read."""

    def beside(self, path: str) -> "Source":
        """The file at a path relative to the folder of this one; raises CommetctlError for any that is not allowed."""

    def overlay(self, environment: str) -> "Source | None":
        """The file of an environment: `commet.sandbox.yaml` for `commet.yaml`; None where it may be missing.

        Raises CommetctlError where it is missing and may not be.
        """

    def changes(self) -> "Iterator[Entry]":
        """What is in the folder of changes beside it, by name; nothing where there is no such folder."""

    def rivals(self) -> list[str]:
        """The names of other files in its folder that are named as main files are."""


@dataclass(frozen=True)
class FileSource:
    """A file on this machine."""

    path: FilePath

    @property
    def name(self) -> str:
        """Its path, as it was given."""
        return str(self.path)

    def content(self) -> bytes:
        """Its bytes; raises CommetctlError for anything but a regular file."""
        name = self.name
        try:
            if not (stat.S_ISREG(mode := self.path.stat().st_mode) or stat.S_ISDIR(mode)):
                # Opening a pipe may wait forever, and reading a device may never end.
                raise CommetctlError(f"{name} is not a regular file", "save the catalog in a file", code="no_file")
            with self.path.open("rb") as stream:
                return stream.read(LARGEST_FILE + 1)
        except FileNotFoundError:
            raise missing(name) from None
        except IsADirectoryError:
            raise CommetctlError(
                f"{name} is a directory", "name the file inside it with `-f FILE`", code="no_file"
            ) from None
        except OSError as error:
            raise CommetctlError(f"{name} cannot be read: {error.strerror}", code="no_file") from None

    def beside(self, path: str) -> "FileSource":
        """The file at a relative path; raises CommetctlError where a link leads out of the folder."""
        found = self.path.parent / checked(path)
        if not self._holds(found):
            raise outside(path, _LINK)
        return FileSource(found)

    def overlay(self, environment: str) -> "FileSource":
        """The file of an environment; raises CommetctlError where it is missing, or a link out of the folder."""
        found = FileSource(self.path.with_name(overlay_name(self.path.name, environment)))
        if not os.path.lexists(found.path):
            raise no_environment(environment, found.name, self.environments())
        if not self._holds(found.path):
            raise CommetctlError(f"{found.name} {_LINK}", "put the file itself there", code="bad_include")
        return found

    def changes(self) -> Iterator[Entry]:
        """What is in the folder of changes; a link in it, or in its place, is no file of a change."""
        folder = self.path.with_name(CHANGES)
        is_link, is_folder = folder.is_symlink(), folder.is_dir()
        if is_link or (folder.exists() and not is_folder):
            yield Entry(str(folder), why="is a link" if is_link else NO_FOLDER)
            return
        for path in sorted(folder.iterdir()) if is_folder else ():
            if path.is_symlink():
                yield Entry(str(path), why="is a link")
            elif why := unfit(path.name, folder=path.is_dir()):
                yield Entry(str(path), why=why)
            elif not path.name.startswith("."):
                yield Entry(str(path), FileSource(path))

    def rivals(self) -> list[str]:
        """Other files in its folder that are named as main files are; a link to it is itself."""
        found = mains(path.name for path in self.path.parent.iterdir())
        paths = (self.path.with_name(name) for name in found)
        return [str(path) for path in paths if real(path) != real(self.path) and not self._is_over(path)]

    def _is_over(self, path: FilePath) -> bool:
        return is_overlay(path.name, self.path.name)

    def _holds(self, path: FilePath) -> bool:
        """Whether a path is in the folder of the catalog, wherever its links lead."""
        return real(self.path.parent) in real(path).parents

    def environments(self) -> list[str]:
        """The environments that have an overlay."""
        begin, end = f"{self.path.stem}.", self.path.suffix
        named = (path.name for path in self.path.parent.glob(f"*{end}"))
        found = (name[len(begin) : -len(end)] for name in named if name.startswith(begin) and end)
        return sorted(name for name in found if ENVIRONMENT.fullmatch(name))


@dataclass(frozen=True)
class TextSource:
    """A file in memory, among others."""

    name: str
    contents: Mapping[str, bytes]

    def content(self) -> bytes:
        """Its bytes; raises CommetctlError if it is not in memory."""
        if self.name not in self.contents:
            raise CommetctlError(f"{self.name} does not exist", code="no_file")
        return self.contents[self.name]

    def beside(self, path: str) -> "TextSource":
        """The file at a relative path."""
        return TextSource(str(FilePath(self.name).parent / checked(path)), self.contents)

    def overlay(self, environment: str) -> "TextSource | None":
        """The file of an environment; None if it is not in memory."""
        file = FilePath(self.name)
        found = TextSource(str(file.with_name(overlay_name(file.name, environment))), self.contents)
        return found if found.name in self.contents else None

    def changes(self) -> Iterator[Entry]:
        """The files of the folder of changes that are in memory."""
        folder = FilePath(self.name).with_name(CHANGES)
        for name in sorted(name for name in self.contents if FilePath(name).parent == folder):
            yield Entry(name, TextSource(name, self.contents))

    def rivals(self) -> list[str]:
        """None: what is in memory is of one catalog."""
        return []


@dataclass(frozen=True)
class BaseSource:
    """A file as the other side of a comparison: it has the overlay of an environment only where that exists.

    With `bare`, it has none at all.
    """

    source: Source
    bare: bool = False

    @property
    def name(self) -> str:
        """Its name in messages."""
        return self.source.name

    def content(self) -> bytes:
        """Its bytes; raises CommetctlError if it cannot be read."""
        return self.source.content()

    def beside(self, path: str) -> Source:
        """The file at a relative path; raises CommetctlError for any that is not allowed."""
        return self.source.beside(path)

    def overlay(self, environment: str) -> Source | None:
        """The file of an environment, if there is one; raises CommetctlError for a link out of the folder."""
        if self.bare:
            return None
        try:
            return self.source.overlay(environment)
        except CommetctlError as error:
            if error.code != "unknown_environment":
                raise
            return None

    def changes(self) -> Iterator[Entry]:
        """What is in the folder of changes beside it."""
        return self.source.changes()

    def rivals(self) -> list[str]:
        """The names of other main files in its folder."""
        return self.source.rivals()


def no_environment(environment: str, file: str, known: Sequence[str]) -> CommetctlError:
    """The error for an environment without an overlay."""
    there = "there are: " + ", ".join(known) if known else "there are none"
    return CommetctlError(
        f"there is no environment `{environment}`: {file} does not exist",
        f"{there}; to create it, write that file, with at least `version: 1` and the `mode:` of its account",
        code="unknown_environment",
    )


def too_large(name: str) -> InvalidCatalog:
    """The error for a catalog that is larger than any needs to be."""
    hint = "check that it is the catalog; ten thousand lines are about 300 kB"
    return InvalidCatalog(
        name, [Problem("too_large", f"is larger than {LARGEST_FILE // 1024**2} MB", hint, Origin(name, 1, 1))]
    )

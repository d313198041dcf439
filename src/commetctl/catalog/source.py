"""Sources: where the files of a catalog come from, a folder or a revision of git.

A catalog names its other files by paths relative to itself. These stay in its folder, end in .yaml or .yml, and are not
hidden, so that no catalog can read any other file.
"""

import os
import posixpath
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import Protocol

from commetctl.catalog.git import Answer, asked
from commetctl.catalog.paths import checked, outside, overlay_name
from commetctl.core.environment import NAME as ENVIRONMENT
from commetctl.core.errors import CommetctlError, InvalidCatalog, Problem
from commetctl.core.files import LARGEST_FILE, real
from commetctl.core.finding import missing
from commetctl.core.resource import Origin
from commetctl.core.text import printable

GIT = "git:"
#: The name of an empty catalog, as of a missing file in the patches of git.
NOTHING = os.devnull
#: How many levels deep a file may be nested.
DEEPEST = 24
_EMPTY = b"version: 1\n"
_LINK = "is a link to a place outside the folder of the catalog"


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
class GitSource:
    """A file in a revision of git, which is asked in a `folder` on this machine."""

    revision: str
    path: str
    folder: str = "."

    @property
    def name(self) -> str:
        """`git:REV:PATH`"""
        return f"{GIT}{self.revision}:{self.path}"

    def content(self) -> bytes:
        """Its bytes; raises CommetctlError if git has no such file."""
        done = self._asked("blob")
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip().splitlines()
            if FilePath(self.path).is_absolute() and "not a git repository" in "".join(said):
                raise self._no_revision()
            raise CommetctlError(
                f"git has no {self.path} in {self.revision}: {printable(said[0]) if said else 'it does not say why'}",
                f"check the revision and the path; in CI, fetch the full history; `{NOTHING}` means no catalog",
                code="no_file",
            )
        return done.stdout[: LARGEST_FILE + 1]

    def beside(self, path: str) -> "GitSource":
        """The file at a relative path in the same revision; git follows no links."""
        return replace(self, path=posixpath.join(posixpath.dirname(self.path), checked(path)))

    def overlay(self, environment: str) -> "GitSource | None":
        """The file of an environment in the same revision; None if the environment is newer."""
        folder, name = posixpath.split(self.path)
        found = replace(self, path=posixpath.join(folder, overlay_name(name, environment)))
        return found if found._asked("-e").returncode == 0 else None

    def _no_revision(self) -> CommetctlError:
        hint = "give `git:REV:PATH`, such as `git:main:commet.yaml`, with the path of a file in a repository"
        return CommetctlError(f"`{self.name}` does not name a file in a revision", hint, code="bad_source")

    def _asked(self, what: str) -> Answer:
        """The result of `git cat-file` for it."""
        if not self.revision or self.revision.startswith("-"):
            # It would be an option.
            raise self._no_revision()
        path = posixpath.relpath(self.path, self.folder)
        return asked(self.folder, "cat-file", what, f"{self.revision}:./{path}")


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


def source(text: str, beside: str) -> Source:
    """The source that a command line names: `FILE`, `git:REV`, `git:REV:PATH`, or `/dev/null` for an empty catalog.

    A `git:REV` without a path is the file `beside` in that revision. Raises CommetctlError for a likely slip.
    """
    if text == NOTHING:
        return TextSource("nothing", {"nothing": _EMPTY})
    if not text.startswith(GIT):
        file = FilePath(text)
        if not file.suffix and not file.exists():
            raise CommetctlError(f"{text} does not exist", f"did you mean `{GIT}{text}`?", code="no_file")
        return FileSource(file)
    revision, _, path = text.removeprefix(GIT).partition(":")
    path = posixpath.normpath(path or FilePath(beside).as_posix())
    # The revision may have folders that are gone; and below one there may be another repository.
    folder = next((parent for parent in FilePath(path).parents if parent.is_dir()), FilePath())
    return GitSource(revision, path, folder.as_posix())


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

"""Files in a revision of git, and the source that a command line names: a file, a revision, or no catalog."""

import os
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path as FilePath

from commetctl.catalog.git import Answer, asked
from commetctl.catalog.paths import CHANGES, checked, overlay_name, unfit
from commetctl.catalog.source import NO_FOLDER, Entry, FileSource, Source, TextSource
from commetctl.core.errors import CommetctlError
from commetctl.core.files import LARGEST_FILE
from commetctl.core.text import printable

GIT = "git:"
#: The source of the last commit.
LAST_COMMIT = f"{GIT}HEAD"
#: The name of an empty catalog, as of a missing file in the patches of git.
NOTHING = os.devnull
#: How the mode of a file, or of a link, begins in git.
_FILE, _LINK = "10", "12"
_EMPTY = b"version: 1\n"


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

    def changes(self) -> Iterator[Entry]:
        """What the folder of changes holds in the same revision."""
        inside = posixpath.join(posixpath.dirname(posixpath.relpath(self.path, self.folder)), CHANGES)
        # With the slash, git lists what is in the folder; without, what stands in place of one.
        done = asked(self.folder, "ls-tree", "-z", self.revision, "--", f"{inside}/", inside)
        lines = done.stdout.decode(errors="replace").split("\0")
        for path, kind in sorted((line.partition("\t")[2], line[:2]) for line in lines if line):
            name = posixpath.basename(path)
            found = replace(self, path=posixpath.join(self.folder, path))
            why = "is a link" if kind == _LINK else unfit(name, folder=kind != _FILE)
            if path == inside:
                why = why if kind == _LINK else NO_FOLDER
            if why:
                yield Entry(found.name, why=why)
            elif not name.startswith("."):
                yield Entry(found.name, found)

    def rivals(self) -> list[str]:
        """None: that there is one is said of the files on this machine."""
        return []

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

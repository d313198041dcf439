"""Sources of a catalog: a file, a file as it is in a revision of git, or nothing at all."""

import os
import subprocess
from pathlib import Path as FilePath

from commetctl.catalog.catalog import Catalog, load, parse
from commetctl.catalog.document import LARGEST_FILE
from commetctl.errors import CommetctlError
from commetctl.render.words import printable

GIT = "git:"
#: What stands for no catalog, as it stands for no file in the patches of git.
NOTHING = os.devnull
_EMPTY = b"version: 1\n"
_SECONDS = 60


def load_from(source: str, api_version: str | None = None, *, beside: str = "commet.yaml") -> Catalog:
    """Read and check the catalog of a source: `FILE`, `git:REV`, `git:REV:PATH` or `/dev/null` for none.

    A `git:REV` without path is the file `beside` in that revision. Paths are relative to the current folder. Raises
    what `load` raises, and CommetctlError where git has no such file.
    """
    if source == NOTHING:
        return parse("nothing", _EMPTY, api_version)
    if not source.startswith(GIT):
        file = FilePath(source)
        if not file.suffix and not file.exists():
            raise CommetctlError(f"{source} does not exist", f"did you mean `{GIT}{source}`?", code="no_file")
        return load(file, api_version)
    revision, _, path = source.removeprefix(GIT).partition(":")
    path = path or beside
    return parse(f"{GIT}{revision}:{path}", _blob(revision, path), api_version)


def _blob(revision: str, path: str) -> bytes:
    """The content of a file in a revision; not more of it than a catalog may have."""
    # The one would be an option, the other a way to name what is no file of a commit.
    if not revision or revision.startswith("-") or FilePath(path).is_absolute():
        raise CommetctlError(
            f"`{GIT}{revision}:{path}` names no file of a revision",
            "give `git:REV:PATH`, such as `git:main:commet.yaml`, with a path relative to this folder",
            code="bad_source",
        )
    try:
        done = subprocess.run(  # noqa: S603  (no shell, and the revision cannot be an option)
            ["git", "cat-file", "blob", f"{revision}:./{path}"],  # noqa: S607  (the user's own git)
            capture_output=True,
            check=False,
            timeout=_SECONDS,
            # What is not in the repository must not make git ask, or fetch.
            env=os.environ | {"GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"},
        )
    except FileNotFoundError:
        raise CommetctlError(
            "git is not installed", f"a source that begins with `{GIT}` needs it", code="no_git"
        ) from None
    except subprocess.TimeoutExpired:
        raise CommetctlError(f"git did not answer within {_SECONDS} s", code="no_git") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise CommetctlError(
            f"git has no {path} in {revision}: {printable(said[0]) if said else 'it does not say why'}",
            f"check the revision and the path; in CI, fetch the history too; `{NOTHING}` stands for no catalog",
            code="no_file",
        )
    return done.stdout[: LARGEST_FILE + 1]

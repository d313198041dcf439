"""Asking git, which runs nothing that a repository says, asks for nothing, and fetches nothing."""

import os
import subprocess
from pathlib import Path

from commetctl.core.errors import CommetctlError

Answer = subprocess.CompletedProcess[bytes]
_SECONDS = 60


def asked(folder: str, *words: str) -> Answer:
    """The result of a command of git in a folder. Raises CommetctlError where git is missing or does not answer."""
    # Files that look like a repository are data: git would run what a `config` among them says.
    command = ("git", "-c", "safe.bareRepository=explicit", "-C", folder)
    # A hook of git says where its repository is, as seen from its own folder.
    hidden = () if "GIT_WORK_TREE" in os.environ else ("GIT_DIR", "GIT_PREFIX")
    variables = {name: value for name, value in os.environ.items() if name not in hidden}
    try:
        return subprocess.run(  # noqa: S603  (no shell, and callers pass no word of others that could be an option)
            [*command, *words],
            capture_output=True,
            check=False,
            timeout=_SECONDS,
            # A missing object must not make git ask for credentials, or fetch.
            env=variables | {"GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"},
        )
    except FileNotFoundError:
        hint = "a source that begins with `git:` needs it"
        raise CommetctlError("git is not installed", hint, code="no_git") from None
    except subprocess.TimeoutExpired:
        raise CommetctlError(f"git did not answer within {_SECONDS} s", code="no_git") from None


def revisions(file: Path, most: int) -> list[str]:
    """The latest commits that touched the folder of a file, newest first; none where git has no answer."""
    try:
        done = asked(str(file.parent), "log", f"--max-count={most}", "--format=%h", "--", ".")
    except CommetctlError:
        return []
    return [] if done.returncode else done.stdout.decode(errors="replace").split()

"""What is checked out, as git tells it, and what the programs that run in it may see."""

import os
import subprocess
from pathlib import Path

from commetctl_ci.event import PullRequest
from commetctl_ci.settings import PREFIX

#: What commetctl and git have no business with.
_WITHHELD = (
    *("GITHUB_TOKEN", "GH_TOKEN", "COMMETCTL_GITLAB_TOKEN"),
    *("GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STATE"),
)
_WITHHELD_BY_PREFIX = (PREFIX, "ACTIONS_", "INPUT_")


def environment(*, key: bool) -> dict[str, str]:
    """What a program may see: everything but tokens, ways to command the runner, and inputs that were left empty.

    COMMETCTL_VAR_ variables are seen without a key too: they decide what a catalog is, and plans print them.
    """
    found = {
        name: value
        for name, value in os.environ.items()
        if name not in _WITHHELD and not name.startswith(_WITHHELD_BY_PREFIX)
    }
    kept = {name: value for name, value in found.items() if value or not name.startswith("COMMET_")}
    return kept if key else {name: value for name, value in kept.items() if not name.startswith("COMMET_API_KEY")}


def git(place: Path, *words: str) -> bytes | None:
    """What git says in a folder; None where it fails, or is not installed, as in some containers."""
    # Files that look like a repository are data: git would run what a `config` among them says.
    command = ("git", "-c", "safe.bareRepository=explicit", *words)
    try:
        ended = subprocess.run(  # noqa: S603 - no shell, and every word is one argument
            command, cwd=place, env=environment(key=False), capture_output=True, check=False
        )
    except FileNotFoundError:
        return None
    return ended.stdout if ended.returncode == 0 else None


def changed(place: Path, base: str) -> list[str] | None:
    """The files that differ from where `base` was left, as seen from the root; None where `base` was not fetched."""
    names = git(place, "diff", "--name-only", "--no-renames", "-z", f"{base}...HEAD")
    return None if names is None else [os.fsdecode(name) for name in names.split(b"\0") if name]


def source(place: Path, base: str, file: str) -> str:
    """A catalog at a commit, as commetctl takes it: no catalog where that commit has none.

    That a commit was not fetched is for commetctl to say.
    """

    def has(name: str) -> bool:
        return git(place, "cat-file", "-e", name) is not None

    return "/dev/null" if has(f"{base}^{{commit}}") and not has(f"{base}:./{file}") else f"git:{base}"


def commit(place: Path) -> str:
    """The commit that is checked out; empty where git does not say."""
    return (git(place, "rev-parse", "--verify", "HEAD") or b"").decode().strip()


def merged_onto(place: Path, pull: PullRequest) -> str:
    """The commit that a pull request is merged onto; empty where it was not fetched.

    It is taken from the merge that GitHub checks out: the event may name the base branch as it was weeks ago.
    """
    parents = (git(place, "rev-list", "--parents", "--max-count=1", "HEAD") or b"").decode().split()[1:]
    if parents[1:] == [pull.head]:
        return parents[0]
    return (git(place, "merge-base", pull.base, "HEAD") or b"").decode().strip()

"""A repository of git for tests."""

import subprocess
from pathlib import Path


def git(folder: Path, *words: str) -> str:
    """What a command of git in a folder says."""
    who = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", "-C", str(folder), *who, *words], check=True, capture_output=True, text=True)
    return done.stdout


def commit(folder: Path) -> None:
    """Commit all that is in a folder, which becomes a repository."""
    if not (folder / ".git").exists():
        git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", "pricing")

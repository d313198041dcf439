"""What a command imports."""

import subprocess
import sys
from pathlib import Path

from cli.running import environment

#: What takes long to import, or is not needed by everyone.
HEAVY = frozenset({"deepdiff", "httpx", "jinja2", "pydantic", "ruamel", "sqlite3", "werkzeug"})


def imported(folder: Path, *words: str) -> tuple[str, set[str]]:
    """What a command prints, and what of HEAVY it imports."""
    ended = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "commetctl", *words],
        cwd=folder, env=environment(None), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    found = {line.rpartition("|")[2].strip().partition(".")[0] for line in ended.stderr.splitlines()}
    assert "commetctl" in found
    return ended.stdout, found & HEAVY

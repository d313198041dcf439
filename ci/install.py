"""The first step: commetctl from this checkout, in an environment of its own, with dependencies pinned by hash."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from commetctl_ci.runner import output, say, step
from commetctl_ci.settings import PREFIX, given, keep
from commetctl_ci.trouble import Trouble

_HERE = Path(__file__).resolve().parent
_SCRIPTS = "Scripts" if os.name == "nt" else "bin"


def main() -> int:
    """Check the inputs, make the folder that the steps share, and install."""
    if sys.hexversion < 0x30B0000:
        raise Trouble("commetctl needs Python 3.11 or newer: set `python`, or use actions/setup-python")
    asked = given()
    folder = Path(tempfile.mkdtemp(prefix="commetctl-", dir=os.environ.get("RUNNER_TEMP") or None))
    keep(asked, folder)
    present = os.environ.get(PREFIX + "COMMETCTL", "").strip()
    output(folder=str(folder), commetctl=present or str(_installed(folder / "venv")))
    return 0


def _installed(place: Path) -> Path:
    # `-P`, and another folder: with `-m` Python looks in the folder it runs in, which is what somebody pushed.
    _run(sys.executable, "-P", "-m", "venv", str(place))
    pip = (str(place / _SCRIPTS / "python"), "-P", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    _run(*pip, "--require-hashes", "-r", str(_HERE / "requirements.txt"))
    _run(*pip, "--no-deps", "--no-build-isolation", str(_HERE.parent))
    return place / _SCRIPTS / "commetctl"


def _run(*command: str) -> None:
    ended = subprocess.run(  # noqa: S603 - no shell, and nothing of it comes from outside
        command, cwd=_HERE, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False
    )
    say(ended.stdout + ended.stderr)
    if ended.returncode:
        raise Trouble("commetctl could not be installed: the log says why")


if __name__ == "__main__":
    step(main)

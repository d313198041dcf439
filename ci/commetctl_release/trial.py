"""Tries the wheel: installs it into a new environment, outside the checkout, and runs the demo with it."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from commetctl_ci.trouble import Trouble
from commetctl_release.build import ran
from commetctl_release.checks import version_of
from commetctl_release.sbom import LOCK

_SCRIPTS = "Scripts" if os.name == "nt" else "bin"


def trial(root: Path, out: Path) -> str:
    """What the demo printed; `out` holds the one wheel to try."""
    (wheel,) = out.resolve().glob("*.whl")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ran(sys.executable, "-P", "-m", "venv", "--without-pip", folder / "venv", cwd=folder)
        python = folder / "venv" / _SCRIPTS / "python"
        pip = (sys.executable, "-P", "-m", "pip", "--python", python, "install", "--disable-pip-version-check")
        ran(*pip, "--require-hashes", "--only-binary", ":all:", "-r", root / LOCK, cwd=folder)
        ran(*pip, "--no-deps", wheel, cwd=folder)
        _installed(folder, python, version_of(root))
        shutil.copytree(root / "examples", folder / "examples")
        path = f"{python.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        return ran("sh", "examples/demo.sh", cwd=folder, env={**os.environ, "PATH": path})


def _installed(folder: Path, python: Path, version: str) -> None:
    code = "import commetctl; print(commetctl.__file__, commetctl.__version__)"
    where, _, said = ran(python, "-P", "-c", code, cwd=folder).strip().rpartition(" ")
    if not Path(where).is_relative_to(python.parents[1]) or said != version:
        raise Trouble(f"expected commetctl {version} in the new environment, found {said} in {where}")

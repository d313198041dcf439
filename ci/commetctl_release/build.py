"""Builds the source archive, and the wheel from that archive alone."""

import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from commetctl_ci.trouble import Trouble
from commetctl_release.stamp import Origin, stamp


def build(root: Path, out: Path, origin: Origin | None) -> None:
    """Build both archives into a folder that is empty or does not exist."""
    if out.exists() and any(out.iterdir()):
        raise Trouble(f"{out} is not empty")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if origin:
            root = unpacked(_hatchling(root, folder / "plain", "sdist"), folder / "stamped")
            stamp(root, origin)
        source = _hatchling(root, out.resolve(), "sdist")
        _hatchling(unpacked(source, folder / "source"), out.resolve(), "wheel")


def unpacked(archive: Path, to: Path) -> Path:
    """Unpack a source archive; its only folder."""
    # The first releases of 3.11 have no filters.
    options: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
    shutil.unpack_archive(archive, to, **options)
    (folder,) = to.iterdir()
    return folder


def ran(*words: str | Path, cwd: Path, env: dict[str, str] | None = None) -> str:
    """Run a program, which must succeed; its output."""
    ended = subprocess.run(  # noqa: S603 - no shell, and the words are ours
        words, cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False
    )
    if ended.returncode:
        raise Trouble(f"{Path(words[0]).name} exited with {ended.returncode}:\n{ended.stdout}{ended.stderr}")
    return ended.stdout


def _hatchling(root: Path, out: Path, target: str) -> Path:
    ran(sys.executable, "-m", "hatchling", "build", "-t", target, "-d", out, cwd=root)
    (made,) = out.glob("*.tar.gz" if target == "sdist" else "*.whl")
    return made

"""Folders that `commetctl init` works in."""

from pathlib import Path

from cli.running import Ended, run

#: Nobody answers there; what needs no network does not notice.
NOWHERE = {"COMMET_API_URL": "http://127.0.0.1:9", "HTTPS_PROXY": "http://127.0.0.1:9"}


def init(folder: Path, *arguments: str) -> Ended:
    """Run `commetctl init` without a key and without a network."""
    return run(folder, "init", *arguments, key=None, env=NOWHERE)


def files(folder: Path) -> list[str]:
    """The names of all files in a folder, at any depth."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


def everything(folder: Path) -> list[str]:
    """The names of all files and folders in a folder, at any depth."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))

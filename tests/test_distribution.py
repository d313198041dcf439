"""What is published: the wheel and the source archive are the same, byte for byte, wherever they are built."""

import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[1]
#: Times of files, in seconds since 1970: before 1980, which a zip cannot say, and far ahead.
OLD, NEW = 10_000, 4_000_000_000


def copied(to: Path, mode: int, time: int) -> Path:
    """What an archive is made of, in another folder, with other permissions and times, and what builds leave behind."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    named = project["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    for name in (*named, "pyproject.toml", "README.md", "LICENSE", ".gitignore"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, to / name, ignore=shutil.ignore_patterns("__pycache__", ".*_cache", ".hypothesis"))
        else:
            shutil.copy(source, to / name)
    for path in sorted(to.rglob("*"), reverse=mode != 0o777):
        executable = path.stat().st_mode & 0o111
        path.chmod(mode if path.is_dir() or executable else mode & 0o666)
        os.utime(path, (time, time))
    cache = to / "src/commetctl/__pycache__"
    cache.mkdir()
    (cache / "left.pyc").write_bytes(os.urandom(8))
    return to


def built(folder: Path, out: Path, umask: int, **env: str) -> Mapping[str, str]:
    """The archives that are built in a folder, by name, with their digests."""
    words = [sys.executable, "-m", "hatchling", "build", "-d", str(out)]
    given = {"PATH": os.environ["PATH"], "HOME": str(out.parent), **env}
    subprocess.run(words, cwd=folder, env=given, umask=umask, capture_output=True, timeout=90, check=True)
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in out.iterdir()}


def test_archives_are_built_byte_for_byte_the_same(tmp_path: Path) -> None:
    (tmp_path / "deeper/still").mkdir(parents=True)
    here = copied(tmp_path / "here", 0o777, OLD)
    there = copied(tmp_path / "deeper/still/there", 0o700, NEW)
    one = built(here, tmp_path / "one", 0o000, TZ="UTC", LC_ALL="C", PYTHONHASHSEED="1")
    two = built(there, tmp_path / "two", 0o077, TZ="Pacific/Kiritimati", LC_ALL="C.UTF-8", PYTHONHASHSEED="2")
    assert one == two
    assert sorted(Path(name).suffix for name in one) == [".gz", ".whl"]
    (wheel,) = (tmp_path / "one").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        assert not [name for name in archive.namelist() if name.endswith(".pyc")]
        assert {(item.external_attr >> 16) & 0o7777 for item in archive.infolist()} == {0o644}


def test_the_wheel_is_the_same_from_the_source_archive(tmp_path: Path) -> None:
    one = built(ROOT, tmp_path / "one", 0o022)
    (source,) = (tmp_path / "one").glob("*.tar.gz")
    # The first releases of 3.11 have no filters.
    options: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
    shutil.unpack_archive(source, tmp_path / "unpacked", **options)
    (folder,) = (tmp_path / "unpacked").iterdir()
    two = built(folder, tmp_path / "two", 0o077)
    assert {name: two[name] for name in one if name.endswith(".whl")} == {
        name: digest for name, digest in one.items() if name.endswith(".whl")
    }

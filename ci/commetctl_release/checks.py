"""Checks a release before it is published: its version, and that the archives are complete and hold nothing else."""

import re
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from commetctl_ci.trouble import Trouble
from commetctl_release.sbom import LOCK, SBOM, bill

_VERSION = re.compile(r'^__version__ = "([^"]+)"$', re.MULTILINE)
#: Files that the metadata folder of a wheel must contain.
_METADATA = ("METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE", f"sboms/{Path(SBOM).name}")
_NEVER = (".pyc", ".orig", ".rej", "~", ".DS_Store")


def version_of(root: Path) -> str:
    """The version of the source."""
    found = _VERSION.search((root / "src/commetctl/__init__.py").read_text("utf-8"))
    if found is None:
        raise Trouble("src/commetctl/__init__.py has no __version__")
    return found[1]


def wrong_source(root: Path, tag: str) -> Iterator[str]:
    """The reasons not to release this source with this tag. Without a tag, only the bill of materials is checked."""
    version = version_of(root)
    if bill((root / LOCK).read_text("utf-8"), version) != (root / SBOM).read_text("utf-8"):
        yield f"{SBOM} does not match {LOCK} and the version; run `make sbom`"
    if not tag:
        return
    if tag != f"v{version}":
        yield f"the tag is {tag}, but the version is {version}"
    changelog = (root / "CHANGELOG.md").read_text("utf-8")
    if not re.search(rf"^## \[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d$", changelog, re.MULTILINE):
        yield f"CHANGELOG.md lacks the heading `## [{version}] - YYYY-MM-DD`"


def wrong_archives(root: Path, out: Path) -> Iterator[str]:
    """The problems of the archives in a folder that were built from this source."""
    version = version_of(root)
    wheel, source = f"commetctl-{version}-py3-none-any.whl", f"commetctl-{version}.tar.gz"
    if (found := sorted(path.name for path in out.iterdir())) != [wheel, source]:
        yield f"expected {wheel} and {source}, found {', '.join(found) or 'nothing'}"
        return
    yield from _wrong_wheel(root, out / wheel, f"commetctl-{version}.dist-info")
    yield from _wrong_source(root, out / source, f"commetctl-{version}")


def _wrong_wheel(root: Path, wheel: Path, metadata: str) -> Iterator[str]:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        sbom = f"{metadata}/sboms/{Path(SBOM).name}"
        if sbom in names and archive.read(sbom) != (root / SBOM).read_bytes():
            yield f"{wheel.name}: its SBOM differs from {SBOM}"
    needed = {f"{metadata}/{name}" for name in _METADATA}
    needed |= {path.relative_to(root / "src").as_posix() for path in (root / "src").rglob("*.py")}
    needed |= {"commetctl/py.typed", "commetctl/templates/ci/github/pricing.yml"}
    data = f"{metadata.removesuffix('.dist-info')}.data/data/share/man/man1"
    needed |= {f"{data}/{path.name}" for path in (root / "docs/man").iterdir()}
    yield from (f"{wheel.name} lacks {name}" for name in sorted(needed - names))
    allowed = ("commetctl/", f"{metadata}/", f"{data}/")
    yield from _stray(wheel, (name for name in names if not name.startswith(allowed)))
    yield from _stray(wheel, (name for name in names if name.endswith(_NEVER)))


def _wrong_source(root: Path, source: Path, folder: str) -> Iterator[str]:
    with tarfile.open(source) as archive:
        members = archive.getmembers()
    names = {PurePosixPath(member.name).relative_to(folder).as_posix() for member in members}
    needed = {"PKG-INFO", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "SECURITY.md", LOCK, SBOM}
    needed |= {path.relative_to(root).as_posix() for path in (root / "tests").rglob("*.py")}
    yield from (f"{source.name} lacks {name}" for name in sorted(needed - names))
    yield from _stray(source, (member.name for member in members if not member.isfile()))
    yield from _stray(source, (name for name in names if name.endswith(_NEVER)))


def _stray(archive: Path, names: Iterator[str]) -> Iterator[str]:
    yield from (f"{archive.name} must not contain {name}" for name in sorted(names))

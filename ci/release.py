"""Builds and tries a release. The release workflow and the tests run this script.

release.py sbom                                       write the bill of materials from the lock
release.py build OUT [--tag TAG --repository URL]     build both archives into OUT and check them
release.py try OUT                                    install the wheel in OUT elsewhere and run the demo with it
"""

import argparse
import sys
from pathlib import Path

from commetctl_ci.runner import refused_by
from commetctl_ci.trouble import Trouble
from commetctl_release.build import build, ran
from commetctl_release.checks import version_of, wrong_archives, wrong_source
from commetctl_release.sbom import LOCK, SBOM, bill
from commetctl_release.stamp import Origin
from commetctl_release.trial import trial

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Do what the first word says."""
    asked = _asked()
    if asked.what == "sbom":
        (ROOT / SBOM).write_text(bill((ROOT / LOCK).read_text("utf-8"), version_of(ROOT)), "utf-8")
    elif asked.what == "build":
        _build(asked.out, asked.tag, asked.repository)
    else:
        sys.stdout.write(trial(ROOT, asked.out))
    return 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="release.py")
    commands = parser.add_subparsers(dest="what", required=True)
    commands.add_parser("sbom")
    building = commands.add_parser("build")
    building.add_argument("out", type=Path)
    building.add_argument("--tag", default="")
    building.add_argument("--repository", default="")
    commands.add_parser("try").add_argument("out", type=Path)
    return parser.parse_args()


def _build(out: Path, tag: str, repository: str) -> None:
    if bool(tag) is not bool(repository):
        raise Trouble("give --tag and --repository together")
    origin = Origin(repository, _commit(), tag) if tag else None
    _stop(list(wrong_source(ROOT, tag)))
    build(ROOT, out, origin)
    _stop(list(wrong_archives(ROOT, out)))
    sys.stdout.write("".join(f"{path.name}\n" for path in sorted(out.iterdir())))


def _commit() -> str:
    """The commit of the checkout, which must have no other changes."""
    if changed := ran("git", "status", "--porcelain", cwd=ROOT):
        raise Trouble(f"a release is built from a commit; commit or remove these changes first:\n{changed}")
    return ran("git", "rev-parse", "HEAD", cwd=ROOT).strip()


def _stop(wrong: list[str]) -> None:
    if wrong:
        raise Trouble("cannot release this:\n" + "\n".join(f"  {line}" for line in wrong))


if __name__ == "__main__":
    sys.exit(refused_by(main))

"""What is published: the same bytes wherever it is built, complete, and of a version and an origin that it names."""

import json
import os
import re
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
from packaging.metadata import Metadata

from ci.actions import document
from commetctl import __version__

pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[1]
#: Times of files, in seconds since 1970: before 1980, which a zip cannot say, and far ahead.
OLD, NEW = 10_000, 4_000_000_000
#: The release that the tests make: another version than the examples name.
NEXT = "9.8.7"
TAGGED = ("--tag", f"v{NEXT}", "--repository", "https://github.com/acme/pricing-tool")
INFO = f"commetctl-{NEXT}.dist-info"


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


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source of a release in a repository, and in `out` what the script of releases made of it."""
    folder = tmp_path_factory.mktemp("release")
    source = copied(folder / "source", 0o755, OLD)
    module, changelog = source / "src/commetctl/__init__.py", source / "CHANGELOG.md"
    module.write_text(module.read_text("utf-8").replace(__version__, NEXT), "utf-8")
    changelog.write_text(changelog.read_text("utf-8").replace("## [Unreleased]", f"## [{NEXT}] - 2026-12-01"), "utf-8")
    assert released(source, "sbom") == (0, "")
    git = ("git", "-c", "user.name=somebody", "-c", "user.email=somebody@example.com")
    for words in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "A release"]):
        subprocess.run([*git, *words], cwd=source, env=env_of(folder), timeout=60, check=True)
    assert released(source, "build", "../out", *TAGGED) == (
        0,
        f"commetctl-{NEXT}-py3-none-any.whl\ncommetctl-{NEXT}.tar.gz\n",
    )
    return folder


def env_of(folder: Path) -> dict[str, str]:
    """An environment without anything of the user's."""
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def released(source: Path, *words: str) -> tuple[int, str]:
    """The exit code of the script of releases, and what it printed."""
    ended = subprocess.run(
        [sys.executable, "ci/release.py", *words],
        cwd=source, env=env_of(source.parent), capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip
    return ended.returncode, ended.stdout + ended.stderr


def locked(name: str) -> dict[str, str]:
    """The versions in a lock, by package."""
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ;]+)", (ROOT / name).read_text("utf-8"), re.MULTILINE))


def test_the_wheel_is_the_same_from_the_source_archive(release: Path, tmp_path: Path) -> None:
    """The script makes it from the archive; made next to it, from the same source, it is the same."""
    (source,) = (release / "out").glob("*.tar.gz")
    # The first releases of 3.11 have no filters.
    options: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
    shutil.unpack_archive(source, tmp_path / "unpacked", **options)
    (folder,) = (tmp_path / "unpacked").iterdir()
    again = built(folder, tmp_path / "again", 0o077)
    assert again == {file.name: sha256(file.read_bytes()).hexdigest() for file in (release / "out").iterdir()}


def test_a_release_names_its_origin_where_a_checkout_has_placeholders(release: Path) -> None:
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=release / "source", capture_output=True, text=True, timeout=60, check=True
    ).stdout.strip()
    (wheel,) = (release / "out").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    workflow = texts["commetctl/templates/ci/github/pricing.yml"]
    assert workflow.count(f"uses: acme/pricing-tool@{commit} # v{NEXT}\n") == 4
    assert f"How to set it up: https://github.com/acme/pricing-tool/blob/{commit}/docs/ci.md\n#\n# Two keys" in workflow
    assert f'COMMETCTL_REF: "{commit}"  # v{NEXT}\n' in texts["commetctl/templates/ci/gitlab/.gitlab-ci.yml"]
    assert [name for name, text in texts.items() if "your-org/commetctl" in text or "0" * 40 in text] == []
    metadata = Metadata.from_email(texts[f"{INFO}/METADATA"], validate=True)
    assert (metadata.metadata_version, str(metadata.version)) == ("2.4", NEXT)
    assert metadata.license_expression == "Apache-2.0"
    assert (metadata.project_urls or {})["Repository"] == "https://github.com/acme/pricing-tool"
    links = re.findall(r"\]\(([^)\s]+)\)", metadata.description or "")
    assert len(links) > 10
    assert "<!--" not in (metadata.description or "")
    assert [link for link in links if not link.startswith(("https://", "#"))] == []
    assert f"commetctl-{NEXT}.data/data/share/man/man1/commetctl-plan.1" in texts
    assert texts[f"{INFO}/entry_points.txt"] == "[console_scripts]\ncommetctl = commetctl.cli:main\n"


def test_the_bill_of_materials_is_what_the_lock_says(release: Path) -> None:
    (wheel,) = (release / "out").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read(f"{INFO}/sboms/commetctl.cdx.json").decode()
    ours = (ROOT / "requirements/commetctl.cdx.json").read_text("utf-8")
    # The same but for the version, which stands in it beside the name and in two references.
    version = rf'(commetctl(@|",\n   "version": ")){re.escape(__version__)}"'
    assert text == re.sub(version, rf'\g<1>{NEXT}"', ours) != ours
    bill = json.loads(text)
    versions = locked("requirements/runtime.txt")
    assert {item["name"]: item["version"] for item in bill["components"]} == versions
    found = [item["content"] for part in bill["components"] for item in part["externalReferences"][0]["hashes"]]
    assert found == re.findall(r"sha256:([0-9a-f]{64})", (ROOT / "requirements/runtime.txt").read_text("utf-8"))
    assert bill["metadata"]["component"]["purl"] == f"pkg:pypi/commetctl@{NEXT}"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    direct = {f"pkg:pypi/{name}@{versions[name]}" for line in project["dependencies"] for name in [canonical(line)]}
    needs = {item["ref"]: set(item["dependsOn"]) for item in bill["dependencies"]}
    assert needs.pop(f"pkg:pypi/commetctl@{NEXT}") == direct
    assert set(needs) == direct.union(*needs.values()), "nothing is listed that nothing needs"
    # What the tests run with, what the Action installs, and what the bill says are the same versions.
    for name in ("requirements/dev.txt", "ci/requirements.txt"):
        assert versions.items() <= locked(name).items()


def canonical(line: str) -> str:
    """The name in a requirement, as locks have it."""
    return re.split(r"[^A-Za-z0-9._-]", line)[0].lower().replace(".", "-").replace("_", "-")


def test_what_may_not_be_released_is_refused(release: Path, tmp_path: Path) -> None:
    source = shutil.copytree(release / "source", tmp_path / "source")
    assert released(source, "build", str(release / "out"), *TAGGED) == (1, f"error: {release / 'out'} is not empty\n")
    code, said = released(source, "build", "../out", "--tag", f"v{NEXT}", "--repository", "https://x/y/z'; rm")
    assert (code, said) == (1, "error: not a GitHub repository: https://x/y/z'; rm\n")
    (source / "CHANGELOG.md").write_text("# Changelog\n", "utf-8")
    code, said = released(source, "build", "../out", *TAGGED)
    assert (code, "CHANGELOG.md\n" in said) == (1, True), "a release is built from a commit"
    # Without a tag nobody asks for a heading, and what is wrong with the source is found before anything is built.
    (source / "requirements/commetctl.cdx.json").write_text("{}", "utf-8")
    code, said = released(source, "build", "../out")
    assert (code, said.count("\n")) == (1, 2)
    assert (
        "requirements/commetctl.cdx.json does not match requirements/runtime.txt and the version; run `make sbom`"
        in said
    )
    assert released(source, "sbom") == (0, "")
    git = ("git", "-c", "user.name=somebody", "-c", "user.email=somebody@example.com", "commit", "--quiet", "-am", "-")
    subprocess.run(git, cwd=source, env=env_of(tmp_path), timeout=60, check=True)
    code, said = released(source, "build", "../out", "--tag", "v0.0.1", *TAGGED[2:])
    assert (code, f"the tag is v0.0.1, but the version is {NEXT}" in said, "YYYY-MM-DD" in said) == (1, True, True)
    # An archive that lacks a module, or has what is no part of it.
    (source / "src/commetctl/lost.py").write_text("")
    (source / ".gitignore").write_text("lost.py\n")
    (source / "src/commetctl/left.orig").write_text("")
    code, said = released(source, "build", "../out")
    assert code == 1
    assert f"commetctl-{NEXT}-py3-none-any.whl lacks commetctl/lost.py" in said
    assert f"commetctl-{NEXT}.tar.gz must not contain src/commetctl/left.orig" in said


def test_only_the_job_that_publishes_can_publish_and_it_runs_no_code_of_ours(tmp_path: Path) -> None:
    workflows = sorted((ROOT / ".github/workflows").iterdir())
    words = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        "vendor.github-workflows",
        *map(str, workflows),
    ]
    env = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "HTTPS_PROXY": "http://127.0.0.1:9"}
    ended = subprocess.run(words, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 0, ended.stdout
    workflow = document(ROOT / ".github/workflows/release.yml")
    assert workflow["permissions"] == {}
    jobs = workflow["jobs"]
    rights = {name: job["permissions"] for name, job in jobs.items()}
    only = {"contents": "read"}
    assert rights == {"build": only, "try": only, "publish": {"id-token": "write", "attestations": "write"}}
    assert (jobs["publish"]["needs"], jobs["try"]["needs"], jobs["publish"]["environment"]) == ("try", "build", "pypi")
    assert [step["uses"].partition("@")[0] for step in jobs["publish"]["steps"]] == [
        "actions/download-artifact",
        "actions/attest-build-provenance",
        "pypa/gh-action-pypi-publish",
    ]
    # What a tag may be called is part of a command, so it is digits and dots.
    (pattern, candidate) = workflow["on"]["push"]["tags"]
    assert (pattern, candidate) == ("v[0-9]+.[0-9]+.[0-9]+", pattern + "rc[0-9]+")
    tried = jobs["try"]["strategy"]["matrix"]["python"]
    classifiers = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["classifiers"]
    assert [line.rpartition(" ")[2] for line in classifiers if "Python :: 3." in line] == tried

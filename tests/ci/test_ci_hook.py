"""The hooks for pre-commit: which files they run for, and which catalogs they check, run as pre-commit runs them."""

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ci.actions import ROOT, document
from cli.running import YAML, run

HOOKS = ROOT / ".pre-commit-hooks.yaml"
PRE_COMMIT = ROOT / "examples/ci/pre-commit/.pre-commit-config.yaml"
BASE = """\
version: 1
include: [features.yaml, plans/team.yml]
"""
FEATURES = "version: 1\nfeatures: {}\n"
TEAM = "version: 1\nplans:\n  team: {name: Team, prices: {monthly: {price: 49}}}\n"
LIVE = "version: 1\nmode: live\nplans:\n  team: {prices: {monthly: {price: 45}}}\n"
FILES = {"commet.yaml": BASE, "features.yaml": FEATURES, "plans/team.yml": TEAM, "commet.live.yaml": LIVE}
FILES |= {"commet.eu-1.yaml": "version: 1\nmode: sandbox\n"}


def hook(name: str = "commetctl-validate") -> dict[str, Any]:
    (found,) = (found for found in document(HOOKS) if found["id"] == name)
    return dict(found)


def written(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def test_the_hook_is_what_the_example_asks_for() -> None:
    assert set(hook()) == {"id", "name", "description", "entry", "language", "files", "require_serial"}
    (repository,) = document(PRE_COMMIT)["repos"]
    assert [item["id"] for item in repository["hooks"]] == [hook()["id"]]
    assert set(repository) == {"repo", "rev", "hooks"}


@pytest.mark.parametrize(
    ("name", "checked", "formatted"),
    [
        ("commet.yaml", True, True),
        ("a/commet.live.yml", True, True),
        ("plans/team.yml", True, False),
        ("features.yaml", True, False),
        ("a/xcommet.yaml", True, False),
        ("commet.yaml.example", False, False),
        ("notes.md", False, False),
    ],
)
def test_the_hook_runs_for_whatever_may_be_of_a_catalog(name: str, *, checked: bool, formatted: bool) -> None:
    """An included file may have any name; only what is named as a catalog is formatted."""
    assert bool(re.search(hook()["files"], name)) is checked
    assert bool(re.search(hook("commetctl-fmt")["files"], name)) is formatted


def validated(folder: Path, *files: str) -> tuple[int, str]:
    """The hook on these files: the words of its entry, and then the files."""
    program, *words = shlex.split(hook()["entry"])
    assert program == "commetctl"
    ended = run(folder, *words, *files, key=None)
    return ended.code, ended.out + ended.err


def catalogs(said: str) -> list[str]:
    return re.findall(r"^(.*) is valid", said, re.MULTILINE)


EACH = ["commet.yaml + commet.eu-1.yaml", "commet.yaml + commet.live.yaml"]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["commet.yaml"], EACH),
        (["features.yaml"], EACH),
        (["plans/team.yml", "commet.yaml"], EACH),
        (["commet.live.yaml"], EACH[1:]),
        (["commet.eu-1.yaml", "commet.live.yaml"], EACH),
        ([*FILES, "README.yaml", "deleted.yaml"], EACH),
        ([".github/workflows/pricing.yml", "plans/other.yml"], []),
    ],
)
def test_a_catalog_is_checked_in_every_environment_that_a_file_concerns(
    tmp_path: Path, files: list[str], expected: list[str]
) -> None:
    written(
        tmp_path,
        {**FILES, "plans/other.yml": "a: 1\n", "README.yaml": "- 1\n", ".github/workflows/pricing.yml": "on:\n"},
    )
    code, said = validated(tmp_path, *files)
    assert (code, catalogs(said)) == (0, expected), said


def test_catalogs_of_several_folders_and_endings(tmp_path: Path) -> None:
    written(
        tmp_path, {"eu/commet.yml": YAML, "eu/commet.live.yml": "version: 1\nmode: live\n", "us/commet-us.yaml": YAML}
    )
    written(tmp_path, {f"deep/{name}": text for name, text in FILES.items()})
    names = ["eu/commet.live.yml", "us/commet-us.yaml", "deep/plans/team.yml"]
    code, said = validated(tmp_path, *names)
    deep = [f"deep/commet.yaml + deep/commet.{name}.yaml" for name in ("eu-1", "live")]
    assert (code, catalogs(said)) == (0, ["eu/commet.yml + eu/commet.live.yml", "us/commet-us.yaml", *deep]), said


@pytest.mark.parametrize(
    ("broken", "text", "changed", "place"),
    [
        ("commet.live.yaml", LIVE.replace("45", "dear"), "commet.live.yaml", "commet.live.yaml:4:"),
        ("commet.live.yaml", LIVE.replace("45", "dear"), "features.yaml", "commet.live.yaml:4:"),
        ("commet.live.yaml", LIVE.replace("team", "teem"), "commet.live.yaml", "commet.live.yaml:4:"),
        # Wrong in both environments, and told once.
        ("plans/team.yml", TEAM.replace("name", "nome"), "plans/team.yml", "plans/team.yml:3:"),
        ("features.yaml", "version: 1\nfeatures: {\n", "features.yaml", "features.yaml:"),
        ("commet.yaml", "version: 1\ninclude: [\n", "commet.yaml", "commet.yaml:"),
        # A warning, which the hook takes for an error.
        (
            "features.yaml",
            f"{FEATURES[:-4]} {{sso: {{name: SSO, type: boolean}}}}\n",
            "features.yaml",
            "features.yaml:2:",
        ),
    ],
)
def test_what_is_wrong_is_told_once_at_its_place(
    tmp_path: Path, broken: str, text: str, changed: str, place: str
) -> None:
    written(tmp_path, FILES | {broken: text})
    code, said = validated(tmp_path, changed)
    assert code == 3, said
    lines = re.findall(r"^ +--> (\S+:\d+:\d+)", said, re.MULTILINE)
    assert lines
    assert all(line.startswith(place) for line in lines), said
    assert len(set(lines)) == len(lines), said


def test_an_included_file_that_is_gone_is_told_by_its_catalog(tmp_path: Path) -> None:
    written(tmp_path, FILES)
    (tmp_path / "features.yaml").unlink()
    code, said = validated(tmp_path, "features.yaml")
    assert (code, "features.yaml does not exist" in said) == (3, True), said


def test_a_file_that_a_link_leads_to_counts_as_the_link(tmp_path: Path) -> None:
    shared = {"common/live.yaml": LIVE.replace("45", "45.001"), "common/team.yaml": TEAM}
    written(tmp_path, {"commet.yaml": BASE, "features.yaml": FEATURES, **shared})
    (tmp_path / "plans").mkdir()
    (tmp_path / "commet.live.yaml").symlink_to("common/live.yaml")
    (tmp_path / "plans/team.yml").symlink_to("../common/team.yaml")
    for name in shared:
        code, said = validated(tmp_path, name)
        assert (code, "commet.live.yaml:4:" in said) == (3, True), name


def test_all_catalogs_are_checked_also_where_one_is_wrong(tmp_path: Path) -> None:
    written(
        tmp_path,
        {"commet bad.yaml": "version: 2\n", "a/commet.yaml": YAML.replace("usage", "usages"), "b/commet.yaml": YAML},
    )
    code, said = validated(tmp_path, "commet bad.yaml", "a/commet.yaml", "b/commet.yaml")
    assert code == 3
    assert " --> commet bad.yaml:1:" in said
    assert " --> a/commet.yaml:3:" in said


@pytest.mark.process
def test_the_example_of_environments_passes_its_own_hook(tmp_path: Path) -> None:
    """As a process, with the files that the hook's pattern takes."""
    shutil.copytree(ROOT / "examples/environments/pricing", tmp_path / "pricing")
    names = [path.relative_to(tmp_path).as_posix() for path in sorted(tmp_path.rglob("*")) if path.is_file()]
    files = [name for name in names if re.search(hook()["files"], name)]
    assert len(files) == len(names) == 6
    env = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "HOME": str(tmp_path)}
    words = [*shlex.split(hook()["entry"]), *files]
    ended = subprocess.run(words, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert len(catalogs(ended.stdout)) == 2


def test_the_document_has_every_catalog(tmp_path: Path) -> None:
    written(tmp_path, FILES)
    document = run(tmp_path, "validate", "--changed", "features.yaml", "--format", "json", key=None).document
    assert [(item["file"], item["environment"]) for item in document["checked"]] == [
        ("commet.yaml", "eu-1"),
        ("commet.yaml", "live"),
    ]


@pytest.mark.parametrize(
    "words", [["commet.yaml"], ["--changed", "-f", "commet.yaml"], ["--changed", "commet.yaml", "--env", "live"]]
)
def test_one_catalog_and_those_of_files_are_not_mixed(tmp_path: Path, words: list[str]) -> None:
    written(tmp_path, FILES)
    assert run(tmp_path, "validate", *words, key=None).code == 64


@pytest.mark.process
def test_the_hook_that_formats_takes_all_files_at_once(tmp_path: Path) -> None:
    assert set(hook("commetctl-fmt")) == {"id", "name", "description", "entry", "language", "files"}
    for name in ("commet.yaml", "commet.live.yaml"):
        (tmp_path / name).write_text("plans: {}\nversion: 1\n", encoding="utf-8")
    words = [*hook("commetctl-fmt")["entry"].split(), "commet.yaml", "commet.live.yaml"]
    env = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "HOME": str(tmp_path)}
    subprocess.run(words, cwd=tmp_path, env=env, capture_output=True, timeout=60, check=True)
    for name in ("commet.yaml", "commet.live.yaml"):
        assert (tmp_path / name).read_text("utf-8") == "version: 1\n\nplans: {}\n"

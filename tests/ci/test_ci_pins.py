"""Whatever runs in CI is pinned: a tag of an action can be moved to other code, and a commit cannot."""

import re
from pathlib import Path

import pytest

from ci.actions import ROOT
from every import every

#: `uses: owner/name@REVISION # v1.2.3`, in a workflow or in the documentation.
USES = re.compile(
    r"^\s*(?:- )?uses: *(?P<action>[^\s#@]+)@?(?P<revision>[^\s#]*)(?: +# (?P<comment>.*))?$", re.MULTILINE
)
#: Stands for the repository and the commit that whoever copies a workflow puts there.
PLACEHOLDER = ("your-org/commetctl", "0" * 40)


def texts() -> list[Path]:
    found = [
        ROOT / "action.yml",
        ROOT / "README.md",
        *(ROOT / ".github").rglob("*.y*ml"),
        *(ROOT / "docs").rglob("*.md"),
    ]
    return [*found, *(ROOT / "examples").rglob("*.y*ml"), *(ROOT / "examples").rglob("*.md")]


def used() -> list[tuple[str, str, str, str]]:
    """Each use of an action: where, which, at which revision, and the comment."""
    return [
        (path.relative_to(ROOT).as_posix(), found["action"], found["revision"], found["comment"] or "")
        for path in texts()
        for found in USES.finditer(path.read_text("utf-8"))
    ]


def test_every_action_is_pinned_by_its_commit_with_the_version_beside_it() -> None:
    def check(use: tuple[str, str, str, str]) -> None:
        _, action, revision, comment = use
        assert re.fullmatch(r"[0-9a-f]{40}", revision)
        assert re.match(r"v\d+\.\d+\.\d+\b", comment)
        assert (revision == PLACEHOLDER[1]) is (action == PLACEHOLDER[0]), "no commit is made up"

    every(used(), check)
    assert {place for place, *_ in used()} >= {
        "action.yml",
        ".github/workflows/check.yml",
        "examples/ci/github/pricing.yml",
    }


def test_an_action_has_one_version_everywhere() -> None:
    revisions = {(action, revision, comment.split()[0].rstrip(":")) for _, action, revision, comment in used()}
    assert len(revisions) == len({action for action, *_ in revisions})


@pytest.mark.parametrize("name", ["examples/ci/gitlab/.gitlab-ci.yml"])
def test_the_pipeline_fetches_a_commit(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert re.search(rf'COMMETCTL_REF: "{PLACEHOLDER[1]}"  # v\d+\.\d+\.\d+\n', text)
    assert "--branch" not in text


def test_the_audit_sees_every_workflow() -> None:
    """`make actions` names what `init` writes too; that it is what is in examples/ci is tested with `init`."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    (line,) = (line for line in makefile.splitlines() if "bin/zizmor" in line)
    assert line.endswith(" action.yml .github/workflows examples/ci/github/*.yml")
    assert {path.suffix for path in (ROOT / "examples/ci/github").iterdir()} == {".yml"}
    assert "--offline" in line
    for place in (".ci/run", ".github/workflows/check.yml"):
        assert "make actions\n" in (ROOT / place).read_text("utf-8")

"""The folder of changes: what may be in it on this machine, in a revision of git, and in memory."""

from pathlib import Path

import pytest

from changes.dated import BASE, TODAY, change, price, told
from changes.repository import commit
from commetctl.catalog import load
from commetctl.catalog.loading import load_from, read
from commetctl.catalog.source import TextSource
from commetctl.core.errors import InvalidCatalog
from environments.files import written
from telling import as_told

_HINT = "  hint: changes/ holds only files of changes: write the file itself there, or move this one elsewhere"
LATER = TODAY.replace(year=2028)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("changes/README.md", "is not a YAML file"),
        ("changes/README", "is not a YAML file"),
        ("changes/raise.yaml.orig", "is not a YAML file"),
        ("changes/raise.YAML", "is not a YAML file"),
        ("changes/2027/raise.yaml", "is a folder"),
        ("changes/raise.yaml/raise.yaml", "is a folder"),
        ("changes/ra\x07ise.yaml", "has a control character in its name"),
        ("changes/ra\nise.yaml", "has a control character in its name"),
        ("changes/ra\u00a0ise.yaml", "has U+00A0 (no-break space) in its name"),
    ],
)
@pytest.mark.parametrize("git", [False, True])
def test_a_file_that_is_no_change(tmp_path: Path, name: str, why: str, git: bool) -> None:
    lines = _told_by_git(tmp_path, {f"./{name}": "hello"}) if git else told(tmp_path, {f"./{name}": "hello"})
    shown = "/".join(name.split("/")[:2])
    assert lines == [f"{shown}:1:1: cannot be a change: it {why}", _HINT]


@pytest.mark.parametrize("git", [False, True])
def test_a_hidden_file_is_nothing(tmp_path: Path, git: bool) -> None:
    files = {"./changes/.gitkeep": "", "./changes/.raise.yaml.swp": "x", "./changes/.idea/x.xml": "x"}
    assert (_told_by_git(tmp_path, files) if git else told(tmp_path, files)) == []


@pytest.mark.parametrize("git", [False, True])
def test_a_link_is_no_change(tmp_path: Path, git: bool) -> None:
    file = written(tmp_path, {"commet.yaml": BASE, "elsewhere/raise.yaml": change()})
    (tmp_path / "changes").mkdir()
    (tmp_path / "changes" / "raise.yaml").symlink_to("../elsewhere/raise.yaml")
    assert _told_again(file, git=git) == ["changes/raise.yaml:1:1: cannot be a change: it is a link", _HINT]


@pytest.mark.parametrize("git", [False, True])
def test_a_link_in_place_of_the_folder_is_no_folder(tmp_path: Path, git: bool) -> None:
    file = written(tmp_path, {"commet.yaml": BASE, "elsewhere/raise.yaml": change()})
    (tmp_path / "changes").symlink_to("elsewhere")
    assert _told_again(file, git=git) == ["changes:1:1: cannot be a change: it is a link", _HINT]


def test_a_file_in_place_of_the_folder_is_no_folder(tmp_path: Path) -> None:
    file = written(tmp_path, {"commet.yaml": BASE, "changes": change()})
    assert _told_again(file, git=False) == ["changes:1:1: cannot be a change: it is not a folder", _HINT]


def test_a_revision_has_changes_of_its_own(tmp_path: Path) -> None:
    file = written(tmp_path, {"commet.yaml": BASE, "changes/raise.yaml": change()})
    commit(tmp_path)
    (tmp_path / "changes" / "raise.yaml").unlink()
    there = load_from("git:HEAD", beside=str(file), moment=LATER)
    assert price(there) == "59.00 USD"
    assert [item.name for item in there.due] == [f"git:HEAD:{tmp_path}/changes/raise.yaml"]
    assert price(load(file, moment=LATER)) == "49.00 USD"


def test_below_the_root_of_a_repository_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path / "pricing", {"commet.yaml": BASE, "changes/raise.yaml": change()})
    commit(tmp_path)
    assert price(load_from(f"git:HEAD:{tmp_path}/pricing/commet.yaml", moment=LATER)) == "59.00 USD"
    monkeypatch.chdir(tmp_path / "pricing")
    assert price(load_from("git:HEAD:commet.yaml", moment=LATER)) == "59.00 USD"
    assert price(load_from("git:HEAD", moment=LATER)) == "59.00 USD"
    monkeypatch.chdir(tmp_path)
    assert price(load_from("git:HEAD:pricing/commet.yaml", moment=LATER)) == "59.00 USD"


def test_in_memory_there_are_changes_too() -> None:
    contents = {"a/commet.yaml": BASE.encode(), "a/changes/raise.yaml": change().encode(), "changes/x.yaml": b"x"}
    there = read(TextSource("a/commet.yaml", contents), moment=LATER)
    assert (price(there), there.title) == ("59.00 USD", "a/commet.yaml + a/changes/raise.yaml")
    assert price(read(TextSource("a/commet.yaml", contents), moment=TODAY)) == "49.00 USD"


def _told_by_git(folder: Path, files: dict[str, str]) -> list[str]:
    return _told_again(written(folder, {"commet.yaml": BASE, **files}), git=True)


def _told_again(file: Path, *, git: bool) -> list[str]:
    if git:
        commit(file.parent)
    try:
        load_from("git:HEAD" if git else str(file), beside=str(file), moment=TODAY)
    except InvalidCatalog as error:
        lines = as_told(error.problems)
        return [line.replace("git:HEAD:", "").replace(f"{file.parent}/", "") for line in lines]
    return []

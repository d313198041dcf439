"""The catalog where none is named: here, or in a folder above in the same repository; and what is kept beside it."""

import os
from pathlib import Path

import pytest

from cli.running import YAML, run, write
from commetctl.core import finding


@pytest.fixture
def below(tmp_path: Path) -> Path:
    """A folder of a repository, two levels below its root, which has the catalog."""
    (tmp_path / ".git").mkdir()
    write(tmp_path)
    folder = tmp_path / "apps" / "web"
    folder.mkdir(parents=True)
    return folder


def test_it_is_found_in_a_folder_above_and_all_that_is_kept_is_beside_it(below: Path, tmp_path: Path) -> None:
    up = "../../commet.yaml"
    assert run(below, "validate", key=None).out.startswith(f"{up} is valid")
    saved = run(below, "plan", "--local", "--out", "plan.json", key=None)
    assert up in saved.out.splitlines()[0]
    # The command that it names finds the same catalog, and the same journals.
    assert "--file" not in saved.out
    assert run(below, "apply", "plan.json", "--local", "--yes", key=None).code == 0
    assert (tmp_path / ".commet" / "local.db").is_file()
    assert list((tmp_path / ".commet" / "runs").iterdir())
    assert [path.name for path in below.iterdir()] == ["plan.json"]
    assert "was already applied" in run(below, "apply", "plan.json", "--local", "--yes", key=None).err
    assert "No changes" in run(tmp_path, "plan", "--local", key=None).out
    doctor = run(below, "doctor", "--local", key=None).out
    assert f"{up} is valid" in doctor
    assert run(below, "fmt", key=None).out == f"{up}: formatted\n"


def test_it_is_compared_with_the_last_commit_from_below(below: Path) -> None:
    """`diff` without arguments; here there is no commit yet, which says what was asked for."""
    assert "error: git has no ../../commet.yaml in HEAD" in run(below, "diff", key=None).err


def test_an_overlay_is_looked_for_beside_it(below: Path, tmp_path: Path) -> None:
    (tmp_path / "commet.eu.yaml").write_text("version: 1\nmode: sandbox\n", encoding="utf-8")
    for words, env in ((("--env", "eu"), {}), ((), {"COMMETCTL_ENV": "eu"})):
        assert "../../commet.eu.yaml is valid" in run(below, "validate", *words, key=None, env=env).out


def test_the_other_ending_is_found_too_and_both_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "commet.yml").write_text(YAML, encoding="utf-8")
    assert run(tmp_path, "validate", key=None).out.startswith("commet.yml is valid")
    assert "commet.yml already exists" in run(tmp_path, "init", key=None).err
    write(tmp_path)
    for words in (["plan", "--local"], ["diff"], ["fmt"], ["doctor"]):
        ended = run(tmp_path, *words, key=None)
        assert (ended.code, ended.out) == (64, "")
        assert "commet.yaml and commet.yml are both there" in ended.err
    assert run(tmp_path, "validate", "-f", "commet.yml", key=None).code == 0
    assert run(tmp_path, "validate", "--help", key=None).code == 0


def test_nothing_above_the_repository_is_found(tmp_path: Path) -> None:
    write(tmp_path)
    folder = tmp_path / "repository" / "web"
    folder.mkdir(parents=True)
    # Without a repository it is this folder alone.
    alone = run(folder, "plan", "--local", key=None)
    assert (alone.code, alone.err) == (
        1,
        f"error: commet.yaml does not exist: looked for commet.yaml and commet.yml in {folder}\n"
        "hint: `commetctl init` makes a new one; `-f FILE` names another one\n",
    )
    (folder.parent / ".git").write_text("gitdir: elsewhere\n", encoding="utf-8")
    ended = run(folder, "plan", "--local", key=None)
    assert f"commet.yml in {folder} and the folders above it, up to {folder.parent}\n" in ended.err
    # The nearest one counts.
    write(folder.parent)
    assert run(folder, "validate", key=None).out.startswith("../commet.yaml is valid")


def test_a_catalog_that_is_named_is_taken_as_it_is(below: Path) -> None:
    missing = run(below, "validate", "-f", "commet.yaml", key=None)
    assert missing.err == "error: commet.yaml does not exist\nhint: there is ../../commet.yaml: leave out `-f`\n"
    assert run(below, "apply", "-f", "../../commet.yaml", "--local", "--yes", key=None).code == 0
    # What is kept is here, as it has always been for a catalog that is named.
    assert (below / ".commet" / "local.db").is_file()


def test_the_folder_of_another_owner_ends_the_search(below: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As git does: what somebody put into /tmp is not ours to apply."""
    monkeypatch.chdir(below)
    assert [str(path) for path in finding.catalogs()] == ["../../commet.yaml"]
    whole, other = os.stat_result, below.parent
    stat = Path.stat

    def owned(path: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        found = stat(path, follow_symlinks=follow_symlinks)
        return whole((*found[:4], found.st_uid + 1, *found[5:10])) if path == other else found

    monkeypatch.setattr(Path, "stat", owned)
    assert finding.catalogs() == []


def test_a_new_catalog_is_made_here_and_not_above(below: Path, tmp_path: Path) -> None:
    before = (tmp_path / "commet.yaml").read_bytes()
    configuration = '{"features": {"calls": {"name": "Calls", "type": "usage"}}, "plans": {}}'
    ended = run(below, "pull", "--from", "-", "--amounts", "minor", key=None, stdin=configuration)
    assert (ended.code, (below / "commet.yaml").is_file()) == (0, True), ended
    assert (tmp_path / "commet.yaml").read_bytes() == before


def test_a_folder_that_is_gone_has_no_catalog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert finding.catalogs() == []
    assert finding.missing("commet.yaml").message.startswith("commet.yaml does not exist: looked for ")


def test_a_link_to_nowhere_is_found_and_said_to_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "commet.yaml").symlink_to("gone.yaml")
    ended = run(tmp_path, "validate", key=None)
    assert (ended.code, "commet.yaml does not exist" in ended.err, "leave out" in ended.err) == (1, True, False)


def test_a_saved_plan_is_no_catalog(tmp_path: Path) -> None:
    write(tmp_path)
    assert run(tmp_path, "plan", "--local", "--out", "p.json", key=None).code == 0
    for command in ("apply", "plan", "validate"):
        ended = run(tmp_path, command, "-f", "p.json", key=None)
        assert (ended.code, "p.json is a saved plan" in ended.err) == (64, True)
        assert "commetctl apply p.json" in ended.err

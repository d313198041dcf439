"""A date that is past is a mistake in a change that nobody has committed yet, and no mistake afterwards."""

from pathlib import Path

import pytest

from changes.dated import BASE, RAISED, change
from changes.repository import commit, git
from cli.running import run
from commetctl.catalog import load
from commetctl.core.errors import CommetctlError, InvalidCatalog
from environments.files import written
from telling import as_told

PAST, OTHER = "effective: 2020-01-01", "effective: 2020-02-01"
_HINT = "  hint: write `now`, or a date to come"


def found(file: Path, environment: str = "", base: str = "") -> list[str]:
    """What is said about a catalog as it is now."""
    try:
        load(file, environment=environment, base=base)
    except InvalidCatalog as error:
        return [line.replace(f"{file.parent}/", "") for line in as_told(error.problems)]
    return []


def add(file: Path, text: str) -> None:
    """Write the change."""
    written(file.parent, {"changes/raise.yaml": text})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A catalog that is committed, without changes."""
    main = written(tmp_path, {"commet.yaml": BASE})
    commit(tmp_path)
    return main


def test_a_past_date_that_the_last_commit_does_not_have(file: Path) -> None:
    add(file, change(PAST))
    assert found(file) == [
        "changes/raise.yaml:2:21: `change.effective` is past, and the last commit does not have this change",
        _HINT,
    ]
    commit(file.parent)
    assert found(file) == []


def test_another_past_date_than_the_last_commit_has(file: Path) -> None:
    add(file, change(PAST))
    commit(file.parent)
    add(file, change(OTHER))
    assert found(file) == [
        "changes/raise.yaml:2:21: `change.effective` is past, and the last commit has 2020-01-01 for this change",
        _HINT,
    ]
    # What else the file says may change, as the date stays.
    add(file, change(f"{PAST}, why: late", RAISED.replace("59", "60")))
    assert found(file) == []
    # The same moment in other words.
    add(file, change("effective: 2020-01-01T01:00:00+01:00"))
    assert found(file) == []


def test_what_is_no_past_date(file: Path) -> None:
    for head in ("effective: now", "effective: never", "effective: 2999-01-01", "effective: 2999-01-01T00:00:00Z"):
        add(file, change(head))
        assert found(file) == []


def test_each_environment_by_itself(file: Path) -> None:
    written(file.parent, {f"commet.{name}.yaml": "version: 1\n" for name in ("sandbox", "live")})
    add(file, change("effective: {sandbox: now, live: 2020-01-01}"))
    assert found(file, "sandbox") == []
    assert found(file, "live") == [
        "changes/raise.yaml:2:42: `change.effective.live` is past, and the last commit does not have this change",
        _HINT,
    ]


def test_where_there_is_nothing_to_compare_with_there_is_no_check(tmp_path: Path) -> None:
    file = written(tmp_path, {"commet.yaml": BASE, "changes/raise.yaml": change(PAST)})
    assert found(file) == []
    git(tmp_path, "init", "-q")
    assert found(file) == []
    (tmp_path / "other").touch()
    git(tmp_path, "add", "other")
    git(tmp_path, "commit", "-qm", "without the catalog")
    assert found(file) == []


def test_without_git_there_is_no_check(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add(file, change(PAST))
    monkeypatch.setenv("PATH", str(file.parent / "nothing"))
    assert found(file) == []


def test_a_base_is_compared_with_in_place_of_the_last_commit(file: Path) -> None:
    add(file, change(PAST))
    commit(file.parent)
    assert found(file, base="git:HEAD") == []
    assert found(file, base="git:HEAD~1") == [
        "changes/raise.yaml:2:21: `change.effective` is past, and git:HEAD~1 does not have this change",
        _HINT,
    ]
    assert found(file, base="/dev/null") == [
        "changes/raise.yaml:2:21: `change.effective` is past, and /dev/null does not have this change",
        _HINT,
    ]


def test_a_base_that_git_does_not_have_is_an_error_whether_or_not_anything_is_past(file: Path) -> None:
    with pytest.raises(CommetctlError) as caught:
        load(file, base="git:nowhere")
    assert caught.value.message.startswith(f"git has no {file} in nowhere: ")
    assert caught.value.code == "no_file"


def test_validate_takes_a_base(file: Path) -> None:
    add(file, change(PAST))
    commit(file.parent)
    for words in ([], ["--changed", "changes/raise.yaml"]):
        assert run(file.parent, "validate", *words, key=None).code == 0
        refused = run(file.parent, "validate", "--base", "git:HEAD~1", *words, key=None)
        assert refused.code == 3
        assert "`change.effective` is past, and git:HEAD~1 does not have this change" in refused.err

"""`apply --dry-run` is `plan`: the same output, options and exit codes, and nothing is written."""

from pathlib import Path

import pytest

from cli.running import YAML, run, write

#: What decides a plan, in each format.
OPTIONS: list[tuple[str, ...]] = [
    (),
    ("-v", "--prune", "--target", "feature.calls"),
    ("--detailed-exitcode",),
    ("--strict", "--quiet"),
    ("--base", "/dev/null", "--no-impact"),
    *(("--detailed-exitcode", "--format", name) for name in ("json", "markdown", "html", "github", "junit")),
    ("--target", "feature.none"),
    ("--format", "json", "-f", "none.yaml"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A catalog that is applied, and changed since."""
    write(tmp_path)
    assert run(tmp_path, "apply", "--local", "--yes", key=None).code == 0
    write(tmp_path, YAML + "  seats: {name: Seats, type: boolean}\n")
    return tmp_path


def files(folder: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize("options", OPTIONS, ids=" ".join)
def test_it_says_and_exits_as_plan_does(folder: Path, options: tuple[str, ...]) -> None:
    before = files(folder)
    planned = run(folder, "plan", "--local", *options, key=None)
    for more in ((), ("--yes", "--parallelism", "8")):
        assert run(folder, "apply", "--dry-run", "--local", *options, *more, key=None) == planned
    assert run(folder, "plan", "--dry-run", "--local", *options, key=None) == planned
    assert files(folder) == before


def test_it_writes_no_journal_and_takes_no_lock(folder: Path) -> None:
    ended = run(folder, "apply", "--dry-run", "--yes", "--local", "--journal", "own", key=None)
    assert ended.code == 0
    assert not (folder / "own").exists()


def test_it_says_what_a_guard_would_refuse(folder: Path) -> None:
    write(folder, "version: 1\nfeatures: {}\n")
    ended = run(folder, "apply", "--dry-run", "--yes", "--prune", "--local", "--strict", key=None)
    assert ended.code == 0
    assert "- Calls" in ended.out
    write(folder, YAML.replace("usage", "boolean"))
    blocked = run(folder, "apply", "--dry-run", "--local", "--detailed-exitcode", key=None)
    assert (blocked.code, "refused by  " in blocked.out) == (2, True)


def test_it_checks_a_saved_plan(folder: Path) -> None:
    assert run(folder, "apply", "--dry-run", "--local", "--out", "plan.json", key=None).code == 0
    words = ("apply", "plan.json", "--local")
    assert run(folder, *words, "--dry-run", key=None).code == 0
    assert run(folder, *words, "--dry-run", "--prune", key=None).code == 4
    assert run(folder, *words, "--yes", key=None).code == 0
    spent = run(folder, *words, "--dry-run", key=None)
    assert (spent.code, "a saved plan can be applied once" in spent.err) == (4, True)


@pytest.mark.parametrize(
    "options", [("--out", "p.json"), ("--base", "git:HEAD"), ("--strict",), ("--detailed-exitcode",)], ids=" ".join
)
def test_an_apply_that_is_none_does_not_take_what_is_for_a_plan(folder: Path, options: tuple[str, ...]) -> None:
    before = files(folder)
    for words in (options, ("--format", "markdown")):
        ended = run(folder, "apply", "--yes", "--local", *words, key=None)
        assert (ended.code, "is for `plan` and for `apply --dry-run`" in ended.err) == (64, True)
    assert files(folder) == before

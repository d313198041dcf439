"""Help: there for every command, and instant because nothing heavy is imported for it."""

from pathlib import Path

import pytest

from cli.imports import imported
from cli.running import run
from commetctl import __version__
from commetctl.cli import COMMANDS, GROUPS, connecting
from commetctl.cli.pull import UNITS
from commetctl.core.contract import CONTRACTS
from commetctl.usecases.migration import Unit

PAGES = [[], ["--help"], ["--version"], *([name, "--help"] for name in COMMANDS), ["packs", "purchase", "--help"]]


@pytest.mark.process
@pytest.mark.parametrize("words", PAGES, ids=" ".join)
def test_help_is_there_and_imports_nothing_heavy(tmp_path: Path, words: list[str]) -> None:
    said, found = imported(tmp_path, *words)
    assert said == f"commetctl {__version__}\n" if "--version" in words else "\nUsage: commetctl " in said
    assert not found


def test_the_list_of_commands_names_them_all(tmp_path: Path) -> None:
    ended = run(tmp_path, "--help", key="ck_live_secret")
    assert run(tmp_path, key=None) == ended
    for group, commands in GROUPS.items():
        section = ended.out.partition(f"\n{group}:\n")[2].partition("\n\n")[0]
        rows = dict(line.split(maxsplit=1) for line in section.splitlines())
        assert rows == commands
    assert "ck_live_secret" not in ended.out


def test_help_shows_no_value_of_the_environment(tmp_path: Path) -> None:
    env = {"COMMET_API_URL": "https://internal.invalid", "COMMET_API_VERSION": "2026-07-11"}
    ended = run(tmp_path, "apply", "--help", key="ck_live_secret", env=env)
    assert ended.code == 0
    assert "ck_live_secret" not in ended.out
    assert "internal.invalid" not in ended.out


def test_a_command_that_is_misspelt_is_named(tmp_path: Path) -> None:
    ended = run(tmp_path, "pln")
    assert (ended.code, "error: no such command 'pln'. Did you mean plan?" in ended.err) == (64, True)
    assert "Did you mean" not in run(tmp_path, "xyzzy").err


def test_a_choice_that_is_missing_is_readable(tmp_path: Path) -> None:
    ended = run(tmp_path, "completion")
    assert (ended.code, "\\t" in ended.err) == (64, False)


def test_what_the_options_repeat_so_that_help_stays_instant_is_what_counts() -> None:
    assert set(connecting.VERSIONS) == set(CONTRACTS)
    assert set(UNITS) == {unit.value for unit in Unit}

"""Applying at a terminal: what is asked, what is typed, what is shown and in which colours."""

import os
import pty
import re
import select
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from cli.running import YAML, command, environment, run, write

#: Colours and other looks of text, as opposed to movements of the cursor.
LOOKS = re.compile(r"\x1b\[[0-9;]*m")
QUESTION = "Type yes to apply this: "


def at_terminal(
    folder: Path,
    *arguments: str,
    typed: str = "",
    env: Mapping[str, str] | None = None,
    meanwhile: Callable[[], object] = lambda: None,
) -> tuple[int, str]:
    """Run at a terminal; once asked, do something else, and type. The exit code, and all that the terminal got."""
    ours, theirs = pty.openpty()
    seen, asked, until = "", False, time.monotonic() + 30
    extra = {"TERM": "xterm-256color", **(env or {})}
    with subprocess.Popen(
        command(*arguments), cwd=folder, env=environment(None, extra), stdin=theirs, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        try:
            while time.monotonic() < until:
                if not select.select([ours], [], [], 0.2)[0]:
                    continue
                try:
                    seen += os.read(ours, 65536).decode()
                except OSError:  # how Linux says that the other end is closed
                    break
                if QUESTION in seen and not asked:
                    asked = True
                    meanwhile()
                    os.write(ours, typed.encode())
            code = process.wait(10)
        finally:
            process.kill()
            os.close(ours)
    assert asked or not typed, seen
    return code, seen


def test_typing_yes_applies_and_shows_each_change_in_colour(tmp_path: Path) -> None:
    write(tmp_path)
    code, seen = at_terminal(tmp_path, "apply", "--local", typed="yes\n")
    assert code == 0, seen
    assert "\x1b[32m+\x1b[0m feature.calls" in seen
    assert "applying" in seen
    assert "ok       feature.calls created" in LOOKS.sub("", seen)
    assert "1 applied" in seen
    assert "No changes" in run(tmp_path, "plan", "--local", key=None).out


def test_what_changed_while_the_question_stood_is_not_written_over(tmp_path: Path) -> None:
    write(tmp_path, YAML + "  logs: {name: Logs, type: boolean}\n")
    other = tmp_path / "other"
    other.mkdir()
    write(other, "version: 1\nfeatures: {logs: {name: Log files, type: boolean}}\n")
    database = str(tmp_path / "account.db")

    def meanwhile() -> None:
        assert run(other, "apply", "--local", database, "--yes", key=None).code == 0

    code, seen = at_terminal(tmp_path, "apply", "--local", database, typed="yes\n", meanwhile=meanwhile)
    assert code == 4, seen
    said = " ".join(LOOKS.sub("", seen).split())
    assert "error: Commet has changed since the plan was made: feature.logs is new hint: nothing was written" in said
    assert "feature.calls" in run(tmp_path, "plan", "--local", database, key=None).out


@pytest.mark.parametrize("typed", ["y\n", "\n", "YES\n"])
def test_typing_anything_else_writes_nothing(tmp_path: Path, typed: str) -> None:
    write(tmp_path)
    code, seen = at_terminal(tmp_path, "apply", "--local", typed=typed)
    assert code == 4, seen
    assert "error: nothing was applied" in seen
    assert "1 to create" in run(tmp_path, "plan", "--local", key=None).out


def test_leaving_the_question_is_an_interrupt_and_writes_nothing(tmp_path: Path) -> None:
    write(tmp_path)
    code, seen = at_terminal(tmp_path, "apply", "--local", typed="\x04")
    assert code == 130, seen
    assert "Traceback" not in seen
    assert "1 to create" in run(tmp_path, "plan", "--local", key=None).out


@pytest.mark.parametrize(
    ("words", "env", "coloured"),
    [
        ([], {}, True),
        ([], {"NO_COLOR": "1"}, False),
        ([], {"NO_COLOR": ""}, True),
        (["--no-color"], {}, False),
        (["--color"], {"NO_COLOR": "1"}, True),
        ([], {"TERM": "dumb"}, False),
    ],
)
def test_colour_is_as_the_terminal_the_environment_and_the_flag_say(
    tmp_path: Path, words: list[str], env: dict[str, str], coloured: bool
) -> None:
    write(tmp_path)
    code, seen = at_terminal(tmp_path, "apply", "--local", "--yes", *words, env=env)
    assert code == 0, seen
    assert "ok       feature.calls created" in LOOKS.sub("", seen)
    assert ("\x1b[32m" in seen) is coloured
    if not coloured:
        assert LOOKS.findall(seen) == []


def test_a_plan_without_colour_has_no_escapes_at_all(tmp_path: Path) -> None:
    write(tmp_path)
    code, seen = at_terminal(tmp_path, "plan", "--local", env={"NO_COLOR": "1"})
    assert (code, "\x1b" in seen) == (0, False)

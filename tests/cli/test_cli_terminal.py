"""Applying at a terminal: what is asked, what is typed, what is shown and in which colours."""

import codecs
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from cli.running import YAML, command, environment, run, write
from commetctl.cli.environments import DEFAULT_DATABASE
from commetctl.render.terminal import columns as columns_of

#: Colours and other looks of text, as opposed to movements of the cursor.
LOOKS = re.compile(r"\x1b\[[0-9;]*m")
QUESTION = " [y/N]: "


def at_terminal(
    folder: Path,
    *arguments: str,
    typed: str = "",
    env: Mapping[str, str] | None = None,
    meanwhile: Callable[[], object] = lambda: None,
    columns: int = 100,
    question: str = QUESTION,
) -> tuple[int, str]:
    """Run at a terminal; once asked, do something else, and type. The exit code, and all that the terminal got."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    seen, asked, until = "", False, time.monotonic() + 30
    # A read may end in the middle of a character.
    decoder = codecs.getincrementaldecoder("utf-8")()
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
                    seen += decoder.decode(os.read(ours, 65536))
                except OSError:  # how Linux says that the other end is closed
                    break
                if question in seen and not asked:
                    asked = True
                    meanwhile()
                    os.write(ours, typed.encode())
            code = process.wait(10)
        finally:
            process.kill()
            os.close(ours)
    assert asked or not typed, seen
    return code, seen


@pytest.mark.process
def test_typing_yes_applies_and_shows_each_change_in_colour(tmp_path: Path) -> None:
    write(tmp_path)
    code, seen = at_terminal(tmp_path, "apply", "--local", typed="yes\n")
    assert code == 0, seen
    assert "\x1b[32m+\x1b[0m Calls" in seen
    assert f"Apply this change to local Commet ({DEFAULT_DATABASE})? [y/N]: " in LOOKS.sub("", seen)
    assert "applying" in seen
    assert "ok       feature.calls created" in LOOKS.sub("", seen)
    assert "1 change applied and verified." in seen
    assert "No changes" in run(tmp_path, "plan", "--local", key=None).out


@pytest.mark.process
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
    assert "+ Calls" in run(tmp_path, "plan", "--local", database, key=None).out


@pytest.mark.process
@pytest.mark.parametrize("typed", ["n\n", "\n", "yess\n"])
def test_typing_anything_else_writes_nothing(tmp_path: Path, typed: str) -> None:
    write(tmp_path)
    code, seen = at_terminal(tmp_path, "apply", "--local", typed=typed)
    assert code == 4, seen
    assert 'error: nothing was applied hint: only "y" or "yes" is accepted' in " ".join(LOOKS.sub("", seen).split())
    assert "1 to create" in run(tmp_path, "plan", "--local", key=None).out


@pytest.mark.process
def test_leaving_the_question_is_an_interrupt_and_writes_nothing(tmp_path: Path) -> None:
    write(tmp_path)
    code, seen = at_terminal(tmp_path, "apply", "--local", typed="\x04")
    assert code == 130, seen
    assert "\nerror: interrupted; nothing was applied\r\n" in LOOKS.sub("", seen)
    assert "Traceback" not in seen
    assert "1 to create" in run(tmp_path, "plan", "--local", key=None).out


@pytest.mark.process
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


@pytest.mark.process
def test_a_plan_without_colour_has_no_escapes_at_all(tmp_path: Path) -> None:
    write(tmp_path)
    code, seen = at_terminal(tmp_path, "plan", "--local", env={"NO_COLOR": "1"})
    assert (code, "\x1b" in seen) == (0, False)


def screen(seen: str) -> list[str]:
    """What stands on a terminal in the end: a carriage return goes back to the start of the line."""
    lines = []
    for line in LOOKS.sub("", seen).replace("\r\n", "\n").split("\n"):
        shown = ""
        for part in line.split("\r"):
            shown = part + shown[len(part) :]
        lines.append(shown.rstrip())
    return lines


@pytest.mark.process
@pytest.mark.parametrize(
    ("words", "env", "told"),
    [
        (
            ["apply", "--yes"],
            {},
            ["Reading features … 1 of 2", "Checking plans … 2 of 2", "Reading back features … 1 of 2"],
        ),
        (["apply", "--yes"], {"TERM": "dumb"}, []),
        (["apply", "--yes", "-q"], {}, []),
        (["plan", "--format", "json"], {}, []),
    ],
)
def test_a_terminal_is_told_what_is_read_and_nothing_of_it_stays(
    tmp_path: Path, words: list[str], env: dict[str, str], told: list[str]
) -> None:
    write(tmp_path, WIDE)
    code, seen = at_terminal(tmp_path, *words, "--local", env=env)
    assert code == 0, seen
    assert [each for each in told if each not in seen] == []
    assert bool(told) is bool(re.search("Reading|Checking", seen))
    assert not [line for line in screen(seen) if re.search("Reading|Checking|applying", line)]


WIDE = """\
version: 1
features:
  calls: {name: 日本語のとても長い名前 🚀🚀, type: usage, description: 全角の説明}
plans:
  pro:
    name: プロ
    description: 専門家のための計画
    consumption_model: metered
    visibility: public
    metadata: {階層: 一, tier: two}
    prices: {monthly: {price: 49.00}}
    features: {calls: {included_amount: 10}}
"""


@pytest.mark.process
@pytest.mark.parametrize("columns", [80, 200])
@pytest.mark.parametrize("env", [{}, {"NO_COLOR": "1"}])
@pytest.mark.parametrize("words", [["plan", "--local"], ["diff", "/dev/null", "commet.yaml"]])
def test_a_review_is_as_wide_as_the_terminal(
    tmp_path: Path, columns: int, env: dict[str, str], words: list[str]
) -> None:
    write(tmp_path, WIDE)
    code, seen = at_terminal(tmp_path, *words, env=env, columns=columns)
    assert code == 0, seen
    assert bool(LOOKS.search(seen)) is not bool(env)
    lines = LOOKS.sub("", seen).splitlines()
    assert all(columns_of(line) <= columns for line in lines if not line.startswith("next ")), seen
    beside = "  + 日本語のとても長い名前 🚀🚀, type"
    (line,) = [line for line in lines if line.startswith(beside)]
    assert ("no effect" in line) is (columns > 80)


@pytest.mark.process
@pytest.mark.parametrize("columns", [80, 200])
def test_values_stand_in_one_column_behind_names_of_any_script(tmp_path: Path, columns: int) -> None:
    """Signs of East Asian scripts take two columns."""
    write(tmp_path, WIDE)
    assert run(tmp_path, "apply", "--local", "--yes", "-q", key=None).code == 0
    write(tmp_path, WIDE.replace("一", "二").replace("two", "three"))
    code, seen = at_terminal(tmp_path, "plan", "--local", columns=columns)
    assert code == 0, seen
    fields = [line for line in LOOKS.sub("", seen).splitlines() if "metadata." in line]
    assert [columns_of(line[: re.search("[一t]\\S* →", line).start()]) for line in fields] == [21, 21]  # type: ignore[union-attr]


@pytest.mark.process
def test_columns_counts_more_than_the_terminal(tmp_path: Path) -> None:
    """As everywhere: who sets it has a reason."""
    write(tmp_path, WIDE)
    code, seen = at_terminal(tmp_path, "plan", "--local", env={"COLUMNS": "60"}, columns=200)
    assert code == 0, seen
    lines = LOOKS.sub("", seen).splitlines()
    assert all(columns_of(line) <= 60 for line in lines if not line.startswith("next ")), seen

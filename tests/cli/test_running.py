"""That a command says the same in the process of the tests, in one of its own, and by the one that stands by."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from threading import Event, Thread

import pytest

from cli.hostile import EMPTY, Reply, hostile
from cli.inside import TookTooLong, inside
from cli.running import Ended, environment, run, started, write
from starting import standby

WORDS = [
    ["--help"],
    ["plan", "--help"],
    ["pln"],
    ["plan", "--bogus", "--format", "json"],
    ["validate"],
    ["validate", "-f", "none.yaml"],
    ["validate", "-f", "wrong.yaml"],
    ["plan", "--local"],
    ["plan", "--local", "--detailed-exitcode", "--color"],
    ["plan", "--local", "--format", "markdown"],
    ["apply", "--local"],
    ["fmt", "-"],
    ["explain", "plan"],
    ["plan"],
]


@pytest.mark.process
@pytest.mark.parametrize("words", WORDS, ids=" ".join)
def test_a_command_says_the_same_in_either_way(words: list[str], tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "wrong.yaml").write_text("version: 1\nplans: {pro: {name: 5}}\n", encoding="utf-8")
    key = None if "--local" in words or words == ["plan"] else "ck_sandbox_a"
    yaml = "version: 1\nfeatures: {é: {type: usage,   name: Ünï}}\n"
    here, apart = (way(tmp_path, *words, key=key, env={"TERM": "xterm"}, stdin=yaml) for way in (run, started))
    assert here == apart
    line = f"""exec {standby()} "$@\""""
    ended = subprocess.run(
        ["sh", "-c", line, "sh", *words], cwd=tmp_path, env=environment(key, {"TERM": "xterm"}), input=yaml,
        capture_output=True, text=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    assert Ended(ended.returncode, ended.stdout, ended.stderr) == here


def state() -> list[object]:
    """What a command in this process may not leave otherwise."""
    names = ("stdin", "stdout", "stderr", "__stdin__", "__stdout__", "__stderr__", "argv", "path")
    streams = [getattr(sys, name) for name in names]
    handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)]
    return [dict(os.environ), Path.cwd(), tempfile.gettempdir(), sys.modules["__main__"], *streams, *handlers]


def test_it_leaves_this_process_as_it_was(tmp_path: Path) -> None:
    before = state()
    write(tmp_path)
    for words in (["apply", "--local", "--yes"], ["bogus"], ["plan", "--local"]):
        run(tmp_path, *words, env={"TMPDIR": str(tmp_path), "COLUMNS": "60"})
    assert state() == before


def test_the_environment_is_the_one_that_is_given_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMET_API_KEY", "ck_sandbox_of_the_tests")
    write(tmp_path)
    assert run(tmp_path, "plan", key=None).code == 6


def test_one_that_does_not_end_is_left(tmp_path: Path) -> None:
    """By an exception that no handler takes for an error."""
    write(tmp_path)
    before, over = state(), Event()

    def answer(_method: str, _path: str) -> Reply:
        over.wait(20)
        return EMPTY

    with hostile(answer) as server:
        try:
            with pytest.raises(TookTooLong):
                inside(tmp_path, ["plan", "--api-url", server.url], environment(), "", 1)
        finally:
            over.set()
    assert state() == before


def test_what_would_need_a_process_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="for a process that starts"):
        run(tmp_path, "--version", env={"PYTHONWARNINGS": "error"})
    said: list[str] = []

    def beside() -> None:
        with pytest.raises(AssertionError, match="two commands at once"):
            run(tmp_path, "--version")
        said.append("refused")

    thread = Thread(target=beside)
    thread.start()
    thread.join()
    assert said == ["refused"]


def test_a_test_without_the_marker_starts_no_process() -> None:
    with pytest.raises(pytest.fail.Exception, match="lacks the marker `process`"):
        subprocess.run([sys.executable, "-c", ""], check=True)

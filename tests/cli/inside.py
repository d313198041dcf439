"""commetctl in the process of the tests: runs what `python -m commetctl` runs, with its own streams and environment.

It costs a hundredth of a process. What only a process has is not here: signals, a terminal, file descriptors, the start
of the interpreter, and what PYTHON* variables say to it. A test that is about these starts one, and has the marker
`process`.
"""

import os
import runpy
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, chdir, contextmanager
from io import BytesIO, TextIOWrapper
from pathlib import Path
from types import FrameType

_HANDLED = (signal.SIGINT, signal.SIGTERM)


class TookTooLong(BaseException):
    """The command did not end in time. Nothing that handles errors handles this one."""


def inside(
    folder: Path, words: Sequence[str], env: Mapping[str, str], stdin: str, seconds: int
) -> tuple[int, str, str]:
    """Run a command to its end: its exit code, and what it wrote to stdout and to stderr.

    Whatever the command raises is raised here, as a process would end with a traceback.
    """
    assert threading.current_thread() is threading.main_thread(), "two commands at once need processes"
    assert not [name for name in env if name.startswith("PYTHON")], "these are for a process that starts"
    out, err = BytesIO(), BytesIO()
    with ExitStack() as stack:
        stack.enter_context(_environment(env))
        stack.enter_context(chdir(folder))
        stack.enter_context(_streams(BytesIO(stdin.encode()), out, err))
        stack.enter_context(_signals(seconds))
        stack.enter_context(_arguments(words))
        code = _code()
    return code, _text(out), _text(err)


def _code() -> int:
    """Run the package as `python -m` does; the exit code of the process that would end now."""
    try:
        runpy.run_module("commetctl", run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        code = ended.code
    else:
        code = None
    # Anything else than a number is printed by the interpreter, which commetctl leaves to nobody.
    assert code is None or isinstance(code, int), code
    return code or 0


def _text(written: BytesIO) -> str:
    """As `subprocess` reads text."""
    return written.getvalue().decode().replace("\r\n", "\n").replace("\r", "\n")


@contextmanager
def _environment(env: Mapping[str, str]) -> Iterator[None]:
    """This environment and no other; the object stays the same, for those who hold it."""
    former, folder = dict(os.environ), tempfile.tempdir
    _become(env)
    # Where temporary files go is looked up in the environment once.
    tempfile.tempdir = None
    try:
        yield
    finally:
        tempfile.tempdir = folder
        _become(former)


def _become(env: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(env)


@contextmanager
def _streams(stdin: BytesIO, out: BytesIO, err: BytesIO) -> Iterator[None]:
    """Streams as an interpreter opens them on pipes, also for what looks behind `sys.stdout` for a terminal."""
    made = (
        TextIOWrapper(stdin, "utf-8"),
        TextIOWrapper(out, "utf-8", newline="\n"),
        TextIOWrapper(err, "utf-8", errors="backslashreplace", newline="\n", line_buffering=True),
    )
    former = (sys.stdin, sys.stdout, sys.stderr, sys.__stdin__, sys.__stdout__, sys.__stderr__)
    _redirect(*made, *made)
    try:
        yield
    finally:
        _redirect(*former)
        for stream in made:
            stream.detach()


def _redirect(*streams: object) -> None:
    for name, stream in zip(
        ("stdin", "stdout", "stderr", "__stdin__", "__stdout__", "__stderr__"), streams, strict=True
    ):
        setattr(sys, name, stream)


@contextmanager
def _signals(seconds: int) -> Iterator[None]:
    """Leave the handlers as they were, and raise TookTooLong after so many seconds."""

    def late(_number: int, _frame: FrameType | None) -> None:
        raise TookTooLong(f"after {seconds} s")

    former = {number: signal.getsignal(number) for number in _HANDLED}
    alarm = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, alarm)
        for number, handler in former.items():
            signal.signal(number, handler)


@contextmanager
def _arguments(words: Sequence[str]) -> Iterator[None]:
    former = sys.argv
    # The first is replaced by the file that is run.
    sys.argv = ["-m", *words]
    try:
        yield
    finally:
        sys.argv = former

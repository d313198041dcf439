"""The words that start a commetctl which stands by, for scripts that start it many times."""

import atexit
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

PROGRAM = Path(__file__).with_name("standby.py")
# Neither site-packages nor what the environment adds: it is to start at once.
_CALLER = f"{sys.executable} -I -S {PROGRAM}"


def standby() -> str:
    """The beginning of a line for a shell, to be followed by arguments of commetctl."""
    return f"{_CALLER} call {_server()}"


def python() -> str:
    """The same, to be followed by a file of Python that needs nothing but what Python has, and its arguments."""
    return f"{_CALLER} run {_server()}"


@cache
def _server() -> str:
    """The address of the server, which is started once in a process of tests."""
    folder = tempfile.TemporaryDirectory()
    address = str(Path(folder.name) / "socket")
    server = subprocess.Popen(
        [sys.executable, str(PROGRAM), "serve", address], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    )
    assert server.stdout
    assert server.stdout.readline() == "ready\n"

    def end() -> None:
        server.kill()
        server.communicate()
        folder.cleanup()

    atexit.register(end)
    return address

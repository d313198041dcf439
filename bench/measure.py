"""Whole processes, measured from outside: seconds, processor time, and the most memory that they held at once."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import PIPE
from tempfile import NamedTemporaryFile

#: The console script of the environment that the benchmarks run in, as users start it.
COMMETCTL = str(Path(sys.executable).with_name("commetctl"))
#: What a measured process gets of the environment: nothing that switches off the cache of compiled modules.
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PYTHONPYCACHEPREFIX")
#: The seconds after which a command is taken to hang.
_PATIENCE = 900
_SPAWN = Path(__file__).with_name("spawn.py")
#: `ru_maxrss` is in bytes on macOS and in kilobytes elsewhere.
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024


def updates(number: int) -> str:
    """What the text of a plan ends with if it has so many updates and nothing else."""
    return f"0 to create, {number} to update, 0 to delete"


class BrokenError(Exception):
    """A measured command did not do its work, so that its time means nothing."""


@dataclass(frozen=True)
class Command:
    """A process to measure, in a folder; it must end with `exit_code` and print `says` somewhere."""

    words: tuple[str, ...]
    folder: Path
    env: Mapping[str, str] = field(default_factory=dict)
    says: str = ""
    exit_code: int = 0
    #: Called before each run, and not measured.
    before: Callable[[], object] | None = None

    def __str__(self) -> str:
        return " ".join([Path(self.words[0]).name, *self.words[1:]])


@dataclass(frozen=True)
class Ran:
    """One run: seconds, seconds of processor time, and the most bytes of memory."""

    wall: float
    cpu: float
    memory: int
    output: str


def commetctl(folder: Path, *words: str, url: str = "", says: str = "", exit_code: int = 0) -> Command:
    """A commetctl command; with a URL, one that speaks to that server."""
    env = {"COMMET_API_URL": url, "COMMET_API_KEY": "ck_sandbox_bench"} if url else {}
    return Command((COMMETCTL, *words), folder, env, says, exit_code)


def python(folder: Path, code: str, *words: str) -> Command:
    """A process that runs a line of Python."""
    return Command((sys.executable, "-c", code, *words), folder)


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a measured process."""
    return {name: os.environ[name] for name in _KEPT if name in os.environ} | dict(more or {})


def run(command: Command) -> Ran:
    """Run a process to its end; raises BrokenError where it did not do its work."""
    if command.before:
        command.before()
    with NamedTemporaryFile() as output:
        words = [sys.executable, "-S", str(_SPAWN), output.name, *command.words]
        done = subprocess.run(
            words,
            cwd=command.folder,
            env=environment(command.env),
            stdout=PIPE,
            text=True,
            timeout=_PATIENCE,
            check=True,
        )
        said = output.read().decode("utf-8", "replace")
    wall, cpu, memory, code = map(float, done.stdout.split())
    if code != command.exit_code or command.says not in said:
        wanted = f"exit code {command.exit_code} and {command.says!r}" if command.says else f"{command.exit_code}"
        raise BrokenError(f"{command}\nended with {code:.0f}, not {wanted}; it printed:\n{said[-2000:]}")
    return Ran(wall, cpu, int(memory) * _RSS_UNIT, said)


def in_turn(commands: Sequence[Command], rounds: int, *, warm: bool = True) -> list[list[Ran]]:
    """Run commands in turn, A B A B, after one run of each that does not count; for each command its runs."""
    if warm:
        for command in commands:
            run(command)
    runs = [[run(command) for command in commands] for _ in range(rounds)]
    return [list(column) for column in zip(*runs, strict=True)]

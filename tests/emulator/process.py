"""A real emulator process: started on a free port, stopped or killed."""

import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path


class EmulatorProcess:
    """`commetctl emulator` in a process of its own, ready when the constructor returns."""

    def __init__(self, database: str | Path, *arguments: str, faults: Iterable[str] = ()) -> None:
        told = [word for spec in faults for word in ("--fault", spec)]
        command = (sys.executable, "-m", "commetctl", "emulator", "--port", "0", "--db", str(database))
        self._command = (*command, *told, *arguments)
        self._start()

    def _start(self, *more: str) -> None:
        self.process = subprocess.Popen(
            (*self._command, *more), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()
        if not self.url:
            _, problem = self.process.communicate()
            raise RuntimeError(f"the emulator did not start: {problem}")

    def kill(self) -> None:
        """Kill it, so that it cannot clean up."""
        self.process.kill()
        self._reap()

    def start_again(self) -> None:
        """Start it again at the same address, after it has stopped."""
        self._start("--port", self.url.rpartition(":")[2])

    def stop(self) -> str:
        """Stop it with a signal; returns what it wrote to stderr."""
        self.process.terminate()
        return self._reap()

    def _reap(self) -> str:
        _, written = self.process.communicate(timeout=10)
        return written


@contextmanager
def emulator_process(database: str | Path, *arguments: str, faults: Iterable[str] = ()) -> Iterator[EmulatorProcess]:
    running = EmulatorProcess(database, *arguments, faults=faults)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.stop()

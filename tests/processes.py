"""Which tests start programs: those with the marker `process`, or one that says which program it is."""

import subprocess
from typing import Any

import pytest

#: What commetctl itself starts: git for a revision of the catalog, and uname, by which Python knows the system.
OWN = {"git", "uname"}
MARKERS = ("process", "browser", "editor")
_start = subprocess.Popen.__init__


class Watch:
    """Fails a test that starts a program and does not say so. A process costs as much as a hundred commands without."""

    def __init__(self) -> None:
        self.test: pytest.Item | None = None

    def begin(self, test: pytest.Item) -> None:
        """From now on it is this test that starts programs."""
        self.test = test
        subprocess.Popen.__init__ = self._told(_start)  # type: ignore[method-assign]

    def end(self) -> None:
        """No test runs."""
        self.test = None
        subprocess.Popen.__init__ = _start  # type: ignore[method-assign]

    def _told(self, start: Any) -> Any:
        def told(process: Any, words: Any, *more: Any, **options: Any) -> None:
            program = words if isinstance(words, str) else next(iter(words))
            if self.test and str(program) not in OWN and not any(map(self.test.get_closest_marker, MARKERS)):
                pytest.fail(f"{program} is a process, and the test lacks the marker `process`")
            start(process, words, *more, **options)

        return told

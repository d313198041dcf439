"""A reporter for what happens in an emulator, which nobody wants to read."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from commetctl.core.change import Outcome
from commetctl.usecases.reporter import Reporter


class Silent(Reporter):
    """Says nothing, and nobody is there to be asked."""

    can_ask = False

    def show(self) -> None:
        """Nothing."""

    def say(self, text: str) -> None:
        """Nothing."""

    def confirm(self, question: str, *, word: str = "", caution: str = "") -> bool:
        """No."""
        return False

    @contextmanager
    def progress(self, total: int, stop: Callable[[], None]) -> Iterator[Callable[[Outcome], None]]:
        """Outcomes are in the conclusion."""
        yield lambda _: None

"""The reporter: how a use case talks to its user while it is at work."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from commetctl.core.change import Outcome
from commetctl.core.errors import Refused


class Reporter(Protocol):
    """What a use case may say and ask. The command line implements it on a terminal, tests by recording."""

    @property
    def can_ask(self) -> bool:
        """Whether there is somebody to answer a question."""

    def show(self) -> None:
        """Show what is about to be done, before it is done, refused, or asked about."""

    def say(self, text: str) -> None:
        """Say one line about the run."""

    def confirm(self, question: str, *, word: str = "", caution: str = "") -> bool:
        """Ask, and say whether the answer was yes: `y` or `yes`, or exactly the `word` where one is asked for.

        `caution` is read first, also where nothing else is shown.
        """

    def progress(self, total: int, stop: Callable[[], None]) -> AbstractContextManager[Callable[[Outcome], None]]:
        """For the block, a function to call with each outcome of `total` changes.

        Calls `stop` when the user interrupts, and raises KeyboardInterrupt when they do so again.
        """


#: What has to be typed before something is done to live customers.
LIVE_WORD = "live"


def unconfirmed(reporter: Reporter, question: str, *, word: str = "", nothing: str, way_out: str) -> Refused | None:
    """The refusal where nobody agrees: that `nothing` was done, or the `way_out` where nobody can be asked."""
    if not reporter.can_ask:
        return Refused("there is no terminal to ask on", way_out, code="not_confirmed")
    return None if reporter.confirm(question, word=word) else not_agreed(nothing, word)


def not_agreed(nothing: str, word: str) -> Refused:
    """The refusal of an answer that was not yes, with what would have been accepted."""
    accepted = f'"{word}"' if word else '"y" or "yes"'
    return Refused(nothing, f"only {accepted} is accepted", code="not_confirmed")

"""Effects: what a change means for the customers that a company has already, and from when."""

from dataclasses import dataclass
from enum import Enum


class When(Enum):
    """From when existing customers notice a change; the value is the word in machine output."""

    #: In the period that is running now.
    AT_ONCE = "at_once"
    #: In the period after the one that is running now.
    NEXT_PERIOD = "next_period"
    #: Each customer at the end of the period that is paid for.
    AT_RENEWAL = "at_renewal"
    #: Never: it counts for what is bought from now on.
    NEW_ONLY = "new_only"
    #: Never.
    NOT_AT_ALL = "none"
    #: No source says it.
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        """The same for people."""
        return _LABELS[self]


_LABELS = {
    When.AT_ONCE: "at once",
    When.NEXT_PERIOD: "from the next period",
    When.AT_RENEWAL: "at renewal",
    When.NEW_ONLY: "new customers only",
    When.NOT_AT_ALL: "nothing changes for existing customers",
    When.UNKNOWN: "not known",
}


@dataclass(frozen=True)
class Effect:
    """What one field of a change, or all of it where `path` is empty, means for existing customers.

    `counts` says whether it matters how many they are. `row` names the rule that says so, for whoever wants its source.
    """

    path: str
    when: When
    text: str
    row: str
    counts: bool = True

    def __str__(self) -> str:
        return f"{self.when.label}: {self.text}" if self.text else self.when.label

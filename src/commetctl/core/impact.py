"""Impact: how many subscriptions a changeset touches, when they renew, and what that does to recurring revenue."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from commetctl.core.address import Address
from commetctl.core.money import Money


@dataclass(frozen=True)
class Revenue:
    """A change in monthly recurring revenue in US dollars, as the range that it certainly is in."""

    low: Money
    high: Money

    @property
    def is_exact(self) -> bool:
        """Whether it is one amount."""
        return self.low == self.high


@dataclass(frozen=True)
class Touched:
    """The subscriptions that one change touches.

    `at_most` says that it may be fewer, because Commet does not tell which currency each pays in. `renewing` of them
    will renew as they are, the first on `first` and the last on `last`. `revenue` is None where the change moves no
    base price; `uncounted` says how many of the subscriptions it leaves out, and why.
    """

    count: int
    by_status: Mapping[str, int] = field(default_factory=dict)
    renewing: int = 0
    first: date | None = None
    last: date | None = None
    at_most: bool = False
    revenue: Revenue | None = None
    uncounted: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Impact:
    """What is known of the subscriptions that a changeset touches, by the address of the change.

    Where they could not be counted, `unknown` says why, and `way_out` what to do, if anything. `revenue` is the sum of
    all changes, None where no base price moves.
    """

    touched: Mapping[Address, Touched] = field(default_factory=dict)
    unknown: str = ""
    way_out: str = ""
    revenue: Revenue | None = None

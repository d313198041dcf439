"""The policy: how much one run may change before that has to be allowed by name."""

from dataclasses import dataclass
from decimal import Decimal

#: Below this many objects, shares do not count: each object would be a large one.
FEWEST_FOR_SHARES = 10


@dataclass(frozen=True)
class Share:
    """A part of a whole, in percent."""

    percent: Decimal

    def __str__(self) -> str:
        return f"{self.percent.normalize():f}%"


#: A share of the managed objects, or a number of them; None where there is no limit.
Limit = Share | int | None


@dataclass(frozen=True)
class Policy:
    """What one run may do unless the command line allows more; `max_price_change` goes up and down."""

    max_deletes: Limit = Share(Decimal(30))
    max_updates: Limit = Share(Decimal(30))
    max_price_change: Share | None = Share(Decimal(50))

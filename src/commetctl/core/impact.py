"""What changes mean: for existing customers and from when, for how many subscriptions, and for recurring revenue."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import NamedTuple

from commetctl.core.money import Money
from commetctl.core.resource import Address


class When(Enum):
    """From when existing customers notice a change; the value is the word in machine output."""

    #: In the period that is running now.
    AT_ONCE = "at_once"
    #: In the period after the one that is running now.
    NEXT_PERIOD = "next_period"
    #: Each customer at the end of the period that is paid for.
    AT_RENEWAL = "at_renewal"
    #: Never: it applies to purchases from now on.
    NEW_ONLY = "new_only"
    #: Never.
    NOT_AT_ALL = "none"
    #: No source says it.
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        """The label for people."""
        return _LABELS[self]


_LABELS = {
    When.AT_ONCE: "at once",
    When.NEXT_PERIOD: "from the next period",
    When.AT_RENEWAL: "at renewal",
    When.NEW_ONLY: "new customers only",
    When.NOT_AT_ALL: "nothing changes for existing customers",
    When.UNKNOWN: "not known",
}


#: The times from which existing customers notice a change at all.
PAID = frozenset({When.AT_ONCE, When.NEXT_PERIOD, When.AT_RENEWAL})


@dataclass(frozen=True)
class Effect:
    """What one field of a change, or all of it where `path` is empty, means for existing customers.

    `counts` says whether it matters how many they are. `row` names the rule, which has the source.
    """

    path: str
    when: When
    text: str
    row: str
    counts: bool = True

    def __str__(self) -> str:
        return f"{self.when.label}: {self.text}" if self.text else self.when.label


class Doubt(Enum):
    """Why a number of subscriptions or of revenue is a range; the value is the word in machine output."""

    #: A price can be paid in several currencies.
    CURRENCY = "currency"
    #: A price has market prices, which customers in some countries pay in its place.
    MARKET = "market"
    #: A subscription names neither its price nor its interval.
    PRICE = "price"
    #: A subscription names no day on which it is billed next.
    BILLING = "billing"


@dataclass(frozen=True)
class Revenue:
    """An amount of monthly recurring revenue, or a change in it, as the range that it certainly is in."""

    low: Money
    high: Money

    @property
    def is_exact(self) -> bool:
        """Whether it is one amount."""
        return self.low == self.high


@dataclass(frozen=True)
class CurrencyRevenue:
    """Monthly recurring revenue in one currency from the prices that change in it: today, and once all have renewed.

    `percents` are the least and the most that it moves by, as text; empty where nothing is paid today. `estimated` says
    that amounts are among it that Commet derives, and may round otherwise.
    """

    today: Revenue
    then: Revenue
    change: Revenue
    percents: tuple[str, ...] = ()
    estimated: bool = False

    @property
    def currency(self) -> str:
        """The currency, as the file writes it."""
        return self.change.high.currency


@dataclass(frozen=True)
class Touched:
    """The subscriptions that one change touches.

    `at_most` says that it may be fewer, for the reasons in `doubts`. `renewing` of them will renew as they are, the
    first on `first` and the last on `last`. `revenue` is the change in the currency of the amount, None where the
    change moves no recurring price; `uncounted` says how many of the subscriptions it leaves out, and why. Of a change
    with a date, `soon` of them pay more too soon after the announcement, and `renewed` have renewed since the date.
    """

    count: int
    by_status: Mapping[str, int] = field(default_factory=dict)
    renewing: int = 0
    first: date | None = None
    last: date | None = None
    at_most: bool = False
    revenue: Revenue | None = None
    uncounted: Mapping[str, int] = field(default_factory=dict)
    doubts: frozenset[Doubt] = frozenset()
    soon: int = 0
    renewed: int = 0


class Feeling(Enum):
    """What a move of an amount is to the customers who have it; the value is the word in machine output."""

    COSTS_MORE = "costs_more"
    COSTS_LESS = "costs_less"
    #: In another currency, so that more and less cannot be told apart.
    COSTS_OTHER = "costs_other"
    INCLUDES_LESS = "includes_less"
    INCLUDES_MORE = "includes_more"


class Felt(NamedTuple):
    """What existing customers, or new ones, notice of an object: in what way, and from when."""

    owner: Address
    feeling: Feeling
    when: When


@dataclass(frozen=True)
class Impact:
    """What is known of the subscriptions that a changeset touches, by the address of the change.

    Where they could not be counted, `unknown` says why, and `way_out` what to do, if anything. `currencies` is the
    revenue in each currency in which a recurring price changes; each subscription is in it once. `uncounted` says how
    many subscriptions to these prices it leaves out, and why; `doubts`, why it has ranges. `revenue` is the change in
    US dollars, None where no base price moves. `felt` are the subscriptions that notice an object in one way from one
    time, each counted once.
    """

    touched: Mapping[Address, Touched] = field(default_factory=dict)
    unknown: str = ""
    way_out: str = ""
    revenue: Revenue | None = None
    currencies: tuple[CurrencyRevenue, ...] = ()
    uncounted: Mapping[str, int] = field(default_factory=dict)
    doubts: frozenset[Doubt] = frozenset()
    felt: Mapping[Felt, Touched] = field(default_factory=dict)


class Use(NamedTuple):
    """What a subscription is on. A price or interval of None may be any."""

    plan: str
    price: str | None
    interval: str | None


@dataclass(frozen=True)
class Option:
    """One amount that a subscription may pay each month for a base price: `today`, and `then`, once it has renewed.

    `amount` is the object that has the amount. One that is not known is nothing on both sides: it moves nothing, and
    makes every sum a range.
    """

    price: Address
    currency: str
    today: Fraction
    then: Fraction
    estimated: bool = False
    amount: Address | None = None

    @property
    def moves(self) -> bool:
        """Whether it is another amount after the changes."""
        return self.today != self.then

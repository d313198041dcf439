"""Who uses what, in numbers: counts, states and dates of subscriptions, nothing about anyone."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, Self

from commetctl.core.impact import Use

#: Statuses in which the running period is billed, and so will be the next one.
BILLED = frozenset({"active", "past_due"})


class Kind(NamedTuple):
    """What many subscriptions have in common: all that is told of each.

    `now` is what they are on, `then` what they are scheduled to move to. `renews` leaves open whether they move before.
    `dated` says that a day is known on which they are billed next, `begun` that they are past their start.
    """

    now: Use
    then: Use | None
    status: str
    renews: bool
    discounted: bool
    dated: bool = True
    begun: bool = True

    @property
    def stays(self) -> bool:
        """Whether it will be billed again for what it is on now. A move that names no interval may be to any."""
        if self.then is None or not self.renews:
            return self.renews
        return self.then.interval is not None and (self.then.plan, self.then.interval) == (
            self.now.plan,
            self.now.interval,
        )


class Many(NamedTuple):
    """How many subscriptions are of a kind, and the first and the last day on which one is billed next."""

    number: int
    first: date | None
    last: date | None


@dataclass(frozen=True)
class Tally:
    """Some subscriptions in numbers.

    `renewing` of them will be billed again as they are, the first on `first` and the last on `last`, in UTC; one that
    names no day is not among those. `discounted` of those have an offer or a discount, so that they do not pay the
    price itself.
    """

    count: int = 0
    renewing: int = 0
    discounted: int = 0
    by_status: Mapping[str, int] = field(default_factory=dict)
    first: date | None = None
    last: date | None = None

    def __add__(self, other: "Tally") -> "Tally":
        """Both together, which must have no subscription in common."""
        return Tally(
            self.count + other.count,
            self.renewing + other.renewing,
            self.discounted + other.discounted,
            dict(Counter(self.by_status) + Counter(other.by_status)),
            *first_and_last(self.first, self.last, other.first, other.last),
        )


@dataclass(frozen=True)
class Subscribers:
    """How many subscriptions are of which kind.

    Where the subscriptions could not be counted, `unknown` says why, and `way_out` what to do, if anything.
    """

    kinds: Mapping[Kind, Many] = field(default_factory=dict)
    unknown: str = ""
    way_out: str = ""

    @classmethod
    def nothing_known(cls) -> Self:
        """Before anything was counted."""
        return cls(unknown="they were not counted")

    def of_plan(self, plan_id: str) -> int:
        """How many use a plan: are on it, or are scheduled to move to it."""
        return self._count(_plan(plan_id))

    def of_price(self, plan_id: str, price_id: str | None, interval: str) -> int:
        """How many use the price that a plan has for an interval: are on it, or are scheduled to move to it."""
        return self._count(_price(plan_id, price_id, interval))

    def on_plan(self, plan_id: str) -> Tally:
        """Those that are on a plan now. Who moves to another interval of it renews."""
        on_it = _plan(plan_id)
        return self._tally(on_it, lambda kind: kind.then is None or on_it(kind.then))

    def on_price(self, plan_id: str, price_id: str | None, interval: str, variants: Collection[str] = ()) -> Tally:
        """Those that are on a plan's price for an interval now, or on one of its `variants`, which cost the same.

        They are told by the id of the price, and by the interval where a subscription has none. Where neither is told
        of a subscription it may be any price of the plan, and is among them.
        """

        def stays(kind: Kind) -> bool:
            # A move within the plan that does not say to another interval may be to anything.
            return kind.then is None or (kind.then.plan == plan_id and kind.then.interval == interval)

        return self._tally(_price(plan_id, price_id, interval, variants), stays)

    def _count(self, matches: Callable[[Use], bool]) -> int:
        users = (many for kind, many in self.kinds.items() if matches(kind.now) or (kind.then and matches(kind.then)))
        return sum(many.number for many in users)

    def _tally(self, matches: Callable[[Use], bool], stays: Callable[[Kind], bool]) -> Tally:
        on_it = [(kind, many) for kind, many in self.kinds.items() if matches(kind.now)]
        return sum(
            (_tally(kind, many, renews=kind.renews and kind.dated and stays(kind)) for kind, many in on_it), Tally()
        )


def _plan(plan_id: str) -> Callable[[Use], bool]:
    return lambda use: use.plan == plan_id


def _price(plan_id: str, price_id: str | None, interval: str, variants: Collection[str] = ()) -> Callable[[Use], bool]:
    def matches(use: Use) -> bool:
        if use.plan != plan_id:
            return False
        if use.price and price_id:
            return use.price == price_id or use.price in variants
        # The older generation does not tell the price.
        return use.interval in (interval, None)

    return matches


def _tally(kind: Kind, many: Many, *, renews: bool) -> Tally:
    by_status = {kind.status: many.number}
    if not renews:
        return Tally(many.number, by_status=by_status)
    return Tally(many.number, many.number, many.number * kind.discounted, by_status, many.first, many.last)


def first_and_last(*days: date | None) -> tuple[date | None, date | None]:
    """The first and the last of the days that are known."""
    known = [day for day in days if day]
    return min(known, default=None), max(known, default=None)

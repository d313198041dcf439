"""How many subscriptions use what: counts, statuses and dates, and nothing about a customer."""

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import NamedTuple, Self

from commetctl.core.impact import Use

#: Statuses in which the running period was billed, and the next one will be.
BILLED = frozenset({"active", "past_due"})


class Kind(NamedTuple):
    """What many subscriptions have in common, which is all that is kept of each.

    `now` is what they are on, `then` what they are scheduled to move to. `renews` says that they are billed again, on
    one or the other. `dated` says that the day of the next billing is known, `begun` that the start has passed.
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
        """Whether they are billed again for what they are on now. A move that names no interval may be to any."""
        if self.then is None or not self.renews:
            return self.renews
        return self.then.interval is not None and (self.then.plan, self.then.interval) == (
            self.now.plan,
            self.now.interval,
        )


class Member(NamedTuple):
    """One subscription, as far as a count may note it: when and on which day of the month it is billed next, in UTC,
    and whether it goes on after that.
    """

    kind: Kind
    billed: datetime | None
    day: int | None
    goes_on: bool


#: What to note of a subscription; how many have it in common is counted.
Note = Callable[[Member], Hashable]


class Step(NamedTuple):
    """A moment at which prices change. A higher bill before its `deadline` comes too soon after the announcement."""

    moment: datetime
    deadline: datetime | None = None


class Bills(NamedTuple):
    """Of some subscriptions, the bills at and after a step.

    `number` is how many get one; `first` and `last` are the days of the first and the last of their first bills; `soon`
    is how many of these come before the deadline; `renewed` is how many subscriptions have been billed since the step,
    where it is past.
    """

    number: int = 0
    first: date | None = None
    last: date | None = None
    soon: int = 0
    renewed: int = 0

    def __add__(self, other: "Bills") -> "Bills":  # type: ignore[override]  # a sum, not a longer tuple
        """Both together; they must have no subscription in common."""
        ends = first_and_last(self.first, self.last, other.first, other.last)
        return Bills(self.number + other.number, *ends, self.soon + other.soon, self.renewed + other.renewed)


class Many(NamedTuple):
    """How many subscriptions are of a kind, and the first and the last day on which one of them is billed next.

    `bills` are those of each step that was asked for.
    """

    number: int
    first: date | None
    last: date | None
    bills: tuple[Bills, ...] = ()


@dataclass(frozen=True)
class Tally:
    """Some subscriptions in numbers.

    `renewing` of them will be billed again as they are, the first on `first` and the last on `last`, in UTC; those
    without a day are not included. `discounted` of the renewing have an offer or a discount, so that they pay another
    amount than the price.
    """

    count: int = 0
    renewing: int = 0
    discounted: int = 0
    by_status: Mapping[str, int] = field(default_factory=dict)
    first: date | None = None
    last: date | None = None
    #: How many get their first bill before the deadline of the step, and how many have been billed since it.
    soon: int = 0
    renewed: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        """Both together; they must have no subscription in common."""
        return Tally(
            self.count + other.count,
            self.renewing + other.renewing,
            self.discounted + other.discounted,
            dict(Counter(self.by_status) + Counter(other.by_status)),
            *first_and_last(self.first, self.last, other.first, other.last),
            self.soon + other.soon,
            self.renewed + other.renewed,
        )


@dataclass(frozen=True)
class Subscribers:
    """How many subscriptions are of which kind.

    Where they could not be counted, `unknown` says why, and `way_out` what to do, if anything.
    """

    kinds: Mapping[Kind, Many] = field(default_factory=dict)
    unknown: str = ""
    way_out: str = ""
    #: The step whose bills count, by its number; None for the bills as they come next.
    at_step: int | None = None
    #: How many subscriptions have in common what was noted of them.
    noted: Mapping[Hashable, int] = field(default_factory=dict)

    def at(self, step: int) -> "Subscribers":
        """The same subscriptions, with their bills from a step on."""
        return replace(self, at_step=step)

    @classmethod
    def nothing_known(cls) -> Self:
        """The value before anything was counted."""
        return cls(unknown="they were not counted")

    def of_plan(self, plan_id: str) -> int:
        """How many subscriptions are on a plan, or scheduled to move to it."""
        return self._count(_plan(plan_id))

    def of_price(self, plan_id: str, price_id: str | None, interval: str, variants: Collection[str] = ()) -> int:
        """How many subscriptions are on a plan's price for an interval or on a variant, or scheduled to move to one."""
        return self._count(_price(plan_id, price_id, interval, variants))

    def tally(self, *among: "Among") -> Tally:
        """The subscriptions in at least one of some sets, each counted once."""
        found = Tally()
        for kind, many in self.kinds.items():
            if on := [one for one in among if one.matches(kind.now)]:
                stays = any(one.stays(kind) for one in on)
                if self.at_step is not None and many.bills:
                    found += _tally_from(kind, many.number, many.bills[self.at_step], stays=stays)
                else:
                    found += _tally(kind, many, renews=kind.renews and kind.dated and stays)
        return found

    def _count(self, matches: Callable[[Use], bool]) -> int:
        users = (many for kind, many in self.kinds.items() if matches(kind.now) or (kind.then and matches(kind.then)))
        return sum(many.number for many in users)


class Among(NamedTuple):
    """A set of subscriptions: `matches` says what they are on, `stays` whether they will renew on it."""

    matches: Callable[[Use], bool]
    stays: Callable[[Kind], bool]


def on_plan(plan_id: str) -> Among:
    """The subscriptions that are on a plan now. A move to another interval of the plan counts as renewing."""
    on_it = _plan(plan_id)
    return Among(on_it, lambda kind: kind.then is None or on_it(kind.then))


def on_price(plan_id: str, price_id: str | None, interval: str, variants: Collection[str] = ()) -> Among:
    """The subscriptions on a plan's price for an interval now, or on one of its `variants`, which cost the same.

    A subscription is matched by the id of its price, or by its interval where it names no price. One that names
    neither may be on any price of the plan, and is included.
    """

    def stays(kind: Kind) -> bool:
        # A move within the plan that names no interval may be to any.
        return kind.then is None or (kind.then.plan == plan_id and kind.then.interval == interval)

    return Among(_price(plan_id, price_id, interval, variants), stays)


def _plan(plan_id: str) -> Callable[[Use], bool]:
    return lambda use: use.plan == plan_id


def _price(plan_id: str, price_id: str | None, interval: str, variants: Collection[str] = ()) -> Callable[[Use], bool]:
    def matches(use: Use) -> bool:
        if use.plan != plan_id:
            return False
        if use.price and price_id:
            return use.price == price_id or use.price in variants
        # The older API generation does not name the price.
        return use.interval in (interval, None)

    return matches


def _tally(kind: Kind, many: Many, *, renews: bool) -> Tally:
    by_status = {kind.status: many.number}
    if not renews:
        return Tally(many.number, by_status=by_status)
    return Tally(many.number, many.number, many.number * kind.discounted, by_status, many.first, many.last)


def _tally_from(kind: Kind, number: int, bills: Bills, *, stays: bool) -> Tally:
    """The subscriptions of a kind with their bills from a step on."""
    by_status = {kind.status: number}
    if not stays:
        return Tally(number, by_status=by_status)
    discounted = bills.number * kind.discounted
    return Tally(number, bills.number, discounted, by_status, bills.first, bills.last, bills.soon, bills.renewed)


def first_and_last(*days: date | None) -> tuple[date | None, date | None]:
    """The first and the last of the days that are known."""
    known = [day for day in days if day]
    return min(known, default=None), max(known, default=None)

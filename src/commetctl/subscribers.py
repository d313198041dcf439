"""Who uses what, in numbers: counts, states and dates of subscriptions, nothing about anyone."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, NamedTuple, Self

from commetctl.api.client import Client
from commetctl.errors import ApiError, NotPermitted, Unreachable
from commetctl.sections.section import Listing, Row

#: Statuses in which nobody is subscribed. A status that is not known here counts as subscribed.
_NOT_SUBSCRIBED = frozenset({"draft", "canceled", "expired"})
#: Statuses in which the running period is billed, and so will be the next one.
_BILLED = frozenset({"active", "past_due"})
#: Years in which a next billing can be; what is outside is a sign for never, or a mistake.
_YEARS = range(2000, 2200)


class Use(NamedTuple):
    """What a subscription is on. A price or interval of None may be any."""

    plan: str
    price: str | None
    interval: str | None


class Kind(NamedTuple):
    """What many subscriptions have in common: all that is told of each.

    `now` is what they are on, `then` what they are scheduled to move to. `renews` leaves open whether they move before.
    """

    now: Use
    then: Use | None
    status: str
    renews: bool
    discounted: bool


class Many(NamedTuple):
    """How many subscriptions are of a kind, and the first and the last day on which one is billed next."""

    number: int
    first: date | None
    last: date | None


_NONE = Many(0, None, None)


@dataclass(frozen=True)
class Tally:
    """Some subscriptions in numbers.

    `renewing` of them will be billed again as they are, the first on `first` and the last on `last`, in UTC, as far as
    their dates are known. `discounted` of those have an offer or a discount, so that they do not pay the price itself.
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
            *_ends(self.first, self.last, other.first, other.last),
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

    def on_price(self, plan_id: str, price_id: str | None, interval: str) -> Tally:
        """Those that are on a plan's price for an interval now; by its id, and by the interval where none is told.

        Where neither is told of a subscription it may be any price of the plan, and is among them.
        """

        def stays(kind: Kind) -> bool:
            # A move within the plan that does not say to another interval may be to anything.
            return kind.then is None or (kind.then.plan == plan_id and kind.then.interval == interval)

        return self._tally(_price(plan_id, price_id, interval), stays)

    def _count(self, matches: Callable[[Use], bool]) -> int:
        users = (many for kind, many in self.kinds.items() if matches(kind.now) or (kind.then and matches(kind.then)))
        return sum(many.number for many in users)

    def _tally(self, matches: Callable[[Use], bool], stays: Callable[[Kind], bool]) -> Tally:
        on_it = [(kind, many) for kind, many in self.kinds.items() if matches(kind.now)]
        return sum((_tally(kind, many, renews=kind.renews and stays(kind)) for kind, many in on_it), Tally())


def _plan(plan_id: str) -> Callable[[Use], bool]:
    return lambda use: use.plan == plan_id


def _price(plan_id: str, price_id: str | None, interval: str) -> Callable[[Use], bool]:
    def matches(use: Use) -> bool:
        if use.plan != plan_id:
            return False
        if use.price and price_id:
            return use.price == price_id
        # The older generation does not tell the price.
        return use.interval in (interval, None)

    return matches


def _tally(kind: Kind, many: Many, *, renews: bool) -> Tally:
    by_status = {kind.status: many.number}
    if not renews:
        return Tally(many.number, by_status=by_status)
    return Tally(many.number, many.number, many.number * kind.discounted, by_status, many.first, many.last)


def _ends(*days: date | None) -> tuple[date | None, date | None]:
    known = [day for day in days if day]
    return min(known, default=None), max(known, default=None)


def count(client: Client) -> Subscribers:
    """Read the list of subscriptions once, row by row, and keep the counts.

    A list that the key may not read, or that cannot be read whole, is unknown and no error: it is needed for few
    questions only, and those can be answered by hand. Raises NotPermitted for a key that is not accepted at all.
    """
    kinds: dict[Kind, Many] = {}
    try:
        for page in client.digest(Listing("list_subscriptions"), _counted):
            _add(page.items(), kinds)
    except NotPermitted as error:
        if error.code != "forbidden":
            raise
        return Subscribers(unknown="the key may not read subscriptions", way_out="use a key that may")
    except ApiError as error:
        return Subscribers(unknown=f"the list of subscriptions answered {error.status}", way_out="try again")
    except Unreachable as error:
        # The message of a request that failed names no subscription.
        return Subscribers(unknown=f"their list could not be read whole ({error.code})", way_out="try again")
    except _OddRow:
        return Subscribers(unknown="the list of subscriptions is not as its version describes it")
    return Subscribers(kinds)


def _counted(rows: Iterable[Row]) -> dict[Kind, Many]:
    kinds: dict[Kind, Many] = {}
    _add(_read(rows), kinds)
    return kinds


def _add(found: Iterable[tuple[Kind, Many]], kinds: dict[Kind, Many]) -> None:
    for kind, many in found:
        before = kinds.get(kind, _NONE)
        ends = _ends(before.first, before.last, many.first, many.last)
        kinds[kind] = Many(before.number + many.number, *ends)


class _OddRow(Exception):
    """A row that does not say what it should; without the row, which is about someone."""


def _read(rows: Iterable[Row]) -> Iterator[tuple[Kind, Many]]:
    for row in rows:
        status = row.get("status")
        status = status if isinstance(status, str) and status else "unknown"
        if status not in _NOT_SUBSCRIBED:
            kind = _kind(row, status)
            day = _next_billing(row) if kind.renews else None
            yield kind, Many(1, day, day)


def _kind(row: Row, status: str) -> Kind:
    plan = row.get("plan")
    plan_id = _word(plan.get("id")) if isinstance(plan, Mapping) else None
    if plan_id is None:
        raise _OddRow
    now = Use(plan_id, _word(row.get("priceId")), _word(row.get("billingInterval")))
    scheduled, then = row.get("scheduledPlanChange"), None
    if isinstance(scheduled, Mapping):
        # Without a new plan it is another interval of the same one.
        new = _word(scheduled.get("newPlanId")) or plan_id
        then = Use(new, None, _word(scheduled.get("newBillingInterval")))
    renews = status in _BILLED and now.interval != "one_time" and not _ends_or_pauses(row)
    discounted = bool(row.get("offerApplications") or row.get("discount"))
    return Kind(now, then, status, renews, discounted)


def _ends_or_pauses(row: Row) -> bool:
    """Whether a period that runs is the last one for the time being."""
    cancellation = row.get("cancellation")
    if isinstance(cancellation, Mapping):
        cancellation = cancellation.get("effectiveAt")
    return bool(row.get("cancelAtPeriodEnd") or cancellation or row.get("pause"))


def _next_billing(row: Row) -> date | None:
    period = row.get("currentPeriod")
    return _day(row.get("nextBillingDate")) or _day(period.get("end") if isinstance(period, Mapping) else None)


def _day(value: Any) -> date | None:
    """The day of a time of the API, in UTC; None for what is no such time, or in no year that makes sense."""
    try:
        moment = datetime.fromisoformat(value)
        day = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).date()
    except (TypeError, ValueError, OverflowError):
        return None
    return day if day.year in _YEARS else None


def _word(value: Any) -> str | None:
    if value is None or (isinstance(value, str) and value):
        return value
    raise _OddRow

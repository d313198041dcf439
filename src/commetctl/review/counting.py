"""Counts subscriptions while their list is read, row by row; nothing about a customer is kept."""

from array import array
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from datetime import UTC, date, datetime
from functools import partial
from operator import add
from typing import Any

from commetctl.api.client import Client
from commetctl.core.contract import SUBSCRIPTIONS, Listing, Row
from commetctl.core.errors import ApiError, NotPermitted, Unreachable
from commetctl.core.impact import Use
from commetctl.core.periods import first_from
from commetctl.core.times import moment
from commetctl.review.subscribers import BILLED, Bills, Kind, Many, Member, Note, Step, Subscribers, first_and_last

#: Statuses of subscriptions that are not in force. A subscription with an unknown status is counted.
_NOT_SUBSCRIBED = frozenset({"draft", "canceled", "expired"})
#: Years in which a next billing can be; another one stands for never, or is a mistake.
_YEARS = range(2000, 2200)

_NONE = Many(0, None, None)
_TRIALING = "trialing"
#: Into how many parts the ids are sorted, so that few are compared at once.
_PARTS = 256


def count(
    client: Client, steps: Sequence[Step] = (), now: datetime | None = None, note: Note | None = None
) -> Subscribers:
    """Count the subscriptions of the account, and their bills from some steps on, reading their list once.

    `now` is the time of the account; without one, that of this machine. What `note` says of each is counted too.

    Where the key may not read the list, or it cannot be read whole, the counts are unknown, and that is no error: few
    questions need them, and those can be answered by hand. Raises NotPermitted for a key that is not accepted at all.
    """
    whole, work = _Page(), partial(_counted, steps=steps, now=now or datetime.now(UTC), note=note)
    client.tell("subscriptions …")
    try:
        for page in client.digest(Listing(SUBSCRIPTIONS), work):
            whole.take(page)
    except NotPermitted as error:
        if error.code != "forbidden":
            raise
        return Subscribers(unknown="the key is not allowed to read subscriptions", way_out="use a key that is")
    except ApiError as error:
        return Subscribers(
            unknown=f"the request for subscriptions was answered with {error.status}", way_out="try again"
        )
    except Unreachable as error:
        # The message of a request that failed names no subscription.
        return Subscribers(
            unknown=f"the list of subscriptions could not be read completely ({error.code})", way_out="try again"
        )
    except _OddRow:
        return Subscribers(unknown="the list of subscriptions does not match its API version")
    finally:
        client.tell("")
    if whole.repeats:
        return Subscribers(unknown="the list contains a subscription twice", way_out="try again")
    return Subscribers(whole.kinds, noted=whole.noted)


class _Page:
    """What is kept of a page: how many subscriptions are of which kind, and a number for each id, to find repeated ids.

    The number is Python's hash, which differs in each run and does not lead back to the id.
    """

    def __init__(self) -> None:
        self.kinds: dict[Kind, Many] = {}
        self.noted: Counter[Hashable] = Counter()
        self._ids = [array("q") for _ in range(_PARTS)]

    def add(self, kind: Kind, day: date | None, bills: tuple[Bills, ...] = ()) -> None:
        """Add a subscription of a kind that is billed next on a day, if it is known."""
        number, first, last, more = self.kinds.get(kind, _NONE)
        if day:
            first = day if first is None or day < first else first
            last = day if last is None or day > last else last
        self.kinds[kind] = Many(number + 1, first, last, _together(more, bills) if bills else more)

    def note(self, id_: object) -> None:
        """Note the id of a row; a row without an id repeats none."""
        if isinstance(id_, str):
            number = hash(id_)
            self._ids[number % _PARTS].append(number)

    def take(self, other: "_Page") -> None:
        """Add the counts of another page."""
        for kind, many in other.kinds.items():
            before = self.kinds.get(kind, _NONE)
            ends = first_and_last(before.first, before.last, many.first, many.last)
            self.kinds[kind] = Many(before.number + many.number, *ends, _together(before.bills, many.bills))
        self.noted.update(other.noted)
        for part, more in zip(self._ids, other._ids, strict=True):
            part.extend(more)

    @property
    def repeats(self) -> bool:
        """Whether two rows are about the same subscription."""
        return any(len(set(part)) < len(part) for part in self._ids)


def _together(one: tuple[Bills, ...], other: tuple[Bills, ...]) -> tuple[Bills, ...]:
    return tuple(map(add, one, other)) if one and other else one or other


def _counted(rows: Iterable[Row], *, steps: Sequence[Step], now: datetime, note: Note | None) -> _Page:
    page = _Page()
    for row in rows:
        status = row.get("status")
        status = status if isinstance(status, str) and status else "unknown"
        page.note(row.get("id"))
        if status not in _NOT_SUBSCRIBED:
            billed = _next_billing(row)
            kind = _kind(row, status, billed, now)
            page.add(kind, billed if kind.renews else None, tuple(_bills(row, kind, step, now) for step in steps))
            if note:
                page.noted[note(Member(kind, _billed_at(row), _billing_day(row), _goes_on(row, kind)))] += 1
    return page


def _bills(row: Row, kind: Kind, step: Step, now: datetime) -> Bills:
    """The bills of a subscription from a step on. A trial is no bill; the bill after it is one."""
    next_one = _billed_at(row)
    # One that has not started yet will have by its first bill.
    goes_on = _goes_on(row, kind)
    renews = kind.status in BILLED and goes_on
    if next_one is None or not (renews or (kind.status == _TRIALING and goes_on)):
        return Bills()
    found = first_from(next_one, kind.now.interval, step.moment, _billing_day(row))
    period = row.get("currentPeriod")
    began = _moment(period.get("start")) if isinstance(period, dict) else None
    started = _moment(row.get("startDate"))
    renewed = bool(renews and began and started and started < step.moment <= began <= now)
    if found is None:
        return Bills(renewed=int(renewed))
    soon = step.deadline is not None and found < step.deadline
    if not renews:
        # After a trial: no renewal, but a bill that may come too soon.
        return Bills(soon=int(soon))
    return Bills(1, found.date(), found.date(), int(soon), int(renewed))


def _goes_on(row: Row, kind: Kind) -> bool:
    return kind.now.interval != "one_time" and not _ends_or_pauses(row, _next_billing(row))


def _billing_day(row: Row) -> int | None:
    day = row.get("billingDayOfMonth")
    return day if isinstance(day, int) else None


class _OddRow(Exception):
    """A row has an unexpected form. The row itself is not kept, because it is about a customer."""


def _kind(row: Row, status: str, billed: date | None, time: datetime) -> Kind:
    """The kind of a subscription that is billed next on the day `billed`, as far as that is known."""
    plan = row.get("plan")
    plan_id = _word(plan.get("id")) if isinstance(plan, dict) else None
    if plan_id is None:
        raise _OddRow
    now = Use(plan_id, _word(row.get("priceId")), _word(row.get("billingInterval")))
    scheduled, then = row.get("scheduledPlanChange"), None
    if isinstance(scheduled, dict):
        # Without a new plan it is another interval of the same one.
        new = _word(scheduled.get("newPlanId")) or plan_id
        then = Use(new, None, _word(scheduled.get("newBillingInterval")))
    begun = _has_begun(row, time)
    renews = begun and status in BILLED and now.interval != "one_time" and not _ends_or_pauses(row, billed)
    discounted = bool(row.get("discount")) or any(
        _takes_off(item, time) for item in _some(row.get("offerApplications"))
    )
    return Kind(now, then, status, renews, discounted, dated=not renews or billed is not None, begun=begun)


def _some(value: Any) -> list[Any]:
    """The items of a list; something that is none stands for one that is not understood."""
    return value if isinstance(value, list) else [value] if value else []


def _takes_off(application: Any, now: datetime) -> bool:
    """Whether an accepted offer changes what is paid from now on: a trial does not, nor does a phase that is over."""
    phases = application.get("phases") if isinstance(application, dict) else None
    if not isinstance(phases, list) or not all(isinstance(phase, dict) for phase in phases):
        return True
    return any(phase.get("type") != "free_trial" and not _is_over(phase.get("endsAt"), now) for phase in phases)


def _is_over(end: Any, now: datetime) -> bool:
    try:
        return datetime.fromisoformat(end) <= now
    except (TypeError, ValueError):
        return False


def _has_begun(row: Row, now: datetime) -> bool:
    """Whether the start of a subscription has passed, before which nothing is paid."""
    start = _day(row.get("startDate"))
    return start is None or start <= now.date()


def _ends_or_pauses(row: Row, billed: date | None) -> bool:
    """Whether the running period is the last, or the last before a pause."""
    cancellation = row.get("cancellation")
    if isinstance(cancellation, dict):
        cancellation = cancellation.get("effectiveAt")
    end = _day(row.get("endDate"))
    over = bool(row.get("endDate")) and (end is None or billed is None or end <= billed)
    return bool(row.get("cancelAtPeriodEnd") or cancellation or row.get("pause") or over)


def _next_billing(row: Row) -> date | None:
    period = row.get("currentPeriod")
    return _day(row.get("nextBillingDate")) or _day(period.get("end") if isinstance(period, dict) else None)


def _billed_at(row: Row) -> datetime | None:
    period = row.get("currentPeriod")
    return _moment(row.get("nextBillingDate")) or _moment(period.get("end") if isinstance(period, dict) else None)


def _day(value: Any) -> date | None:
    """The day of a time of the API, in UTC; None for anything else, and outside of the plausible years."""
    found = _moment(value)
    return found.date() if found else None


def _moment(value: Any) -> datetime | None:
    """A time of the API, in UTC; None for anything else, and outside of the plausible years."""
    found = moment(value)
    return found if found and found.year in _YEARS else None


def _word(value: Any) -> str | None:
    if value is None or (isinstance(value, str) and value):
        return value
    raise _OddRow

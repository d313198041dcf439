"""Foresight: what of a plan is due, what is to come, and which subscriptions it touches from when."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from commetctl.api.client import Client
from commetctl.catalog import Catalog
from commetctl.catalog.dated.change import Dated
from commetctl.core.amount_move import AmountMove
from commetctl.core.changeset import Notice
from commetctl.core.errors import Refused
from commetctl.core.impact import Feeling
from commetctl.core.policy import Mode
from commetctl.core.resource import Address, Resource, ResourceSet
from commetctl.kinds.sides import Live
from commetctl.review.counting import count
from commetctl.review.feelings import feelings
from commetctl.review.guards import OF_EACH, Subject
from commetctl.review.guards.objects import in_question
from commetctl.review.impact import concerned, impact
from commetctl.review.notice import Promise, Rise, rises
from commetctl.review.plan_versions import has_switched
from commetctl.review.subscribers import Step, Subscribers
from commetctl.usecases.compare import compared
from commetctl.usecases.dated.due import timetable
from commetctl.usecases.dated.outlook import (
    Forecaster,
    Outlook,
    lateness,
    outlooks,
    promise_of,
    promise_today,
    step_of,
)
from commetctl.usecases.dated.timetable import WHOLE, Place, Timetable
from commetctl.usecases.wanted import Wanted


@dataclass(frozen=True)
class Dates:
    """What is due in a catalog beside the account, and what is desired in view of that.

    `due` are the outlooks of what may be done. `subscribers` are counted with the bills of `steps`, None where nobody
    asked so far. `switched` says that Commet is known to have switched to plan versions; it is asked only where that
    matters.
    """

    catalog: Catalog
    timetable: Timetable
    desired: ResourceSet
    due: tuple[Outlook, ...]
    steps: tuple[Step, ...]
    today: Promise | None
    subscribers: Subscribers | None = None
    switched: bool = False


def dates_of(
    catalog: Catalog,
    account: Live,
    live: Live,
    client: Client,
    wanted: Wanted,
    mode: Mode,
    restored: Mapping[Address, Resource],
) -> Dates:
    """What is due, and what may not be done of it; `live` is the account matched with the catalog.

    A due change that a guard refuses is held back, and the others are not. `restored` is what an interrupted run of the
    same command cleared and did not write back. Performs GETs where that matters.
    """
    restored = restored if wanted.due else {}
    found = timetable(catalog, account, only_due=wanted.due, prune=wanted.prune, restored=restored)
    return _Dating(catalog, live, client, wanted, mode, found, restored).dates()


@dataclass
class _Dating:
    catalog: Catalog
    live: Live
    client: Client
    wanted: Wanted
    mode: Mode
    found: Timetable
    restored: Mapping[Address, Resource]

    def dates(self) -> Dates:
        items = self.found.to_do
        forecaster = Forecaster(self.live, self.mode, self.wanted.allowed, self._switched)
        subscribers = self._subscribers if items else None
        due = [
            forecaster.outlook(item.change, item.before, item.after, (subscribers or _UNKNOWN).at(number))
            for number, item in enumerate(items)
        ]
        # Of what is not in Commet yet, nothing moves.
        moving = [any(address in self.live.resources for address, _ in item.pending) for item in items]
        judged = [outlook for outlook, moves in zip(due, moving, strict=True) if moves]
        found = self.found.with_refused({each.change.name: tuple(_reasons(each)) for each in judged})
        left = {item.change.name for item in found.to_do}
        resources = self.live.resources
        return Dates(
            self.catalog,
            found,
            found.alone(resources, self.restored) if self.wanted.due else found.held(self.catalog.desired, resources),
            tuple(outlook for outlook in due if outlook.change.name in left),
            self._steps,
            self._today,
            subscribers,
            self._switched,
        )

    @cached_property
    def _dated(self) -> tuple[Dated, ...]:
        coming = () if self.wanted.due else self.catalog.coming
        return (*(item.change for item in self.found.to_do), *coming)

    @cached_property
    def _switched(self) -> bool:
        """Whether Commet has switched to plan versions, where that matters to what is due or to come."""
        changes = [
            change for item in self.found.to_do for change in compared(item.before, item.after).changeset.changes
        ]
        if self._dated[len(self.found.to_do) :]:
            last = self.catalog.with_changes((*self.catalog.due, *self.catalog.coming))
            changes += compared(self.catalog, last).changeset.changes
        return bool(changes) and has_switched(self.client, changes, self.catalog.contract, self.live)

    @cached_property
    def _today(self) -> Promise | None:
        return None if self.wanted.moment else promise_today(self.catalog.policy, self.catalog.moment.date())

    @cached_property
    def _steps(self) -> tuple[Step, ...]:
        """The moments of the changes that are due, of those to come, of the whole plan, and of edits without a date."""
        edits = [Step(self.catalog.moment, self._today.deadline)] if self._today else []
        as_of = [Step(self.wanted.moment)] if self.wanted.moment else []
        return (*(step_of(change, self.catalog.policy) for change in self._dated), *as_of, *edits)

    @property
    def _subscribers(self) -> Subscribers:
        promised = any(promise_of(change, self.catalog.policy) for change in self._dated)
        deletes = any(address not in item.after.desired for item in self.found.to_do for address, _ in item.pending)
        if not (self.wanted.impact or promised or deletes):
            return _UNKNOWN
        return count(self.client, self._steps, self.catalog.moment)


_UNKNOWN = Subscribers.nothing_known()


def _reasons(outlook: Outlook) -> Iterator[Refused]:
    """Why a due change is held back: what guards say of it alone, with its name."""
    # What holds without a date is judged with the edits of the catalog, by what Commet has.
    each = () if outlook.change.is_at_once else OF_EACH
    for reason in outlook.refused:
        if reason.code in (*each, "notice", "existing"):
            about = f"{reason.address}: " if reason.address else ""
            named = reason.message.startswith(outlook.change.name)
            message = reason.message if named else f"{outlook.change.name} is due, but {about}{reason.message}"
            yield Refused(message, reason.hint, code=reason.code, lift=reason.lift)


def foreseen(subject: Subject, dates: Dates, client: Client, wanted: Wanted) -> tuple[Subject, tuple[Outlook, ...]]:
    """The subject with its subscriptions counted, as far as somebody asks, and the outlook of what is to come."""
    return _Foresight(subject, dates, client, wanted).seen()


@dataclass
class _Foresight:
    subject: Subject
    dates: Dates
    client: Client
    wanted: Wanted
    _coming: tuple[Dated, ...] = field(init=False)

    def seen(self) -> tuple[Subject, tuple[Outlook, ...]]:
        self._coming = () if self.wanted.due else self.dates.catalog.coming
        if self.dates.subscribers is not None:
            self.subject = replace(self.subject, subscribers=self.dates.subscribers)
        elif self._is_asked:
            counted = count(self.client, self.dates.steps, self.dates.catalog.moment)
            self.subject = replace(self.subject, subscribers=counted)
        review = self.subject.review
        if self._touching or (self.wanted.impact and review.switched):
            review = replace(review, impact=impact(review, self.subject.live, self._from_then))
        notices = (*review.changeset.notices, *self._lateness())
        review = replace(review, changeset=replace(review.changeset, notices=notices))
        self.subject = replace(self.subject, review=review)
        self.subject = replace(self.subject, rises=tuple(self._rises()))
        forecaster = Forecaster(self.subject.live, self.subject.mode, self.subject.allowed, review.switched)
        first = self._step_of_coming
        at_steps = [self.subject.subscribers.at(first + number) for number in range(len(self._coming))]
        return self.subject, tuple(outlooks(forecaster, self.dates.catalog, self._coming, at_steps))

    @property
    def _step_of_coming(self) -> int:
        """The number of the first step of what is to come: those of what is due, and held back, are before it."""
        others = len(self._coming) + bool(self.wanted.moment) + bool(self.dates.today)
        return len(self.dates.steps) - others

    @property
    def _touching(self) -> bool:
        review = self.subject.review
        return self.wanted.impact and bool(concerned(review.changeset.changes, review.effects, self.subject.live))

    @property
    def _from_then(self) -> Subscribers:
        """The subscriptions with their bills from the moment on as of which the plan is made."""
        if not self.wanted.moment:
            return self.subject.subscribers
        return self.subject.subscribers.at(self._step_of_coming + len(self._coming))

    @property
    def _is_asked(self) -> bool:
        """Whether anything depends on how many subscriptions there are."""
        if self._touching or in_question(self.subject) or (self.wanted.impact and self._coming):
            return True
        promised = any(promise_of(change, self.dates.catalog.policy) for change in self._coming)
        costs_more = any(felt.feeling is Feeling.COSTS_MORE for felt in feelings(self.subject.review))
        return promised or (self.dates.today is not None and costs_more)

    def _lateness(self) -> list[Notice]:
        if self.wanted.moment:
            return []
        found = (lateness(outlook, self.dates.catalog.moment) for outlook in self.dates.due)
        return [notice for notice in found if notice]

    def _rises(self) -> list[Rise]:
        """What edits of the catalog without a date make existing customers pay more for."""
        if self.dates.today is None:
            return []
        last = self.subject.subscribers.at(len(self.dates.steps) - 1)
        return list(rises(self.subject.review, self.subject.live, last, self.dates.today, self._is_edit))

    @cached_property
    def _pending(self) -> set[Place]:
        """What dated changes are left to do."""
        return {place for item in self.dates.timetable.to_do for place in item.pending}

    def _is_edit(self, move: AmountMove) -> bool:
        """Whether an edit of the catalog moves an amount, and no dated change."""
        return not self._pending & {(move.address, WHOLE), (move.address, move.path.partition(".")[0])}

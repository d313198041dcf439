"""Foresight: what of a plan is due, what is to come, and which subscriptions it touches from when."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from commetctl.api.client import Client
from commetctl.catalog import Catalog
from commetctl.catalog.dated.change import Dated
from commetctl.core.errors import Refused
from commetctl.core.impact import Feeling
from commetctl.core.resource import ResourceSet
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
    unable_to,
)
from commetctl.usecases.dated.timetable import Due, Timetable
from commetctl.usecases.wanted import Wanted


@dataclass(frozen=True)
class Dates:
    """What is due in a catalog beside the account, and what is desired in view of that.

    `switched` says that Commet is known to have switched to plan versions; it is asked only where that matters.
    """

    catalog: Catalog
    timetable: Timetable
    desired: ResourceSet
    switched: bool = False


def dates_of(catalog: Catalog, account: Live, live: Live, client: Client, wanted: Wanted) -> Dates:
    """What is due, and what may not be done of it; `live` is the account matched with the catalog.

    Performs a GET where a change says what existing customers get.
    """
    found = timetable(catalog, account, only_due=wanted.due)
    asking = [item for item in found.to_do if not item.change.head.existing.is_at_renewal]
    switched = bool(asking) and _has_switched(asking, live, client)
    refused: dict[str, Refused] = {}
    for item in asking:
        if why := unable_to(item.change, compared(item.before, item.after, known=live.ids, switched=switched)):
            refused[item.change.name] = why
    found = found.with_refused(refused) if refused else found
    desired = found.alone(live.resources) if wanted.due else found.held(catalog.desired, live.resources)
    if catalog.coming and not wanted.due and not switched:
        switched = _will_reach_new_only(catalog, live, client)
    return Dates(catalog, found, desired, switched)


def _has_switched(items: Sequence[Due], live: Live, client: Client) -> bool:
    changes = [change for item in items for change in compared(item.before, item.after).changeset.changes]
    return has_switched(client, changes, items[0].after.contract, live)


def _will_reach_new_only(catalog: Catalog, live: Live, client: Client) -> bool:
    """Whether Commet has switched to plan versions, where that matters to what is to come."""
    last = catalog.with_changes((*catalog.due, *catalog.coming))
    return has_switched(client, compared(catalog, last).changeset.changes, catalog.contract, live)


def foreseen(subject: Subject, dates: Dates, client: Client, wanted: Wanted) -> tuple[Subject, tuple[Outlook, ...]]:
    """The subject with its subscriptions counted, as far as somebody asks, and the outlook of what is to come."""
    return _Foresight(subject, dates, client, wanted).seen()


@dataclass
class _Foresight:
    subject: Subject
    dates: Dates
    client: Client
    wanted: Wanted

    def seen(self) -> tuple[Subject, tuple[Outlook, ...]]:
        if self._is_asked:
            counted = count(self.client, self._steps, self.dates.catalog.moment)
            self.subject = replace(self.subject, subscribers=counted)
        if self._touching or (self.wanted.impact and self.subject.review.switched):
            found = impact(self.subject.review, self.subject.live, self._from_then)
            self.subject = replace(self.subject, review=replace(self.subject.review, impact=found))
        due = [
            self._forecaster.outlook(item.change, item.before, item.after, self._at(number))
            for number, item in enumerate(self._due)
        ]
        self._tell_of_lateness(due)
        judged = tuple(reason for outlook in due for reason in outlook.refused if reason.code in OF_EACH)
        self.subject = replace(self.subject, rises=tuple(self._rises(due)), foreseen=judged)
        at_steps = [self._at(len(due) + number) for number in range(len(self._coming))]
        return self.subject, tuple(outlooks(self._forecaster, self.dates.catalog, self._coming, at_steps))

    @property
    def _due(self) -> tuple[Due, ...]:
        return self.dates.timetable.to_do

    @property
    def _coming(self) -> tuple[Dated, ...]:
        return () if self.wanted.due else self.dates.catalog.coming

    @property
    def _forecaster(self) -> Forecaster:
        switched = self.subject.review.switched
        return Forecaster(self.subject.live, self.subject.mode, self.subject.allowed, switched)

    @property
    def _touching(self) -> bool:
        review = self.subject.review
        return self.wanted.impact and bool(concerned(review.changeset.changes, review.effects, self.subject.live))

    @property
    def _today(self) -> Promise | None:
        catalog = self.dates.catalog
        return None if self.wanted.moment else promise_today(catalog.policy, catalog.moment.date())

    @property
    def _steps(self) -> list[Step]:
        """The moments of the changes that are due, of those to come, of the whole plan, and of edits without a date."""
        policy, today = self.dates.catalog.policy, self._today
        dated = [*(item.change for item in self._due), *self._coming]
        edits = [Step(self.dates.catalog.moment, today.deadline)] if today else []
        as_of = [Step(self.wanted.moment)] if self.wanted.moment else []
        return [*(step_of(change, policy) for change in dated), *as_of, *edits]

    @property
    def _from_then(self) -> Subscribers:
        """The subscriptions with their bills from the moment on as of which the plan is made."""
        if not self.wanted.moment:
            return self.subject.subscribers
        return self._at(len(self._due) + len(self._coming))

    def _at(self, step: int) -> Subscribers:
        return self.subject.subscribers.at(step)

    @property
    def _is_asked(self) -> bool:
        """Whether anything depends on how many subscriptions there are."""
        if self._touching or in_question(self.subject) or (self.wanted.impact and (self._due or self._coming)):
            return True
        policy = self.dates.catalog.policy
        dated = any(promise_of(change, policy) for change in (*(item.change for item in self._due), *self._coming))
        costs_more = any(felt.feeling is Feeling.COSTS_MORE for felt in feelings(self.subject.review))
        return dated or (self._today is not None and costs_more)

    def _tell_of_lateness(self, due: Sequence[Outlook]) -> None:
        if self.wanted.moment:
            return
        notices = tuple(notice for outlook in due if (notice := lateness(outlook, self.dates.catalog.moment)))
        review = self.subject.review
        changeset = replace(review.changeset, notices=(*review.changeset.notices, *notices))
        self.subject = replace(self.subject, review=replace(review, changeset=changeset))

    def _rises(self, due: Sequence[Outlook]) -> list[Rise]:
        """Whom the plan makes pay more: by dated changes, and by edits of the catalog."""
        found = [rise for outlook in due if "notice" not in outlook.change.head.allow for rise in outlook.rises]
        if self._today:
            review = self.subject.review
            dated = frozenset(address for item in self._due for address in item.addresses)
            edited = {change.address for change in review.changeset.changes} - dated
            last = self._at(len(self._steps) - 1)
            found += rises(review, self.subject.live, last, self._today, edited)
        return found

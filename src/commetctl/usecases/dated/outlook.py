"""The outlook: what each dated change does, to whom, and whether a guard would refuse it as of its date."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from commetctl.catalog import Catalog
from commetctl.catalog.dated.change import Dated
from commetctl.core.changeset import Notice
from commetctl.core.contract import CONTRACTS
from commetctl.core.errors import Refused
from commetctl.core.impact import PAID, Touched, When
from commetctl.core.policy import Mode, Policy
from commetctl.core.resource import Address
from commetctl.core.text import counted
from commetctl.kinds.sides import Live
from commetctl.review.effects import effects
from commetctl.review.guards import Allowed, Subject, refusals
from commetctl.review.impact import Effects, impact, touching
from commetctl.review.notice import Promise, Rise, rises
from commetctl.review.review import Review
from commetctl.review.subscribers import Step, Subscribers
from commetctl.usecases.compare import compared

#: Guards about the account as it is, which the plan of today answers.
_OF_TODAY = ("mode",)
#: In seconds; an apply within them is not late.
_ON_TIME = 60


@dataclass(frozen=True)
class Outlook:
    """One dated change: what it changes in the catalog before it, and what that means from its moment on.

    `refused` are the reasons why `apply` would refuse it then.
    """

    change: Dated
    review: Review
    live: Live
    subscribers: Subscribers
    promise: Promise | None
    refused: tuple[Refused, ...] = ()

    @property
    def rises(self) -> tuple[Rise, ...]:
        """What it makes existing customers pay more for, where something is promised about that."""
        if self.promise is None:
            return ()
        return tuple(rises(self.review, self.live, self.subscribers, self.promise))

    @property
    def reached(self) -> Touched | None:
        """The subscriptions that pay another amount, or for other contents, each counted once; None if not counted."""
        if self.subscribers.unknown:
            return None
        paying = [
            change
            for change in self.review.changeset.changes
            if any(effect.counts and effect.when in PAID for effect in self.review.effects.get(change.address, ()))
        ]
        return touching(self.review, self.live, self.subscribers, paying)

    @property
    def renewed(self) -> int:
        """How many subscriptions have been billed at the old price since its moment."""
        if self.subscribers.unknown:
            return 0
        at_renewal = [
            change
            for change in self.review.changeset.changes
            if any(effect.when is When.AT_RENEWAL for effect in self.review.effects.get(change.address, ()))
        ]
        return touching(self.review, self.live, self.subscribers, at_renewal).renewed


def promise_of(change: Dated, policy: Policy) -> Promise | None:
    """What is promised about the notice of a change: the longer of its own and that of the policy; None for nothing."""
    days = [each for each in (change.head.notice, policy.min_notice) if each is not None]
    return Promise(max(days), change.head.announced, change.name) if days else None


def promise_today(policy: Policy, today: date) -> Promise | None:
    """What is promised about edits of the catalog, which are announced today at the earliest."""
    return None if policy.min_notice is None else Promise(policy.min_notice, today)


def step_of(change: Dated, policy: Policy) -> Step:
    """The moment of a change, and the deadline before which it may cost nobody more."""
    promise = promise_of(change, policy)
    return Step(change.moment, promise.deadline if promise else None)


@dataclass(frozen=True)
class Forecaster:
    """Looks ahead from an account: makes the outlooks of changes, one after the other."""

    live: Live
    mode: Mode
    allowed: Allowed
    switched: bool

    def outlook(self, change: Dated, before: Catalog, after: Catalog, subscribers: Subscribers) -> Outlook:
        """The outlook of one change, which makes `after` of the catalog `before`."""
        review = compared(before, after, known=self.live.ids, switched=self.switched)
        live = replace(self.live, resources=review.before, ids=review.ids, obstacles={})
        review = replace(review, impact=impact(review, live, subscribers))
        found = Outlook(change, review, live, subscribers, promise_of(change, after.policy))
        return replace(found, refused=tuple(self._refused(found, after)))

    def _refused(self, found: Outlook, after: Catalog) -> Iterator[Refused]:
        kinds = frozenset(kind for section in after.sections for kind in section.kinds)
        allowed = replace(self.allowed, guards=self.allowed.guards | frozenset(found.change.head.allow))
        subject = Subject(
            found.review,
            found.live,
            self.mode,
            kinds,
            after.policy,
            allowed,
            found.subscribers,
            rises=found.rises,
            lifted_in=found.change.name,
        )
        yield from (reason for reason in refusals(subject) if reason.code not in _OF_TODAY)
        if unable := unable_to(found.change, found.review):
            yield unable


def unable_to(change: Dated, review: Review) -> Refused | None:
    """The refusal of a change that says of existing customers what Commet cannot do."""
    existing = change.head.existing
    if review.switched and existing.is_at_renewal and "existing" in change.head.model_fields_set:
        return _kept_anyway(change, review)
    if existing.is_at_renewal or (review.switched and existing.moment is None):
        return None
    reached = _reached(review, review.effects)
    if not reached:
        return None
    version = review.heading.version
    wish = "keep what they have" if existing.moment is None else f"get it from {existing.moment:%Y-%m-%d} on"
    return Refused(
        f"{change.name} says that existing customers {wish}, and API version {version} hands on every change to them",
        f"sell a second plan to new customers: `commetctl schedule {change.name} --as CODE` writes it; or remove "
        "`existing`",
        code="existing",
        address=reached[0],
    )


def _kept_anyway(change: Dated, review: Review) -> Refused | None:
    """The refusal of a change that is for existing customers too, where they keep their plan version."""
    without = effects(review.changeset.changes, CONTRACTS[review.heading.version])
    if not (reached := _reached(review, without)):
        return None
    return Refused(
        f"{change.name} says that existing customers get it at their renewal, but Commet has switched to plan "
        "versions: they keep the version that they accepted",
        "write `existing: keep`, and move them to the new version in Commet",
        code="existing",
        address=reached[0],
    )


def _reached(review: Review, found: Effects) -> list[Address]:
    """The objects whose changes reach existing customers, by their effects."""
    return [
        item.address
        for item in review.changeset.changes
        for effect in found.get(item.address, ())
        if effect.counts and effect.when not in (When.NEW_ONLY, When.NOT_AT_ALL)
    ]


def lateness(outlook: Outlook, now: datetime) -> Notice | None:
    """The notice of a change that is made late: by how much, and how many have paid the old price since."""
    if outlook.change.is_at_once:
        return None
    late = (now - outlook.change.moment).total_seconds()
    if late < _ON_TIME:
        return None
    since = f"{outlook.change.name} was due at {outlook.change.moment:%Y-%m-%d %H:%M} UTC, {_ago(late)} ago"
    if outlook.subscribers.unknown:
        return Notice("late", f"{since}; how many subscriptions have renewed since is not known")
    count = outlook.renewed
    renewed = f"; {counted(count, 'subscription')} {'has' if count == 1 else 'have'} renewed since at the old price"
    return Notice("late", since + (renewed if count else "; no subscription has renewed since"))


def _ago(seconds: float) -> str:
    minutes = int(seconds // 60)
    if minutes < 60:
        return counted(minutes, "minute")
    hours = minutes // 60
    return counted(hours, "hour") if hours < 48 else counted(hours // 24, "day")


def outlooks(
    forecaster: Forecaster, first: Catalog, changes: Sequence[Dated], subscribers: Sequence[Subscribers]
) -> Iterator[Outlook]:
    """The outlook of each of the changes that come after a catalog, each compared with the one before it."""
    for number, (change, before, after) in enumerate(_steps(first, changes)):
        yield forecaster.outlook(change, before, after, subscribers[number])


def outlooks_offline(first: Catalog) -> Iterator[Outlook]:
    """The outlook of each change that comes after a catalog, without an account: nobody is counted."""
    nobody = Subscribers(unknown="no account is read")
    for change, before, after in _steps(first, first.coming):
        review = compared(before, after)
        refused = (unable,) if (unable := unable_to(change, review)) else ()
        yield Outlook(
            change, review, Live(review.before, review.ids), nobody, promise_of(change, after.policy), refused
        )


def _steps(first: Catalog, changes: Sequence[Dated]) -> Iterator[tuple[Dated, Catalog, Catalog]]:
    """Each change with the catalog before it, and the one that it makes of that."""
    before = first
    for number, change in enumerate(changes):
        after = replace(first.with_changes((*first.due, *changes[: number + 1])), moment=change.moment)
        yield change, before, after
        before = after

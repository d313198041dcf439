"""Rehearse: what is due or scheduled, with the subscriptions of an account, tried in an emulator."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import PurePath

from commetctl.api.client import Client
from commetctl.apply.journal import Journals
from commetctl.catalog import Catalog
from commetctl.catalog.dated.change import Dated
from commetctl.core import exits
from commetctl.core.errors import CommetctlError
from commetctl.kinds.sides import Live
from commetctl.review.counting import count
from commetctl.review.guards import Allowed
from commetctl.review.plan_versions import has_switched
from commetctl.review.subscribers import Subscribers
from commetctl.usecases.account import Account
from commetctl.usecases.compare import compared
from commetctl.usecases.dated.clock import at_its_time
from commetctl.usecases.dated.due import timetable
from commetctl.usecases.dated.outlook import Forecaster, Outlook, outlooks, step_of
from commetctl.usecases.dated.timetable import Timetable
from commetctl.usecases.pull import declaring, nothing
from commetctl.usecases.reading import fetched, matched
from commetctl.usecases.rehearsal.expected import turns
from commetctl.usecases.rehearsal.groups import Group, Grouping
from commetctl.usecases.rehearsal.run import HINT, Run
from commetctl.usecases.rehearsal.simulation import Simulation
from commetctl.usecases.rehearsal.verdict import Judge, Verdict

#: Opens an account in an emulator whose clock shows a time and that has some quirks.
Opener = Callable[[datetime, Mapping[str, str]], AbstractContextManager[Account]]


@dataclass(frozen=True)
class Rehearsal:
    """How it went: from `start` to `until`, with the `changes` in their order.

    `pending` is how many edits without a date were applied first. `stopped` are the reasons why a change could not be
    applied on its date, after which nothing was compared; `surprises`, refusals that `plan` does not predict, or
    predicts wrongly. `unknown` says why subscriptions could not be read; `uncounted` and `absent` are those that the
    plan does not count, and that were not rehearsed, by reason.
    """

    catalog: Catalog
    start: datetime
    until: datetime
    changes: tuple[Dated, ...] = ()
    judge: Judge = field(default_factory=lambda: Judge((), {}, ()))
    pending: int = 0
    stopped: tuple[CommetctlError, ...] = ()
    surprises: tuple[CommetctlError, ...] = ()
    unknown: str = ""
    uncounted: Mapping[str, int] = field(default_factory=dict)
    absent: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def verdict(self) -> Verdict:
        """The bills beside what was expected of them."""
        return self.judge.verdict()

    @property
    def errors(self) -> list[CommetctlError]:
        """Every difference, and what stopped it."""
        told = [
            CommetctlError(str(item), HINT, code="rehearsal_differs", address=item.address)
            for item in self.verdict.differences
        ]
        return [*self.stopped, *self.surprises, *told]

    @property
    def exit_code(self) -> int:
        """What the command exits with."""
        if self.verdict.differences or self.surprises:
            return exits.FAILED
        return self.stopped[0].exit_code if self.stopped else exits.DONE


def rehearse(
    catalog: Catalog, account: Account, client: Client, simulated: Opener, journals: Journals, only: str = ""
) -> Rehearsal:
    """Rehearse what is due or scheduled, or all up to one change; performs GETs only, except in the emulator.

    Raises CommetctlError where there is no such change, and Refused where the account cannot be made in an emulator.
    """
    catalog = at_its_time(catalog, client)[0]
    found = fetched(catalog, client)
    return _Rehearsing(catalog, account, client, found, timetable(catalog, found), only).run(simulated, journals)


@dataclass
class _Rehearsing:
    catalog: Catalog
    account: Account
    client: Client
    found: Live
    due: Timetable
    only: str

    def run(self, simulated: Opener, journals: Journals) -> Rehearsal:
        start, changes = self.catalog.moment, self._changes
        nothing_yet = Rehearsal(self.catalog, start, start, changes, stopped=tuple(self.due.refused))
        if not changes or self.due.refused:
            return nothing_yet
        grouping = Grouping.at([start, *(change.moment for change in changes)])
        steps = [step_of(change, self.catalog.policy) for change in changes]
        subscribers = count(self.client, steps, start, grouping)
        switched = self._switched(changes)
        foreseen = list(self._outlooks(changes, [subscribers.at(n) for n in range(len(steps))], switched=switched))
        names = {id_: address for each in [*foreseen] for address, id_ in each.live.ids.items()}
        groups = {group: number for group, number in subscribers.noted.items() if isinstance(group, Group)}
        with simulated(start, self._quirks(switched=switched)) as there, there.client(self.catalog.contract) as client:
            run = Run(self.catalog, Simulation(there, client, journals, start), tuple(turns(foreseen, start)))
            run.prepare(self._as_it_is(), groups, names)
            run.perform(foreseen)
            judge = run.judge()
        impacts = [outlook.review.impact for outlook in foreseen if outlook.review.impact]
        return replace(
            nothing_yet,
            until=run.simulation.at,
            judge=judge,
            pending=run.pending,
            stopped=tuple(run.stopped),
            surprises=tuple(run.surprises),
            unknown=subscribers.unknown,
            uncounted={why: number for impact in reversed(impacts) for why, number in impact.uncounted.items()},
            absent=dict(run.customers.absent) if run.customers else {},
        )

    @cached_property
    def live(self) -> Live:
        """The account with its objects matched with those of the catalog."""
        return matched(self.catalog, self.found)[0]

    @property
    def _changes(self) -> tuple[Dated, ...]:
        """What is left of the changes that are due, and those to come, up to the one that is asked for."""
        found = (*(item.change for item in self.due.to_do), *self.catalog.coming)
        if not self.only:
            return found
        for number, change in enumerate(found, 1):
            if _is_called(change, self.only):
                return found[:number]
        if any(_is_called(change, self.only) for change in self.catalog.changes):
            return ()
        names = ", ".join(change.name for change in self.catalog.changes) or "none"
        raise CommetctlError(f"there is no change {self.only}", f"known: {names}", code="no_change")

    def _outlooks(
        self, changes: Sequence[Dated], subscribers: Sequence[Subscribers], *, switched: bool
    ) -> Iterator[Outlook]:
        mode = self.account.mode(self.live.livemode, self.catalog.mode, allow_live=True)
        forecaster = Forecaster(self.live, mode, Allowed(), switched)
        due = [item for item in self.due.to_do if item.change in changes]
        for item, counted in zip(due, subscribers, strict=False):
            yield forecaster.outlook(item.change, item.before, item.after, counted)
        yield from outlooks(forecaster, self.catalog, changes[len(due) :], subscribers[len(due) :])

    def _switched(self, changes: Sequence[Dated]) -> bool:
        """Whether Commet has switched to plan versions; asked only where that matters to one of the changes."""
        last = self.catalog.with_changes((*self.catalog.due, *(c for c in changes if c not in self.catalog.due)))
        first = self.catalog.with_changes(self._done)
        return has_switched(
            self.client, compared(first, last, known=self.live.ids).changeset.changes, last.contract, self.live
        )

    @property
    def _done(self) -> tuple[Dated, ...]:
        """The changes that were applied on their dates."""
        to_do = [item.change for item in self.due.to_do]
        return tuple(change for change in self.catalog.due if change not in to_do)

    def _as_it_is(self) -> tuple[Catalog, Catalog]:
        """The account as a catalog, and the catalog of now without the changes that are left to do."""
        contract = self.catalog.contract
        scale = None if contract.price_scale_settled else contract.price_scale
        stated = contract.balance_scale if contract.balance_scale_stated else None
        empty = nothing(self.catalog.file, contract.version, scale, stated)
        there = declaring(empty, matched(empty, self.found)[0], proven=None)[0]
        return there, replace(self.catalog.with_changes(self._done), files=None)

    def _quirks(self, *, switched: bool) -> Mapping[str, str]:
        contract = self.catalog.contract
        scales = {"price_scale": contract.price_scale.value} if not contract.price_scale_settled else {}
        return scales | {
            "balance_scale": contract.balance_scale.value,
            "plan_versions": "on" if switched else "off",
        }


def _is_called(change: Dated, name: str) -> bool:
    """Whether a change is in a file with this name, with or without its folder and its ending."""
    own, asked = PurePath(change.name), PurePath(name)
    return asked in (own, PurePath(own.name), PurePath(own.stem))

"""Drift: how Commet differs from the catalog that was applied last, as changes that were made in Commet."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from commetctl.api.client import Client
from commetctl.catalog import Catalog, load
from commetctl.core.change import Change, Create, Delete, FieldChange, Update, applied
from commetctl.core.changeset import Changeset, Notice
from commetctl.core.errors import CommetctlError
from commetctl.core.policy import Mode
from commetctl.core.resource import Address, Resource, ResourceSet
from commetctl.core.times import moment
from commetctl.core.values import same
from commetctl.kinds.sides import Live, World
from commetctl.planning.reconcile import Options, reconcile
from commetctl.review.effects import effects
from commetctl.review.plan_versions import has_switched
from commetctl.review.review import Cause, Review
from commetctl.usecases.account import Account
from commetctl.usecases.balance_scale import assumption, pulled_balances
from commetctl.usecases.dated.clock import at_its_time
from commetctl.usecases.dated.due import timetable
from commetctl.usecases.last_applied import LastApplied
from commetctl.usecases.reading import fetched, matched


@dataclass(frozen=True)
class Drift:
    """What was changed in Commet since a catalog was applied.

    `blocked` are the objects that an apply cannot change back. `ahead` says that the catalog has changed since, so that
    an apply would do more than change them back.
    """

    base: LastApplied
    mode: Mode
    review: Review
    blocked: frozenset[Address]
    ahead: bool
    #: When Commet was changed last, by whatever way, as far as it says.
    newest: datetime | None
    warnings: tuple[CommetctlError, ...]

    @property
    def found(self) -> bool:
        """Whether there is any."""
        return bool(self.review.changeset.changes)


def drift(base: LastApplied, account: Account, client: Client, targets: tuple[Address, ...], file: Path) -> Drift:
    """Compare the account with the catalog that was applied last; performs GETs only.

    `file` is the catalog as it is now: what it changes too since then is marked.
    """
    catalog = base.catalog
    account_now = fetched(catalog, client)
    if base.run is None:
        catalog = _as_applied(at_its_time(catalog, client)[0], account_now)
    live, notices = matched(catalog, account_now)
    mode = account.mode(live.livemode, catalog.mode)
    undoing = reconcile(
        World(catalog.desired, live, catalog.contract), catalog.sections, notices, Options(targets=targets)
    )
    current = _current(file, catalog, account)
    changes = _edits(undoing, catalog.desired, live.resources, current)
    switched = has_switched(client, changes, catalog.contract, live)
    blocked = [item.change for item in undoing.blocked]
    review = Review(
        Changeset(
            tuple(changes),
            (),
            {},
            unmanaged=undoing.unmanaged,
            notices=(*undoing.notices, *_not_undone(undoing)),
            expected=live.resources,
        ),
        applied(undoing.after(live.resources), blocked, undoing.along),
        live.ids,
        effects(changes, catalog.contract, switched=switched),
        causes={change.address: _cause(change.address, catalog.desired, current) for change in changes},
        base=base.source,
        heading=account.heading(f"drift from {base.source}", mode, catalog.contract),
        same="Commet matches what was applied",
        switched=switched,
        made=True,
    )
    warnings = (*_wrong_mode(mode), *assumption(pulled_balances(client, live), live))
    touched = frozenset(change.address for change in blocked)
    return Drift(base, mode, review, touched, _is_ahead(current, catalog.desired), moment(live.times.newest), warnings)


def _as_applied(catalog: Catalog, account: Live) -> Catalog:
    """The catalog without what is due and was not made yet, which is no edit in Commet."""
    left = [item.change for item in timetable(catalog, account).items if item.pending]
    return catalog.with_changes(tuple(each for each in catalog.due if each not in left)) if left else catalog


def _wrong_mode(mode: Mode) -> Iterator[CommetctlError]:
    if mode.declared and mode.proven is not None and mode.declared != mode.word:
        message = f"the catalog declares `mode: {mode.declared}`, but this account is {mode.word}"
        yield CommetctlError(message, "check that this is the right account", code="wrong_mode")


def _current(file: Path, base: Catalog, account: Account) -> ResourceSet | None:
    """What the catalog declares now; None where that cannot be read, which is no reason not to look for drift."""
    try:
        return load(file, base.contract.version, account.environment).desired
    except CommetctlError:
        return None


def _edits(undoing: Changeset, base: ResourceSet, live: ResourceSet, current: ResourceSet | None) -> list[Change]:
    """The changes that were made in Commet: the reverse of those that would undo them, in the order of the file."""
    found: dict[Address, Change] = {}
    for change in (*undoing.changes, *(item.change for item in undoing.blocked)):
        for edit in _reversed(change, undoing, live):
            found.setdefault(edit.address, _placed(edit, current))
    order = {address: number for number, address in enumerate(dict.fromkeys([*base, *live]))}
    return sorted(found.values(), key=lambda change: order.get(change.address, len(order)))


def _reversed(change: Change, undoing: Changeset, live: ResourceSet) -> Iterator[Change]:
    match change:
        case Create(after):
            yield Delete(after)
        case Delete(before):
            yield Create(before)
            yield from (Create(live[address]) for address in undoing.along.get(change.address, ()) if address in live)
        case Update(before, after, fields):
            yield Update(after, before, tuple(FieldChange(item.path, item.after, item.before) for item in fields))


def _placed(change: Change, current: ResourceSet | None) -> Change:
    """The change with the place of its object in the catalog as it is now, for annotations."""
    declared = current.get(change.address) if current else None
    if isinstance(change, Update):
        return replace(change, after=replace(change.after, origin=declared.origin if declared else None))
    return change


def _cause(address: Address, base: ResourceSet, current: ResourceSet | None) -> Cause:
    if current is None or _same(base.get(address), current.get(address)):
        return Cause.COMMET
    return Cause.BOTH


def _same(one: Resource | None, other: Resource | None) -> bool:
    if one is None or other is None:
        return one is other
    return same(one.fields, other.fields)


def _is_ahead(current: ResourceSet | None, base: ResourceSet) -> bool:
    """Whether the catalog declares something else than what was applied."""
    return current is not None and any(not _same(base.get(a), current.get(a)) for a in {*base, *current})


def _not_undone(undoing: Changeset) -> Iterator[Notice]:
    for item in undoing.blocked:
        yield Notice("not_undone", f"`commetctl apply` cannot undo this: {item.reason}", item.hint, item.change.address)

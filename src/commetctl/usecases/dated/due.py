"""Due or not: the changes whose date has come, compared with the account."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from commetctl.catalog import Catalog
from commetctl.core.change import Create, Delete, Update
from commetctl.core.errors import InvalidCatalog, Refused
from commetctl.core.resource import UNKNOWN, Address, Resource, ResourceSet
from commetctl.core.values import text
from commetctl.kinds.sides import Live
from commetctl.planning.diff import Difference, diff
from commetctl.usecases.dated.timetable import WHOLE, Due, Place, Timetable, waits_for
from commetctl.usecases.reading import matched

#: How many values a refusal names.
_NAMED = 3


def timetable(
    catalog: Catalog,
    account: Live,
    *,
    only_due: bool = False,
    prune: bool = False,
    restored: Mapping[Address, Resource] | None = None,
) -> Timetable:
    """The due changes of a catalog, compared with the account as Commet gives it.

    With `only_due`, nothing else will be done: a change of an object that the account does not have is refused then,
    unless it is `restored`. Only with `prune` is an object deleted that the catalog no longer has.
    """
    if not catalog.due:
        return Timetable()
    missing = [item for address, item in (restored or {}).items() if address not in account.resources]
    whole = replace(account, resources=ResourceSet([*account.resources.values(), *missing])) if missing else account
    return _Comparison(catalog, whole, only_due, prune).timetable()


@dataclass
class _Comparison:
    """The account beside the catalog before and after each of its due changes."""

    catalog: Catalog
    account: Live
    only_due: bool
    prune: bool
    _differences: dict[int, Mapping[Address, frozenset[str]]] = field(default_factory=dict)

    def timetable(self) -> Timetable:
        found: list[Due] = []
        for number, change in enumerate(self.catalog.due, 1):
            before, after = self._states[number - 1], self._states[number]
            places = frozenset(_places(diff(after.desired, before.desired, prune=True)))
            pending = frozenset(place for place in places if not self._is_done(place, number))
            item = Due(change, before, after, places, pending)
            why = self._moved(item) or self._missing(item) if pending else None
            found.append(replace(item, refused=(why,) if why else waits_for(item, found)))
        return Timetable(tuple(found))

    @cached_property
    def live(self) -> ResourceSet:
        """The resources of the account, matched with the catalog."""
        return matched(self.catalog, self.account)[0].resources

    @cached_property
    def _states(self) -> Sequence[Catalog]:
        """The catalog without its due changes, and after each of them."""
        due = self.catalog.due
        try:
            return [*(self.catalog.with_changes(due[:number]) for number in range(len(due))), self.catalog]
        except InvalidCatalog as error:
            message = "the catalog is not valid without the changes that are due"
            hint = "fold those that are past into it: `commetctl settle`"
            raise InvalidCatalog(self.catalog.file, error.problems, message=message, hint=hint) from None

    def _is_done(self, place: Place, number: int) -> bool:
        """Whether the account has what a change brings, or what a later one does, or nothing will be done."""
        address, name = place
        gone = not name and address not in self._states[number].desired
        if gone and not self.prune and address in self.live and self.live[address].parent is None:
            # What leaves the catalog is left alone.
            return True
        return any(not self._differs(place, later) for later in range(number, len(self._states)))

    def _differs(self, place: Place, number: int) -> bool:
        """Whether the account has something else in a place than a state of the catalog."""
        if number not in self._differences:
            state = self._states[number]
            # An object that a change renames has its old name before it, and its new one after it.
            live = matched(state, self.account)[0].resources
            self._differences[number] = _by_address(diff(state.desired, live, prune=True))
        address, name = place
        names = self._differences[number].get(address, frozenset())
        return bool(names) and (name == WHOLE or WHOLE in names or name in names)

    def _moved(self, item: Due) -> Refused | None:
        """The refusal of a change where the account has neither what was agreed to be replaced nor what comes."""
        moved = sorted(place for place in item.pending if self._is_moved(place))
        if not moved or (item.change.is_at_once and not self.only_due):
            # What holds now, and always has, is part of the catalog, which overrules Commet.
            return None
        said = "; ".join(self._said(place, item) for place in moved[:_NAMED])
        more = f"; and {len(moved) - _NAMED} more" if len(moved) > _NAMED else ""
        return Refused(
            f"{item.change.name} is due, but Commet has changed since it was written: {said}{more}",
            "to make the change, write what Commet has into the catalog, then update `was` with `commetctl schedule "
            f"{item.change.name}`; or undo the edit in Commet",
            code="due_moved",
        )

    def _is_moved(self, place: Place) -> bool:
        address, name = place
        if address not in self.live:
            # It was deleted, or never made; what it would be is decided elsewhere.
            return False
        if not name and address not in self._states[0].desired:
            # What a change adds may be made halfway.
            return False
        if name and self.live[address].fields.get(name) is UNKNOWN:
            return False
        return all(self._differs(place, number) for number in range(len(self._states)))

    def _said(self, place: Place, item: Due) -> str:
        address, name = place
        was, now = item.before.desired.get(address), self.live.get(address)
        if not name:
            return f"{address} has other values than the catalog"
        before = text(was.fields.get(name)) if was else "nothing"
        after = text(item.after.desired[address].fields.get(name))
        return f"`{name}` of {address} is {text(now.fields.get(name)) if now else 'gone'}, not {before} or {after}"

    def _missing(self, item: Due) -> Refused | None:
        """With `only_due`, the refusal of a change of an object that has to be made first."""
        if not self.only_due:
            return None
        gone = sorted(
            address
            for address, name in item.pending
            if address not in self.live and (name or self._needs(address, item))
        )
        if not gone:
            return None
        message = f"{item.change.name} is due, but {gone[0]} is not in Commet"
        hint = "apply the catalog first: `commetctl apply` makes it as this change leaves it"
        return Refused(message, hint, code="due_missing")

    def _needs(self, address: Address, item: Due) -> bool:
        """Whether an object that the change adds needs another one that neither the account nor the change has."""
        added = item.after.desired.get(address)
        made = {place[0] for place in item.places if place[1] == WHOLE}
        return any(ref not in self.live and ref not in made for ref in (added.refs if added else ()))


def _places(difference: Difference) -> Iterator[Place]:
    """What a difference is about: fields of objects that stay, and whole objects, with their parts."""
    for change in difference.changes:
        if isinstance(change, Update):
            yield from ((change.address, name) for name in change.names)
        else:
            yield change.address, WHOLE
            yield from ((part, WHOLE) for part in difference.along.get(change.address, ()))


def _by_address(difference: Difference) -> Mapping[Address, frozenset[str]]:
    found: dict[Address, frozenset[str]] = {}
    for change in difference.changes:
        match change:
            case Update():
                found[change.address] = change.names
            case Create() | Delete():
                for address in (change.address, *difference.along.get(change.address, ())):
                    found[address] = frozenset({WHOLE})
    return found

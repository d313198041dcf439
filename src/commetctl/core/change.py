"""Changes, as a closed union of frozen values, and what became of each."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeGuard

from commetctl.core.errors import CommetctlError
from commetctl.core.resource import Address, Resource, ResourceSet, Value


@dataclass(frozen=True)
class FieldChange:
    """One field that differs; `path` is its name, with dots into metadata, where a key with dots is in quotes."""

    path: str
    before: Value
    after: Value

    @property
    def name(self) -> str:
        """The name of the top-level field."""
        return self.path.partition(".")[0]


@dataclass(frozen=True)
class Create:
    """An object that the file declares and the account lacks."""

    after: Resource

    @property
    def address(self) -> Address:
        """The address of what is created."""
        return self.after.address


@dataclass(frozen=True)
class Update:
    """An object that is there and differs, with the fields that do.

    One that is `replaced` is deleted and created again with all its fields, because the API cannot change one of them.
    """

    before: Resource
    after: Resource
    fields: tuple[FieldChange, ...]
    replaced: bool = False

    @property
    def address(self) -> Address:
        """The address of what is updated."""
        return self.after.address

    @property
    def names(self) -> frozenset[str]:
        """The names of the top-level fields that differ."""
        return frozenset(change.name for change in self.fields)


@dataclass(frozen=True)
class Delete:
    """An object that the account has and the file does not declare."""

    before: Resource

    @property
    def address(self) -> Address:
        """The address of what is deleted."""
        return self.before.address


Change = Create | Update | Delete


def action(change: Change) -> str:
    """The word for a change in machine output: create, update or delete."""
    return type(change).__name__.lower()


def deed(change: Change) -> str:
    """What is done with an object: create, update or delete, or replace."""
    return "replace" if is_replaced(change) else action(change)


def is_replaced(change: Change | None) -> TypeGuard[Update]:
    """Whether an object is deleted and created again."""
    return isinstance(change, Update) and change.replaced


def takes_away(change: Change) -> bool:
    """Whether an object is deleted, or replaced: for a moment it is gone, with all that belongs to it."""
    return isinstance(change, Delete) or is_replaced(change)


def halves(change: Change) -> tuple[Change, ...]:
    """A replacement as the deletion and the creation that it is made of; any other change as it is."""
    if is_replaced(change):
        return Delete(change.before), Create(change.after)
    return (change,)


def begins(change: Change, holds: Callable[[Resource], bool]) -> bool:
    """Whether something holds of the object after the change, and did not before."""
    match change:
        case Create(after):
            return holds(after)
        case Update(before=before, after=after):
            return holds(after) and not holds(before)
        case Delete():
            return False


def ends(change: Change, holds: Callable[[Resource], bool]) -> bool:
    """Whether something holds of the object before the change, and does not after it."""
    match change:
        case Create():
            return False
        case Update(before=before, after=after):
            return holds(before) and not holds(after)
        case Delete(before):
            return holds(before)


def heirs(changes: Iterable[Change], names: Collection[str]) -> Iterator[tuple[Address, Address]]:
    """Each object that gives up its value of one of some fields, with the object that takes the value over."""
    updates = [(c, name) for c in changes if isinstance(c, Update) for name in c.names.intersection(names)]
    takers = {(name, change.after.fields[name]): change.address for change, name in updates}
    for change, name in updates:
        if taker := takers.get((name, change.before.fields[name])):
            yield change.address, taker


def narrowed(change: Update, names: Collection[str]) -> Update | None:
    """The part of an update that is about some fields; None where it is about none of them."""
    fields = tuple(item for item in change.fields if item.name in names)
    if not fields:
        return None
    new = {item.name: change.after.fields[item.name] for item in fields}
    return Update(change.before, replace(change.after, fields={**change.before.fields, **new}), fields)


def applied(
    before: ResourceSet, changes: Iterable[Change], along: Mapping[Address, tuple[Address, ...]]
) -> ResourceSet:
    """The resources once the changes are made; `along` are the objects deleted with each deleted object."""
    kept = dict(before)
    for change in changes:
        match change:
            case Create(after) | Update(after=after):
                kept[change.address] = after
            case Delete():
                for address in (change.address, *along.get(change.address, ())):
                    kept.pop(address, None)
    return ResourceSet(kept.values())


@dataclass(frozen=True)
class Applied:
    """The change was made and the API confirmed it."""

    change: Change


@dataclass(frozen=True)
class Failed:
    """A call of the change failed, or its answer was not what was asked for."""

    change: Change
    error: CommetctlError
    #: How the object differs from before, where a part of the change was carried out.
    left: Change | None = None


@dataclass(frozen=True)
class Skipped:
    """The change was not tried, because what it waits for was not done."""

    change: Change
    reason: str
    left: Change | None = None
    #: Whether the reason is that the run stopped, and not something about this change.
    of_run: bool = False


Outcome = Applied | Failed | Skipped

"""The review: a changeset with all that a reader needs to judge it, as one value that every renderer takes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import assert_never

from commetctl import kinds
from commetctl.core.change import Change, Create, Delete, Update
from commetctl.core.changeset import Changeset
from commetctl.core.impact import Effect, Impact
from commetctl.core.move import AmountMove
from commetctl.core.resource import UNKNOWN, Address, Resource, ResourceSet
from commetctl.core.values import same


class Cause(Enum):
    """Which side has changed since both were the same; the value is the word in machine output."""

    FILE = "file"
    COMMET = "commet"
    BOTH = "both"


@dataclass(frozen=True)
class Review:
    """A changeset beside the state before it, and what it means.

    `title` says what is compared with what. `effects` and `causes` are by the address of the change; `causes` is empty
    where there is nothing to tell them by, else made in comparison with `base`. `impact` is None where nobody asked.
    `same` is what to say where nothing differs. `switched` says that Commet has switched to plan versions: edits of
    plans do not reach existing subscriptions.
    """

    changeset: Changeset
    before: ResourceSet = field(default_factory=ResourceSet)
    ids: Mapping[Address, str] = field(default_factory=dict)
    effects: Mapping[Address, tuple[Effect, ...]] = field(default_factory=dict)
    impact: Impact | None = None
    causes: Mapping[Address, Cause] = field(default_factory=dict)
    base: str = ""
    title: str = ""
    same: str = "Commet is as the file says"
    switched: bool = False

    @cached_property
    def after(self) -> ResourceSet:
        """What there is once the calls are carried out; what is blocked, left alone or not chosen stays as it is."""
        return self.changeset.after(self.before)

    @cached_property
    def moves(self) -> tuple[AmountMove, ...]:
        """Every amount that customers pay or get and that differs."""
        return kinds.moves(self.before, self.after)

    @cached_property
    def created(self) -> frozenset[Address]:
        """What is new: nobody has it yet, and nobody has anything that belongs to it."""
        return frozenset(change.address for change in self.changeset.changes if isinstance(change, Create))


def causes(changes: Iterable[Change], base: ResourceSet) -> dict[Address, Cause]:
    """The cause of each change, by its address; `base` is the catalog as it was applied last.

    A change whose earlier value is not known in any state has none.
    """
    found = ((change.address, _cause(change, base.get(change.address))) for change in changes)
    return {address: cause for address, cause in found if cause}


def _cause(change: Change, base: Resource | None) -> Cause | None:
    match change:
        case Create(after):
            # It was applied, and is gone; or it is new in the file.
            return Cause.FILE if base is None else _named(_differ(base, after), commet=True)
        case Delete(before):
            return Cause.COMMET if base is None else _named(file=True, commet=_differ(base, before))
        case Update(before, after):
            if base is None:
                return Cause.BOTH
            names = change.names
            return _named(_differ(base, after, names), commet=_differ(base, before, names))
        case _:
            assert_never(change)


def _named(file: bool, commet: bool) -> Cause | None:
    if file and commet:
        return Cause.BOTH
    if file or commet:
        return Cause.FILE if file else Cause.COMMET
    return None


def _differ(one: Resource, other: Resource, names: Iterable[str] | None = None) -> bool:
    """Whether two states differ in fields that both know."""
    fields = one.fields if names is None else names
    pairs = ((one.fields.get(name), other.fields.get(name)) for name in fields)
    return any(not same(first, second) for first, second in pairs if UNKNOWN not in (first, second))

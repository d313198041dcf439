"""The review: a changeset with everything that guards, readers and renderers need to judge it, as one value."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import assert_never

from commetctl import kinds
from commetctl.core.amount_move import AmountMove
from commetctl.core.change import Change, Create, Delete, Update
from commetctl.core.changeset import Changeset
from commetctl.core.impact import Effect, Impact
from commetctl.core.resource import UNKNOWN, Address, Resource, ResourceSet
from commetctl.core.values import same
from commetctl.review.heading import Heading


class Cause(Enum):
    """The side that a difference comes from; the value is the word in machine output."""

    FILE = "file"
    COMMET = "commet"
    BOTH = "both"


@dataclass(frozen=True)
class Review:
    """A changeset beside the account before it, and what it means.

    `effects` and `causes` are by the address of the change. `base` names the catalog that was applied last, by which
    the causes are given; without one, there are none. `impact` is None if it was not asked for. `heading` names the two
    sides, and `same` is the sentence for no differences. `switched` says that Commet has switched to plan versions, so
    that edits of plans do not reach existing subscriptions.
    """

    changeset: Changeset
    before: ResourceSet = field(default_factory=ResourceSet)
    ids: Mapping[Address, str] = field(default_factory=dict)
    effects: Mapping[Address, tuple[Effect, ...]] = field(default_factory=dict)
    impact: Impact | None = None
    causes: Mapping[Address, Cause] = field(default_factory=dict)
    base: str = ""
    heading: Heading = field(default_factory=Heading)
    same: str = "Commet matches the catalog"
    switched: bool = False
    #: Whether the changes were made already, in Commet, so that nothing is left to be done.
    made: bool = False

    @cached_property
    def after(self) -> ResourceSet:
        """The account once every call is carried out."""
        return self.changeset.after(self.before)

    @cached_property
    def moves(self) -> tuple[AmountMove, ...]:
        """Every amount that customers pay or get and that the calls move."""
        return kinds.moves(self.before, self.after)

    @cached_property
    def created(self) -> frozenset[Address]:
        """The new objects, which no customer has yet."""
        return frozenset(change.address for change in self.changeset.changes if isinstance(change, Create))


def causes(changes: Iterable[Change], base: ResourceSet) -> dict[Address, Cause]:
    """The cause of each change, by its address; `base` is what the catalog declared when it was applied last.

    A change of values that `base` or the account does not know has none.
    """
    found = ((change.address, _cause(change, base.get(change.address))) for change in changes)
    return {address: cause for address, cause in found if cause}


def _cause(change: Change, base: Resource | None) -> Cause | None:
    match change:
        case Create(after):
            # Declared before, it was applied and is gone in Commet; otherwise it is new in the file.
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
    causes = {(True, True): Cause.BOTH, (True, False): Cause.FILE, (False, True): Cause.COMMET}
    return causes.get((file, commet))


def _differ(one: Resource, other: Resource, names: Iterable[str] | None = None) -> bool:
    """Whether two states differ in a field that both know."""
    fields = one.fields if names is None else names
    pairs = ((one.fields.get(name), other.fields.get(name)) for name in fields)
    return any(not same(first, second) for first, second in pairs if UNKNOWN not in (first, second))

"""The review: a changeset with all that a reader needs to judge it, as one value that every renderer takes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from commetctl import kinds
from commetctl.core.change import Create
from commetctl.core.changeset import Changeset
from commetctl.core.impact import Effect, Impact
from commetctl.core.move import AmountMove
from commetctl.core.resource import Address, ResourceSet


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

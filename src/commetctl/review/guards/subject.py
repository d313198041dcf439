"""What the guards judge: a changeset, and all that they may know about it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from commetctl.core.change import Delete, Update
from commetctl.core.changeset import Changeset
from commetctl.core.move import AmountMove
from commetctl.core.permissions import Mode, Policy
from commetctl.core.resource import Address, ResourceSet
from commetctl.kinds import moves
from commetctl.kinds.section import Live
from commetctl.review.scales import Balances
from commetctl.review.subscribers import Subscribers


@dataclass(frozen=True)
class Allowed:
    """What the command line allows by name: guards that shall not fire, and objects that may go although in use."""

    guards: frozenset[str] = frozenset()
    deletes: frozenset[Address] = frozenset()


@dataclass(frozen=True)
class Subject:
    """A changeset before its first write.

    `kinds` are the kinds of object that the file manages. `subscribers` must be counted only where the guard `in_use`
    asks for them; as they are by default, nothing is known of them. `begun` are the addresses of what an earlier run of
    the same catalog was let change, and did not bring to its end: a limit that it kept is not counted again, or the
    second half of a run could be refused for what the first half had done. `balances` must be read only where a balance
    is sent.
    """

    changeset: Changeset
    live: Live
    mode: Mode
    kinds: frozenset[str] = frozenset()
    policy: Policy = field(default_factory=Policy)
    allowed: Allowed = field(default_factory=Allowed)
    subscribers: Subscribers = field(default_factory=Subscribers.nothing_known)
    begun: frozenset[str] = frozenset()
    balances: Balances = field(default_factory=Balances)

    @cached_property
    def after(self) -> ResourceSet:
        """The account once the changes are made."""
        return self.changeset.after(self.live.resources)

    @cached_property
    def moves(self) -> tuple[AmountMove, ...]:
        """Every amount that customers pay or get and that differs then."""
        return moves(self.live.resources, self.after)

    @property
    def updates(self) -> Iterator[Update]:
        """The changes that update an object."""
        return (change for change in self.changeset.changes if isinstance(change, Update))

    @property
    def deletes(self) -> Iterator[Delete]:
        """The changes that delete an object; what goes along with it is no change of its own."""
        return (change for change in self.changeset.changes if isinstance(change, Delete))

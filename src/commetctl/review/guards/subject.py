"""The input of the guards: a review, and everything else that they may take into account."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from commetctl.core.change import Delete, Update, is_replaced
from commetctl.core.changeset import Changeset
from commetctl.core.errors import Refused
from commetctl.core.policy import Mode, Policy
from commetctl.core.resource import Address
from commetctl.kinds.sides import Live
from commetctl.review.notice import Rise
from commetctl.review.review import Review
from commetctl.review.scales import Balances
from commetctl.review.subscribers import Subscribers


@dataclass(frozen=True)
class Allowed:
    """Exceptions given on the command line: guards to lift, and objects to delete even if they are in use."""

    guards: frozenset[str] = frozenset()
    deletes: frozenset[Address] = frozenset()


@dataclass(frozen=True)
class Subject:
    """A review before its first write, and what the guards compare it with.

    `kinds` are the kinds of object that the file manages. `begun` are the addresses that an interrupted run of the same
    catalog was allowed to change: they do not count against the limits a second time, or the second half of a run could
    be refused for what the first half did. `subscribers` need be counted only where `objects.in_question` finds
    something, and `balances` be read only where a balance is sent.
    """

    review: Review
    live: Live
    mode: Mode
    kinds: frozenset[str] = frozenset()
    policy: Policy = field(default_factory=Policy)
    allowed: Allowed = field(default_factory=Allowed)
    subscribers: Subscribers = field(default_factory=Subscribers.nothing_known)
    begun: frozenset[str] = frozenset()
    balances: Balances = field(default_factory=Balances)
    #: What a guard does not judge, by its name: fields of objects, or objects, where the name is empty. Each dated
    #: change is judged alone, and may lift a guard.
    exempt: Mapping[str, frozenset[tuple[Address, str]]] = field(default_factory=dict)
    #: Why it is not known what is due.
    clock: Refused | None = None
    #: The higher prices of existing customers, with what is promised about their announcement.
    rises: tuple[Rise, ...] = ()
    #: The file of the dated change that is judged alone; empty where the command line can lift guards.
    lifted_in: str = ""

    def way_past(self, guard: str) -> str:
        """How to lift a guard: in the file of a change, as the job that applies it later has nobody to ask."""
        return f"write `allow: [{guard}]` in {self.lifted_in}" if self.lifted_in else f"give `--allow {guard}`"

    def judges(self, guard: str, address: Address, path: str = "") -> bool:
        """Whether a guard judges the move of a field, or the change of an object where no field is named."""
        places = self.exempt.get(guard, frozenset())
        if (address, "") in places:
            return False
        if path:
            return (address, path.partition(".")[0]) not in places
        names = next((c.names for c in self.changeset.changes if c.address == address and isinstance(c, Update)), ())
        return not names or any((address, name) not in places for name in names)

    @property
    def changeset(self) -> Changeset:
        """The changeset under review."""
        return self.review.changeset

    @property
    def updates(self) -> Iterator[Update]:
        """The changes that update an object as it is there."""
        changes = self.changeset.changes
        return (change for change in changes if isinstance(change, Update) and not is_replaced(change))

    @property
    def replaced(self) -> Iterator[Update]:
        """The changes that take an object away and make it again."""
        return filter(is_replaced, self.changeset.changes)

    @property
    def deletes(self) -> Iterator[Delete]:
        """The changes that delete an object, without the objects that are deleted along with it."""
        return (change for change in self.changeset.changes if isinstance(change, Delete))

"""The changeset: everything that a run would do, and everything that it refuses to do, as one value."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from commetctl.core.address import Address
from commetctl.core.change import Change
from commetctl.core.step import Step


@dataclass(frozen=True)
class Blocked:
    """A change that cannot be made, why, and the way out."""

    change: Change
    reason: str
    hint: str


@dataclass(frozen=True)
class Notice:
    """Something that the reader should know and that changes nothing."""

    code: str
    message: str
    hint: str = ""
    address: Address | None = None


@dataclass(frozen=True)
class Changeset:
    """What a run would do: the changes in the order of the file, the steps in the order in which they are taken.

    That order respects `needs`: step name to the names of the steps it waits for. `along` lists, for
    a deleted object, what goes with it.
    """

    changes: tuple[Change, ...]
    steps: tuple[Step, ...]
    needs: Mapping[str, frozenset[str]]
    blocked: tuple[Blocked, ...] = ()
    unmanaged: tuple[Address, ...] = ()
    notices: tuple[Notice, ...] = ()
    along: Mapping[Address, tuple[Address, ...]] = field(default_factory=dict)

    def steps_for(self, address: Address) -> list[Step]:
        """The steps that carry out the change at an address, in order."""
        return [step for step in self.steps if address in step.covers]

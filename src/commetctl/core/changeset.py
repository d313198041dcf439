"""The changeset: everything that a run would do, and everything that it refuses to do, as one value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from commetctl.core.call import Step
from commetctl.core.change import Change, applied
from commetctl.core.resource import Address, ResourceSet


@dataclass(frozen=True)
class Blocked:
    """A change that cannot be made, why, and the way out."""

    change: Change
    reason: str
    hint: str


@dataclass(frozen=True)
class Notice:
    """Information for the reader that does not change what is done."""

    code: str
    message: str
    hint: str = ""
    address: Address | None = None


@dataclass(frozen=True)
class Changeset:
    """What a run would do: the changes in the order of the file, the steps in the order in which they are taken.

    That order respects `needs`, step name to the names of the steps that must be done before it, and `follows`, to
    those that must have ended, done or not. `along` lists the parts that are deleted or replaced with an object.
    `expected` is the account once every call is carried out: the changes are what differs between it and the account as
    it is.
    """

    changes: tuple[Change, ...]
    steps: tuple[Step, ...]
    needs: Mapping[str, frozenset[str]]
    blocked: tuple[Blocked, ...] = ()
    unmanaged: tuple[Address, ...] = ()
    notices: tuple[Notice, ...] = ()
    along: Mapping[Address, tuple[Address, ...]] = field(default_factory=dict)
    expected: ResourceSet | None = None
    follows: Mapping[str, frozenset[str]] = field(default_factory=dict)
    #: The changes that were asked for, and those that these need, as far as they are made whole.
    whole: frozenset[Address] = frozenset()

    @cached_property
    def _by_address(self) -> Mapping[Address, list[Step]]:
        found: dict[Address, list[Step]] = {}
        for step in self.steps:
            for address in step.covers:
                found.setdefault(address, []).append(step)
        return found

    @cached_property
    def _by_name(self) -> Mapping[str, Step]:
        return {step.name: step for step in self.steps}

    def after(self, before: ResourceSet) -> ResourceSet:
        """The account once every call is carried out; `before` is the account as it is."""
        return applied(before, self.changes, self.along) if self.expected is None else self.expected

    def step(self, name: str) -> Step:
        """The step of a name."""
        return self._by_name[name]

    def steps_for(self, address: Address) -> list[Step]:
        """The steps that carry out the change at an address, in order."""
        return self._by_address.get(address, [])

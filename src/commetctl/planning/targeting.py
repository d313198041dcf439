"""Targets: which changes a run keeps to, with those that they cannot be made without."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from commetctl.core.change import Change
from commetctl.core.errors import CommetctlError
from commetctl.core.resource import Address, ResourceSet
from commetctl.kinds.section import Section
from commetctl.planning.order import Ordering, Unique


@dataclass(frozen=True)
class Targeting:
    """The targets of a run; with none, everything is one."""

    targets: tuple[Address, ...]
    desired: ResourceSet
    live: ResourceSet
    sections: Sequence[Section]
    changes: Mapping[Address, Change]
    along: Mapping[Address, tuple[Address, ...]]
    unique: Unique
    #: What an interrupted run of the same command began to change whole.
    begun: frozenset[Address] = frozenset()

    def check(self, reached: frozenset[Address] = frozenset()) -> None:
        """Raise CommetctlError for a target that names nothing, unless an interrupted run `reached` it already."""
        for target in self.targets:
            if target not in self.desired and target not in self.live and target not in reached:
                known = [str(address) for address in (*self.desired, *self.live)]
                near = get_close_matches(str(target), known, 1)
                hint = f"did you mean `{near[0]}`?" if near else "use an address as `commetctl plan` prints it"
                raise CommetctlError(f"`{target}` is neither in the file nor in Commet", hint, code="unknown_target")

    def includes(self, address: Address) -> bool:
        """Whether an address is a target, or belongs to one."""
        if not self.targets or address in self.targets:
            return True
        resource = self.desired.get(address) or self.live.get(address)
        return bool(resource and resource.parent and self.includes(resource.parent))

    def chosen(self, free: Mapping[Address, Change]) -> dict[Address, Change]:
        """Of the changes that may be made, those that the targets take, in the given order."""
        if not self.targets:
            return dict(free)
        wanted = [address for address in free if self.includes(address) or address in self.begun]
        found = set(wanted)
        while wanted:
            for address in self.needs(free[wanted.pop()]):
                if address in free and address not in found:
                    found.add(address)
                    wanted.append(address)
        made = {address: self._made(change) for address, change in free.items() if address in found}
        return {address: change for address, change in made.items() if change}

    def needs(self, change: Change) -> Iterator[Address]:
        """The changes that a change cannot be made without."""
        yield from self._order.waits_for(change)
        for section in self.sections:
            if change.address.kind in section.kinds:
                yield from section.companions(change, self.changes)

    def _made(self, change: Change) -> Change | None:
        """A change as it is made: whole where it is a target, otherwise only as far as others need it."""
        if self.includes(change.address):
            return change
        for section in self.sections:
            if change.address.kind in section.kinds:
                return section.as_dependency(change, begun=change.address in self.begun)
        return change

    @cached_property
    def _order(self) -> Ordering:
        return Ordering((), self.changes, self.live, self.along, self.unique)

"""What each change and step waits for: the order of steps, and the changes that a target cannot be made without."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from commetctl.core.call import Step
from commetctl.core.change import Change, Create, Delete, Update
from commetctl.core.errors import CommetctlError
from commetctl.core.resource import Address, ResourceSet
from commetctl.kinds import owner, section_of
from commetctl.planning.names import Names


@dataclass
class Ordering:
    """What each step waits for, derived from references between resources and from values that must be unique.

    A step waits until the objects that it refers to exist, not until they are as the file declares them. Where that
    matters too, the section names the steps in `Step.after`.
    """

    steps: Sequence[Step]
    changes: Mapping[Address, Change]
    live: ResourceSet
    along: Mapping[Address, tuple[Address, ...]]
    names: Names | None = None

    def needs(self) -> dict[str, frozenset[str]]:
        """For the name of each step, the names of the steps that must be done before it."""
        names = {step.name for step in self.steps}
        waits: dict[str, set[str]] = {step.name: set(step.after) & names for step in self.steps}
        for step in self.steps:
            for address in step.covers:
                for other in self.waits_for(self.changes[address]):
                    waits[step.name] |= set(self._carriers.get(other, ()))
            for address in step.whole:
                waits[step.name] |= set(self._parts.get(address, ()))
            waits[step.name].discard(step.name)
        return {name: frozenset(found) for name, found in waits.items()}

    @cached_property
    def _carriers(self) -> Mapping[Address, list[str]]:
        """For each change, the steps that carry it out, except closing steps, which nothing waits for."""
        carriers: dict[Address, list[str]] = defaultdict(list)
        for step in self.steps:
            if not step.closing:
                for address in step.covers:
                    carriers[address].append(step.name)
        return carriers

    @cached_property
    def _parts(self) -> Mapping[Address, list[str]]:
        """For each top-level object, all steps that change it or what belongs to it."""
        parts: dict[Address, list[str]] = defaultdict(list)
        for step in self.steps:
            for whole in {owner(address) for address in step.covers}:
                parts[whole].append(step.name)
        return parts

    def waits_for(self, change: Change) -> Iterator[Address]:
        """The changes to make before this one: creations that it refers to, and those that free a name or an object."""
        match change:
            case Delete(before):
                for address in (before.address, *self.along.get(before.address, ())):
                    yield from self._users.get(address, ())
            case Create(after) | Update(after=after):
                yield from (ref for ref in after.refs if isinstance(self.changes.get(ref), Create))
                yield from self._releasing(change)

    @cached_property
    def _users(self) -> Mapping[Address, list[Address]]:
        """For each live object, the changes that end a reference to it."""
        users: dict[Address, list[Address]] = defaultdict(list)
        taken = {child: parent for parent, children in self.along.items() for child in children}
        for resource in self.live.values():
            change = self.changes.get(taken.get(resource.address, resource.address))
            kept = change.after.refs if isinstance(change, Update) else ()
            for ref in resource.refs if isinstance(change, Delete | Update) else ():
                if change and ref != change.address and ref not in kept:
                    users[ref].append(change.address)
        return users

    def _releasing(self, change: Create | Update) -> Iterator[Address]:
        """The changes that free a name which this change takes."""
        for item in self.names.held(change) if self.names else ():
            if item.freed_by(self.changes.get(item.holder.address)):
                yield item.holder.address


@dataclass(frozen=True)
class Targeting:
    """The objects that a run is limited to; without targets, it is not limited.

    `begun` are the changes that an interrupted run of the same command began to make in full.
    """

    targets: tuple[Address, ...]
    desired: ResourceSet
    order: Ordering
    begun: frozenset[Address] = frozenset()

    def check(self, reached: frozenset[Address] = frozenset()) -> None:
        """Raise CommetctlError for a target that does not exist, unless an interrupted run `reached` it already.

        An address that only the account has is not suggested: `--prune` would delete it.
        """
        for target in self.targets:
            if target not in self.desired and target not in self.order.live and target not in reached:
                near = get_close_matches(str(target), map(str, self.desired), 1)
                hint = f"did you mean `{near[0]}`?" if near else "use an address as `commetctl plan` prints it"
                raise CommetctlError(f"`{target}` is neither in the catalog nor in Commet", hint, code="unknown_target")

    def includes(self, address: Address) -> bool:
        """Whether an object is a target or belongs to one."""
        if not self.targets or address in self.targets:
            return True
        resource = self.desired.get(address) or self.order.live.get(address)
        return bool(resource and resource.parent and self.includes(resource.parent))

    def chosen(self, free: Mapping[Address, Change]) -> dict[Address, Change]:
        """The part of the changes that the targets are and need, in the given order."""
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
        yield from self.order.waits_for(change)
        yield from section_of(change.address).companions(change, self.order.changes)

    def _made(self, change: Change) -> Change | None:
        """A change as it is made: in full if it is a target, otherwise only as far as others need it."""
        if self.includes(change.address):
            return change
        return section_of(change.address).as_dependency(change, begun=change.address in self.begun)

"""The order of steps: after what they refer to, and before what they let go of."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import TopologicalSorter

from commetctl.core.call import Step
from commetctl.core.change import Change, Create, Delete, Update
from commetctl.core.resource import Address, ResourceSet, Value

Unique = Mapping[str, tuple[str, ...]]


@dataclass
class Ordering:
    """What each step waits for, derived from references between resources and from values that must be unique.

    A step waits for what it refers to to exist, not for it to be as the file says: where that matters too, the section
    says so in the step's `after`.
    """

    steps: Sequence[Step]
    changes: Mapping[Address, Change]
    live: ResourceSet
    along: Mapping[Address, tuple[Address, ...]]
    unique: Unique = field(default_factory=dict)

    def needs(self) -> dict[str, frozenset[str]]:
        """Each step's name, and the names of the steps that must be done before it.

        Raises graphlib.CycleError when two steps wait for each other.
        """
        names = {step.name for step in self.steps}
        waits: dict[str, set[str]] = {step.name: set(step.after) & names for step in self.steps}
        for step in self.steps:
            for address in step.covers:
                for other in self.waits_for(self.changes[address]):
                    waits[step.name] |= set(self._carriers.get(other, ()))
            waits[step.name].discard(step.name)
        return {name: frozenset(found) for name, found in waits.items()}

    def sorted(self, needs: Mapping[str, frozenset[str]]) -> tuple[Step, ...]:
        """The steps in an order that respects `needs` and otherwise keeps the given one."""
        position = {step.name: index for index, step in enumerate(self.steps)}
        sorter = TopologicalSorter(needs)
        sorter.prepare()
        ready: list[str] = []
        order: list[Step] = []
        while sorter.is_active():
            ready = sorted([*ready, *sorter.get_ready()], key=position.__getitem__)
            name = ready.pop(0)
            order.append(self.steps[position[name]])
            sorter.done(name)
        return tuple(order)

    @cached_property
    def _carriers(self) -> Mapping[Address, list[str]]:
        """For each change, the steps that carry it out; without a closing one, which nothing waits for."""
        carriers: dict[Address, list[str]] = defaultdict(list)
        for step in self.steps:
            if not step.closing:
                for address in step.covers:
                    carriers[address].append(step.name)
        return carriers

    def waits_for(self, change: Change) -> Iterator[Address]:
        """The changes that must be made before one: creations it refers to, and ends of what it would collide with."""
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
            if isinstance(change, Delete):
                for ref in resource.refs:
                    if ref != change.address:
                        users[ref].append(change.address)
        return users

    def _releasing(self, change: Create | Update) -> Iterator[Address]:
        """The changes that free a unique value that this change takes."""
        kind = change.address.kind
        for name in self.unique.get(kind, ()):
            if isinstance(change, Update) and name not in change.names:
                continue
            holder = self._holders.get((kind, name, change.after.fields[name]))
            if holder and holder != change.address and holder in self.changes:
                yield holder

    @cached_property
    def _holders(self) -> Mapping[tuple[str, str, Value], Address]:
        return {
            (resource.address.kind, name, resource.fields[name]): resource.address
            for resource in self.live.values()
            for name in self.unique.get(resource.address.kind, ())
        }

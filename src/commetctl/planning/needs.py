"""The order of steps: after what they refer to, and before what they let go of."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from graphlib import TopologicalSorter
from heapq import heappop, heappush

from commetctl.core.call import Step
from commetctl.core.change import Change, Create, Delete, Update
from commetctl.core.errors import CommetctlError
from commetctl.core.resource import Address, ResourceSet, Value
from commetctl.kinds.section import Section

Unique = Mapping[str, tuple[str, ...]]


class Agenda:
    """Gives out steps that wait for nothing any more, the first of the given order first.

    Raises graphlib.CycleError when two steps wait for each other. What waits for a step that is never done never comes.
    """

    def __init__(self, steps: Sequence[Step], needs: Mapping[str, frozenset[str]]) -> None:
        self._steps = steps
        self._position = {step.name: index for index, step in enumerate(steps)}
        self._sorter = TopologicalSorter(needs)
        self._sorter.prepare()
        self._ready: list[int] = []

    def next(self) -> Step | None:
        """The first step that can be taken; it does not come again. None while there is none."""
        if self._sorter.is_active():
            for name in self._sorter.get_ready():
                heappush(self._ready, self._position[name])
        return self._steps[heappop(self._ready)] if self._ready else None

    def done(self, step: Step) -> None:
        """Note that a step is done, which frees those that waited for it alone."""
        self._sorter.done(step.name)


def ordered(steps: Sequence[Step], needs: Mapping[str, frozenset[str]]) -> tuple[Step, ...]:
    """The steps in an order that respects `needs` and otherwise keeps the given one; raises CycleError as Agenda."""
    agenda, order = Agenda(steps, needs), []
    while step := agenda.next():
        order.append(step)
        agenda.done(step)
    return tuple(order)


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
        """Each step's name, and the names of the steps that must be done before it."""
        names = {step.name for step in self.steps}
        waits: dict[str, set[str]] = {step.name: set(step.after) & names for step in self.steps}
        for step in self.steps:
            for address in step.covers:
                for other in self.waits_for(self.changes[address]):
                    waits[step.name] |= set(self._carriers.get(other, ()))
            waits[step.name].discard(step.name)
        return {name: frozenset(found) for name, found in waits.items()}

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
            kept = change.after.refs if isinstance(change, Update) else ()
            for ref in resource.refs if isinstance(change, Delete | Update) else ():
                if change and ref != change.address and ref not in kept:
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

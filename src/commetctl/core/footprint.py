"""Footprints: the state in which a call leaves each resource that it may touch, and the account that follows from them.

The expected account is a fold: the live resources, with the footprints of calls laid over them in order. It exists for
a whole run, for every prefix of it, and for the calls that the API really confirmed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from commetctl.core.resource import Address, Resource, ResourceSet, Value

#: A resource in one of its states; None where there is no such resource.
State = Resource | None
#: The states that a resource may be in: one, unless the documentation leaves it open. The first is the likely one.
States = tuple[State, ...]


@dataclass(frozen=True)
class Put:
    """The resource exists, exactly as given, whether it existed before or not. Nothing where its parent is gone."""

    resource: Resource

    @property
    def address(self) -> Address:
        """The address of the resource."""
        return self.resource.address


@dataclass(frozen=True)
class Set:
    """A resource has these fields, and its others as before. Nothing where there is no such resource."""

    address: Address
    fields: Mapping[str, Value]


@dataclass(frozen=True)
class Gone:
    """The resource is gone, and everything below it."""

    address: Address


@dataclass(frozen=True)
class Cleared:
    """Every resource of a kind below `parent` is gone, declared or not."""

    parent: Address
    kind: str


@dataclass(frozen=True)
class Either:
    """The resource is in one of several states, or as it was where `or_as_it_was`: the documentation does not say."""

    address: Address
    states: States
    or_as_it_was: bool = False


Footprint = Put | Set | Gone | Cleared | Either


class Account:
    """An account while calls are carried out: the live resources, with footprints laid over them."""

    def __init__(self, live: ResourceSet) -> None:
        self._live = live
        self._states: dict[Address, States] = {}
        self._added: dict[Address, list[Address]] = {}

    def copy(self) -> "Account":
        """An independent copy of the account."""
        other = Account(self._live)
        other._states = dict(self._states)
        other._added = {parent: list(children) for parent, children in self._added.items()}
        return other

    def carry_out(self, footprints: Iterable[Footprint]) -> frozenset[Address]:
        """Lay footprints over the account, in order; the addresses that they touch."""
        touched: set[Address] = set()
        for footprint in footprints:
            for address, states in list(self._left(footprint)):
                self._note(address, states)
                touched.add(address)
        return frozenset(touched)

    def states(self, address: Address) -> States:
        """The states that a resource may be in now."""
        if address in self._states:
            return self._states[address]
        return (self._live.get(address),)

    def state(self, address: Address) -> State:
        """The state that a resource is in now; the likely one where there are several."""
        return self.states(address)[0]

    @property
    def unsure(self) -> Mapping[Address, States]:
        """The resources of which the state is open."""
        return {address: states for address, states in self._states.items() if len(states) > 1}

    def resources(self) -> ResourceSet:
        """Everything that is there now: the live resources in their order, then the others."""
        every = dict.fromkeys([*self._live, *self._states])
        return ResourceSet(state for address in every if (state := self.state(address)) is not None)

    def _left(self, footprint: Footprint) -> Iterator[tuple[Address, States]]:
        match footprint:
            case Put(resource):
                if self._has_place(resource):
                    yield resource.address, (resource,)
            case Set(address, fields):
                yield address, _distinct(_with(state, fields) for state in self.states(address))
            case Gone(address):
                yield from ((child, (None,)) for child in (*self._below(address), address))
            case Cleared(parent, kind):
                yield from ((child, (None,)) for child in self._children(parent) if child.kind == kind)
            case Either(address, states, or_as_it_was):
                before = self.states(address) if or_as_it_was else ()
                if all(map(self._has_place, states)):
                    yield address, _distinct([*before, *states])

    def _has_place(self, state: State) -> bool:
        """Whether the parent of a resource is there, without which nothing is made."""
        return not (state and state.parent) or self.state(state.parent) is not None

    def _note(self, address: Address, states: States) -> None:
        if address not in self._states:
            for state in states:
                if state is not None and state.parent and address not in self._live:
                    self._added.setdefault(state.parent, []).append(address)
        self._states[address] = states

    def _children(self, parent: Address) -> Iterator[Address]:
        yield from (child.address for child in self._live.children(parent))
        yield from self._added.get(parent, ())

    def _below(self, parent: Address) -> Iterator[Address]:
        for child in self._children(parent):
            yield child
            yield from self._below(child)


def _with(state: State, fields: Mapping[str, Value]) -> State:
    return replace(state, fields={**state.fields, **fields}) if state else None


def _distinct(states: Iterable[State]) -> States:
    found: list[State] = []
    for state in states:
        if state not in found:
            found.append(state)
    return tuple(found)

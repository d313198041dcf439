"""The timetable: the changes whose date has come, beside the account, and which of them may be made.

A due change goes from one value to another. Where the account has neither of them, nor one that a later change brings,
somebody else has changed it since the change was agreed to, and the change is refused as a whole.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from commetctl.catalog import Catalog
from commetctl.catalog.dated.change import Dated
from commetctl.core.errors import Refused
from commetctl.core.resource import Address, Resource, ResourceSet

#: A field of an object, or the object itself, where the name is empty.
Place = tuple[Address, str]
WHOLE = ""


@dataclass(frozen=True)
class Due:
    """A change whose date has come.

    `places` are what it sets or removes, and `pending` those that the account does not have yet. `refused` says why
    nothing of it may be done.
    """

    change: Dated
    before: Catalog
    after: Catalog
    places: frozenset[Place]
    pending: frozenset[Place]
    refused: tuple[Refused, ...] = ()

    @property
    def addresses(self) -> frozenset[Address]:
        """The objects that it touches."""
        return frozenset(address for address, _ in self.places)


@dataclass(frozen=True)
class Timetable:
    """The due changes of a catalog beside an account, in their order."""

    items: tuple[Due, ...] = ()

    @property
    def to_do(self) -> tuple[Due, ...]:
        """Those of which something is left to do, and that may be done."""
        return tuple(item for item in self.items if item.pending and not item.refused)

    @property
    def refused(self) -> list[Refused]:
        """Why some of them may not be done."""
        return [reason for item in self.items for reason in item.refused]

    def with_refused(self, refused: Mapping[str, tuple[Refused, ...]]) -> "Timetable":
        """The same with more refusals, by the name of the change; what follows a refused change is refused too."""
        found: list[Due] = []
        for item in self.items:
            why = item.refused or refused.get(item.change.name, ()) if item.pending else ()
            found.append(replace(item, refused=why or waits_for(item, found)))
        return Timetable(tuple(found))

    def held(self, desired: ResourceSet, live: ResourceSet) -> ResourceSet:
        """What is desired, but for what refused changes touch, which stays as it is in the account."""
        found = dict(desired)
        for item in self.items:
            if item.refused:
                for address, name in sorted(item.places):
                    if address in live or not name:
                        _put(found, (address, name), live.get(address))
        return ResourceSet(found.values())

    def alone(self, live: ResourceSet, restored: Mapping[Address, Resource]) -> ResourceSet:
        """The account with the pending changes made, and with what an interrupted run of them still has to restore."""
        found = {**dict(live), **{address: item for address, item in restored.items() if address not in live}}
        for item in self.to_do:
            for place in sorted(item.pending):
                _put(found, place, item.after.desired.get(place[0]))
        return ResourceSet(found.values())

    def exempt(self, guard: str, *, of_each: bool) -> frozenset[Place]:
        """What a guard does not judge in the whole: what a change with a date sets, if it is judged `of_each`, and
        what a change sets whose head lifts the guard.
        """

        def is_exempt(change: Dated) -> bool:
            return (of_each and not change.is_at_once) or guard in change.head.allow

        return frozenset(place for item in self.to_do if is_exempt(item.change) for place in item.pending)


def waits_for(item: Due, earlier: Sequence[Due]) -> tuple[Refused, ...]:
    """The refusal of a change that changes what an earlier one was to change, which is refused."""
    touched = item.addresses
    for other in earlier:
        if item.pending and other.refused and touched & other.addresses:
            message = f"{item.change.name} is due, but follows {other.change.name}, which is refused"
            return (Refused(message, f"see what holds up {other.change.name}", code="due_waits"),)
    return ()


def _put(found: dict[Address, Resource], place: Place, source: Resource | None) -> None:
    """Give a place of some resources the value that another object with the same address has there."""
    address, name = place
    held = found.get(address)
    if source is None:
        found.pop(address, None)
    elif name and held is not None and name in source.fields:
        found[address] = replace(
            held, fields={**held.fields, name: source.fields[name]}, origin=source.origin or held.origin
        )
    else:
        found[address] = source

"""Snapshots: everything that is known of an account as plain text, to find later what has changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from commetctl.core.resource import Address, ResourceSet
from commetctl.core.values import text

#: Address to fields to what they hold, written so that two texts are the same exactly when the values are.
Snapshot = Mapping[str, Mapping[str, str]]

#: What an object's id is called among its fields.
_ID = "id"


def snapshot(resources: ResourceSet, ids: Mapping[Address, str] | None = None) -> Snapshot:
    """The resources, with ids where they have one: ids distinguish two accounts with the same content."""
    return {
        str(resource.address): {name: text(value) for name, value in resource.fields.items()}
        | ({_ID: ids[resource.address]} if ids and resource.address in ids else {})
        for resource in resources.values()
    }


@dataclass(frozen=True)
class Move:
    """How one object differs from the snapshot."""

    address: str
    what: str

    def __str__(self) -> str:
        return f"{self.address} {self.what}"


def moves(before: Snapshot, after: Snapshot) -> Iterator[Move]:
    """How the objects differ from the snapshot, by address."""
    for address in sorted({*before, *after}):
        old, new = before.get(address), after.get(address)
        if old is None:
            yield Move(address, "is new")
        elif new is None:
            yield Move(address, "is gone")
        elif old != new:
            yield Move(address, "has changed: " + ", ".join(_field_moves(old, new)))


def listed(moved: Sequence[Move], most: int = 10) -> str:
    """Moves as one sentence, the first `most` of them by name."""
    more = f"; and {len(moved) - most} more" if len(moved) > most else ""
    return "; ".join(map(str, moved[:most])) + more


def _field_moves(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    for name in dict.fromkeys([*old, *new]):
        if old.get(name) != new.get(name):
            yield f"`{name}` was {old.get(name, 'unknown')} and is {new.get(name, 'unknown')}"

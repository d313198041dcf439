"""Names: values that no two objects of a kind may share, who holds them, and who takes them over.

Commet would answer 409 to a request that takes a name which another object holds, so a plan has to know before. An item
of a list that belongs to one object at most, such as the country of a market, is a name too.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from commetctl.core.change import Change, Create, Delete, Update
from commetctl.core.changeset import Notice
from commetctl.core.resource import Address, Mark, Resource, Value
from commetctl.core.text import appearance, json_text, value_text
from commetctl.kinds import kind_of
from commetctl.kinds.sides import World
from commetctl.planning.blockers import Why

_UNSAID = "Commet does not document whether a deleted object keeps its name"


class Held(NamedTuple):
    """A name that a change takes, and an object of the account that has it, or one that looks the same."""

    field: str
    value: Value
    holder: Resource

    @property
    def alike(self) -> bool:
        """Whether both only look the same."""
        held = self.holder.fields[self.field]
        return not isinstance(held, tuple) and held != self.value

    @property
    def said(self) -> str:
        """What the holder has."""
        value = value_text(self.value)
        if isinstance(self.holder.fields[self.field], tuple):
            return f"has `{value}` among its {self.field}"
        return f"has the {self.field} `{value}`"

    def freed_by(self, change: Change | None) -> bool:
        """Whether a change takes the name away from its holder."""
        held = self.holder.fields[self.field]
        match change:
            case Update(after=after, names=names) if self.field in names:
                kept = after.fields[self.field]
                return not (isinstance(held, tuple) and isinstance(kept, tuple) and self.value in kept)
            case Delete():
                # Whether a deleted object keeps its name, no source says; it has no part in anything any more.
                return isinstance(held, tuple)
            case _:
                return False


@dataclass(frozen=True)
class Names:
    """The names that the objects of an account have."""

    world: World

    def held(self, change: Change) -> Iterator[Held]:
        """The names that a change takes and that other objects have."""
        return (found for found in self._met(change) if not found.alike)

    def blocked(self, chosen: Mapping[Address, Change], changes: Mapping[Address, Change]) -> dict[Address, Why]:
        """The chosen changes that take a name which another object keeps, or which another change takes."""
        found: dict[Address, Why] = {}
        first: dict[tuple[str, str, Value], Address] = {}
        for address, change in chosen.items():
            for name, value in self._taken(change):
                other = first.setdefault((address.kind, name, value), address)
                if other != address and not self._may_share(change, name):
                    found[address] = Why(f"{other} also takes `{name}` in this run", "give each its own")
            for item in self.held(change):
                holder = item.holder.address
                if item.freed_by(chosen.get(holder)) or self._may_share(change, item.field):
                    continue
                found[address] = self._why(item, changes)
                if isinstance(chosen.get(holder), Delete):
                    # Once it is deleted, it cannot be renamed any more.
                    found[holder] = Why(f"{address} needs its {item.field}: {_UNSAID}", found[address].way_out)
        return found

    def notices(self, changes: Mapping[Address, Change]) -> Iterator[Notice]:
        """What a reader should know of names that are allowed, and easily taken for those of other objects."""
        for change in changes.values():
            for item in self._met(change):
                if item.freed_by(changes.get(item.holder.address)):
                    continue
                who = f"{item.holder.address}{self._where(item.holder.address)}"
                if item.alike:
                    yield Notice(
                        "look_alike",
                        f"{who} has a {item.field} that looks the same but has other code points: "
                        f"{json_text(item.holder.fields[item.field])}, and here {json_text(item.value)}",
                        "if both are the same object, copy the name from Commet",
                        change.address,
                    )
                elif self._may_share(change, item.field):
                    yield Notice(
                        "same_name",
                        f"{who} has the same {item.field}: this local Commet allows it, but Commet may refuse it",
                        "if this object is to replace it, hide or delete the other one too",
                        change.address,
                    )

    def _why(self, item: Held, changes: Mapping[Address, Change]) -> Why:
        address = item.holder.address
        match changes.get(address):
            case Delete():
                return Why(
                    f"{address} {item.said} and is deleted in this run: {_UNSAID}",
                    f"declare {address} with another {item.field}, apply, and then delete it",
                )
            case Update() as change if item.freed_by(change):
                return Why(f"it needs {address}, which is itself blocked", "")
            case _:
                pass
        if address in self.world.live.inactive and address in self.world.desired:
            return Why(
                f"{address}, which is inactive, may still have the {item.field} `{value_text(item.value)}`: Commet "
                "does not list inactive objects",
                f"if it already has its new {item.field}, remove the previous one from its entry; otherwise choose "
                f"another {item.field}",
            )
        if address in self.world.desired:
            return Why(f"{address} {item.said} and keeps it", "change one of the two")
        way_out = f"choose another {item.field}, or change that of {address} first, in the catalog or in the dashboard"
        if item.field in _exclusive(address):
            way_out = f"remove it from {address} first, in the catalog or in the dashboard"
        return Why(f"{address}{self._where(address)} {item.said}", way_out)

    def _where(self, address: Address) -> str:
        if address in self.world.live.inactive:
            return ", which is inactive,"
        return "" if address in self.world.desired else ", which is not in the catalog,"

    def _may_share(self, change: Change, field: str) -> bool:
        """Whether two objects may have the same name, as far as this Commet says."""
        kind = kind_of(change.address)
        switch = kind.unsettled.get(field) if kind else None
        return switch is not None and self.world.live.switches.get(switch) == "free"

    def _taken(self, change: Change) -> Iterator[tuple[str, Value]]:
        """The names that a change gives to its object."""
        kind = kind_of(change.address)
        if isinstance(change, Delete) or kind is None:
            return
        for name in (*kind.unique, *kind.exclusive):
            is_given = isinstance(change, Create) or name in change.names
            before = change.before.fields[name] if isinstance(change, Update) else None
            yield from (
                (name, value) for value in _each(change.after.fields[name]) if is_given and value not in _each(before)
            )

    def _met(self, change: Change) -> Iterator[Held]:
        for name, value in self._taken(change):
            for holder in self._holders.get((change.address.kind, name, _seen(value)), ()):
                if holder.address != change.address:
                    yield Held(name, value, holder)

    @cached_property
    def _holders(self) -> Mapping[tuple[str, str, Value], list[Resource]]:
        """The objects of the account by kind, field, and what the value looks like."""
        found = defaultdict[tuple[str, str, Value], list[Resource]](list)
        for resource in (*self.world.live.resources.values(), *self.world.live.inactive.values()):
            kind = kind_of(resource.address)
            for name in (*kind.unique, *kind.exclusive) if kind else ():
                for value in _each(resource.fields.get(name)):
                    found[resource.address.kind, name, _seen(value)].append(resource)
        return found


def _exclusive(address: Address) -> tuple[str, ...]:
    kind = kind_of(address)
    return kind.exclusive if kind else ()


def _each(value: Value) -> tuple[Value, ...]:
    """The names in a field: its value, or each item of a list."""
    if value is None or isinstance(value, Mark):
        return ()
    return value if isinstance(value, tuple) else (value,)


def _seen(value: Value) -> Value:
    return appearance(value) if isinstance(value, str) else value

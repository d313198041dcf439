"""Blockers: why a change cannot be made, and the way out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from commetctl.core.change import Change, Create, Delete, Update, takes_away
from commetctl.core.resource import UNKNOWN, Address, Resource
from commetctl.core.text import value_text
from commetctl.kinds import by_name, kind_of, owner, section_of
from commetctl.kinds.section import Section
from commetctl.kinds.sides import World
from commetctl.planning.diff import Difference

_PERMISSION = "give the key this permission in the dashboard, or use another key"


class Why(NamedTuple):
    """Why a change cannot be made, and the way out."""

    reason: str
    way_out: str


@dataclass
class BlockingRules:
    """The rules that every change must pass, whether it was asked for or is a side effect of a call."""

    world: World
    sections: Sequence[Section]
    difference: Difference

    def why_not(self, change: Change) -> Why | None:
        """Why a change cannot be made; None if it can."""
        return next((Why(*found) for found in self._reasons(change)), None)

    def tied_to(self, change: Change) -> list[Address]:
        """The deletions that the API cannot make and without which this deletion has no effect."""
        return list(filter(self._is_permanent, change.before.refs)) if isinstance(change, Delete) else []

    @cached_property
    def _changes(self) -> Mapping[Address, Change]:
        return {change.address: change for change in self.difference.changes}

    def _reasons(self, change: Change) -> Iterator[tuple[str, str]]:
        yield from self._obstacles(change)
        match change:
            case Update(replaced=False):
                yield from self._fixed(change)
            case Update(before) | Delete(before):
                yield from self._permanent(before)
                yield from self._protected(change)
                yield from self._still_used(before)
            case Create():
                pass

    def _along(self, change: Change) -> Sequence[Address]:
        """The objects that are deleted along with one, or that go with it before it is created again."""
        match change:
            case Update(replaced=True):
                return [part.address for part in self.world.live.resources.below(change.address)]
            case Delete():
                return self.difference.along.get(change.address, ())
            case _:
                return ()

    def _obstacles(self, change: Change) -> Iterator[tuple[str, str]]:
        """Obstacles of the object, of those that it belongs to or refers to, and of those that go with it."""
        found, own = self.world.live.obstacles, self.world.live.obstacles.get(change.address)
        if own and (own.own or (takes_away(change) and own.unknown)):
            yield own.said
        for address in self._above(change):
            if (obstacle := found.get(address)) and obstacle.is_above(change.address):
                yield f"{address}: {obstacle.reason}", obstacle.way_out
        for address in self._along(change):
            if (obstacle := found.get(address)) and obstacle.unknown:
                yield f"{address} would be deleted with it: {obstacle.reason}", obstacle.way_out

    def _above(self, change: Change) -> Iterator[Address]:
        """The objects that this one belongs to or refers to, directly or through others."""
        seen: set[Address] = set()
        waiting = [change.address]
        while waiting:
            address = waiting.pop()
            for side in (self.world.desired, self.world.live.resources):
                new = [ref for ref in (side[address].refs if address in side else ()) if ref not in seen]
                seen.update(new)
                waiting += new
                yield from new

    def _fixed(self, change: Update) -> Iterator[tuple[str, str]]:
        kind = kind_of(change.address)
        for name in kind.fixed if kind else ():
            for item in change.fields:
                if kind and name in (item.path, item.name) and item.before is not UNKNOWN:
                    reason = f"`{item.path}` is fixed once created, and is {value_text(item.before)} in Commet"
                    yield reason, kind.way_out(name, change.address)

    def _permanent(self, resource: Resource) -> Iterator[tuple[str, str]]:
        kind = kind_of(resource.address)
        if kind and kind.permanent:
            yield kind.permanent
        if kind and (unlisted := kind.unlisted.get(self.world.contract.version)):
            yield unlisted.reason, unlisted.keep

    def _is_permanent(self, address: Address) -> bool:
        kind = kind_of(address)
        return isinstance(self._changes.get(address), Delete) and bool(kind and kind.permanent)

    def _protected(self, change: Update | Delete) -> Iterator[tuple[str, str]]:
        along = (self.world.live.resources[address] for address in self._along(change))
        for part in (change.before, *along):
            if part.fields.get("protect"):
                way_out = "set `protect: false`, apply, and then remove it"
                if isinstance(change, Update):
                    way_out = "apply `protect: false` with all other fields unchanged, and then replace it"
                yield f"{part.address} is protected by `lifecycle: {{protect: true}}`", way_out

    @cached_property
    def _leaving(self) -> frozenset[Address]:
        """The objects that are deleted, directly or along with others; what is protected or not understood stays."""
        deletes = (change for change in self.difference.changes if isinstance(change, Delete))
        gone = {c.address for c in deletes if not any(self._protected(c)) and not any(self._obstacles(c))}
        return frozenset(gone | {child for address in gone for child in self.difference.along.get(address, ())})

    def _ends(self, user: Resource, used: Resource) -> bool:
        """Whether an object stops referring to another: it is deleted, or changed to do without it."""
        change = self._changes.get(user.address)
        drops = isinstance(change, Update) and used.address not in change.after.refs and not self.why_not(change)
        return drops or user.address in self._leaving

    def _still_used(self, resource: Resource) -> Iterator[tuple[str, str]]:
        users = {section.top.name for section in self.sections if _uses(section, resource)}
        for address, obstacle in self.world.live.obstacles.items():
            if address.kind in users and obstacle.below and address not in self._leaving:
                yield f"{address} may include it: {obstacle.reason}", obstacle.way_out
        for name in sorted(self.world.live.denied):
            if _uses(by_name()[name], resource):
                yield (
                    f"it is not known whether any of `{name}` refers to it: the key is not allowed to read them",
                    _PERMISSION,
                )
        for user in self.world.live.resources.values():
            if resource.address in user.refs and user.parent != resource.address and not self._ends(user, resource):
                yield f"{user.address} still refers to it and stays", self._without(owner(user.address))

    def _without(self, user: Address) -> str:
        """How to have an object without what it refers to."""
        section = section_of(user)
        if section not in self.sections:
            return f"add `{section.name}:` with everything that should stay: without that key, nothing there is changed"
        return f"declare {user} without it, or delete what is not in the catalog with `--prune`"


def _uses(section: Section, resource: Resource) -> bool:
    """Whether objects of a section may refer to this one."""
    return section_of(resource.address).name in section.uses

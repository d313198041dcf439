"""Which live pack is which entry of the file: Commet knows packs by name and id only, and lists active ones only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from commetctl.core.changeset import Notice
from commetctl.core.resource import UNKNOWN, Address, Resource, ResourceSet, Value
from commetctl.kinds.credit_packs.pairing import Pairs, paired
from commetctl.kinds.credit_packs.spec import CreditPackSpec
from commetctl.kinds.kind import Kind
from commetctl.kinds.sides import Live, Obstacle

_TAKEN = Obstacle("another pack, which the file does not declare, has that name", "rename that one in the dashboard")


def _may_be(key: str) -> Obstacle:
    return Obstacle(
        f"it may be the pack of the entry `{key}`, which is protected by `lifecycle: {{protect: true}}`: no pack in "
        "Commet has the name of that entry",
        f"if it is, add its name to `{key}` as `previous_name`; if it is not, add the `id` of the right pack, or apply "
        "without `--prune` first",
    )


def _was(key: str) -> Obstacle:
    return Obstacle(
        f"the entry `{key}` has it as `previous_name`, and is protected by `lifecycle: {{protect: true}}`",
        f"if it is another pack, remove `previous_name` from `{key}`",
    )


@dataclass(frozen=True)
class Matching:
    """The entries of the file, the resources that they stand for, and the account."""

    kind: Kind
    entries: Mapping[str, CreditPackSpec]
    desired: ResourceSet
    live: Live

    def matched(self) -> tuple[Live, tuple[Notice, ...]]:
        """The account with its packs at the addresses of the file, and notices about packs that it does not list."""
        live = self._kept_protected(_renamed(self._renames, self.live))
        doubts = {Address(self.kind.name, name): obstacle for name, obstacle in self._pairs.doubts.items()}
        live = replace(live, obstacles={**live.obstacles, **doubts})
        unlisted = [spec for spec in self.entries.values() if self._address(spec) not in live.resources]
        off_sale = [spec for spec in unlisted if not spec.is_active]
        inactive = [self.desired[self._address(spec)] for spec in off_sale]
        # Not listed, so inactive; what else such a pack holds is known only after the update.
        pinned = {self._address(spec): spec.id for spec in unlisted if spec.is_active and spec.id}
        unknown: dict[str, Value] = dict.fromkeys((column.name for column in self.kind.table), UNKNOWN)
        found = [Resource(address, unknown | {"is_active": False}) for address in pinned]
        resources = ResourceSet([*live.resources.values(), *inactive, *found])
        live = replace(live, resources=resources, ids={**live.ids, **pinned}, inactive=self._until_now(off_sale))
        return live, tuple(_inactive(pack.address) for pack in inactive)

    def _address(self, spec: CreditPackSpec) -> Address:
        return Address(self.kind.name, spec.name)

    def _until_now(self, off_sale: Iterable[CreditPackSpec]) -> Mapping[Address, Resource]:
        """Packs that are not on sale, each with the name that it may still have."""
        old = ((self._address(spec), spec.previous_name) for spec in off_sale if spec.previous_name)
        return {**self.live.inactive, **{address: Resource(address, {"name": name}) for address, name in old}}

    @cached_property
    def _pairs(self) -> Pairs:
        mine = [address for address in self.live.resources if address.kind == self.kind.name]
        return paired(self.entries, {address.key: [self.live.ids[address]] for address in mine})

    @property
    def _renames(self) -> Mapping[Address, Address]:
        """The address in Commet of each declared pack, and its own, where they differ."""
        found = ((Address(self.kind.name, old), key) for key, old in self._pairs.names.items())
        return {old: new for old, key in found if (new := self._address(self.entries[key])) != old}

    def _kept_protected(self, live: Live) -> Live:
        """Block the deletion of a pack that may be a protected one under an earlier name.

        Commet keeps no protection for packs. An entry that is protected and matches no pack may have been given another
        name, and nothing tells which pack of the account it was.
        """
        declared = {self._address(spec) for spec in self.entries.values()}
        strays = [address for address in live.resources if address.kind == self.kind.name and address not in declared]
        obstacles = dict(live.obstacles)
        for key, spec in self.entries.items():
            # An `id` tells which pack it is: that one, or one that is not on sale.
            is_lost = self._address(spec) not in live.resources and not spec.id
            for address in strays if spec.lifecycle.protect else ():
                if spec.previous_name and address == Address(self.kind.name, spec.previous_name):
                    obstacles[address] = _was(key)
                elif is_lost:
                    obstacles.setdefault(address, _may_be(key))
        return replace(live, obstacles=obstacles)


def _renamed(names: Mapping[Address, Address], live: Live) -> Live:
    """Give live packs the addresses of the file, all at once: two may swap."""
    taken = {new: _TAKEN for new in names.values() if new in live.resources and new not in names}
    kept = [r for r in live.resources.values() if r.address not in names and r.address not in names.values()]
    moved = [Resource(new, live.resources[old].fields) for old, new in names.items()]
    ids = {address: id_ for address, id_ in live.ids.items() if address not in names}
    return replace(
        live,
        resources=ResourceSet([*kept, *moved]),
        ids=ids | {new: live.ids[old] for old, new in names.items()},
        obstacles={**live.obstacles, **taken},
    )


def _inactive(address: Address) -> Notice:
    return Notice(
        "inactive_pack",
        "is declared inactive, and the API lists active packs only: nothing to do, and its other fields cannot be "
        "compared",
        "set `is_active: true` to sell it, with its `id:` if it exists already",
        address,
    )

"""Packs that Commet has and does not list, because they are not on sale."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from commetctl.core.changeset import Notice
from commetctl.core.resource import UNKNOWN, Address, Resource, ResourceSet, Value
from commetctl.kinds.credit_packs.spec import CreditPackSpec
from commetctl.kinds.kind import Kind
from commetctl.kinds.sides import Live


@dataclass(frozen=True)
class Unlisted:
    """The entries of the file, the resources that they stand for, and the account as Commet lists it."""

    kind: Kind
    entries: Mapping[str, CreditPackSpec]
    desired: ResourceSet
    live: Live

    def added(self) -> tuple[Live, tuple[Notice, ...]]:
        """The account with the packs that the file knows and Commet does not list, and notices about them."""
        unlisted = [spec for spec in self.entries.values() if self._address(spec) not in self.live.resources]
        off_sale = [spec for spec in unlisted if not spec.is_active]
        inactive = [self.desired[self._address(spec)] for spec in off_sale]
        # Not listed, so inactive; what else such a pack holds is known only after the update.
        pinned = {self._address(spec): spec.id for spec in unlisted if spec.is_active and spec.id}
        unknown: dict[str, Value] = dict.fromkeys((column.name for column in self.kind.table), UNKNOWN)
        found = [Resource(address, unknown | {"is_active": False}) for address in pinned]
        live = replace(
            self.live,
            resources=ResourceSet([*self.live.resources.values(), *inactive, *found]),
            ids={**self.live.ids, **pinned},
            inactive=self._until_now(off_sale),
        )
        return live, tuple(_inactive(pack.address) for pack in inactive)

    def _address(self, spec: CreditPackSpec) -> Address:
        return Address(self.kind.name, spec.name)

    def _until_now(self, off_sale: Iterable[CreditPackSpec]) -> Mapping[Address, Resource]:
        """Packs that are not on sale, each with the name that it may still have."""
        old = ((self._address(spec), spec.previous_name) for spec in off_sale if spec.previous_name)
        return {**self.live.inactive, **{address: Resource(address, {"name": name}) for address, name in old}}


def _inactive(address: Address) -> Notice:
    return Notice(
        "inactive_pack",
        "is declared inactive, and the API lists active packs only; nothing changes, and its other fields cannot "
        "be compared",
        "set `is_active: true` to sell it, and add its `id:` if it exists already",
        address,
    )

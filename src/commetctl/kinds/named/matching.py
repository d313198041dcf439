"""Which live object is which entry of the file, for kinds that Commet knows by name and id only."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from commetctl.core.resource import Address, ResourceSet
from commetctl.kinds.kind import Kind
from commetctl.kinds.named.keys import keys_of
from commetctl.kinds.named.pairing import Pairs, paired
from commetctl.kinds.named.spec import NamedEntries, NamedSpec
from commetctl.kinds.sides import Live, Obstacle


@dataclass(frozen=True)
class Matching:
    """The entries of the file, the account, and what an object of the kind is called."""

    kind: Kind
    noun: str
    entries: NamedEntries
    live: Live

    def matched(self) -> Live:
        """The account with its objects at the addresses of the file, each with its key there."""
        taken = {new: self._taken for new in self._renames.values() if self._is_taken(new)}
        live = self.live.renamed(self._renames)
        live = self._kept_protected(replace(live, obstacles={**live.obstacles, **taken}))
        doubts = {self._at(name): obstacle for name, obstacle in self._pairs.doubts.items()}
        return replace(self._keyed(live), obstacles={**live.obstacles, **doubts})

    def _at(self, name: str) -> Address:
        return Address(self.kind.name, name)

    def address(self, spec: NamedSpec) -> Address:
        """The address of an entry's object."""
        return self._at(spec.name)

    def _mine(self, resources: ResourceSet) -> list[Address]:
        return [address for address in resources if address.kind == self.kind.name]

    @cached_property
    def _pairs(self) -> Pairs:
        # Objects that are compared without an account have no id.
        ids = {address.key: [self.live.ids[address]] for address in self._mine(self.live.resources)}
        return paired(self.entries, ids, self.noun)

    @cached_property
    def _renames(self) -> Mapping[Address, Address]:
        """The address in Commet of each declared object, and its own, where they differ."""
        found = ((self._at(old), key) for key, old in self._pairs.names.items())
        return {old: new for old, key in found if (new := self.address(self.entries[key])) != old}

    def _is_taken(self, address: Address) -> bool:
        return address in self.live.resources and address not in self._renames

    @property
    def _taken(self) -> Obstacle:
        return Obstacle(
            f"another {self.noun}, which is not in the catalog, has that name",
            "rename that other object in the dashboard",
        )

    def _keyed(self, live: Live) -> Live:
        """Each object with the key that it has in the file, or would have."""
        keys = keys_of(self._mine(live.resources), {self.address(s): k for k, s in self.entries.items()}, self.kind)
        keyed = (replace(r, handle=keys[a]) if a in keys else r for a, r in live.resources.items())
        return replace(live, resources=ResourceSet(keyed))

    def _kept_protected(self, live: Live) -> Live:
        """Block the deletion of an object that may be a protected one under an earlier name.

        Commet keeps no protection for these kinds. An entry that is protected and matches no object may have been given
        another name, and it is not known which object of the account it was.
        """
        declared = {self.address(spec) for spec in self.entries.values()}
        strays = [address for address in self._mine(live.resources) if address not in declared]
        obstacles = dict(live.obstacles)
        for key, spec in self.entries.items():
            # An `id` tells which object it is: that one, or one that is not listed.
            is_lost = self.address(spec) not in live.resources and not spec.id
            for address in strays if spec.lifecycle.protect else ():
                if spec.previous_name and address == self._at(spec.previous_name):
                    obstacles[address] = self._was(key)
                elif is_lost:
                    obstacles.setdefault(address, self._may_be(key))
        return replace(live, obstacles=obstacles)

    def _may_be(self, key: str) -> Obstacle:
        return Obstacle(
            f"it may be the {self.noun} that `{key}` declares, which is protected by `lifecycle: {{protect: true}}`: "
            f"no {self.noun} in Commet has the name of that entry",
            f"if it is, add its name to `{key}` as `previous_name`; if it is not, add the `id` of the right "
            f"{self.noun}, or apply without `--prune` first",
        )

    def _was(self, key: str) -> Obstacle:
        return Obstacle(
            f"the entry `{key}` gives it as `previous_name`, and is protected by `lifecycle: {{protect: true}}`",
            f"if it is another {self.noun}, remove `previous_name` from `{key}`",
        )

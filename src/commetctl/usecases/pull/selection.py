"""Selecting: what targets name is taken from Commet, and everything else stays as the file has it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from commetctl.core.errors import CommetctlError
from commetctl.core.resource import Address, Resource, ResourceSet


@dataclass(frozen=True)
class Selection:
    """Only what targets name is taken from Commet, with what belongs to it and what it needs."""

    desired: ResourceSet
    mine: ResourceSet
    found: ResourceSet
    targets: Sequence[Address]

    def resources(self) -> ResourceSet:
        """The file's resources, with those of the targets as Commet has them."""
        self._check()
        chosen = {address: self.mine[address] for address in self.mine if self._is_targeted(address)}
        kept = {address: self.desired[address] for address in self.desired if not self._is_targeted(address)}
        result = {address: chosen.get(address) or kept[address] for address in self._order(chosen, kept)}
        for address in list(chosen):
            self._add_needed(address, result)
        return ResourceSet(result.values())

    def _order(self, chosen: Mapping[Address, Resource], kept: Mapping[Address, Resource]) -> Iterator[Address]:
        yield from (address for address in self.desired if address in chosen or address in kept)
        yield from (address for address in chosen if address not in self.desired)

    def _add_needed(self, address: Address, result: dict[Address, Resource]) -> None:
        for needed in self.mine[address].refs:
            if needed in result or needed not in self.mine:
                continue
            if needed == self.mine[address].parent:
                hint = f"give `--target {needed}`"
                raise CommetctlError(f"`{address}` belongs to `{needed}`, which the file lacks", hint, code="no_parent")
            result[needed] = self.mine[needed]
            self._add_needed(needed, result)

    def _is_targeted(self, address: Address) -> bool:
        if address in self.targets:
            return True
        resource = self.mine.get(address) or self.desired.get(address)
        return bool(resource and resource.parent and self._is_targeted(resource.parent))

    def _check(self) -> None:
        for target in self.targets:
            if target not in self.desired and target not in self.mine:
                near = get_close_matches(str(target), [str(known) for known in (*self.desired, *self.found)], 1)
                hint = f"did you mean `{near[0]}`?" if near else "use an address as `commetctl plan` prints it"
                raise CommetctlError(f"`{target}` is neither in the file nor in Commet", hint, code="unknown_target")

"""What a pull takes over from an account: what a file can say, and with targets only what they name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from commetctl.core.errors import CommetctlError
from commetctl.core.resource import UNKNOWN, Address, Resource, ResourceSet
from commetctl.kinds import kind_of
from commetctl.kinds.sides import Live, Obstacle


@dataclass(frozen=True)
class Selection:
    """Takes only the targets from the account, with the objects that belong to them and that they need."""

    desired: ResourceSet
    mine: ResourceSet
    found: ResourceSet
    targets: Sequence[Address]

    def resources(self) -> ResourceSet:
        """The resources of the file, with the targets as the account has them."""
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
                raise CommetctlError(
                    f"`{address}` belongs to `{needed}`, which is not in the catalog", hint, code="no_parent"
                )
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
                raise CommetctlError(f"`{target}` is neither in the catalog nor in Commet", hint, code="unknown_target")


def readable(live: Live, declared: ResourceSet) -> ResourceSet:
    """The live resources that a file can express; values that Commet does not reveal are taken from the file.

    An object that is not understood stays as it is in the file; if the file lacks it, it is left out, with all that
    depends on it.
    """
    skipped = _skipped(live, declared)
    found = [_known(item, declared.get(item.address), live.resources) for item in live.resources.values()]
    hidden = [item for item in declared.values() if item.address not in live.resources and _is_hidden(item, live)]
    return ResourceSet([*(item for item in found if item.address not in skipped), *hidden])


def _skipped(live: Live, declared: ResourceSet) -> set[Address]:
    skipped: set[Address] = set()
    for address, item in live.resources.items():
        obstacle = live.obstacles.get(address)
        odd = obstacle is not None and address not in declared and _is_unsayable(obstacle)
        # An object is read after those that it refers to.
        if odd or not skipped.isdisjoint(item.refs):
            skipped.add(address)
    return skipped


def _is_unsayable(obstacle: Obstacle) -> bool:
    return obstacle.unknown and (obstacle.own or obstacle.kept)


def _is_hidden(item: Resource, live: Live) -> bool:
    """Whether an object may exist in a list that could not be read."""
    above = (live.obstacles.get(ref) for ref in item.refs)
    return any(obstacle is not None and obstacle.unknown and obstacle.is_above(item.address) for obstacle in above)


def _known(live: Resource, file: Resource | None, there: ResourceSet) -> Resource:
    """A live resource, with the values that Commet does not reveal taken from the file, as far as they can be true."""
    if file is None or UNKNOWN not in live.fields.values():
        return live
    fields = {name: file.fields[name] if value is UNKNOWN else value for name, value in live.fields.items()}
    kind = kind_of(live.address)
    for column in kind.table if kind else ():
        if column.many and live.fields[column.name] is UNKNOWN:
            named = [ref for ref in column.refs(fields[column.name]) if ref in there]
            fields[column.name] = column.named(named) or None
    return replace(live, fields=fields)

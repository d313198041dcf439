"""What of an account a file can take over, where not all of it is understood."""

from dataclasses import replace

from commetctl.core.resource import UNKNOWN, Address, Resource, ResourceSet
from commetctl.kinds.section import Live, Obstacle


def readable(live: Live, declared: ResourceSet) -> ResourceSet:
    """The live resources that a file can say, with the word of the file so far for what Commet does not reveal.

    What is not understood stays as the file has it; what the file does not have is left out, with all that needs it.
    """
    skipped = _skipped(live, declared)
    found = [_known(item, declared.get(item.address)) for item in live.resources.values()]
    hidden = [item for item in declared.values() if item.address not in live.resources and _is_hidden(item, live)]
    return ResourceSet([*(item for item in found if item.address not in skipped), *hidden])


def _skipped(live: Live, declared: ResourceSet) -> set[Address]:
    skipped: set[Address] = set()
    for address, item in live.resources.items():
        obstacle = live.obstacles.get(address)
        odd = obstacle is not None and address not in declared and _is_unsayable(obstacle)
        # What an object needs was read before it.
        if odd or not skipped.isdisjoint(item.refs):
            skipped.add(address)
    return skipped


def _is_unsayable(obstacle: Obstacle) -> bool:
    return obstacle.unknown and (obstacle.own or obstacle.kept)


def _is_hidden(item: Resource, live: Live) -> bool:
    """Whether an object may well exist, in a list that was not read."""
    above = (live.obstacles.get(ref) for ref in item.refs)
    return any(obstacle is not None and obstacle.unknown and obstacle.below for obstacle in above)


def _known(live: Resource, file: Resource | None) -> Resource:
    """A live resource, with the file's word for what Commet does not reveal."""
    if file is None or UNKNOWN not in live.fields.values():
        return live
    fields = {name: file.fields[name] if value is UNKNOWN else value for name, value in live.fields.items()}
    return replace(live, fields=fields)

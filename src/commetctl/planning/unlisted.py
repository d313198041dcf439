"""Objects that Commet may have although its lists do not show them: creations that it may refuse."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from commetctl.core.change import Change, Create
from commetctl.core.changeset import Notice
from commetctl.core.resource import Address
from commetctl.core.text import listed
from commetctl.kinds import kind_of
from commetctl.kinds.kind import Unlisted


def may_exist(changes: Iterable[Change], version: str) -> Iterator[Notice]:
    """One notice for each kind whose creations Commet may refuse, because it has objects that it does not list."""
    new: dict[Unlisted, list[Address]] = defaultdict(list)
    for change in changes:
        kind = kind_of(change.address) if isinstance(change, Create) else None
        if kind and (why := kind.unlisted.get(version)):
            new[why].append(change.address)
    for why, found in new.items():
        said = f"{listed([str(address) for address in found])} may already be in Commet: {why.reason}"
        yield Notice("may_exist", said, f"if Commet refuses it as a duplicate, {why.exists}")

"""Drift: which side a difference comes from, the file or Commet, told by a third state in which both were the same."""

from collections.abc import Iterable
from typing import assert_never

from commetctl.core.change import Change, Create, Delete, Update
from commetctl.core.resource import UNKNOWN, Address, Resource, ResourceSet
from commetctl.core.values import same
from commetctl.render.review import Cause


def causes(changes: Iterable[Change], base: ResourceSet) -> dict[Address, Cause]:
    """The cause of each change, by its address; `base` is the catalog as it was applied last.

    A change whose earlier value is not known in any state has none.
    """
    found = ((change.address, _cause(change, base.get(change.address))) for change in changes)
    return {address: cause for address, cause in found if cause}


def _cause(change: Change, base: Resource | None) -> Cause | None:
    match change:
        case Create(after):
            # It was applied, and is gone; or it is new in the file.
            return Cause.FILE if base is None else _named(_differ(base, after), commet=True)
        case Delete(before):
            return Cause.COMMET if base is None else _named(file=True, commet=_differ(base, before))
        case Update(before, after):
            if base is None:
                return Cause.BOTH
            names = change.names
            return _named(_differ(base, after, names), commet=_differ(base, before, names))
        case _:
            assert_never(change)


def _named(file: bool, commet: bool) -> Cause | None:
    if file and commet:
        return Cause.BOTH
    if file or commet:
        return Cause.FILE if file else Cause.COMMET
    return None


def _differ(one: Resource, other: Resource, names: Iterable[str] | None = None) -> bool:
    """Whether two states differ in fields that both know."""
    fields = one.fields if names is None else names
    pairs = ((one.fields.get(name), other.fields.get(name)) for name in fields)
    return any(not same(first, second) for first, second in pairs if UNKNOWN not in (first, second))

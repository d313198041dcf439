"""Which changes of a plan cannot be made without one another."""

from collections.abc import Iterable, Iterator, Mapping

from commetctl.core.change import Change, Create, Delete, Update
from commetctl.core.money import Derived
from commetctl.core.resource import Address
from commetctl.kinds.plans import addresses
from commetctl.kinds.plans.prices import new_default


def companions(change: Change, changes: Mapping[Address, Change]) -> Iterator[Address]:
    """The changes without which one cannot be made, beyond the creation of what it refers to."""
    match change:
        case Delete(before) if change.address.kind == addresses.REGIONAL_UNIT_PRICE and before.parent:
            # It goes only with the overage.
            yield before.parent
        case Create(after) | Update(after=after) if any(isinstance(v, Derived) for v in after.fields.values()):
            yield from after.refs
        case Update(after=after, names=names) if "is_default" in names and not after.fields["is_default"]:
            yield from _next_default(change.address, changes.values())
        case Delete(before) if before.fields.get("is_default"):
            yield from _next_default(change.address, changes.values())
        case _:
            pass


def _next_default(price: Address, changes: Iterable[Change]) -> Iterator[Address]:
    """The price of the same plan that becomes the default: the mark leaves a price only when another takes it."""
    plan = addresses.plan_of(price)
    mine = [c for c in changes if c.address.kind == addresses.PRICE and addresses.plan_of(c.address) == plan]
    if lead := new_default(mine):
        yield lead.address

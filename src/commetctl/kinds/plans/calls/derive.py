"""What Commet derives from an exchange rate, and which changes cannot be made without one another.

Whether a derived amount follows a later change of the US dollar amount, and whether a new price gets derived amounts at
once, is not documented. So those footprints are open, until the call for the currency settles them: it is sent after
every write that leaves an amount in its currency open.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from commetctl.core.change import Change, Create, Delete, Update
from commetctl.core.footprint import Either
from commetctl.core.money import Derived, Money
from commetctl.core.resource import Address, Resource, Value
from commetctl.kinds.plans import addresses
from commetctl.kinds.plans.calls.markets import companions as variant_companions
from commetctl.kinds.plans.calls.replacing import new_default
from commetctl.kinds.plans.calls.work import Work

#: The fields from which Commet derives amounts in other currencies.
_CONVERTED = frozenset({"price", "included_balance", "overage"})


def derived(work: Work, base: Resource, currency: str, rate: Decimal) -> Resource:
    """What Commet makes of the US dollar amounts of a price, or of a feature's overage, in a currency."""
    if base.address.kind == addresses.FEATURE:
        address = addresses.regional_unit_price(work.code, addresses.last(base.address), currency)
        fields: dict[str, Value] = {"unit_price": _converted(base.fields["overage"], rate, currency)}
    else:
        address = addresses.regional_price(work.code, addresses.last(base.address), currency)
        fields = {name: _converted(base.fields[name], rate, currency) for name in ("price", "included_balance")}
        fields["protect"] = False
    refs = (base.address, addresses.exchange_rate(work.code, currency))
    return work.as_read(Resource(address, fields, refs, base.address))


def newly_derived(work: Work, base: Resource) -> Iterator[Either]:
    """The derived amounts that a new price or overage may get at once, for each rate that the plan has already."""
    for currency, rate in work.live_rates.items():
        resource = derived(work, base, currency, rate)
        yield Either(resource.address, (None, resource))


def followed(work: Work, base: Resource) -> Iterator[Either]:
    """The derived amounts that may follow a change of the US dollar amount."""
    for currency, child in work.followers(base.address).items():
        resource = derived(work, base, currency, work.live_rates[currency])
        yield Either(child.address, (resource, _left_behind(child, resource)))


def leaves_open(work: Work, change: Change, currency: str) -> bool:
    """Whether the write for a change of a price or an overage leaves open what Commet derives in a currency."""
    match change:
        case Create(after) | Update(after=after, replaced=True):
            return after.fields.get("overage", after) is not None
        case Update(before=before, after=after, names=names) if names & _CONVERTED:
            if before.fields.get("overage", before) is None:
                return True
            return after.fields.get("overage", after) is not None and currency in work.followers(change.address)
        case _:
            return False


def is_written(resource: Resource) -> bool:
    """Whether a regional price or unit price is written out, in any amount."""
    return any(isinstance(value, Money) for value in resource.fields.values())


def _left_behind(before: Resource, after: Resource) -> Resource:
    """A derived amount that stays as it was: it does not fit the rate any more, so a read takes it for written out."""
    fields = dict(before.fields)
    for name, value in fields.items():
        new = after.fields[name]
        if isinstance(value, Derived) and value != new:
            fields[name] = value.about
    return replace(before, fields=fields)


def _converted(amount: Value, rate: Decimal, currency: str) -> Value:
    return Derived(amount.converted(rate, currency)) if isinstance(amount, Money) else None


def companions(change: Change, changes: Mapping[Address, Change]) -> Iterator[Address]:
    """The changes without which one cannot be made, beyond the creation of what it refers to."""
    match change:
        case Delete(before) if change.address.kind == addresses.REGIONAL_UNIT_PRICE and before.parent:
            # It is removed only with the overage.
            yield before.parent
        case Create(after) | Update(after=after) if any(isinstance(v, Derived) for v in after.fields.values()):
            yield from after.refs
        case Create(after) if change.address.kind == addresses.REGIONAL_UNIT_PRICE and after.parent:
            match changes.get(after.parent):
                case Update(before=base) if base.fields["overage"] is None:
                    yield after.parent
                case _:
                    pass
        case _ if change.address.kind in addresses.WITH_MARKETS:
            yield from variant_companions(change, changes.values())
        case Update(after=after, names=names) if "is_default" in names and not after.fields["is_default"]:
            yield from _next_default(change.address, changes.values())
        case Delete(before) if before.fields.get("is_default"):
            yield from _next_default(change.address, changes.values())
        case _:
            pass


def _next_default(price: Address, changes: Iterable[Change]) -> Iterator[Address]:
    """The price of the same plan that becomes the default, or the others that are archived before the default is.

    The mark leaves a price only when another takes it, or when it is the last price of its plan.
    """
    plan = addresses.plan_of(price)
    mine = [c for c in changes if c.address.kind == addresses.PRICE and addresses.plan_of(c.address) == plan]
    if lead := new_default(mine):
        yield lead.address
    else:
        yield from (c.address for c in mine if isinstance(c, Delete) and c.address != price)

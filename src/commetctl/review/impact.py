"""Impact: whom a changeset touches, and what it does to recurring revenue, as far as that can be told honestly."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from commetctl.core.change import Change, Update
from commetctl.core.contract import PER_MONTH
from commetctl.core.impact import Doubt, Effect, Impact, Revenue, Touched
from commetctl.core.money import Derived, Money
from commetctl.core.resource import Address
from commetctl.kinds.plans import addresses
from commetctl.kinds.section import Live
from commetctl.render.review import Review
from commetctl.review.paid import Paid
from commetctl.review.revenue import Revenues, Sum
from commetctl.review.subscribers import Subscribers, Tally

Effects = Mapping[Address, tuple[Effect, ...]]

#: A price moves that nobody pays, or nobody who has subscribed already.
NO_CHANGE = Revenue(Money(Decimal(0)), Money(Decimal(0)))

#: Of these, only those are touched who pay in the currency.
_AT_MOST = (addresses.REGIONAL_PRICE, addresses.REGIONAL_UNIT_PRICE, addresses.EXCHANGE_RATE)
_PRICES = (addresses.PRICE, addresses.REGIONAL_PRICE)


def concerned(changes: Iterable[Change], effects: Effects, live: Live) -> list[Change]:
    """The changes of which it matters how many subscriptions they touch; where there are none, nobody need count."""
    return [
        change
        for change in changes
        if any(effect.counts for effect in effects.get(change.address, ()))
        and change.address.kind in addresses.KINDS
        and addresses.plan_of(change.address) in live.ids
    ]


def impact(review: Review, live: Live, subscribers: Subscribers) -> Impact:
    """What is known of the subscriptions that the changes of a review touch; those need be counted only where some do.

    Where Commet has switched to plan versions, no change of an amount reaches them.
    """
    changes = concerned(review.changeset.changes, review.effects, live)
    if changes and subscribers.unknown:
        return Impact(unknown=subscribers.unknown, way_out=subscribers.way_out)
    revenues = Revenues(Paid(review.before, review.after, live), subscribers)
    counting = _Counting(live, subscribers, revenues)
    sums = revenues.currencies() if changes and not review.switched else ()
    return Impact(
        {change.address: counting.touched(change) for change in changes},
        revenue=_in_dollars(review.changeset.changes, sums),
        currencies=tuple(item.revenue for item in sums),
        uncounted=revenues.uncounted() if sums else {},
        doubts=frozenset(doubt for item in sums for doubt in item.doubts),
    )


def _in_dollars(changes: Iterable[Change], sums: Iterable[Sum]) -> Revenue | None:
    """The change in US dollars; none of it where a base price moves that nobody pays, None where none moves."""
    for item in sums:
        if item.revenue.currency == "usd":
            return item.revenue.change
    moves = any(_moves(change) and change.address.kind == addresses.PRICE for change in changes)
    return NO_CHANGE if moves else None


@dataclass(frozen=True)
class _Counting:
    live: Live
    subscribers: Subscribers
    revenues: Revenues

    def touched(self, change: Change) -> Touched:
        """The subscriptions that one change touches."""
        tally = self._tally(change.address)
        found = self._sum(change)
        doubts = self._doubts(change)
        return Touched(
            tally.count,
            dict(tally.by_status),
            tally.renewing,
            tally.first,
            tally.last,
            at_most=bool(doubts),
            revenue=found.revenue.change if found else None,
            uncounted=dict(found.uncounted) if found else {},
            doubts=doubts,
        )

    def _sum(self, change: Change) -> Sum | None:
        """What a price that moves does to the revenue of a month in its currency."""
        if not _moves(change):
            return None
        price = _base(change.address)
        currency = addresses.last(change.address) if change.address != price else "usd"
        return self.revenues.price(price, currency)

    def _tally(self, address: Address) -> Tally:
        plan = self.live.ids[addresses.plan_of(address)]
        if address.kind not in _PRICES:
            return self.subscribers.on_plan(plan)
        price = _base(address)
        variants = self.revenues.paid.variants(price)
        return self.subscribers.on_price(plan, self.live.ids.get(price), addresses.last(price), variants)

    def _doubts(self, change: Change) -> frozenset[Doubt]:
        """Why it may be fewer: which price they are on, or in which currency they pay, is not known."""
        address = change.address
        found = {Doubt.CURRENCY} if address.kind in _AT_MOST else set()
        if address.kind in _PRICES:
            found |= self.revenues.doubts(_base(address)) if _moves(change) else set()
            found |= self.revenues.doubts(_base(address)) & {Doubt.PRICE}
        return frozenset(found) - {Doubt.BILLING}


def _base(address: Address) -> Address:
    """The base price of a price, or of a regional one."""
    code, interval = address.key.split("/")[:2]
    return addresses.price(code, interval)


def _moves(change: Change) -> bool:
    """Whether a change moves a price that recurs, from one amount to another."""
    if not isinstance(change, Update) or change.address.kind not in _PRICES:
        return False
    before, after = change.before.fields.get("price"), change.after.fields.get("price")
    amounts = isinstance(before, Money | Derived) and isinstance(after, Money | Derived)
    return amounts and before != after and addresses.last(_base(change.address)) in PER_MONTH

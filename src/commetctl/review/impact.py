"""Impact: the subscriptions that a changeset touches, and what it does to recurring revenue, as far as is certain."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from commetctl.core.amount_move import currency_of
from commetctl.core.change import Change, Update
from commetctl.core.contract import PER_MONTH
from commetctl.core.impact import Doubt, Effect, Impact, Revenue, Touched, When
from commetctl.core.money import Derived, Money
from commetctl.core.resource import Address
from commetctl.kinds import paid, section_of
from commetctl.kinds.sides import Live, Users
from commetctl.review.feelings import feelings
from commetctl.review.revenue import Revenues, Sum
from commetctl.review.review import Review
from commetctl.review.subscribers import Among, Subscribers, Tally, on_plan, on_price

Effects = Mapping[Address, tuple[Effect, ...]]

#: The change if a price moves that no existing subscription pays.
NO_CHANGE = Revenue(Money(Decimal(0)), Money(Decimal(0)))


def concerned(changes: Iterable[Change], effects: Effects, live: Live) -> list[Change]:
    """The changes that subscriptions may feel; if there are none, subscriptions need not be counted."""
    return [
        change
        for change in changes
        if any(effect.counts for effect in effects.get(change.address, ())) and _users(change, live)
    ]


def impact(review: Review, live: Live, subscribers: Subscribers) -> Impact:
    """The impact of a review; `subscribers` need be counted only if some of its changes are `concerned`.

    If Commet has switched to plan versions, no change of an amount reaches existing subscriptions.
    """
    changes = concerned(review.changeset.changes, review.effects, live)
    if changes and subscribers.unknown:
        return Impact(unknown=subscribers.unknown, way_out=subscribers.way_out)
    revenues = Revenues(paid(review.before, review.after, live), subscribers)
    counting = _Counting(live, subscribers, revenues)
    sums = revenues.currencies() if changes and not review.switched else ()
    return Impact(
        {change.address: counting.touched(change, users) for change in changes if (users := _users(change, live))},
        revenue=_in_dollars(review.changeset.changes, sums, live),
        currencies=tuple(item.revenue for item in sums),
        uncounted=revenues.uncounted() if sums else {},
        doubts=frozenset(doubt for item in sums for doubt in item.doubts),
        felt={
            felt: counting.together(those) for felt, those in feelings(review).items() if felt.when is not When.NEW_ONLY
        },
    )


def touching(review: Review, live: Live, subscribers: Subscribers, changes: Iterable[Change]) -> Touched:
    """The subscriptions that some changes of a review touch, each counted once."""
    revenues = Revenues(paid(review.before, review.after, live), subscribers)
    return _Counting(live, subscribers, revenues).together(changes)


def _in_dollars(changes: Iterable[Change], sums: Iterable[Sum], live: Live) -> Revenue | None:
    """The change in US dollars: zero if a base price moves that nobody pays, None if no base price moves."""
    for item in sums:
        if item.revenue.currency == "usd":
            return item.revenue.change
    used = ((change, _users(change, live)) for change in changes)
    moves = any(_moves(change, users) and users and not (users.currency or users.in_market) for change, users in used)
    return NO_CHANGE if moves else None


@dataclass(frozen=True)
class _Counting:
    live: Live
    subscribers: Subscribers
    revenues: Revenues

    def touched(self, change: Change, users: Users) -> Touched:
        """The subscriptions that one change touches."""
        tally = self.subscribers.tally(self._among(users))
        found = self._sum(change, users)
        doubts = self._doubts(change, users)
        return replace(
            _counted(tally),
            at_most=bool(doubts),
            revenue=found.revenue.change if found else None,
            uncounted=dict(found.uncounted) if found else {},
            doubts=doubts,
        )

    def together(self, changes: Iterable[Change]) -> Touched:
        """The subscriptions that at least one of some changes touches, each counted once."""
        used = [(users, self._doubts(change, users)) for change in changes if (users := _users(change, self.live))]
        tally = self.subscribers.tally(*(self._among(users) for users, _ in used))
        certain = self.subscribers.tally(*(self._among(users) for users, doubts in used if not doubts))
        return replace(
            _counted(tally),
            at_most=certain.count < tally.count,
            doubts=frozenset(doubt for _, doubts in used for doubt in doubts),
        )

    def _sum(self, change: Change, users: Users) -> Sum | None:
        """The effect of a price that moves on monthly revenue in its currency; None for any other change."""
        currency = _currency(change)
        if not users.price or not currency or not _moves(change, users):
            return None
        return self.revenues.amount(change.address, currency)

    def _among(self, users: Users) -> Among:
        plan, price = self.live.ids[users.plan], users.price
        if price is None:
            return on_plan(plan)
        return on_price(plan, users.only or self.live.ids.get(price), _interval(price), users.variants)

    def _doubts(self, change: Change, users: Users) -> frozenset[Doubt]:
        """Why fewer subscriptions may be touched than are counted."""
        found = {Doubt.CURRENCY} if users.currency else {Doubt.MARKET} if users.in_market else set()
        if users.price:
            doubts = self.revenues.doubts(users.price)
            found |= doubts if _moves(change, users) else doubts & {Doubt.PRICE}
        return frozenset(found) - {Doubt.BILLING}


def _counted(tally: Tally) -> Touched:
    return Touched(
        tally.count,
        dict(tally.by_status),
        tally.renewing,
        tally.first,
        tally.last,
        soon=tally.soon,
        renewed=tally.renewed,
    )


def _users(change: Change, live: Live) -> Users | None:
    return section_of(change.address).users(change.address, live)


def _interval(price: Address) -> str:
    return price.key.rpartition("/")[2]


def _currency(change: Change) -> str | None:
    """The currency of a price that moves; None where it moves to another one, so that nothing is comparable."""
    if not isinstance(change, Update):
        return None
    before, after = (currency_of(side.fields.get("price")) for side in (change.before, change.after))
    return before if before == after else None


def _moves(change: Change, users: Users | None) -> bool:
    """Whether a change moves a recurring price from one amount to another."""
    if not isinstance(change, Update) or not users or not users.price:
        return False
    before, after = change.before.fields.get("price"), change.after.fields.get("price")
    amounts = isinstance(before, Money | Derived) and isinstance(after, Money | Derived)
    return amounts and before != after and _interval(users.price) in PER_MONTH

"""Impact: whom a changeset touches, and what it does to recurring revenue, as far as that can be told honestly.

Revenue is counted in US dollars, for base prices that move, from the subscriptions that will renew as they are at the
full price. Commet tells neither what a subscription pays nor in which currency: where a price can be paid in another
one, the sum is a range, from nobody to everybody paying in US dollars.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from commetctl.core.address import Address
from commetctl.core.change import Change, Update
from commetctl.core.changeset import Changeset
from commetctl.core.effect import Effect
from commetctl.core.impact import Impact, Revenue, Touched
from commetctl.core.intervals import PER_MONTH
from commetctl.core.money import Money
from commetctl.sections.plans import addresses
from commetctl.sections.section import Live
from commetctl.subscribers import Subscribers, Tally

Effects = Mapping[Address, tuple[Effect, ...]]

_AT_MOST = (addresses.REGIONAL_PRICE, addresses.REGIONAL_UNIT_PRICE, addresses.EXCHANGE_RATE)
_CENT = Decimal("0.01")
#: Statuses that no amount is counted for, in words. Of the others, those count that renew as they are.
_NOT_PAYING = {"trialing": "in a trial", "paused": "paused", "pending_payment": "waiting for a payment"}


def concerned(changes: Iterable[Change], effects: Effects, live: Live) -> list[Change]:
    """The changes of which it matters how many subscriptions they touch; where there are none, nobody need count."""
    return [
        change
        for change in changes
        if any(effect.counts for effect in effects.get(change.address, ()))
        and addresses.plan_of(change.address) in live.ids
    ]


def impact(changeset: Changeset, effects: Effects, live: Live, subscribers: Subscribers) -> Impact:
    """What is known of the subscriptions that the changes of a set touch."""
    if subscribers.unknown:
        return Impact(unknown=subscribers.unknown, way_out=subscribers.way_out)
    counting = _Counting(live, subscribers)
    changes = concerned(changeset.changes, effects, live)
    moves = [move for change in changes if (move := counting.move(change))]
    return Impact(
        {change.address: counting.touched(change) for change in changes},
        revenue=_sum(moves).revenue() if moves else None,
    )


@dataclass(frozen=True)
class _Move:
    """A change in monthly revenue, exact, in US dollars."""

    low: Fraction
    high: Fraction

    def revenue(self) -> Revenue:
        """The same in cents, rounded half up."""
        return Revenue(_dollars(self.low), _dollars(self.high))


def _sum(moves: Iterable[_Move]) -> _Move:
    lows, highs = zip(*((move.low, move.high) for move in moves), strict=True)
    return _Move(sum(lows, Fraction(0)), sum(highs, Fraction(0)))


def _dollars(amount: Fraction) -> Money:
    cents = amount * 100
    # Half up by hand: a fraction has no rounding mode, and a decimal of it may not be exact.
    whole = int(abs(cents) + Fraction(1, 2))
    return Money(Decimal(whole if cents >= 0 else -whole) * _CENT)


@dataclass(frozen=True)
class _Counting:
    live: Live
    subscribers: Subscribers

    def touched(self, change: Change) -> Touched:
        """The subscriptions that one change touches."""
        tally = self._tally(change.address)
        move = self.move(change)
        return Touched(
            tally.count,
            dict(tally.by_status),
            tally.renewing,
            tally.first,
            tally.last,
            at_most=change.address.kind in _AT_MOST,
            revenue=move.revenue() if move else None,
            uncounted=dict(_uncounted(tally)) if move else {},
        )

    def move(self, change: Change) -> _Move | None:
        """What a base price that moves does to the revenue of a month; None where none does."""
        per_month = PER_MONTH.get(addresses.last(change.address))
        if not (isinstance(change, Update) and change.address.kind == addresses.PRICE and per_month):
            return None
        before, after = change.before.fields["price"], change.after.fields["price"]
        if before == after or not (isinstance(before, Money) and isinstance(after, Money)):
            return None
        tally = self._tally(change.address)
        paying = tally.renewing - tally.discounted
        exact = (Fraction(after.amount) - Fraction(before.amount)) * per_month * paying
        if self._is_in_one_currency(change.address):
            return _Move(exact, exact)
        return _Move(min(exact, Fraction(0)), max(exact, Fraction(0)))

    def _tally(self, address: Address) -> Tally:
        plan = self.live.ids[addresses.plan_of(address)]
        if address.kind not in (addresses.PRICE, addresses.REGIONAL_PRICE):
            return self.subscribers.on_plan(plan)
        code, interval = address.key.split("/")[:2]
        return self.subscribers.on_price(plan, self.live.ids.get(addresses.price(code, interval)), interval)

    def _is_in_one_currency(self, price: Address) -> bool:
        resources = self.live.resources
        plan = addresses.plan_of(price)
        return not (resources.children(price) or resources.children(plan, addresses.EXCHANGE_RATE))


def _uncounted(tally: Tally) -> Iterator[tuple[str, int]]:
    """Why how many subscriptions are not counted in the revenue; together with those that are, they are all."""
    for status, words in _NOT_PAYING.items():
        if count := tally.by_status.get(status, 0):
            yield words, count
    not_paying = sum(tally.by_status.get(status, 0) for status in _NOT_PAYING)
    if count := tally.count - not_paying - tally.renewing:
        yield "that will not renew as they are", count
    if tally.discounted:
        yield "with an offer or a discount", tally.discounted

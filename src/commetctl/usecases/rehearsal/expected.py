"""What a plan predicts of bills: each price that a change moves, from what to what, for how many, and from when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from commetctl.catalog.dated.change import Dated
from commetctl.core.change import Update, is_replaced
from commetctl.core.impact import Effect, Touched, When
from commetctl.core.money import Derived, Money
from commetctl.core.resource import Address
from commetctl.kinds import section_of
from commetctl.kinds.sides import Users
from commetctl.review.subscribers import Among, on_price
from commetctl.usecases.dated.outlook import Outlook

#: From these times on, existing customers are billed the new amount.
_REACHES = frozenset({When.AT_ONCE, When.NEXT_PERIOD, When.AT_RENEWAL})
_FIELD = "price"
Amount = Money | Derived


@dataclass(frozen=True)
class Turn:
    """One price that a dated change moves.

    `moment` is from when it holds in the rehearsal: that of the change, or the beginning where that is past. `touched`
    is None where nothing was counted.
    """

    change: Dated
    moment: datetime
    address: Address
    users: Users
    was: Amount
    becomes: Amount
    effect: Effect
    touched: Touched | None
    among: Among

    @property
    def reaches(self) -> bool | None:
        """Whether existing customers are to pay the new amount; None where nobody says."""
        return None if self.effect.when is When.UNKNOWN else self.effect.when in _REACHES

    @property
    def price(self) -> Address:
        """The price for an interval that the amount belongs to."""
        return self.users.price or self.address

    @property
    def interval(self) -> str:
        """Its interval."""
        return self.price.key.rpartition("/")[2]

    @property
    def currency(self) -> str:
        """Its currency."""
        return money(self.becomes).currency

    @property
    def is_base(self) -> bool:
        """Whether it is the price itself, not that of a currency, a market or a variant: its customers are known."""
        return not (self.users.currency or self.users.in_market or self.users.only)


def money(amount: Amount) -> Money:
    """An amount; of a derived one, what it is about."""
    return amount.about if isinstance(amount, Derived) else amount


def is_as(amount: Money, expected: Amount) -> bool:
    """Whether an amount is the one that was expected, which is known less exactly where Commet derives it."""
    return amount.is_near(expected.about) if isinstance(expected, Derived) else same_money(amount, expected)


def same_money(one: Money, other: Money) -> bool:
    """Whether two are the same amount of the same currency."""
    return (one.amount, one.currency) == (other.amount, other.currency)


def turns(outlooks: Sequence[Outlook], start: datetime) -> Iterator[Turn]:
    """Every price that some changes move, in their order; `start` is when the rehearsal begins."""
    for outlook in outlooks:
        for change in outlook.review.changeset.changes:
            if isinstance(change, Update) and not is_replaced(change):
                yield from _turns(outlook, change, max(start, outlook.change.moment))


def _turns(outlook: Outlook, change: Update, moment: datetime) -> Iterator[Turn]:
    address, live = change.address, outlook.live
    users = section_of(address).users(address, live)
    if users is None or users.price is None:
        return
    for item in change.fields:
        was, becomes = item.before, item.after
        if item.path != _FIELD or not isinstance(was, Money | Derived) or not isinstance(becomes, Money | Derived):
            continue
        effect = next(e for e in outlook.review.effects[address] if e.path in ("", _FIELD))
        impact = outlook.review.impact
        touched = impact.touched.get(address) if impact and not impact.unknown else None
        interval = users.price.key.rpartition("/")[2]
        plan, price = live.ids[users.plan], users.only or live.ids.get(users.price)
        among = on_price(plan, price, interval, users.variants)
        yield Turn(outlook.change, moment, address, users, was, becomes, effect, touched, among)

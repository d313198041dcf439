"""One move of an amount: what customers pay or get, before and after."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from commetctl.core.change import FieldChange
from commetctl.core.money import Derived, Money, percent_text
from commetctl.core.resource import UNKNOWN, Address, Resource, Value

#: In place of an amount, where customers pay nothing, have no limit, or do not have the feature.
FREE, UNLIMITED, DISABLED = "free", "unlimited", "disabled"
#: Fields that the API never gives back. Where nothing remembers the value, a write reveals it.
UNREAD = frozenset({"credits_per_unit", "margin_percent"})
#: Two percentages that differ by less than this, in points, are one move and its rounding.
_ROUNDING = 1


class Sense(Enum):
    """What an amount is to a customer."""

    #: Customers pay it. It can go too far up and too far down.
    PRICE = "price"
    #: Customers get it for a price. Less of it can be too far; so can more, where it is money.
    INCLUDED = "included"
    #: The price in a currency that is new, beside what the exchange rate makes of the US dollar price. Nobody has paid
    #: in it yet, so it may be any, but a slip shows.
    NEW_CURRENCY = "new_currency"


@dataclass(frozen=True)
class AmountMove:
    """One amount, or one exchange rate, that is something before and something else after.

    `was` and `becomes` are what to show: amounts, numbers, UNKNOWN, None, FREE or UNLIMITED. `before` and `after` are
    the numbers to compare, None where there is nothing to compare with. `meaning` says what the move does, where the
    numbers alone may mislead. `source` is the one thing that moved a derived amount: its base price or its rate.
    """

    address: Address
    path: str
    was: Value
    becomes: Value
    sense: Sense = Sense.PRICE
    before: Decimal | Fraction | None = None
    after: Decimal | Fraction | None = None
    meaning: str = ""
    source: Address | None = None

    @property
    def share(self) -> Fraction | None:
        """How far it moves, as a share of what it was, down being negative; None where there is no share."""
        if self.before is None or self.after is None or (not self.before and self.after):
            return None
        return (Fraction(self.after) - Fraction(self.before)) / Fraction(self.before) if self.before else Fraction(0)

    @property
    def is_unknown(self) -> bool:
        """Whether one of both sides is not known."""
        return UNKNOWN in (self.was, self.becomes)

    @property
    def percent_text(self) -> str:
        """`+20.5%`, or in words why there is no percentage."""
        return self.percent_against(None)

    def percent_against(self, limit: Decimal | None) -> str:
        """The percentage with enough digits to differ from a limit in percent."""
        if self.before is not None and self.after is not None:
            return percent_text(self.before, self.after, limit)
        if self.is_unknown:
            return "not known before" if self.was is UNKNOWN else "not known after"
        if isinstance(self.was, Money | Derived) and isinstance(self.becomes, Money | Derived):
            return "in another currency"
        word = self.was if self.before is None else self.becomes
        return f"{'from' if self.before is None else 'to'} {'none' if word is None else word}"

    def is_beyond(self, limit: Decimal) -> bool:
        """Whether it goes further than `limit`, in percent, up or down."""
        if self.sense is Sense.NEW_CURRENCY:
            return False
        share = self.share
        if share is None:
            return self._is_beyond_any()
        if self.sense is Sense.INCLUDED and share > 0 and currency_of(self.becomes) is None:
            # More units or credits for the same price.
            return False
        return abs(share) * 100 > Fraction(limit)

    def _is_beyond_any(self) -> bool:
        """Whether a move without a percentage is too far under any limit."""
        if self.is_unknown:
            return self.path not in UNREAD
        if self.sense is Sense.INCLUDED:
            # From nothing to something is a gift. Out of unlimited, to nothing or to another currency may be a loss.
            to_another = self.before is None and currency_of(self.was) is not None
            return self.was == UNLIMITED or self.becomes in (None, DISABLED) or to_another
        # Customers pay what they did not pay before, or in another currency.
        return bool(number_of(self.becomes))

    def only_follows(self, others: Iterable["AmountMove"]) -> bool:
        """Whether one of the others is what moved this derived amount, and went as far but for rounding."""
        return any(
            other.address == self.source
            and self.share is not None
            and other.share is not None
            and abs(self.share - other.share) * 100 < _ROUNDING
            for other in others
        )


def leading(moves: Iterable[AmountMove]) -> list[AmountMove]:
    """The moves without the derived amounts that only follow another of them."""
    found = list(moves)
    own: dict[Address | None, list[AmountMove]] = {}
    for move in found:
        own.setdefault(move.address, []).append(move)
    return [move for move in found if not move.only_follows(own.get(move.source, ()))]


def number_of(value: Value) -> Decimal | None:
    """The number of an amount, derived or not, or of a count; None for other values."""
    match value:
        case Derived(about):
            return about.amount
        case Money(amount=amount):
            return amount
        case bool():
            return None
        case int() | Decimal():
            return Decimal(value)
        case _:
            return None


def currency_of(value: Value) -> str | None:
    """The currency of an amount, derived or not."""
    amount = value.about if isinstance(value, Derived) else value
    return amount.currency if isinstance(amount, Money) else None


def field_percent(address: Address, item: FieldChange) -> str:
    """How far an amount or a rate goes, `+20.5%`, to show beside it; empty for what is neither, or does not move."""
    before, after = number_of(item.before), number_of(item.after)
    is_amount = currency_of(item.before) is not None and currency_of(item.before) == currency_of(item.after)
    is_rate = item.path == "rate"
    if before is None or after is None or before == after or not (is_amount or is_rate):
        return ""
    return percent_text(before, after)


_INCLUDED = frozenset({"included_balance", "included_credits", "included_amount", "included_units"})


def field_move(was: Resource, becomes: Resource, name: str) -> Iterator[AmountMove]:
    """The move of one field of an object."""
    return moved(becomes.address, name, was.fields.get(name), becomes.fields.get(name))


def moved(address: Address, path: str, old: Value, new: Value, compared: Value = None) -> Iterator[AmountMove]:
    """The move from one value to another, if it is one; `compared` is the new one in the currency of the old one."""
    if old == new:
        return
    measured = compared or new
    same_currency = currency_of(old) == currency_of(measured)
    before, after = number_of(old), number_of(measured)
    if same_currency and before is not None and before == after:
        return
    if not same_currency and None not in (before, after):
        before = after = None
    yield AmountMove(address, path, old, new, _sense(path), before, after, _meaning(path, old, new))


def _sense(path: str) -> Sense:
    return Sense.INCLUDED if path in _INCLUDED else Sense.PRICE


def _meaning(path: str, old: Value, new: Value) -> str:
    """What a move of a number does; amounts of money speak for themselves."""
    if UNKNOWN in (old, new):
        return ""
    if path == "credits_per_unit":
        return f"a unit costs {_count(new)} instead of {_count(old)}"
    if path == "included_credits":
        return f"the price includes {_count(new)} instead of {_count(old)}"
    return ""


def _count(value: Value) -> str:
    return "no credits" if value in (None, 0) else "1 credit" if value == 1 else f"{value} credits"

"""Amounts that look like slips: cents that no price ends in, cents without a point, and a point between thousands."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from commetctl.core.money import EXPONENTS, Money
from commetctl.core.values import KeyPath
from commetctl.kinds.section import Finding

#: Beside whole amounts, multiples of 5 and anything that ends in 9: 0.97 and 0.98 mark sales in many shops.
USUAL = frozenset({97, 98})
#: An amount in cents has no point, and fits the others once it is divided by a hundred. A contract that costs more than
#: all others together is no slip, so the amount must also be at least this many times the largest of them.
TOO_LARGE = 10
#: How many digits stand between the points of thousands.
_GROUP = 3


@dataclass(frozen=True)
class Tag:
    """An amount as on a price tag: where it is, what it can be compared with, and other amounts that it may follow."""

    path: KeyPath
    group: tuple[str, ...]
    money: Money
    follows: tuple[Money, ...] = ()

    @property
    def has_point(self) -> bool:
        """Whether it was written with digits after a point, zeros included."""
        return bool(self.money.amount.as_tuple().exponent)

    @property
    def thousands(self) -> Decimal | None:
        """What it is if its point separates thousands, as in `1.500`; None where it does not look so."""
        amount = self.money.amount
        return amount * 1000 if amount.as_tuple().exponent == -_GROUP and 1 <= amount < 1000 else None


def odd(all_tags: Iterable[Tag]) -> Iterator[Finding]:
    """Amounts whose digits are probably not what was meant: findings `odd_cents`."""
    written = list(all_tags)
    for tag in written:
        if thousands := tag.thousands:
            message = f"{tag.money.amount} is {tag.money}, but looks like thousands"
            yield Finding(tag.path, "odd_cents", message, f"write {thousands:.0f} or {tag.money.number()}")
    # Other currencies have no cents.
    tags = [tag for tag in written if EXPONENTS[tag.money.currency] == 2 and not tag.thousands]
    groups = _bounds(tags)
    for tag in tags:
        if meant := _meant(tag, *groups.get(tag.group, ())):
            message = f"{tag.money.amount} has no decimal point, and other amounts of this kind are at most {meant}"
            yield Finding(tag.path, "odd_cents", message, "write amounts as on a price tag, 49.00 and not 4900")
        elif not is_usual(tag.money.amount) and tag.money not in tag.follows:
            message = f"{tag.money} ends in unusual cents"
            yield Finding(tag.path, "odd_cents", message, "check the digits after the decimal point")


def is_usual(amount: Decimal) -> bool:
    cents = int(amount * 100) % 100
    return cents % 5 == 0 or cents % 10 == 9 or cents in USUAL


def _bounds(tags: Sequence[Tag]) -> dict[tuple[str, ...], tuple[Money, Money]]:
    """The least and the largest amount of each group that were written with a point."""
    groups: dict[tuple[str, ...], list[Money]] = {}
    for tag in tags:
        if tag.has_point and tag.money.amount:
            groups.setdefault(tag.group, []).append(tag.money)
    return {
        group: (min(found, key=lambda money: money.amount), max(found, key=lambda money: money.amount))
        for group, found in groups.items()
    }


def _meant(tag: Tag, low: Money | None = None, high: Money | None = None) -> Money | None:
    """What others like it look like, where an amount without a point is a hundred times too large beside them."""
    if tag.has_point or not low or not high:
        return None
    meant = tag.money.amount / 100
    far = tag.money.amount >= high.amount * TOO_LARGE
    return high if far and low.amount <= meant <= high.amount else None

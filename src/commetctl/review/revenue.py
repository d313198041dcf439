"""Recurring revenue: what subscriptions may pay, summed as ranges, each subscription counted once."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import partial

from commetctl.core.impact import CurrencyRevenue, Doubt, Option, Revenue
from commetctl.core.money import EXPONENTS, Money, percent_text
from commetctl.core.resource import Address
from commetctl.kinds.sides import Payments
from commetctl.review.subscribers import BILLED, Kind, Subscribers

#: Statuses of subscriptions that are not counted, in words. Of the others, those are counted that renew unchanged.
_NOT_PAYING = {"trialing": "in a trial", "paused": "paused", "pending_payment": "waiting for a payment"}
_NOT_UNDERSTOOD = "with a status that this version of commetctl does not know"
_NOT_BEGUN, _NOT_AS_IS = "not started yet", "that will not renew unchanged"
_COMING = "that are scheduled to move to one of these prices"
_REDUCED = "with an offer or a discount"
_OTHERS = (_NOT_UNDERSTOOD, _NOT_BEGUN, _NOT_AS_IS, _REDUCED)

_NOTHING = Fraction(0)

#: Whether an option belongs to a sum.
Among = Callable[[Option], bool]


@dataclass(frozen=True)
class Sum:
    """What some subscriptions pay for some prices in one currency.

    `uncounted` is the number of subscriptions to these prices that are left out, by reason; `doubts` are the reasons
    why the sum is a range.
    """

    revenue: CurrencyRevenue
    uncounted: Mapping[str, int]
    doubts: frozenset[Doubt]


@dataclass(frozen=True)
class Revenues:
    """The revenue of an account from prices that change."""

    paid: Payments
    subscribers: Subscribers

    def currencies(self) -> tuple[Sum, ...]:
        """One sum for each currency in which a price changes that a subscription may be on."""
        options = (option for kind in self.subscribers.kinds for option in self.paid.options(kind.now))
        found = {option.currency for option in options if option.moves}
        # The currency that others are derived from comes first, as in price lists.
        order = sorted(found, key=lambda currency: (currency != "usd", currency))
        return tuple(self.of(currency, partial(_is_in, currency)) for currency in order)

    def amount(self, amount: Address, currency: str) -> Sum:
        """The sum for one amount, in its currency."""
        return self.of(currency, lambda option: (option.amount, option.currency) == (amount, currency))

    def doubts(self, price: Address) -> frozenset[Doubt]:
        """The reasons why it is not certain how many subscriptions pay a base price."""
        kinds = (kind for kind in self.subscribers.kinds if self._is_on(kind, price))
        return frozenset(doubt for kind in kinds for doubt in self._doubts(kind))

    def uncounted(self) -> Mapping[str, int]:
        """The number of subscriptions to prices that change that are in no sum, by reason; none is counted twice."""
        kinds = self._kinds(lambda _: True)
        coming = sum(
            many.number
            for kind, many in self.subscribers.kinds.items()
            if kind not in kinds and kind.then and any(option.moves for option in self.paid.options(kind.then))
        )
        return _uncounted(kinds) | ({_COMING: coming} if coming else {})

    def of(self, currency: str, among: Among) -> Sum:
        """The sum of the options `among`, over the subscriptions for which one of these options moves."""
        kinds = self._kinds(among)
        paying = {kind: number for kind, number in kinds.items() if kind.stays and not kind.discounted}
        total = sum((self._pays(kind, among).times(number) for kind, number in paying.items()), _Pays.nothing())
        doubts = frozenset(doubt for kind in paying for doubt in self._doubts(kind))
        options = [o for kind in paying for o in self.paid.options(kind.now) if among(o)]
        revenue = CurrencyRevenue(
            _range(total.today, currency),
            _range(total.then, currency),
            _range(total.change, currency),
            _percents(total, options),
            any(option.estimated for option in options),
        )
        return Sum(revenue, _uncounted(kinds), doubts)

    def _kinds(self, among: Among) -> dict[Kind, int]:
        return {
            kind: many.number
            for kind, many in self.subscribers.kinds.items()
            if any(among(option) and option.moves for option in self.paid.options(kind.now))
        }

    def _pays(self, kind: Kind, among: Among) -> "_Pays":
        options = self.paid.options(kind.now)
        pairs = [(option.today, option.then) if among(option) else (_NOTHING, _NOTHING) for option in options]
        # A subscription without a date of its next billing may never be billed.
        pairs += [] if kind.dated else [(_NOTHING, _NOTHING)]
        return _Pays(
            _ends(today for today, _ in pairs),
            _ends(then for _, then in pairs),
            _ends(then - today for today, then in pairs),
        )

    def _is_on(self, kind: Kind, price: Address) -> bool:
        return any(option.price == price for option in self.paid.options(kind.now))

    def _doubts(self, kind: Kind) -> frozenset[Doubt]:
        return self.paid.doubts(kind.now) | (frozenset() if kind.dated else {Doubt.BILLING})


def _is_in(currency: str, option: Option) -> bool:
    return option.currency == currency


_Range = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class _Pays:
    """The least and the most that is paid each month: today, once all have renewed, and the difference."""

    today: _Range
    then: _Range
    change: _Range

    @classmethod
    def nothing(cls) -> "_Pays":
        none = (_NOTHING, _NOTHING)
        return cls(none, none, none)

    def times(self, number: int) -> "_Pays":
        """The amounts of `number` such subscriptions."""
        return _Pays(*((low * number, high * number) for low, high in (self.today, self.then, self.change)))

    def __add__(self, other: "_Pays") -> "_Pays":
        pairs = zip((self.today, self.then, self.change), (other.today, other.then, other.change), strict=True)
        return _Pays(*((a[0] + b[0], a[1] + b[1]) for a, b in pairs))


def _ends(amounts: Iterable[Fraction]) -> _Range:
    found = list(amounts)
    return min(found), max(found)


def _percents(total: _Pays, options: Iterable[Option]) -> tuple[str, ...]:
    """The percentage by which a sum moves; if it is a range, the least and the greatest of its parts."""
    if total.today[0] == total.today[1] and total.then[0] == total.then[1]:
        return (percent_text(total.today[0], total.then[0]),) if total.today[0] else ()
    pairs = [(option.today, option.then) for option in options if option.today or option.then]
    if not pairs or not all(today for today, _ in pairs):
        return ()
    by_share = sorted(pairs, key=lambda pair: pair[1] / pair[0])
    return tuple(dict.fromkeys(percent_text(*pair) for pair in (by_share[0], by_share[-1])))


def _range(ends: _Range, currency: str) -> Revenue:
    return Revenue(_money(ends[0], currency), _money(ends[1], currency))


def _money(amount: Fraction, currency: str) -> Money:
    """An amount with the decimals of its currency, rounded half up."""
    digits = EXPONENTS[currency]
    steps = abs(amount) * 10**digits
    # By hand, because a Fraction has no such rounding mode and cannot always become an exact Decimal.
    whole = int(steps + Fraction(1, 2))
    return Money(Decimal(whole if amount >= 0 else -whole).scaleb(-digits), currency)


def _uncounted(kinds: Mapping[Kind, int]) -> dict[str, int]:
    """The number of subscriptions that are not counted, by reason."""
    found: Counter[str] = Counter()
    for kind, number in kinds.items():
        if why := _left_out(kind):
            found[why] += number
    order = [*_NOT_PAYING.values(), *_OTHERS]
    return {why: found[why] for why in order if found[why]}


def _left_out(kind: Kind) -> str:
    if kind.status in _NOT_PAYING:
        return _NOT_PAYING[kind.status]
    if kind.status not in BILLED:
        return _NOT_UNDERSTOOD
    if not kind.begun:
        return _NOT_BEGUN
    if not kind.stays:
        return _NOT_AS_IS
    return _REDUCED if kind.discounted else ""

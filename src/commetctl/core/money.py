"""Money: decimal amounts of a currency, and the only conversion between them and the integers of the API."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext
from enum import Enum
from fractions import Fraction
from typing import ClassVar, Self

#: Digits after the decimal point of each currency that Commet prices in, by ISO 4217.
EXPONENTS = {
    "usd": 2, "ars": 2, "bob": 2, "brl": 2, "cad": 2, "clp": 0, "cny": 2, "cop": 2, "eur": 2, "gbp": 2, "hkd": 2,
    "inr": 2, "jpy": 0, "krw": 0, "mxn": 2, "pen": 2, "pyg": 0, "sgd": 2, "thb": 2, "twd": 2, "uyu": 2,
}  # fmt: skip

#: Digits after the decimal point of the price of one unit, in any currency.
UNIT_PRICE_DECIMALS = 4

#: Enough digits for the product of any amount and any exchange rate that the file may hold.
_EXACT = 120

#: The largest integer that every JSON reader keeps exact.
LARGEST_WIRE_INTEGER = 2**53 - 1


class Scale(Enum):
    """How an integer of the API relates to the amount it stands for."""

    #: The currency's minor unit: 4900 is 49.00 USD, 4900 is 4900 JPY.
    MINOR = "minor"
    #: Ten thousand to one of any currency: 490000 is 49.00 USD, 72000000 is 7200 JPY.
    RATE = "rate"

    def per_unit(self, currency: str) -> int:
        """How much 1 of the currency is on the wire."""
        return 10**UNIT_PRICE_DECIMALS if self is Scale.RATE else int(10 ** EXPONENTS[currency])


@dataclass(frozen=True)
class Money:
    """An amount of a currency in major units, as a price tag states it."""

    amount: Decimal
    currency: str = "usd"

    #: What to call such an amount in a message.
    noun: ClassVar[str] = "an amount"

    @property
    def decimals(self) -> int:
        """How many digits after the point such an amount may have."""
        return EXPONENTS[self.currency]

    @classmethod
    def from_wire(cls, integer: int, currency: str, scale: Scale) -> Self:
        """The amount that an integer of the API stands for; exact in every scale."""
        return cls(Decimal(integer) / scale.per_unit(currency), currency)

    def to_wire(self, scale: Scale) -> int:
        """The integer that stands for this amount; a ValueError says why there is none."""
        if problem := self.problem(scale):
            raise ValueError(problem)
        return int(self.amount * scale.per_unit(self.currency))

    def problem(self, scale: Scale) -> str | None:
        """What keeps this amount from being sent, in words; None when nothing does."""
        if self.amount < 0:
            return f"{self.noun} cannot be negative"
        if places(self.amount) > self.decimals:
            return f"{self.noun} in {self.currency.upper()} has {_digits(self.decimals)} after the point"
        if self.amount * scale.per_unit(self.currency) > LARGEST_WIRE_INTEGER:
            return f"{self.noun} of this size cannot be sent exactly"
        return None

    def converted(self, rate: Decimal, currency: str) -> Self:
        """This amount at an exchange rate, rounded half up to what the other currency can state."""
        step = Decimal(1).scaleb(-type(self)(Decimal(0), currency).decimals)
        with localcontext(prec=_EXACT):
            return type(self)((self.amount * rate).quantize(step, ROUND_HALF_UP), currency)

    def converts_to(self, other: "Money", rate: Decimal) -> bool:
        """Whether some rounding of this amount at an exchange rate gives the other.

        How Commet rounds is not documented: up, down and half up are all possible, and an exact product is itself.
        """
        step = Decimal(1).scaleb(-other.decimals)
        with localcontext(prec=_EXACT):
            exact = self.amount * rate
            return other.amount in (exact.quantize(step, ROUND_FLOOR), exact.quantize(step, ROUND_CEILING))

    def is_near(self, other: "Money") -> bool:
        """Whether the two differ by one smallest step at most."""
        step = Decimal(1).scaleb(-self.decimals)
        return self.currency == other.currency and abs(self.amount - other.amount) <= step

    def number(self) -> str:
        """The amount alone, with the digits that the currency's price tags have."""
        return f"{self.amount:.{max(EXPONENTS[self.currency], places(self.amount))}f}"

    def __str__(self) -> str:
        return f"{self.number()} {self.currency.upper()}"


@dataclass(frozen=True)
class UnitPrice(Money):
    """The price of one unit of a feature, which states four decimals in any currency."""

    noun: ClassVar[str] = "a unit price"

    @property
    def decimals(self) -> int:
        """Four, whatever the currency: the API carries unit prices in rate scale in every version."""
        return UNIT_PRICE_DECIMALS


#: What marks an amount, as text, that Commet computes.
DERIVED = "(derived)"


@dataclass(frozen=True)
class Derived:
    """A regional amount that Commet computes from the US dollar one and the plan's exchange rate.

    How Commet rounds is not documented, so `about` is our own estimate, less than one smallest step away.
    """

    about: Money

    def __str__(self) -> str:
        return f"about {self.about} {DERIVED}"


def places(number: Decimal) -> int:
    """How many digits after the point a number really has; exact, where `Decimal.normalize` would round."""
    _, digits, exponent = number.as_tuple()
    written = "".join(map(str, digits))
    trailing = len(written) - len(written.rstrip("0"))
    return max(0, -exponent - trailing) if isinstance(exponent, int) and number else 0


def _digits(count: int) -> str:
    return {0: "no digits", 1: "at most one digit"}.get(count, f"at most {count} digits")


Number = Decimal | Fraction


def percent_text(before: Number, after: Number, limit: Decimal | None = None) -> str:
    """How far `after` is from `before`, in percent: `+20.5%`, `-10%`, `0%`, or `from zero` where there is no share.

    One digit after the point, rounded half up. More digits where one would mislead: a move must not read as none, what
    is left must not read as nothing (`-100%`), and a move beyond or below `limit`, in percent, must not read as the
    limit itself. A zero at the end is left out.
    """
    if before == after:
        return "0%"
    if not before:
        return "from zero"
    exact = (Fraction(after) - Fraction(before)) / abs(Fraction(before)) * 100
    marks = [Fraction(0), Fraction(-100)]
    if limit is not None:
        marks += [Fraction(limit), -Fraction(limit)]
    digits = 1
    while any(_side(_rounded(exact, digits), mark) != _side(exact, mark) for mark in marks):
        digits += 1
    return _written(_rounded(exact, digits), digits)


def _rounded(number: Fraction, digits: int) -> Fraction:
    """Half up, which for what goes down means away from zero; exact, where a quotient as a decimal is not."""
    whole = int(abs(number) * 10**digits + Fraction(1, 2))
    return Fraction(whole if number > 0 else -whole, 10**digits)


def _side(number: Fraction, mark: Fraction) -> int:
    return (number > mark) - (number < mark)


def _written(number: Fraction, digits: int) -> str:
    whole, part = divmod(int(abs(number) * 10**digits), 10**digits)
    point = f".{part:0{digits}d}".rstrip("0").rstrip(".")
    return f"{'+' if number > 0 else '-'}{whole}{point}%"

"""Amounts: stored in rate scale (10000 = 1.00 of the currency), exact, and converted at the edges.

Rounding is half up wherever a value does not fit; the sources name no rule, so this is our choice.
"""

from decimal import Decimal
from fractions import Fraction

RATE_SCALE = 10_000
# SQLite's integers end here; larger amounts are refused rather than stored inexactly.
LARGEST = 2**63 - 1

# ISO 4217 currencies without a minor unit, as far as Commet supports them; all others have two decimals.
_ZERO_DECIMAL = frozenset({"clp", "pyg", "jpy", "krw"})


def minor_unit(currency: str) -> int:
    """How much the smallest unit of a currency is in rate scale."""
    return RATE_SCALE if currency in _ZERO_DECIMAL else RATE_SCALE // 100


def from_minor(amount: int, currency: str) -> int:
    return amount * minor_unit(currency)


def to_minor(stored: int, currency: str) -> int:
    unit = minor_unit(currency)
    return (stored + unit // 2) // unit


def derive(dollars: int, rate: Decimal, unit: int) -> int:
    """A stored US dollar amount in another currency, rounded half up to a multiple of `unit`."""
    units = Fraction(rate) * dollars / unit
    return int((units + Fraction(1, 2)) // 1) * unit

"""Billing intervals: how many of each a month has, exactly."""

from fractions import Fraction

#: A year is twelve months and fifty-two weeks, as subscription businesses count; what is paid once has no month.
PER_MONTH = {
    "weekly": Fraction(52, 12),
    "monthly": Fraction(1),
    "quarterly": Fraction(1, 3),
    "semiannual": Fraction(1, 6),
    "yearly": Fraction(1, 12),
}

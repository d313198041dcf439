"""Billing intervals: how often each is billed, exactly."""

from fractions import Fraction

#: How often a year has each interval that recurs, from the shortest to the longest: twelve months, and fifty-two weeks,
#: as price lists and reports count.
PER_YEAR = {"weekly": 52, "monthly": 12, "quarterly": 4, "semiannual": 2, "yearly": 1}
#: How often a month has it, a month being a twelfth of a year.
PER_MONTH = {interval: Fraction(times, 12) for interval, times in PER_YEAR.items()}

"""The start of a subscription that is billed next at a given time, and how far a rehearsal has to go."""

import calendar
from datetime import datetime, timedelta

from commetctl.core.contract import PER_YEAR

#: Longer than any two of the shorter intervals that it is made of.
_LONGEST_MONTH = timedelta(days=31)
_WEEK = timedelta(days=7)
_WEEKLY = "weekly"
#: A day of every month.
_EVERY = 28


def started(billed: datetime, interval: str, day: int | None) -> datetime:
    """When a subscription began whose next period begins at `billed`, and that is billed on a day of the month.

    Where the month of the period before has no such day, it began some periods earlier.
    """
    if interval == _WEEKLY:
        return billed - _WEEK
    months, wanted = 12 // PER_YEAR[interval], _day(billed, day)
    back = 0
    while True:
        back += months
        year, month = divmod(billed.year * 12 + billed.month - 1 - back, 12)
        if wanted <= calendar.monthrange(year, month + 1)[1]:
            return billed.replace(year=year, month=month + 1, day=wanted)


def _day(billed: datetime, day: int | None) -> int:
    """The day of the month on which it is billed: another one than that of `billed` only after a short month."""
    is_last = billed.day == calendar.monthrange(billed.year, billed.month)[1]
    return max(day or 0, billed.day) if is_last and billed.day >= _EVERY else billed.day


def length(interval: str) -> timedelta:
    """No period of an interval is longer."""
    return _WEEK if interval == _WEEKLY else _LONGEST_MONTH * (12 // PER_YEAR[interval])

"""Billing periods: when a subscription is billed next, from a moment on."""

import calendar
from datetime import UTC, datetime, timedelta

#: Months of an interval, and days of a week.
_MONTHS = {"monthly": 1, "quarterly": 3, "semiannual": 6, "yearly": 12}
_WEEK = timedelta(days=7)


def first_from(billed: datetime, interval: str | None, moment: datetime, day: int | None = None) -> datetime | None:
    """The first billing at or after a moment of a subscription that is billed next at `billed`, in UTC.

    `day` is the day of the month on which it is billed, where that may be later than the end of a short month; a
    subscription that began on the 31st is billed on 28 February, and on 31 March (guide, billing cycles). None where
    the interval does not repeat, or is not known.
    """
    if billed >= moment:
        return billed
    if interval == "weekly":
        return billed + _WEEK * -((billed - moment) // _WEEK)
    months = _MONTHS.get(interval or "")
    if months is None:
        return None
    between = (moment.year - billed.year) * 12 + moment.month - billed.month
    number = max(0, between // months - 1)
    # On the last day of a short month, it may be a later day that is meant.
    last = billed.day == calendar.monthrange(billed.year, billed.month)[1]
    while (found := _after(billed, number * months, max(day or 0, billed.day) if last else billed.day)) < moment:
        number += 1
    return found


def _after(billed: datetime, months: int, day: int) -> datetime:
    """The day of a month that is some months later, or the last day of that month."""
    year, month = divmod(billed.year * 12 + billed.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return billed.replace(year=year, month=month + 1, day=min(day, last)).astimezone(UTC)

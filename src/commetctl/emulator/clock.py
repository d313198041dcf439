"""Times as the API writes them: UTC with milliseconds."""

import calendar
from datetime import UTC, datetime, timedelta

_MONTHS = {"monthly": 1, "quarterly": 3, "semiannual": 6, "yearly": 12}


def utc_now() -> datetime:
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse(text: str) -> datetime:
    """An ISO 8601 time, in UTC when it names no zone; ValueError when it is none."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def period_end(start: datetime, interval: str | None) -> datetime | None:
    """When a billing period that starts at `start` ends; None when nothing recurs."""
    if interval == "weekly":
        return start + timedelta(days=7)
    if interval not in _MONTHS:
        return None
    months = start.month - 1 + _MONTHS[interval]
    year, month = start.year + months // 12, months % 12 + 1
    return start.replace(year=year, month=month, day=min(start.day, calendar.monthrange(year, month)[1]))

"""Moments in the head of a change: a date, a time with its offset, or the words `now` and `never`."""

import re
from datetime import UTC, date, datetime, time

from pydantic_core import PydanticCustomError

from commetctl.core.values import moment_text

#: The moment that `now` stands for: before every other one, so that the change is due at once.
NOW = datetime.min.replace(tzinfo=UTC)
#: The moment that `never` stands for: an environment in which the change is never due.
NEVER = datetime.max.replace(tzinfo=UTC)

#: How a date or a time is written.
PATTERN = r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?"

_WORDS = {"now": NOW, "never": NEVER}
_TIME = re.compile(rf"{PATTERN}\Z")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_WITHOUT_YEAR = re.compile(r"-{0,2}\d{1,2}[-./]\d{1,2}\.?\Z")
_FORM = "write a date such as 2027-01-01, which is 00:00 UTC, or a time with an offset: 2027-01-01T00:00:00+01:00"


def moment(value: object) -> datetime:
    """The moment that a value of the file stands for, in UTC; raises a pydantic error that says what to write."""
    if isinstance(value, str) and value in _WORDS:
        return _WORDS[value]
    return dated(value)


def dated(value: object) -> datetime:
    """The moment of a date, at 00:00 UTC, or of a time with an offset; raises a pydantic error for anything else."""
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    text = value if isinstance(value, str) else ""
    if _DATE.match(text):
        return datetime.combine(day(text), time(), UTC)
    if _WITHOUT_YEAR.match(text):
        raise _mistake("has no year", _FORM)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise _mistake("must be a date, or a time with an offset", _FORM) from None
    if found.tzinfo is None:
        raise _mistake("has no offset from UTC, so it is another moment in each time zone", _FORM)
    if not _TIME.match(text):
        # Python reads other forms too, such as those of weeks.
        raise _mistake("must be a date, or a time with an offset", _FORM)
    try:
        return found.astimezone(UTC)
    except OverflowError:
        raise _mistake("is not a moment of the calendar", _FORM) from None


def day(value: object) -> date:
    """The day that a value of the file stands for; raises a pydantic error for anything else."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and _DATE.match(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise _mistake("is not a day of the calendar", "check the day and the month") from None
    if isinstance(value, str) and _WITHOUT_YEAR.match(value):
        raise _mistake("has no year", "write a date such as 2027-01-01")
    raise _mistake("must be a date", "write a date such as 2027-01-01")


def said(found: datetime) -> str:
    """A moment for people, in UTC: `2027-01-01`, or `2027-01-01 09:30 UTC` where it is not midnight."""
    if found == NOW:
        return "now"
    if found == NEVER:
        return "never"
    return moment_text(found)


def _mistake(message: str, hint: str) -> PydanticCustomError:
    return PydanticCustomError("time", "{message}", {"message": message, "hint": hint})

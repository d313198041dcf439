"""JSON, times and amounts, as the API writes them and as the store keeps them."""

import calendar
import json
import re
import secrets
from datetime import UTC, datetime, timedelta
from decimal import Decimal, DecimalException
from fractions import Fraction
from typing import Any, NamedTuple, NoReturn

from werkzeug.wrappers import Response

#: An object of the API, or a request body.
JsonObject = dict[str, Any]

# The standard encoder cannot print a Decimal as a number. It is written as a string with a mark that no client can
# know, and the quotes are removed afterwards.
_MARK = secrets.token_hex(16)
_MARKED = re.compile(f'"{_MARK}([^"]+)"')


def dumps(value: object) -> str:
    """Compact JSON in which a Decimal keeps its digits."""
    text = json.dumps(value, default=_mark, separators=(",", ":"))
    return _MARKED.sub(r"\1", text) if _MARK in text else text


def loads(text: str | bytes) -> Any:
    """Parse strictly: no NaN, no Infinity, floats as Decimal; ValueError when the text is not JSON."""
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant)
    except (DecimalException, RecursionError) as error:
        raise ValueError("a number is too large, or the nesting is too deep") from error


class Answer(NamedTuple):
    """A status and a body, ready to be sent or stored."""

    status: int
    text: str
    replayed: bool = False


def response(text: str, status: int) -> Response:
    """A response with a fresh `x-request-id`; `text` is JSON, or empty."""
    answer = Response(text, status, content_type="application/json")
    answer.headers["x-request-id"] = f"req_{secrets.token_hex(10)}"
    return answer


def _mark(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{_MARK}{value}"
    raise TypeError(f"{type(value).__name__} is not JSON")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


# Times are in UTC, with milliseconds.


def utc_now() -> datetime:
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_time(text: str) -> datetime:
    """An ISO 8601 time, in UTC when it names no zone; ValueError when the text is not a time."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def spelled(moment: datetime) -> str:
    """A time in UTC for people, to the minute."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


_WEEKLY, _MONTHS = "weekly", {"monthly": 1, "quarterly": 3, "semiannual": 6, "yearly": 12}


def period_end(start: datetime, interval: str | None, periods: int = 1) -> datetime | None:
    """The end of billing periods that start at `start`; None when nothing recurs.

    OverflowError or ValueError after the year 9999.
    """
    return _after(start, interval, periods) if interval and recurs(interval) else None


def recurs(interval: str | None) -> bool:
    """Whether billing periods of an interval follow each other."""
    return interval == _WEEKLY or interval in _MONTHS


def period_at(anchor: datetime, interval: str, moment: datetime) -> tuple[datetime, datetime]:
    """Start and end of the first period that ends at `moment` or later, where periods of an interval recur.

    They follow each other from `anchor` on, which decides their day: after January 31 come February 28 and March 31.
    """
    if interval == _WEEKLY:
        passed = (moment - anchor).days // 7
    else:
        passed = ((moment.year - anchor.year) * 12 + moment.month - anchor.month) // _MONTHS[interval]
    # The end may be earlier or later in that month.
    periods = max(1, passed)
    while _after(anchor, interval, periods) < moment:
        periods += 1
    return _after(anchor, interval, periods - 1), _after(anchor, interval, periods)


def _after(start: datetime, interval: str, periods: int) -> datetime:
    if interval == _WEEKLY:
        return start + timedelta(days=7 * periods)
    months = start.month - 1 + _MONTHS[interval] * periods
    year, month = start.year + months // 12, months % 12 + 1
    return start.replace(year=year, month=month, day=min(start.day, calendar.monthrange(year, month)[1]))


# Amounts are stored in rate scale, where 10000 is 1.00 of the currency, and converted when they are read or written.
# Values that do not fit are rounded half up; the sources name no rule, so this is our choice.

RATE_SCALE = 10_000
#: The largest integer of SQLite; larger amounts are refused rather than stored inexactly.
LARGEST = 2**63 - 1
# ISO 4217 currencies without a minor unit, as far as Commet supports them; all others have two decimals.
_ZERO_DECIMAL = frozenset({"clp", "pyg", "jpy", "krw"})


def minor_unit(currency: str) -> int:
    """The smallest unit of a currency, in rate scale."""
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

"""Values: when two of them are the same, where two mappings of them differ, and how one reads as text.

Everything that compares values asks here, so that all parts agree on what a change is.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any, NamedTuple

from commetctl.core.money import DERIVED, Derived, Money, UnitPrice
from commetctl.core.resource import ABSENT, Mark

#: Keys from the outside in. A tuple and not a text, because a key of metadata may have dots in it.
KeyPath = tuple[str, ...]

#: How many digits a number may have before the point, or zeros behind it, and still be written out.
_WRITTEN_OUT = 60


#: The types of most values, two of which are the same when they are equal.
_PLAIN = frozenset({str, bool, int, type(None), Money, UnitPrice})
_ENCODER = json.JSONEncoder(ensure_ascii=False, default=repr)


class Differing(NamedTuple):
    """One place in which two mappings differ, and what each has there: ABSENT where it has nothing."""

    path: KeyPath
    before: Any
    after: Any


def same(one: object, other: object) -> bool:
    """Whether two values are the same, by type and by content, at any depth.

    `true` is not 1, `"1"` is not 1, and the price of a unit is not a price. How a number is written makes no
    difference: 49.00 is 49.0, and 5.0 is 5. The order of keys makes none either; that of a list does.
    """
    if type(one) is type(other) and type(one) in _PLAIN:
        return one == other
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if _is_number(one) and _is_number(other):
        return _exact(one) == _exact(other)
    return type(one) is type(other) and one == other


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Differing]:
    """The places in which two mappings differ, as deep as both are mappings; a list differs as a whole."""
    for key in dict.fromkeys([*after, *before]):
        old, new = before.get(key, ABSENT), after.get(key, ABSENT)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from (Differing((key, *place.path), *place[1:]) for place in differing(old, new))
        elif not same(old, new):
            yield Differing((key,), old, new)


def dotted(path: KeyPath) -> str:
    """A path as text, with a key that has a dot or a quotation mark itself in quotation marks."""
    return ".".join(json.dumps(key, ensure_ascii=False) if set(key) & set('."') else key for key in path)


def text(value: object) -> str:
    """A value as text for messages and snapshots: two texts are the same exactly when the values are.

    Amounts and marks as people read them, anything else as JSON. Text of an account is in it as it came; `printable`
    makes it fit to show.
    """
    match value:
        case str():
            return _json(value)
        case Mark():
            return value.value
        case UnitPrice():
            return f"{value} a unit"
        case Money():
            return str(value)
        case Derived():
            return f"about {text(value.about)} {DERIVED}"
        case datetime():
            return time_text(value)
        case Mapping():
            return "{" + ", ".join(f"{_json(key)}: {text(value[key])}" for key in sorted(value)) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(text, value)) + "]"
        case _:
            return _number_text(_exact(value)) if _is_number(value) else _json(value)


def time_text(moment: datetime) -> str:
    """A time as ISO 8601 has it, in UTC: `2026-12-01T00:00:00Z`."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def moment_text(moment: datetime) -> str:
    """A moment for people, in UTC: `2027-01-01`, or `2027-01-01 09:30 UTC` where it is not midnight."""
    found = moment.astimezone(UTC)
    if found.time() == time():
        return f"{found:%Y-%m-%d}"
    seconds = ":%S" if found.second or found.microsecond else ""
    return f"{found:%Y-%m-%d %H:%M}{found.strftime(seconds)} UTC"


def as_json(value: Any) -> Any:
    """A value of an answer as JSON can hold it: a decimal as a number where that is exact, else as text."""
    if isinstance(value, Mapping):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    if isinstance(value, Decimal):
        return float(value) if _exact(float(value)) == value else _number_text(value)
    return value


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _exact(number: Any) -> Decimal:
    """A number as a decimal; a float as JSON writes it."""
    return Decimal(repr(number)) if isinstance(number, float) else Decimal(number)


def _number_text(number: Decimal) -> str:
    """A number without needless zeros; with an exponent where it would be very long."""
    if not number:
        return "0"
    if not number.is_finite() or abs(number.adjusted()) > _WRITTEN_OUT:
        return str(number)
    plain = f"{number:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _json(value: object) -> str:
    return _ENCODER.encode(value)

"""A conversion of a configuration: its results, the units of its amounts, renaming, and notes on what is left out."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Any

from commetctl.core.errors import Problem
from commetctl.core.money import Money, Scale, UnitPrice
from commetctl.core.resource import Address
from commetctl.kinds.section import Path
from commetctl.kinds.spelling import nearest
from commetctl.usecases.migration.reading import Json, JsonPath, dotted

_LONGEST_SHOWN = 40
_UNKNOWN = "a configuration has no such key"
_SET_ELSEWHERE = "`commetctl explain` says what a catalog has; set anything else in the dashboard"

#: Keys whose null is no way to leave them out.
NUMBERS = frozenset({"amount", "amountInCents", "unitPrice"})
#: What a key stands for in the catalog, where that takes more than another name.
Rule = Callable[[Any], Mapping[str, Any]]


#: Prices are always US dollars: the configuration has no place for another currency.
CURRENCY = "usd"


class Unit(Enum):
    """What the number 490000 stands for as the price of a plan.

    The type of the configuration says rate. What the official tool generates holds what the API gives, in minor units.
    Its instructions of August 2026 also know prices that were written by hand, in dollars.
    """

    RATE = "rate"
    MINOR = "minor"
    MAJOR = "major"

    @property
    def about(self) -> str:
        """The unit in words."""
        return {"rate": "10000 is 1.00 USD", "minor": "100 is 1.00 USD", "major": "1 is 1.00 USD"}[self.value]


@dataclass(frozen=True)
class Amount:
    """One amount: where it stood, as what number, in which unit, and what it is; nothing is nothing in any unit."""

    path: JsonPath
    address: Address
    was: int | Decimal
    unit: Unit | None
    money: Money


@dataclass(frozen=True)
class Note:
    """Something of the configuration that the catalog does not have, or has otherwise."""

    path: JsonPath
    code: str
    message: str
    hint: str = ""


@dataclass
class Converted:
    """What became of a configuration.

    `sections` are entries as a file has them, `places` where in the configuration each path of them comes from, `lost`
    the paths at which something was wrong. `open` are the amounts whose unit nobody said; they are 0 for now.
    """

    sections: dict[str, dict[str, Any]] = field(default_factory=lambda: {"features": {}, "plans": {}})
    places: dict[Path, JsonPath] = field(default_factory=dict)
    lost: set[Path] = field(default_factory=set)
    amounts: list[Amount] = field(default_factory=list)
    open: list[tuple[JsonPath, int | Decimal]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    remarks: dict[Path, str] = field(default_factory=dict)


class Making:
    """A conversion of one configuration, at work."""

    def __init__(self, source: Json, unit: Unit | None) -> None:
        self._source = source
        self._unit = unit
        self.made = Converted(problems=list(source.problems))

    def renamed(
        self,
        value: Mapping[str, Any],
        names: Mapping[str, str],
        at: JsonPath,
        within: Path,
        rules: Mapping[str, Rule] | None = None,
    ) -> dict[str, Any]:
        """An object of the configuration under the names of the catalog; what neither knows is noted."""
        entry: dict[str, Any] = {}
        missing = {*names, *(rules or {})} - value.keys()
        for key, item in value.items():
            here, rule = (*at, key), (rules or {}).get(key)
            if rule is None and key not in names:
                self.unknown(here, item, missing)
            elif item is None and key not in NUMBERS:
                self.note(here, "empty", "is null, which says nothing, and is left out")
            elif rule is not None:
                entry |= rule(item)
            elif item == "" and key in ("description", "unitName"):
                self.note(here, "empty", "is empty, and is left out")
            else:
                self.made.places[(*within, names[key])] = here
                entry[names[key]] = item
        return entry

    def is_object(
        self, value: Any, at: JsonPath, within: Path, message: str = "must be an object of keys and values"
    ) -> bool:
        """Whether a value is an object; it is a problem otherwise."""
        if isinstance(value, dict):
            return True
        self.problem(at, within, "bad_value", message)
        return False

    def is_number(self, value: Any, at: JsonPath, within: Path) -> bool:
        """Whether a value is a number; it is a problem otherwise."""
        if is_number(value):
            return True
        hint = "that is what node makes of NaN and Infinity" if value is None else ""
        message = f"{shown(value)} is not a number that an amount can be"
        self.problem(at, within, "bad_value", message, hint)
        return False

    def unknown(self, at: JsonPath, value: Any, missing: Collection[str]) -> None:
        """Note a key that means nothing, and which of those that are not there was probably meant."""
        near = nearest(str(at[-1]), missing)
        self.not_carried(at, value, _UNKNOWN, f"did you mean `{near}`?" if near else _SET_ELSEWHERE)

    def not_carried(self, at: JsonPath, value: Any, why: str, hint: str = _SET_ELSEWHERE) -> None:
        """Note that a value is left behind."""
        what = "" if isinstance(value, dict | list) else f" (`{shown(value)}`)"
        self.note(at, "not_carried", f"not carried over{what}: {why}", hint)

    def note(self, at: JsonPath, code: str, message: str, hint: str = "") -> None:
        """Note something to look at."""
        self.made.notes.append(Note(at, code, message, hint))

    def problem(self, at: JsonPath, within: Path, code: str, message: str, hint: str = "") -> None:
        """Note something wrong; what the path of the catalog would have held is not known then."""
        text = f"`{dotted(at)}`: {message}" if at else message
        self.made.problems.append(Problem(code, text, hint, self._source.origin(at)))
        self.made.lost.add(within)


def shown(value: Any) -> str:
    """A value, so far as it fits into a message."""
    match value:
        case dict():
            return "an object"
        case list():
            return "an array"
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | Decimal():
            text = digits(value)
        case _:
            text = str(value)
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"


def is_number(value: Any) -> bool:
    """Whether a value of JSON is a number that can be calculated with."""
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def price(value: int | Decimal, unit: Unit) -> Money:
    """The price that a number stands for; a ValueError says why there is none."""
    if unit is Unit.MAJOR:
        money = Money(Decimal(value), CURRENCY)
    else:
        money = Money.from_wire(_whole(value, unit.value), CURRENCY, Scale(unit.value))
    if problem := money.problem(Scale.MINOR):
        raise ValueError(f"as {unit.value} it is {money.amount:f} USD, and {problem}")
    return money


def unit_price(value: int | Decimal) -> UnitPrice:
    """The price of one unit, which is in rate scale in every version; a ValueError says why there is none."""
    money = UnitPrice.from_wire(_whole(value, "rate"), CURRENCY, Scale.RATE)
    if problem := money.problem(Scale.RATE):
        raise ValueError(problem)
    return money


def digits(value: int | Decimal) -> str:
    """A number as it is written without an exponent."""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def readings(value: int | Decimal) -> str:
    """What a number would be in each unit: `490000 is 49.00 USD as rate, 4900.00 USD as minor, …`."""
    return f"{digits(value)} is " + ", ".join(_reading(value, unit) for unit in Unit)


def _reading(value: int | Decimal, unit: Unit) -> str:
    try:
        return f"{price(value, unit)} as {unit.value}"
    except ValueError:
        return f"impossible as {unit.value}"


def _whole(value: int | Decimal, unit: str) -> int:
    if value != int(value):
        raise ValueError(f"as {unit} it must be a whole number")
    return int(value)

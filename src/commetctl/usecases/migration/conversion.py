"""A conversion of a configuration: its results, the units of its amounts, renaming, and notes on what is left out."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Any

from commetctl.core.errors import Problem
from commetctl.core.money import Money, Scale, UnitPrice
from commetctl.core.resource import Address
from commetctl.core.text import nearest, of_field
from commetctl.core.values import KeyPath
from commetctl.kinds import by_name, type_at
from commetctl.usecases.migration.reading import Json, JsonPath, dotted

_LONGEST_SHOWN = 40
_UNKNOWN = "a configuration has no such key"
_SET_ELSEWHERE = "`commetctl explain` shows what a catalog can have; set anything else in the dashboard"

#: Keys that null does not leave out.
NUMBERS = frozenset({"amount", "amountInCents", "unitPrice"})
#: Converts the value of a key that needs more than another name.
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
    """One amount: its place, its number and unit there, and the money that it is; 0 needs no unit."""

    path: JsonPath
    address: Address
    was: int | Decimal
    unit: Unit | None
    money: Money


@dataclass(frozen=True)
class Note:
    """Something in the configuration that the catalog lacks, or expresses differently."""

    path: JsonPath
    code: str
    message: str
    hint: str = ""


@dataclass
class Converted:
    """The result of a conversion.

    `sections` are entries as in a file, `places` the path in the configuration of each path in them, `lost` the paths
    with a mistake. `open` are the amounts whose unit is unknown; they are 0 for now.
    """

    sections: dict[str, dict[str, Any]] = field(default_factory=lambda: {"features": {}, "plans": {}})
    places: dict[KeyPath, JsonPath] = field(default_factory=dict)
    lost: set[KeyPath] = field(default_factory=set)
    amounts: list[Amount] = field(default_factory=list)
    open: list[tuple[JsonPath, int | Decimal]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    remarks: dict[KeyPath, str] = field(default_factory=dict)


class Making:
    """Converts one configuration."""

    def __init__(self, source: Json, unit: Unit | None) -> None:
        self._source = source
        self._unit = unit
        self.made = Converted(problems=list(source.problems))

    def renamed(
        self,
        value: Mapping[str, Any],
        names: Mapping[str, str],
        at: JsonPath,
        within: KeyPath,
        rules: Mapping[str, Rule] | None = None,
    ) -> dict[str, Any]:
        """An object of the configuration under the names of the catalog; an unknown key gets a note."""
        entry: dict[str, Any] = {}
        missing = {*names, *(rules or {})} - value.keys()
        for key, item in value.items():
            here, rule = (*at, key), (rules or {}).get(key)
            if rule is None and key not in names:
                self.unknown(here, item, missing)
            elif item is None and key not in NUMBERS:
                self.note(here, "empty", "is null and has no meaning, so it is left out")
            elif rule is not None:
                entry |= rule(item)
            elif item == "" and key in ("description", "unitName"):
                self.note(here, "empty", "is empty, so it is left out")
            else:
                self.made.places[(*within, names[key])] = here
                entry[names[key]] = item
        return entry

    def is_object(
        self, value: Any, at: JsonPath, within: KeyPath, message: str = "must be an object of keys and values"
    ) -> bool:
        """Whether a value is an object; anything else is reported as a problem."""
        if isinstance(value, dict):
            return True
        self.problem(at, within, "bad_value", message)
        return False

    def is_number(self, value: Any, at: JsonPath, within: KeyPath) -> bool:
        """Whether a value is a number; anything else is reported as a problem."""
        if is_number(value):
            return True
        hint = "node prints NaN and Infinity like this" if value is None else ""
        message = f"{shown(value)} is not a number that can be an amount"
        self.problem(at, within, "bad_value", message, hint)
        return False

    def unknown(self, at: JsonPath, value: Any, missing: Collection[str]) -> None:
        """Note an unknown key, and which of the missing keys was probably meant."""
        near, called = nearest(str(at[-1]), missing), _called(at)
        hint = f"a catalog has `{called}`: write it there" if called else _SET_ELSEWHERE
        self.not_carried(at, value, _UNKNOWN, f"did you mean `{near}`?" if near else hint)

    def not_carried(self, at: JsonPath, value: Any, why: str, hint: str = _SET_ELSEWHERE) -> None:
        """Note that a value is not carried over."""
        what = "" if isinstance(value, dict | list) else f" (`{shown(value)}`)"
        self.note(at, "not_carried", f"not carried over{what}: {why}", hint)

    def note(self, at: JsonPath, code: str, message: str, hint: str = "") -> None:
        """Note something to look at."""
        self.made.notes.append(Note(at, code, message, hint))

    def problem(self, at: JsonPath, within: KeyPath, code: str, message: str, hint: str = "") -> None:
        """Report a problem; the value at the path `within` of the catalog is lost by it."""
        text = of_field(dotted(at), message) if at else message
        self.made.problems.append(Problem(code, text, hint, self._source.origin(at), path=dotted(at)))
        self.made.lost.add(within)


def _called(at: JsonPath) -> str:
    """What a catalog calls a key that a configuration does not have; empty where it has no such key either."""
    *above, key = (str(part) for part in at)
    name = re.sub("([A-Z])", lambda found: f"_{found[1].lower()}", key)
    is_there = type_at((*above, name)) if above else name in by_name()
    return name if is_there else ""


def shown(value: Any) -> str:
    """A value for a message, cut if it is long."""
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
    """Whether a value of JSON is a number."""
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def price(value: int | Decimal, unit: Unit) -> Money:
    """The price that a number stands for; raises ValueError with the reason if there is none."""
    if unit is Unit.MAJOR:
        money = Money(Decimal(value), CURRENCY)
    else:
        money = Money.from_wire(_whole(value, unit.value), CURRENCY, Scale(unit.value))
    if problem := money.problem(Scale.MINOR):
        raise ValueError(f"as {unit.value} it is {money.amount:f} USD, and {problem}")
    return money


def unit_price(value: int | Decimal) -> UnitPrice:
    """The price of one unit, in rate scale in every version; raises ValueError with the reason if there is none."""
    money = UnitPrice.from_wire(_whole(value, "rate"), CURRENCY, Scale.RATE)
    if problem := money.problem(Scale.RATE):
        raise ValueError(problem)
    return money


def digits(value: int | Decimal) -> str:
    """A number as it is written without an exponent."""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def readings(value: int | Decimal) -> str:
    """The amount that a number is in each unit: `490000 is 49.00 USD as rate, 4900.00 USD as minor, …`."""
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


def in_order(plans: Mapping[str, Any]) -> list[str]:
    """The codes of the plans of a configuration, by their `sortOrder`; those without one come last."""
    places = {code: plan.get("sortOrder") for code, plan in plans.items() if isinstance(plan, dict)}
    return sorted(
        places, key=lambda code: (not is_number(places[code]), places[code] if is_number(places[code]) else 0)
    )

"""The units that the amounts of a configuration may be in, and what an amount is in each."""

from decimal import Decimal
from enum import Enum
from typing import Any

from commetctl.core.money import Money, Scale, UnitPrice

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

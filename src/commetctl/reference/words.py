"""Words for what a catalog may hold, that the schema, `explain` and the reference share."""

import inspect
import re

from pydantic import BaseModel

from commetctl.core.contract import CONTRACTS, Contract
from commetctl.core.money import EXPONENTS
from commetctl.kinds.model import Described, Type

_TYPES = {"name": "text on one line", "rate": "exchange rate", "limit": "share, whole number, `off`"}
_TYPES |= {"share": "percentage, `off`", "labels": "mapping of labels"}
#: What is kept to the same limits wherever it stands.
_LIMITS = {
    "name": "not empty, no white space at its ends, one line",
    "text": "not empty, no white space at its ends",
    "rate": "more than 0, at most 15 digits",
    "labels": "text, whole numbers and booleans",
    "limit": "at most 100%, with at most 2 decimals",
    "share": "at most 2 decimals",
}
#: What a mapping is keyed by.
_KEYS = {"currency": "currency", "interval": "interval", "feature": "feature code"}


def title(name: str) -> str:
    """`Trial days`"""
    return name.replace("_", " ").capitalize()


def snake(name: str) -> str:
    """`plan_price` for `PlanPrice` and for `Plan price`"""
    return re.sub(r"(?<=[a-z0-9])\s*(?=[A-Z])|\s+", "_", name).lower()


def summary(spec: type[BaseModel]) -> str:
    """What an object is, in a sentence: the first of its model."""
    return (inspect.getdoc(spec) or "").partition("\n")[0]


def text(item: Described) -> str:
    """What a field is, with the unit of its numbers."""
    unit = f" Unit: {item.unit}." if item.unit else ""
    return item.description + unit


def type_of(item: Described) -> str:
    """The type of a field: `amount`, `one of boolean, usage, seats, quota`, `mapping by currency`."""
    return _type(item.type, _KEYS.get(str(item.extra.get("keys")), ""), percent=item.unit == "percent")


def _type(type_: Type, keys: str, *, percent: bool) -> str:
    if percent:
        return "percentage"
    if type_.word == "choice":
        return "one of " + ", ".join(type_.choices)
    if type_.word == "mapping":
        return f"mapping by {keys}"
    return "mapping" if type_.word == "object" else _TYPES.get(type_.word, type_.word)


def default(item: Described) -> str:
    """The default of a field as the file would say it: `required`, `none`, `0`, `private`."""
    if item.required:
        return "required"
    if item.default in (None, {}):
        return "none"
    if isinstance(item.default, bool):
        return str(item.default).lower()
    return str(item.default)


def limits(item: Described) -> str:
    """What a value of the right type is kept to: `0 to 2147483647`, `more than 0, at most 15 digits`."""
    bounds, word = item.type.limits, item.type.item.word if item.type.item else item.type.word
    if item.unit == "percent":
        return f"0 to {item.extra['maximum']}, at most 2 digits after the point"
    if {"ge", "le"} <= bounds.keys():
        return f"{bounds['ge']} to {bounds['le']}"
    if "max_length" in bounds:
        return f"at most {bounds['max_length']} characters"
    if "pattern" in bounds:
        return f"`{bounds['pattern']}`"
    if word == "amount":
        digits = item.extra.get("decimals", EXPONENTS["usd"] if item.unit.startswith("US dollars") else None)
        most = "no more digits after the point than its currency has"
        return "0 or more, " + (f"at most {digits} digits after the point" if digits else most)
    return _LIMITS.get(word, "")


def first_sentence(said: str) -> str:
    """The first sentence of a description."""
    return re.split(r"(?<=[.])\s", said, maxsplit=1)[0].rstrip(".")


def interval(name: str) -> str:
    """What an interval is, and in which versions of the API."""
    about = "Paid once and never again." if name == "one_time" else f"Paid {_PERIODS[name]}."
    return about + _where([contract for contract in CONTRACTS.values() if name not in contract.intervals])


_PERIODS = {
    "weekly": "each week",
    "monthly": "each month",
    "quarterly": "every three months",
    "semiannual": "every six months",
    "yearly": "each year",
}


def currency(code: str) -> str:
    """What to know of a currency, and in which versions of the API it is."""
    digits = EXPONENTS[code]
    about = f"{code.upper()}: {digits} digits after the point." if digits else f"{code.upper()}: whole amounts only."
    return about + _where([contract for contract in CONTRACTS.values() if code not in contract.currencies])


def _where(lacking: list[Contract]) -> str:
    return "".join(f" Not in API version {contract.version}." for contract in lacking)

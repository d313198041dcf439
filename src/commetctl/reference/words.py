"""Words for what a catalog may hold, that the schema, `explain` and the reference share."""

import inspect
import re

from pydantic import BaseModel

from commetctl.core.contract import CONTRACTS, Contract
from commetctl.core.money import EXPONENTS
from commetctl.reference.fields import Described, Type

_TYPES = {"name": "text on one line", "rate": "exchange rate", "limit": "share, whole number, `off`"}
_TYPES |= {"share": "percentage, `off`", "labels": "mapping of labels"}
#: What a mapping is keyed by.
_KEYS = {"currency": "currency", "interval": "interval", "feature": "feature code"}


def title(name: str) -> str:
    """`Trial days`"""
    return name.replace("_", " ").capitalize()


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

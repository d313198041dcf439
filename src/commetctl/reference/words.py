"""Words for what a catalog may hold, shared by the schema, `explain` and the generated pages."""

import inspect
import re
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import BaseModel

from commetctl.catalog import settings
from commetctl.core.contract import CONTRACTS, DEFAULT_VERSION, Contract
from commetctl.core.money import EXPONENTS, Scale
from commetctl.kinds.model import Described, Type
from commetctl.kinds.scalars import TYPE
from commetctl.kinds.section import Section

_TYPES = {"name": "text", "rate": "exchange rate", "limit": "percentage, whole number, `off`"}
_TYPES |= {"share": "percentage, `off`", "labels": "mapping of labels"}
#: The limits of types that have the same ones everywhere.
_LIMITS = {
    "name": "one line, not empty, no spaces at its ends",
    "text": "not empty, no spaces at its ends",
    "rate": "more than 0, at most 15 digits",
    "currency": "lower case, such as `eur`",
    "labels": "text, whole numbers and booleans",
    "limit": "at most 100%, at most 2 decimals",
    "share": "at most 2 decimals",
}


def title(name: str) -> str:
    """`Trial days`"""
    return name.replace("_", " ").capitalize()


def snake(name: str) -> str:
    """`plan_price` for `PlanPrice` and for `Plan price`"""
    return re.sub(r"(?<=[a-z0-9])\s*(?=[A-Z])|\s+", "_", name).lower()


def summary(spec: type[BaseModel]) -> str:
    """What an object is, in a sentence: the first line of its model's docstring."""
    return (inspect.getdoc(spec) or "").partition("\n")[0]


def type_of(item: Described) -> str:
    """The type of a field: `amount`, `one of boolean, usage, seats, quota`, `mapping by currency`."""
    if TYPE in item.extra:
        return str(item.extra[TYPE])
    if item.unit == "percent":
        return "percentage"
    return _type(item.type, str(item.extra.get("keys", "")))


def _type(type_: Type, keys: str = "") -> str:
    match type_.word:
        case "choice":
            return "one of " + ", ".join(type_.choices)
        case "mapping":
            return f"mapping by {keys}" if keys else "mapping"
        case "list" if type_.item:
            return f"list of {_type(type_.item)}".replace("of mapping", "of mappings")
        case "union":
            return f"mapping, by `{type_.tag}`: {', '.join(type_.variants)}"
        case "object":
            return "mapping"
        case word:
            return _TYPES.get(word, word)


def default(item: Described) -> str:
    """The default of a field as the file would say it: `required`, `none`, `0`, `private`."""
    if item.required:
        return "required"
    if item.default in (None, {}, []):
        return "none"
    if isinstance(item.default, bool):
        return str(item.default).lower()
    return str(item.default)


def limits(item: Described) -> str:
    """The limits of a value of the right type: `0 to 2147483647`, `more than 0, at most 15 digits`."""
    bounds, word = item.type.limits, item.type.item.word if item.type.item else item.type.word
    if item.unit == "percent":
        return f"0 to {item.extra['maximum']}, at most 2 decimals"
    if {"ge", "le"} <= bounds.keys():
        return f"{bounds['ge']} to {bounds['le']}"
    if "max_length" in bounds:
        return f"at most {bounds['max_length']} {'items' if item.type.word == 'list' else 'characters'}"
    if "pattern" in bounds:
        return f"`{bounds['pattern']}`"
    if word == "amount":
        digits = item.extra.get("decimals", EXPONENTS["usd"] if item.unit.startswith("US dollars") else None)
        return "0 or more, " + (f"at most {digits} decimals" if digits else "the decimals of its currency")
    return _LIMITS.get(word, "")


def first_sentence(said: str) -> str:
    """The first sentence of a description."""
    return re.split(r"(?<=[.])\s", said, maxsplit=1)[0].rstrip(".")


def interval(name: str) -> str:
    """What an interval is, and which API versions lack it."""
    about = "Paid once." if name == "one_time" else f"Paid {_PERIODS[name]}."
    return about + lacking(contract for contract in CONTRACTS.values() if name not in contract.intervals)


_PERIODS = {
    "weekly": "each week",
    "monthly": "each month",
    "quarterly": "every three months",
    "semiannual": "every six months",
    "yearly": "each year",
}


def currency(code: str) -> str:
    """How amounts of a currency are written, and which API versions lack it."""
    digits = EXPONENTS[code]
    about = f"{code.upper()}, {digits} decimals." if digits else f"{code.upper()}, whole amounts only."
    return about + lacking(contract for contract in CONTRACTS.values() if code not in contract.currencies)


def lacking(without: Iterable[Contract]) -> str:
    """Which API versions do not have something."""
    return "".join(f" Not in API version {contract.version}." for contract in without)


@dataclass(frozen=True)
class Setting:
    """A key at the top of the file whose value is one of a few words; `default` is empty where there is none."""

    name: str
    description: str
    default: str = ""

    @property
    def choices(self) -> tuple[str, ...]:
        """The words."""
        return settings.SETTINGS[self.name]


def section(known: Section) -> str:
    """What a section of the file holds, and what it means to leave it out."""
    return f"{known.about} Without this section, its objects are unmanaged; an empty one declares that there are none."


ABOUT_VERSION = "The format of this file."
ABOUT_INCLUDE = (
    "Other files of this catalog, relative to its folder. Each adds entries to the sections; no object may be declared "
    "twice."
)
ABOUT_HEAD = "When the change is due, and what is known about it."
ABOUT_POLICY = "How much one run may change before a guard refuses it."
SETTINGS = (
    Setting(
        "api_version",
        "The version of the Commet API, in quotes. `--api-version` and COMMET_API_VERSION override it.",
        DEFAULT_VERSION,
    ),
    Setting(
        "mode",
        "The mode of the account that the catalog is for. Without it, a live account needs `--live`.",
    ),
    Setting(
        "price_scale",
        "The unit of the price integers of API version 2026-07-11: ten-thousandths (`rate`) or minor units (`minor`). "
        "Only with that version.",
        Scale.RATE.value,
    ),
    Setting(
        "balance_scale",
        "The unit in which `included_balance` is sent: minor units (`minor`) or ten-thousandths (`rate`). Commet's "
        "pages contradict each other, so a live account gets no balance until the file sets it.",
        Scale.MINOR.value,
    ),
)

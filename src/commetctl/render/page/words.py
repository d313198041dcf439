"""The words of the page: amounts, intervals and fields as a reader of prices expects them."""

from dataclasses import dataclass

from commetctl.core.money import Derived, Money
from commetctl.core.resource import Mark, Value
from commetctl.core.text import value_text

#: What an interval is called, and what a price of it is for.
_INTERVALS = {
    "weekly": ("Weekly", "per week"),
    "monthly": ("Monthly", "per month"),
    "quarterly": ("Quarterly", "per quarter"),
    "semiannual": ("Half-yearly", "per half-year"),
    "yearly": ("Yearly", "per year"),
    "one_time": ("One time", "once"),
}


@dataclass(frozen=True)
class Amount:
    """An amount in the parts that are set differently: `about`, `49.00`, `USD`, `(derived)`."""

    number: str
    unit: str = ""
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.before, self.number, self.unit, self.after)))


def amount(value: Value) -> Amount:
    """An amount for people, its thousands apart; anything else as it is."""
    match value:
        case Derived(about):
            return Amount(grouped(about.number()), about.currency.upper(), "about", "(derived)")
        case Money():
            return Amount(grouped(value.number()), value.currency.upper())
        case _:
            return Amount(said(value))


def said(value: Value) -> str:
    """Any value for people."""
    match value:
        case Money() | Derived():
            return str(amount(value))
        case None | "":
            return "none"
        case bool() | Mark():
            return value_text(value)
        case int():
            return grouped(str(value))
        case _:
            return value_text(value)


def grouped(number: str) -> str:
    """`12000.00` as `12,000.00`."""
    whole, point, rest = number.partition(".")
    return f"{int(whole):,}{point}{rest}"


def interval_name(interval: str) -> str:
    """`Monthly`"""
    return _INTERVALS.get(interval, (interval, ""))[0]


def interval_per(interval: str) -> str:
    """`per month`"""
    return _INTERVALS.get(interval, ("", f"per {interval}"))[1]


def interval_position(interval: str) -> tuple[int, str]:
    """Where an interval stands among all, the shortest first."""
    order = list(_INTERVALS)
    return (order.index(interval) if interval in order else len(order), interval)


def label(field: str) -> str:
    """`Included amount`; the keys of metadata stay as they are."""
    name, dot, key = field.partition(".")
    words = name.replace("_", " ")
    return f"{words[:1].upper()}{words[1:]}{dot}{key}"


def plural(count: int, noun: str) -> str:
    """`1 plan`, `1,200 plans`."""
    return f"{grouped(str(count))} {noun}{'' if count == 1 else 's'}"

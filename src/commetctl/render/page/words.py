"""The words of the page: amounts and fields as a reader of prices expects them."""

from dataclasses import dataclass

from commetctl.core.money import Derived, Money
from commetctl.core.resource import Mark, Value
from commetctl.core.text import value_text


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


def label(field: str) -> str:
    """`Included amount`; the keys of metadata stay as they are."""
    name, dot, key = field.partition(".")
    words = name.replace("_", " ")
    return f"{words[:1].upper()}{words[1:]}{dot}{key}"


def plural(count: int, noun: str) -> str:
    """`1 plan`, `1,200 plans`."""
    return f"{grouped(str(count))} {noun}{'' if count == 1 else 's'}"

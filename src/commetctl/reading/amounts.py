"""Values as people read them: grouped thousands, a currency once, and a sign for derived amounts."""

from commetctl.core.money import Derived, Money
from commetctl.core.resource import Mark, Value
from commetctl.core.text import change_text, value_text

#: Before an amount that Commet derives from the US dollar amount and an exchange rate.
ABOUT = "≈"
#: What the sign means.
ABOUT_MEANS = "Commet derives this amount from the US dollar amount and the exchange rate of the plan"


def said(value: Value) -> str:
    """A value for people: `1,900.00 USD`, `≈ 45.08 EUR`, `10,000`, `yes`, `none`."""
    match value:
        case Derived(about):
            return f"{ABOUT} {said(about)}"
        case Money():
            return f"{grouped(value.number())} {value.currency.upper()}"
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


def sides(before: Value, after: Value) -> tuple[str, str]:
    """Both sides of a change; those that read alike, such as `1` and `"1"`, are told apart by their type."""
    one, other = said(before), said(after)
    if one == other:
        one, _, other = change_text(before, after).partition(" → ")
    return one, other


def without_shared_unit(before: str, after: str) -> str:
    """`49.00` of `49.00 USD` and `59.00 USD`: the first side without the unit that both share."""
    number, _, unit = before.rpartition(" ")
    shared = number[-1:].isdigit() and after.endswith(f" {unit}") and after[: -len(unit) - 1][-1:].isdigit()
    return number if shared else before


def arrow(before: str, after: str) -> str:
    """`49.00 → 59.00 USD`: two sides in one text, with a unit that both share only once; either may be empty."""
    if not before or not after:
        return before or after
    return f"{without_shared_unit(before, after)} → {after}"

"""A change on one line of Markdown, with all its amounts: what a page shows where it has no room for more."""

from commetctl.core.change import Change, Delete, FieldChange, action
from commetctl.core.money import DERIVED, Derived
from commetctl.core.resource import Address
from commetctl.core.text import field_text
from commetctl.render.groups import Gone, gone, telling
from commetctl.render.markup import code, text
from commetctl.render.meaning import going_said
from commetctl.render.review import Review

SIGNS = {"create": "➕", "update": "✏️", "delete": "➖"}
#: What the amount of an object is called where it goes without saying which one is meant.
PLAIN = frozenset({"price", "rate", "unit_price", "overage"})


def change_line(review: Review, change: Change) -> str:
    """`✏️ plan_price.pro/yearly 490.00 → 590.00 USD +20.4%`"""
    line = f"- {SIGNS[action(change)]} {code(str(change.address))}"
    if isinstance(change, Delete):
        going = text(going_said(review.changeset, change))
        return f"{line} {going}" + "".join(f"; {text(_gone_text(item))}" for item in gone(review, change))
    said = ", ".join(_field(change.address, item) for item in telling(change))
    return f"{line} {said}" if said else line


def _gone_text(item: Gone) -> str:
    """`yearly 490.00 USD, ≈ 450.80 EUR`: what goes along is of the same plan."""
    about = item.along.key.rpartition("/")[2] if item.along else "was"
    amounts = (amount.removeprefix("price ") for amount in item.amounts)
    return _approximate(f"{about} {', '.join(amounts)}")


def _field(address: Address, item: FieldChange) -> str:
    said = field_text(address, item)
    if isinstance(item.before, Derived) or isinstance(item.after, Derived):
        said = _approximate(said)
    return text(said) if item.path in PLAIN else f"{code(item.path)} {text(said)}"


def _approximate(said: str) -> str:
    return said.replace("about ", "≈ ").replace(f" {DERIVED}", "")

"""The move from one value to another, where it is one: what to show of it, and what to compare."""

from collections.abc import Iterator

from commetctl.core.address import Address
from commetctl.core.move import AmountMove, Sense, currency_of, number_of
from commetctl.core.resource import UNKNOWN, Resource, Value

_INCLUDED = frozenset({"included_balance", "included_credits", "included_amount"})


def field_move(was: Resource, becomes: Resource, name: str) -> Iterator[AmountMove]:
    """The move of one field of an object."""
    return moved(becomes.address, name, was.fields.get(name), becomes.fields.get(name))


def moved(address: Address, path: str, old: Value, new: Value, compared: Value = None) -> Iterator[AmountMove]:
    """The move from one value to another, if it is one; `compared` is the new one in the currency of the old one."""
    measured = compared or new
    same_currency = currency_of(old) == currency_of(measured)
    before, after = number_of(old), number_of(measured)
    if old == new or (same_currency and before is not None and before == after):
        return
    if not same_currency and None not in (before, after):
        before = after = None
    yield AmountMove(address, path, old, new, _sense(path), before, after, _meaning(path, old, new))


def _sense(path: str) -> Sense:
    return Sense.INCLUDED if path in _INCLUDED else Sense.PRICE


def _meaning(path: str, old: Value, new: Value) -> str:
    """What a move of a number does; amounts of money speak for themselves."""
    if UNKNOWN in (old, new):
        return ""
    if path == "credits_per_unit":
        return f"a unit takes {_count(new)} instead of {_count(old)}"
    if path == "included_credits":
        return f"the price includes {_count(new)} instead of {_count(old)}"
    return ""


def _count(value: Value) -> str:
    return "no credits" if value in (None, 0) else "1 credit" if value == 1 else f"{value} credits"

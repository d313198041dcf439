"""Moves of the features of plans: what is included, what more costs, and whether customers have the feature at all."""

from collections.abc import Iterator

from commetctl.core.move import DISABLED, UNLIMITED, AmountMove, moved, number_of
from commetctl.core.resource import Resource, Value

#: What customers pay for the use of a feature, beside the price of the plan.
CHARGES = ("overage", "credits_per_unit", "margin_percent")
_FREE = (None, UNLIMITED, DISABLED)


def feature_moves(was: Resource, becomes: Resource) -> Iterator[AmountMove]:
    """The moves of a feature in a plan.

    Customers of the plan get a feature that is enabled at once, with all that it costs. One that is disabled they lose.
    """
    included = DISABLED if is_off(becomes) and not is_off(was) else value_of(becomes, "included_amount")
    if included != DISABLED or value_of(was, "included_amount") not in (None, 0):
        yield from moved(becomes.address, "included_amount", value_of(was, "included_amount"), included)
    is_enabled = is_off(was) and not is_off(becomes)
    for name in CHARGES:
        old = value_of(was, name)
        # A slip in an amount shows also where its feature is enabled with it.
        if number_of(old) or not is_enabled:
            yield from _charge(becomes, name, old)
        if is_enabled and number_of(value_of(becomes, name)):
            yield from _charge(becomes, name, DISABLED)


def is_off(feature: Resource | None) -> bool:
    """Whether a feature is there, and disabled."""
    return feature is not None and feature.fields.get("enabled") is False


def value_of(feature: Resource, name: str) -> Value:
    """An amount of a feature; a mark where the feature is unlimited."""
    limited = name not in ("included_amount", "overage") or feature.fields.get("unlimited") is not True
    return feature.fields.get(name) if limited else UNLIMITED


def _charge(becomes: Resource, name: str, old: Value) -> Iterator[AmountMove]:
    """A move of what is paid; neither what is unlimited nor what stops at its limit costs more than the other."""
    new = value_of(becomes, name)
    if not (old in _FREE and new in _FREE):
        yield from moved(becomes.address, name, old, new)

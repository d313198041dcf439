"""How a field is taken to change, by what it was and what it becomes."""

from decimal import Decimal

import pytest

from commetctl.core.change import FieldChange
from commetctl.core.money import Derived, Money, UnitPrice
from commetctl.core.resource import ABSENT, UNKNOWN, Value
from commetctl.kinds.effects import Way, ways

NINE, TEN = Money(Decimal(9)), Money(Decimal(10))
SET, UNSET = (Way.ADDED, Way.UP, Way.ANY), (Way.REMOVED, Way.DOWN, Way.ANY)
UP, DOWN = (Way.UP, Way.ANY), (Way.DOWN, Way.ANY)
ON, OFF = (Way.ON, Way.ANY), (Way.OFF, Way.ANY)
ANY = (Way.ANY,)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (NINE, TEN, UP),
        (TEN, NINE, DOWN),
        (Derived(NINE), TEN, UP),
        (TEN, Derived(NINE), DOWN),
        (Derived(NINE), Derived(TEN), UP),
        # What Commet derives is an estimate: the same number may be a step up, down or neither.
        (Derived(TEN), TEN, ANY),
        (TEN, Derived(TEN), ANY),
        (TEN, Money(Decimal("10.00")), ANY),
        (UnitPrice(Decimal("0.0021")), UnitPrice(Decimal("0.002")), DOWN),
        (UNKNOWN, TEN, ANY),
        (UNKNOWN, None, ANY),
        (UNKNOWN, True, ANY),
        (UNKNOWN, "public", ANY),
        (5, UNKNOWN, ANY),
        (None, UNKNOWN, ANY),
        (None, 0, SET),
        (None, TEN, SET),
        (0, None, UNSET),
        (Derived(TEN), None, UNSET),
        (ABSENT, "2", SET),
        ("2", ABSENT, UNSET),
        (ABSENT, False, SET),
        (True, ABSENT, UNSET),
        (False, True, ON),
        (True, False, OFF),
        ("private", "public", ON),
        ("public", "private", OFF),
        # Labels of metadata can change their type.
        (True, 7, OFF),
        (0, 1, UP),
        (1, 0, DOWN),
        (2**53, 2**53 + 1, UP),
        (Decimal("5.20"), Decimal("5.2"), ANY),
        (Decimal("5.2"), Decimal("5.37"), UP),
        (5, Decimal("4.9"), DOWN),
        ("9", "10", ANY),
        ("text", 5, ANY),
        ({}, {"a": 1}, ANY),
    ],
)
def test_the_way_of_a_change(before: Value, after: Value, expected: tuple[Way, ...]) -> None:
    assert ways(FieldChange("field", before, after)) == expected

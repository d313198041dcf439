"""Values: one notion of the same, for whatever is compared."""

from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commetctl.core.money import Derived, Money, UnitPrice
from commetctl.core.resource import ABSENT, UNKNOWN, Address, Resource
from commetctl.core.values import differing, dotted, same, text
from commetctl.planning.diff import field_changes

ONE, HALF = Decimal("1"), Decimal("0.50")
#: Each is the same as itself and as no other.
APART: list[Any] = [
    None, True, False, 0, 1, "", "0", "1", "true", "null", "none", "unknown", "1.00 USD", Decimal("1.5"), "1.5", {}, [],
    {"a": 1}, {"a": True}, {"a": "1"}, {"a": None}, {"a": {"b": 1}}, {"a": {"b": True}}, {"a.b": 1}, [1], [True], ["1"],
    [1, 2], [2, 1], [[1], 2], [{"a": 1}], [{"a": True}], UNKNOWN, ABSENT, Money(ONE), Money(ONE, "eur"), Money(HALF),
    UnitPrice(ONE), UnitPrice(ONE, "eur"), Derived(Money(ONE)), Derived(UnitPrice(ONE)),
]  # fmt: skip
ALIKE: list[tuple[Any, Any]] = [
    (Decimal("49.00"), Decimal("49.0")), (5, Decimal("5.0")), (0, Decimal("-0.0")), (1.5, Decimal("1.50")),
    (Money(Decimal("49")), Money(Decimal("49.00"))), (Derived(Money(ONE)), Derived(Money(Decimal("1.00")))),
    ({"a": 1, "b": 2}, {"b": Decimal("2.0"), "a": 1}), ([5, {"x": 1}], (Decimal("5.00"), {"x": Decimal(1)})),
    (10**18 + 1, Decimal("1000000000000000001.0")),
]  # fmt: skip


def test_values_that_differ_in_type_or_content_are_told_apart() -> None:
    for (i, one), (j, other) in product(enumerate(APART), repeat=2):
        assert same(one, other) is (i == j), (one, other)
        assert (text(one) == text(other)) is (i == j), (one, other)


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_how_a_value_is_written_makes_no_difference(one: Any, other: Any) -> None:
    assert same(one, other)
    assert same(other, one)
    assert text(one) == text(other)


def test_a_number_of_many_digits_is_compared_in_all_of_them() -> None:
    long = Decimal("0.1234567890123456789012345678901234567890")
    assert not same(long, long + Decimal("1e-40"))
    assert text(long) != text(long + Decimal("1e-40"))
    assert len(text(Decimal("1e999999"))) < 20


SCALARS = (
    st.none() | st.booleans() | st.integers(-3, 3) | st.text("ab.\"'_1", max_size=3) | st.decimals(-2, 2, places=1)
)
KEYS = st.sampled_from(["a", "b", "a.b", "__a", "", 'q"', "it's", "[0]", "root", "é"])
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=6
)
MAPPINGS = st.dictionaries(KEYS, JSON, max_size=3)


@given(JSON, JSON)
def test_two_texts_are_the_same_exactly_when_the_values_are(one: Any, other: Any) -> None:
    assert same(one, one)
    assert same(one, other) is same(other, one) is (text(one) == text(other))


@given(MAPPINGS, MAPPINGS)
def test_mappings_differ_exactly_in_what_is_named(before: dict[str, Any], after: dict[str, Any]) -> None:
    found = list(differing(before, after))
    assert bool(found) is not same(before, after)
    assert len({place.path for place in found}) == len(found)
    for place in found:
        assert (at(before, place.path), at(after, place.path)) == (place.before, place.after)
        assert not same(place.before, place.after)


@given(MAPPINGS, MAPPINGS)
def test_the_fields_of_a_change_are_what_differs(before: dict[str, Any], after: dict[str, Any]) -> None:
    """Whatever a key is called: nothing that differs may be missing from what is shown."""
    sides = [Resource(Address("plan", "pro"), {"metadata": side}) for side in (before, after)]
    changes = field_changes(*sides)
    expected = differing({"metadata": before}, {"metadata": after})
    assert sorted((c.path, text(c.before), text(c.after)) for c in changes) == sorted(
        (dotted(place.path), text(place.before), text(place.after)) for place in expected
    )


def at(value: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        value = value[key] if isinstance(value, dict) and key in value else ABSENT
    return value


def test_a_path_says_which_dots_are_part_of_a_key() -> None:
    assert dotted(("metadata", "tier")) == "metadata.tier"
    assert dotted(("metadata", "a.b", "__c")) == 'metadata."a.b".__c'

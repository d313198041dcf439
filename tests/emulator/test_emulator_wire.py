"""JSON in which decimals keep their digits; amounts: scales, exponents, rounding."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commetctl.emulator.wire import derive, dumps, from_minor, loads, minor_unit, to_minor


@pytest.mark.parametrize("text", ["5.20", "0.0000001", "1E+3", "123456789.123456789123456789", "-0.5"])
def test_decimals_keep_their_digits(text: str) -> None:
    assert loads(dumps({"rate": loads(text)})) == {"rate": Decimal(text)}
    if "0.0000001" not in text:
        assert dumps([loads(text)]) == f"[{text}]"


def test_strings_that_look_like_numbers_stay_strings() -> None:
    assert dumps(["1.5", Decimal("1.5"), 1, None]) == '["1.5",1.5,1,null]'


def test_lone_surrogates_survive() -> None:
    assert loads(dumps({"a": "\ud800"})) == {"a": "\ud800"}


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "", "{", "1e9999999999999999999", "[" * 100_000])
def test_other_text_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        loads(text)


def test_other_objects_are_not_json() -> None:
    with pytest.raises(TypeError, match="set is not JSON"):
        dumps({"a": {1}})


@pytest.mark.parametrize(
    ("currency", "unit"), [("usd", 100), ("eur", 100), ("jpy", 10_000), ("clp", 10_000), ("pyg", 10_000)]
)
def test_minor_units(currency: str, unit: int) -> None:
    assert minor_unit(currency) == unit
    assert minor_unit("krw") == 10_000


@given(st.integers(0, 2**53 - 1), st.sampled_from(["usd", "brl", "jpy", "krw"]))
def test_minor_amounts_survive_a_round_trip(amount: int, currency: str) -> None:
    assert to_minor(from_minor(amount, currency), currency) == amount


@pytest.mark.parametrize(("stored", "cents"), [(149, 1), (150, 2), (50, 1), (49, 0), (0, 0)])
def test_half_a_cent_rounds_up(stored: int, cents: int) -> None:
    assert to_minor(stored, "usd") == cents


@pytest.mark.parametrize(
    ("dollars", "rate", "unit", "expected"),
    [
        (490_000, "5.20", 100, 2_548_000),
        (10_000, "0.125", 100, 1_300),  # 12.5 cents
        (10_000, "0.124999", 100, 1_200),
        (490_000, "150.3", 10_000, 73_650_000),  # 7364.7 yen
        (20, "0.925", 1, 19),  # 18.5 rate units
        (0, "5.2", 100, 0),
    ],
)
def test_derived_amounts_round_half_up(dollars: int, rate: str, unit: int, expected: int) -> None:
    assert derive(dollars, Decimal(rate), unit) == expected


@given(st.integers(0, 2**40), st.decimals("0.0001", "10000", places=4), st.sampled_from([1, 100, 10_000]))
def test_a_derived_amount_is_off_by_at_most_half_a_unit(dollars: int, rate: Decimal, unit: int) -> None:
    result = derive(dollars, rate, unit)
    assert result % unit == 0
    assert abs(Decimal(result) - rate * dollars) <= Decimal(unit) / 2

"""JSON text: decimals keep their digits."""

from decimal import Decimal

import pytest

from commetctl.emulator.wire import dumps, loads


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

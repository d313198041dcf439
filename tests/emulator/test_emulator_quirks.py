"""Quirks: names, values, defaults."""

import re
from pathlib import Path

import pytest

from commetctl.emulator import QUIRKS, EmulatorError, create_app
from commetctl.emulator.quirks import resolve


def test_the_first_value_is_the_default() -> None:
    assert resolve(None) == {name: values[0] for name, values in QUIRKS.items()}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in QUIRKS for value in QUIRKS[name]])
def test_every_value_can_be_chosen(name: str, value: str) -> None:
    create_app(":memory:", quirks={name: value}).close()


def test_an_unknown_quirk_lists_the_valid_ones() -> None:
    with pytest.raises(EmulatorError, match=r"price_scale.*strict"):
        create_app(":memory:", quirks={"prise_scale": "rate"})


def test_an_unknown_value_lists_the_valid_ones() -> None:
    with pytest.raises(EmulatorError, match="rate, minor"):
        create_app(":memory:", quirks={"price_scale": "cents"})


def test_the_page_has_every_quirk_with_its_values() -> None:
    page = (Path(__file__).parents[2] / "docs" / "emulator.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (`\w+`(?:, `\w+`)+) \|", page, re.MULTILINE)
    assert {name: tuple(values.replace("`", "").split(", ")) for name, values in rows} == dict(QUIRKS)

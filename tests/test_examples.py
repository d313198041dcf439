"""Every example is a catalog that a company could ship: it syncs in both generations, under every answer left open."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from commetctl.catalog import load
from commetctl.emulator import QUIRKS
from harness import Shop

ROOT = Path(__file__).parents[1]
CATALOGS = [*sorted((ROOT / "examples").glob("*/commet.yaml")), ROOT / "commet.yaml.example"]
#: One quirk at a time, every value that is not the default; and all of those at once.
FREE = {name: values for name, values in QUIRKS.items() if name != "mixed_versions"}
QUIRK_SETS: list[dict[str, str]] = [
    {},
    *({name: value} for name, values in FREE.items() for value in values[1:]),
    {name: values[-1] for name, values in FREE.items()},
]


def name_of(path: Path) -> str:
    return path.name if path.parent == ROOT else path.parent.name


def test_there_are_enough_of_them() -> None:
    assert len(CATALOGS) >= 7


def pairs() -> Iterator[Any]:
    """Each example with each set of quirks; in every run by turns, so that a set meets every third example."""
    for turn, quirks in enumerate(QUIRK_SETS):
        name = "+".join(quirks) if len(quirks) < 3 else "all"
        for number, path in enumerate(CATALOGS):
            waits = len(quirks) == 1 and (turn + number) % 3
            marks = [pytest.mark.proof] if waits else []
            yield pytest.param(path, quirks, id=f"{name}-{name_of(path)}", marks=marks)


@pytest.mark.parametrize(("path", "quirks"), [*pairs()])
def test_an_example_is_applied_and_nothing_is_left(
    path: Path, quirks: dict[str, str], version: str, tmp_path: Path
) -> None:
    text = path.read_text("utf-8")
    if load(path).contract.version != version and "api_version:" in text:
        version = load(path).contract.version
    if version == "2026-07-11" and "price_scale" in quirks:
        text += f"\nprice_scale: {quirks['price_scale']}\n"
    if "balance_scale" in quirks:
        text += f"\nbalance_scale: {quirks['balance_scale']}\n"
    with Shop(tmp_path, version, quirks) as shop:
        shop.make(text)
        again = shop.plan(text)
        assert again.actions == []
        assert again.changeset.unmanaged == ()

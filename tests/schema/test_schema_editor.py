"""The schema in a real YAML language server: what an editor marks, shows and completes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from broken import BROKEN, ODD
from language_server import Server

from commetctl.core.text import json_text
from commetctl.reference.schema import schema

pytestmark = pytest.mark.editor

ROOT = Path(__file__).parents[2]
GOOD = [ROOT / "commet.yaml.example", *sorted((ROOT / "examples").glob("*/commet.yaml"))]
MODELINE = "# yaml-language-server: $schema=commet.schema.json\n"
TEXT = """\
version: 1
plans:
  pro:
    name: Pro
    consumption_model: metered
    prices:
      monthly:
        price: 49.00
        trial_days: 14
        regional_prices: {jpy: 7200}
    features:
      calls: {included_amount: 5, overage: {unit_price: 0.002}}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("editor")
    (found / "commet.schema.json").write_text(json_text(schema()), encoding="utf-8")
    return found


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.parent.name)
def test_nothing_is_marked_in_an_example(server: Server, folder: Path, path: Path) -> None:
    text = path.read_text("utf-8")
    assert server.opened(folder / f"{path.parent.name}.yaml", MODELINE + text) == []


@pytest.mark.parametrize("name", BROKEN)
def test_every_mistake_is_marked_in_words_of_its_own(server: Server, folder: Path, name: str) -> None:
    found = server.opened(folder / "broken.yaml", MODELINE + BROKEN[name])
    assert found
    # A pattern that is a riddle is only shown for names and codes.
    assert not any("COMMETCTL_VAR" in item["message"] and "credit_packs" not in BROKEN[name] for item in found)


@pytest.mark.parametrize("name", ODD)
def test_what_is_odd_and_right_is_not_marked(server: Server, folder: Path, name: str) -> None:
    assert server.opened(folder / "odd.yaml", MODELINE + ODD[name]) == []


@pytest.mark.parametrize(
    ("key", "title", "unit"),
    [
        ("price", "Price", "Unit: US dollars."),
        ("trial_days", "Trial days", "Unit: days."),
        ("consumption_model", "Consumption model", ""),
        ("included_amount", "Included amount", "Unit: units, by the feature's"),
        ("unit_price", "Unit price", "Unit: US dollars a unit."),
        ("jpy", "Regional price", "JPY, whole amounts only."),
    ],
)
def test_a_key_says_once_what_it_is_and_its_unit(server: Server, folder: Path, key: str, title: str, unit: str) -> None:
    file = folder / "hover.yaml"
    server.opened(file, MODELINE + TEXT)
    lines = (MODELINE + TEXT).splitlines()
    line = next(number for number, text in enumerate(lines) if f"{key}:" in text)
    shown = server.hover(file, line, lines[line].index(f"{key}:") + 1)
    assert shown.startswith(f"#### {title}\n")
    assert unit in shown


def test_words_and_keys_are_completed(server: Server, folder: Path) -> None:
    file = folder / "typed.yaml"
    text = MODELINE + TEXT.replace("metered", "")
    server.opened(file, text)
    assert {"metered", "credits", "balance"} <= set(server.completed(file, 5, 23))
    file = folder / "further.yaml"
    server.opened(file, MODELINE + TEXT.replace("        trial_days: 14\n", "        \n"))
    assert {"trial_days", "included_credits"} <= set(server.completed(file, 9, 8))

"""Configurations that official releases gave: what becomes of each, and that it works on the embedded Commet."""

import json
import shutil
from pathlib import Path

import pytest

from cli.running import run
from commetctl.usecases.migration import Unit, migrate
from migration.corpus import CASES, FOLDER, Case


@pytest.fixture(params=CASES, ids=lambda case: case.name)
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Case:
    """Each configuration in a folder of its own."""
    found: Case = request.param
    shutil.copy(found.json, tmp_path)
    return found


def test_it_becomes_this_catalog(case: Case, tmp_path: Path) -> None:
    ended = run(tmp_path, "pull", *case.arguments, key=None)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == case.expected("txt")
    assert (tmp_path / "commet.yaml").read_text("utf-8") == case.expected("yaml")


def test_it_applies_and_then_nothing_is_left_to_do(case: Case, tmp_path: Path) -> None:
    for arguments in (
        ["pull", *case.arguments],
        ["validate"],
        ["apply", "--local", "--yes"],
        ["plan", "--local", "--detailed-exitcode"],
        ["pull", "--local", "--check"],
    ):
        ended = run(tmp_path, *arguments, "-q", key=None)
        # Pulling everything brings nothing that was not there.
        assert (ended.code, ended.out, ended.err) == (0, "", ""), arguments


def test_the_document_says_all_of_it(case: Case, tmp_path: Path) -> None:
    found = run(tmp_path, "pull", *case.arguments, "--format", "json", key=None).document["diagnostics"]
    said = case.expected("txt")
    assert all(item["file"] == case.json.name and item["line"] > 0 for item in found if "file" in item)
    amounts = [item for item in found if " → " in item["message"] and item["code"] == "carried"]
    assert all(item["message"].split(" → ")[1] in said for item in amounts)
    assert f"{len(amounts)} amount" in said
    warnings = [item for item in found if item["severity"] == "warning"]
    assert all(item["message"].partition(": ")[2] in said for item in warnings)
    assert len(warnings) == (int(said.partition("to look at: ")[2].partition("\n")[0]) if warnings else 0)


def test_every_file_of_the_corpus_is_tried() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == {case.name for case in CASES}


@pytest.mark.parametrize("scale", [Unit.RATE, Unit.MINOR, Unit.MAJOR])
def test_the_same_prices_in_any_unit(scale: Unit) -> None:
    factor = {Unit.RATE: 10_000, Unit.MINOR: 100, Unit.MAJOR: 1}
    case = CASES[0]
    data = json.loads(case.json.read_text("utf-8"))
    for plan in data["plans"].values():
        for price in plan["prices"]:
            exact = price["amount"] * factor[scale]
            price["amount"] = exact / 10_000 if exact % 10_000 else exact // 10_000
    migrated = migrate("x.json", json.dumps(data).encode(), scale, file="commet.yaml")
    # The command puts the line for editors before it.
    assert migrated.content.decode() == case.expected("yaml").partition("\n")[2]

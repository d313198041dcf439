"""The schema and the loader know the same keys, and each of them is described."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel

from cli.running import run
from commetctl.catalog import load
from commetctl.catalog.settings import PolicySpec
from commetctl.core.contract import CONTRACTS, V2026_08_27
from commetctl.core.errors import InvalidCatalog
from commetctl.core.money import EXPONENTS
from commetctl.kinds import SECTIONS
from commetctl.kinds.model import fields
from commetctl.reference.schema import schema

WHOLE = schema()
#: What editors know of draft-07, `$defs`, and a keyword of theirs for words of our own.
KEYWORDS = {
    *(
        "$schema",
        "patternProperties",
        "$ref",
        "$defs",
        "title",
        "description",
        "default",
        "examples",
        "type",
        "enum",
        "const",
        "minItems",
        "maxItems",
        "anyOf",
        "items",
        "maxItems",
    ),
    *("properties", "required", "additionalProperties", "propertyNames", "pattern", "maxLength", "minimum", "maximum"),
    *("exclusiveMinimum", "not", "items", "maxItems", "if", "else", "patternErrorMessage"),
}


def models(spec: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """A model, and those inside it."""
    yield spec
    for item in fields(spec):
        held = item.type.item or item.type
        for variant in (held, *held.variants.values()):
            if variant.spec:
                yield from models(variant.spec)


TOP: list[type[BaseModel]] = [*(section.spec for section in SECTIONS), PolicySpec]
ALL = dict.fromkeys(model for spec in TOP for model in models(spec))


def schemas(part: Any = WHOLE) -> Iterator[dict[str, Any]]:
    """Every schema inside the schema."""
    if isinstance(part, dict):
        yield part
        for key, value in part.items():
            if key in ("properties", "$defs"):
                for item in value.values():
                    yield from schemas(item)
            elif key == "anyOf":
                for item in value:
                    yield from schemas(item)
            elif key in ("additionalProperties", "propertyNames", "not"):
                yield from schemas(value)


def objects() -> set[frozenset[str]]:
    """The keys of each object with fields of its own."""
    found = {frozenset(part["properties"]) for part in schemas() if "properties" in part}
    return found - {frozenset(V2026_08_27.intervals), frozenset(EXPONENTS), frozenset(WHOLE["properties"])}


def test_the_keys_of_the_models_are_those_of_the_schema() -> None:
    assert objects() == {frozenset(model.model_fields) for model in ALL}


def test_the_keys_at_the_top_are_those_that_the_loader_names(tmp_path: Path) -> None:
    file = tmp_path / "commet.yaml"
    file.write_text("version: 1\nqqqqqqqq: 1\n", encoding="utf-8")
    with pytest.raises(InvalidCatalog) as error:
        load(file)
    (problem,) = error.value.problems
    assert problem.hint == "known: " + ", ".join(sorted(WHOLE["properties"]))


@pytest.mark.parametrize("name", ["mode", "api_version", "price_scale", "balance_scale"])
def test_the_words_of_a_setting_are_those_that_the_loader_names(name: str, tmp_path: Path) -> None:
    file = tmp_path / "commet.yaml"
    file.write_text(f"version: 1\n{name}: bogus\n", encoding="utf-8")
    with pytest.raises(InvalidCatalog) as error:
        load(file)
    words = [word for word in WHOLE["properties"][name]["else"]["enum"] if word]
    assert error.value.problems[0].message == f"`{name}` must be one of: " + ", ".join(words)


@pytest.mark.parametrize("model", ALL, ids=lambda model: model.__name__)
def test_every_field_is_described_with_an_example_and_numbers_with_a_unit(model: type[BaseModel]) -> None:
    for item in fields(model):
        assert item.description.endswith("."), item.name
        assert item.examples, item.name
        held = item.type.item or item.type
        counts = held.word in ("amount", "rate", "whole number", "limit", "share")
        assert bool(item.unit) is counts, item.name


def test_every_field_of_the_schema_has_a_title_a_description_and_an_example_and_a_default_that_fit() -> None:
    found = 0
    for part in schemas():
        for name, field in part.get("properties", {}).items():
            assert field["description"], name
            if name not in (*EXPONENTS, *V2026_08_27.intervals):
                assert field["title"], name
                found += 1
            for example in [*field.get("examples", ()), *([field["default"]] if "default" in field else ())]:
                Draft202012Validator({"$defs": WHOLE["$defs"], **field}).validate(example)
    assert found > 50


def test_objects_are_closed_and_keywords_are_those_that_editors_know() -> None:
    for part in schemas():
        assert part.keys() <= KEYWORDS, part
        if "properties" in part:
            assert part["additionalProperties"] is False


def test_closed_sets_are_those_of_the_newest_version_and_say_what_older_ones_lack() -> None:
    price = WHOLE["$defs"]["plan_price"]["properties"]["regional_prices"]["properties"]
    prices = WHOLE["$defs"]["plan"]["properties"]["prices"]["properties"]
    assert set(price) == set(V2026_08_27.currencies)
    assert list(prices) == list(V2026_08_27.intervals)
    for contract in CONTRACTS.values():
        said = f"Not in API version {contract.version}."
        lacking = {name for name, part in (price | prices).items() if said in part["description"]}
        assert lacking == (set(price) - contract.currencies) | (set(prices) - set(contract.intervals))


def test_the_command_prints_what_it_writes(tmp_path: Path) -> None:
    printed = run(tmp_path, "schema", key=None)
    written = run(tmp_path, "schema", "--out", "s.json", key=None)
    assert (printed.code, written.code, printed.err, written.err) == (0, 0, "", "")
    assert (tmp_path / "s.json").read_text("utf-8") == printed.out
    assert written.out.splitlines()[1] == "# yaml-language-server: $schema=s.json"
    assert run(tmp_path, "schema", "--out", "s.json", key=None).code == 0


def test_nothing_but_a_schema_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "commet.yaml").write_text("version: 1\n")
    (tmp_path / "link.json").symlink_to("elsewhere.json")
    for name in ("commet.yaml", "link.json", "."):
        ended = run(tmp_path, "schema", "--out", name, key=None)
        assert (ended.code, ended.out) == (1, "")
        assert "is left unchanged" in ended.err
    assert run(tmp_path, "schema", "--out", "no/such/folder.json", key=None).code == 1
    assert (tmp_path / "commet.yaml").read_text() == "version: 1\n"
    assert not (tmp_path / "elsewhere.json").exists()


def test_the_schema_of_an_overlay_is_another_file(tmp_path: Path) -> None:
    """Each replaces its own kind alone: an overlay's requires nothing."""
    assert run(tmp_path, "schema", "--overlay", "--out", "o.json").out.startswith(
        "the schema is in o.json; for editors, begin an"
    )
    taken = run(tmp_path, "schema", "--out", "o.json")
    assert (taken.code, "is not a schema of a catalog that commetctl wrote" in taken.err) == (1, True)
    assert run(tmp_path, "schema", "--overlay", "--out", "o.json").code == 0

"""What holds for every configuration: it is the same catalog in any unit, and no key is lost without a word."""

import json
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commetctl.catalog.loading import parse
from commetctl.core.errors import InvalidCatalog, Refused
from commetctl.kinds.scalars import OddNumber
from commetctl.usecases.migration import Unit, migrate
from commetctl.usecases.migration.configuration import convert
from commetctl.usecases.migration.reading import Json, JsonPath, read
from drawing import as_yaml, catalogs
from migration.configurations import configuration, sayable

quick = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
words = st.sampled_from(
    ["features", "plans", "pro", "name", "type", "usage", "metered", "prices", "interval", "monthly", "amount"]
) | st.sampled_from(
    ["amountInCents", "trialDays", "included", "unlimited", "overage", "unitPrice", "isPublic", "defaultInterval"]
)
#: Values that look like parts of a configuration, in the wrong places.
mixed = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**6) | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=5),
    max_leaves=30,
)


def text(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode()


@quick
@given(catalogs(), st.sampled_from(Unit))
def test_a_catalog_as_a_configuration_becomes_that_catalog(catalog: dict[str, Any], unit: Unit) -> None:
    wanted = sayable(catalog)
    migrated = migrate("x.json", text(configuration(wanted, unit)), unit, file="commet.yaml")
    again = parse("commet.yaml", migrated.content)
    assert dict(again.desired) == dict(parse("wanted.yaml", as_yaml(wanted).encode()).desired)
    assert "credit_packs" not in again.sheet.sections


@quick
@given(catalogs())
def test_every_unit_gives_the_same_bytes(catalog: dict[str, Any]) -> None:
    wanted = sayable(catalog)
    made = {migrate("x", text(configuration(wanted, unit)), unit, file="y").content for unit in Unit}
    assert len(made) == 1


@quick
@given(catalogs())
def test_no_unit_is_guessed(catalog: dict[str, Any]) -> None:
    config = configuration(sayable(catalog), Unit.MINOR)
    depends = any(price["amount"] for plan in config["plans"].values() for price in plan["prices"])
    with pytest.raises(Refused, match="unit of its amounts") if depends else nullcontext():
        migrate("x", text(config), None, file="y")


def keys(data: Any, path: JsonPath = ()) -> Iterator[JsonPath]:
    """The path of every key."""
    parts = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in parts:
        if isinstance(key, str):
            yield (*path, key)
        yield from keys(value, (*path, key))


@quick
@given(catalogs(), st.data())
def test_no_key_is_lost_without_a_word(catalog: dict[str, Any], data: st.DataObject) -> None:
    config = configuration(sayable(catalog), Unit.RATE)
    holders = [config, *config["features"].values(), *config["plans"].values()]
    holders += [price for plan in config["plans"].values() for price in plan["prices"]]
    for holder in data.draw(st.lists(st.sampled_from(holders), max_size=4)):
        holder[data.draw(st.sampled_from(["sortOrder", "icon", "metadata", "unit_name", "Name"]))] = data.draw(values)
    made = convert(read("x", text(config)), Unit.RATE)
    left = {note.path for note in made.notes}
    carried = {*made.places.values(), *left}
    lost = [path for path in keys(config) if path not in carried and not _is_inside(path, left)]
    assert lost == []


def _is_inside(path: JsonPath, others: set[JsonPath]) -> bool:
    return any(path[:length] in others for length in range(len(path)))


@quick
@given(values)
def test_json_is_read_as_json(value: Any) -> None:
    found: Json = read("x", text(value))
    assert found.problems == []
    assert _as_floats(found.data) == _as_floats(value)


def _as_floats(value: Any) -> Any:
    """Numbers as a script has them, for the comparison with Python's own reader."""
    if isinstance(value, dict):
        return {key: _as_floats(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_floats(item) for item in value]
    return value if isinstance(value, bool | None) else _text(value) if isinstance(value, str) else _number(value)


def _text(value: str) -> str:
    return "odd" if isinstance(value, OddNumber) else str(value)


def _number(value: Any) -> Any:
    return float(value) if value == 0 or 1e-15 < abs(value) < 1e15 else "odd"


@quick
@given(mixed | values, st.none() | st.sampled_from(Unit))
def test_anything_is_a_catalog_or_a_list_of_problems(value: Any, unit: Unit | None) -> None:
    for data in (value, {"features": value, "plans": value}, {"features": {"a": value}, "plans": {"b": value}}):
        try:
            migrated = migrate("x", text(data), unit, file="commet.yaml")
        except (InvalidCatalog, Refused) as error:
            said = error
        else:
            assert parse("commet.yaml", migrated.content).desired == migrated.catalog.desired
            continue
        assert unit is None or isinstance(said, InvalidCatalog)
        assert said.code in ("invalid_catalog", "amounts_unit")


@quick
@given(
    st.binary(max_size=200) | st.text(alphabet='{}[]",:\\ \n0123456789.eE+-truefalsnulu', max_size=60).map(str.encode)
)
def test_any_bytes_are_json_or_one_problem(content: bytes) -> None:
    try:
        expected = json.loads(content.decode("utf-8-sig"), parse_constant=_refuse)
    except ValueError:
        with pytest.raises(InvalidCatalog):
            read("x", content)
    else:
        assert _as_floats(read("x", content).data) == _as_floats(expected)


def _refuse(word: str) -> None:
    raise ValueError(word)

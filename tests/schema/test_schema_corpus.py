"""The schema says yes to what is right and no to what is not, as a process that others use says it, and offline."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from broken import BROKEN, ODD
from hypothesis import given, settings
from jsonschema import Draft7Validator, Draft202012Validator

from cli.running import environment
from commetctl.catalog import document, load
from commetctl.core.errors import InvalidCatalog
from commetctl.reference.schema import schema
from drawing import as_yaml, catalogs

ROOT = Path(__file__).parents[2]
GOOD = [ROOT / "commet.yaml.example", *sorted((ROOT / "examples").glob("*/commet.yaml"))]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The schema in a file, as the command writes it."""
    folder = tmp_path_factory.mktemp("schema")
    words = [sys.executable, "-m", "commetctl", "schema", "--out", "commet.schema.json"]
    subprocess.run(words, cwd=folder, env=environment(None), check=True, capture_output=True, timeout=60)
    return folder / "commet.schema.json"


def checked(*arguments: Any) -> dict[str, Any]:
    """What check-jsonschema says."""
    words = [sys.executable, "-m", "check_jsonschema", "-o", "json", *map(str, arguments)]
    done = subprocess.run(words, env=environment(None), capture_output=True, text=True, timeout=120, check=False)
    found: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == (0 if found["status"] == "ok" else 1), done.stderr
    return found


def written(folder: Path, texts: dict[str, str]) -> list[Path]:
    """Each text in a file of its own, named after it."""
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return [folder / f"{name}.yaml" for name in texts]


def refused(found: dict[str, Any]) -> set[str]:
    return {Path(item["filename"]).stem for item in (*found["errors"], *found["parse_errors"])}


@pytest.mark.process
def test_it_is_a_schema(file: Path) -> None:
    assert checked("--check-metaschema", file)["status"] == "ok"
    assert json.loads(file.read_text("utf-8")) == schema()


@pytest.mark.process
def test_every_example_is_valid(file: Path) -> None:
    found = checked("--default-filetype", "yaml", "--schemafile", file, *GOOD)
    assert (found["status"], found["errors"]) == ("ok", [])


@pytest.mark.process
def test_what_is_allowed_and_odd_is_valid_for_both(file: Path, tmp_path: Path) -> None:
    files = written(tmp_path, ODD)
    for path in files:
        load(path)
    found = checked("--schemafile", file, *files)
    assert (found["status"], found["errors"]) == ("ok", [])


@pytest.mark.process
def test_each_broken_file_is_refused_by_both(file: Path, tmp_path: Path) -> None:
    files = written(tmp_path, BROKEN)
    assert len(files) > 60
    for path in files:
        with pytest.raises(InvalidCatalog):
            load(path)
    assert refused(checked("--schemafile", file, *files)) == set(BROKEN)


SCHEMA = Draft202012Validator(schema())


def test_readers_of_draft_07_judge_alike() -> None:
    """Which the YAML language server is, at heart."""
    older = Draft7Validator(schema())
    for texts, verdict in ((BROKEN, False), (ODD, True)):
        for name, text in texts.items():
            data = plain(document.parse(name, text.encode()).data)
            assert older.is_valid(data) is verdict, name
            assert SCHEMA.is_valid(data) is verdict, name


@settings(max_examples=60, deadline=None)
@given(catalog=catalogs())
def test_whatever_is_a_catalog_fits(catalog: dict[str, Any]) -> None:
    SCHEMA.validate(plain(document.parse("drawn", as_yaml(catalog).encode()).data))


@pytest.mark.parametrize("overlay", [False, True])
def test_keys_of_the_author_may_hold_anything_where_keys_are_fields(overlay: bool) -> None:
    validator = Draft202012Validator(schema(overlay=overlay))

    def catalog(where: str) -> dict[str, Any]:
        own: dict[str, Any] = {"x-own": [1, {"a": None}]}
        price: dict[str, Any] = {
            "price": 49,
            "regional_prices": {"eur": {"price": 45, **(own if where == "regional" else {})}},
        }
        plan: dict[str, Any] = {
            "name": "Pro",
            "prices": {"monthly": price | (own if where == "price" else {}), **(own if where == "prices" else {})},
            **(own if where == "plan" else {}),
        }
        plans: dict[str, Any] = {"pro": plan, **(own if where == "plans" else {})}
        policy = {"policy": own} if where == "policy" else {}
        return {"version": 1, "plans": plans, **policy, **(own if where == "top" else {})}

    for where, verdict in (
        ("top", True), ("policy", True), ("plan", True), ("price", True), ("regional", True),
        ("plans", False), ("prices", False),
    ):  # fmt: skip
        assert validator.is_valid(catalog(where)) is verdict, where


def test_an_included_file_is_named_as_the_loader_takes_it() -> None:
    named = {
        "./a.yaml": True,
        "a/./b.yml": True,
        "a/b.yaml": True,
        "../a.yaml": False,
        "./../a.yaml": False,
        ".a.yaml": False,
    }
    for name, verdict in named.items():
        assert SCHEMA.is_valid({"version": 1, "include": [name]}) is verdict, name


def plain(value: Any) -> Any:
    """Data as JSON readers have it."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value if isinstance(value, str | bool | int | None) else float(value)


def places(data: Any, above: tuple[str, ...] = ()) -> Iterable[tuple[str, ...]]:
    for key, value in data.items() if isinstance(data, dict) else ():
        yield (*above, key)
        yield from places(value, (*above, key))


#: What is of another type than most fields.
OTHERS: Sequence[Any] = ([5], {"bogus": 5}, 1.5, -1, "", "\n", True)


def judge_alike(folder: Path, values: int) -> None:
    """At each place so many of the values of other types, others at the next."""
    data = document.parse(str(GOOD[0]), GOOD[0].read_bytes()).data
    path, tried = folder / "commet.yaml", Counter[str]()
    for number, place in enumerate(places(data)):
        first = number * values % len(OTHERS)
        for value in (*OTHERS, *OTHERS)[first : first + values]:
            copy = holder = plain(data)
            for key in place[:-1]:
                holder = holder[key]
            holder[place[-1]] = value
            path.write_text(json.dumps(copy), encoding="utf-8")
            codes, is_valid = told(path), SCHEMA.is_valid(copy)
            assert is_valid or codes, (place, value)
            assert not (is_valid and codes & SHAPE), (place, value, codes)
            tried[repr(value)] += bool(codes & SHAPE)
    assert all(tried[repr(value)] > 20 for value in OTHERS), tried


def test_what_the_loader_refuses_anywhere_for_its_type_the_schema_refuses_too(tmp_path: Path) -> None:
    judge_alike(tmp_path, 2)


@pytest.mark.proof
def test_what_the_loader_refuses_anywhere_for_its_type_the_schema_refuses_too_for_every_value(tmp_path: Path) -> None:
    judge_alike(tmp_path, len(OTHERS))


def test_a_variable_may_stand_for_any_scalar() -> None:
    data = plain(document.parse(str(GOOD[0]), GOOD[0].read_bytes()).data)
    tried = 0
    for place in places(data):
        copy = holder = deepcopy(data)
        for key in place[:-1]:
            holder = holder[key]
        if isinstance(holder[place[-1]], dict | list):
            continue
        holder[place[-1]] = "${COMMETCTL_VAR_x}"
        SCHEMA.validate(copy)
        holder[place[-1]] = "${HOME}"
        tried += not SCHEMA.is_valid(copy)
    assert tried > 20


def told(path: Path) -> set[str]:
    """The codes of what the loader finds."""
    try:
        load(path)
    except InvalidCatalog as error:
        return {problem.code for problem in error.problems}
    return set()


#: The codes that say that a value is not of its type.
SHAPE = {"unknown_key", "missing_key", "bad_value", "amount", "rate", "text", "metadata", "unknown_version"} | {
    *("not_a_mapping", "bad_code", "unknown_interval", "unknown_currency", "limit", "bad_margin")
}


def test_an_overlay_may_leave_out_anything_and_say_nothing_else() -> None:
    overlay = Draft202012Validator(schema(overlay=True))
    part = {
        "version": 1,
        "mode": "live",
        "plans": {"pro": {"prices": {"monthly": {"trial_days": 3}}, "features": None}},
    }
    overlay.validate(part)
    assert not SCHEMA.is_valid(part)
    assert not overlay.is_valid(part | {"plans": {"pro": {"nmae": "x"}}})
    assert not overlay.is_valid({"mode": "live"})

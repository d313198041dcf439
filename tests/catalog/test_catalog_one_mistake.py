"""One mistake anywhere in a file that was right, and one thing is said: about that place."""

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from catalogs import load_text

from commetctl.catalog import document
from commetctl.core.errors import InvalidCatalog, Problem
from commetctl.core.values import KeyPath as Place
from commetctl.kinds import SECTIONS

ROOT = Path(__file__).parents[2]
#: The file that shows every field, quickly; all the others as a proof.
CATALOGS = [
    ROOT / "commet.yaml.example",
    *(pytest.param(path, marks=pytest.mark.proof) for path in sorted((ROOT / "examples").glob("*/commet.yaml"))),
]
#: What holds entries by a key of their own, so that another key is another entry and not a misspelling.
#: Sections whose addresses are made of names, and keys below which any key may stand.
NAMED = {section.name for section in SECTIONS if section.named}
KEYED = {key for section in SECTIONS for key in (section.name, *section.objects)} | {"metadata"}


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def found(folder: Path, data: Any) -> tuple[Problem, ...]:
    """The problems of plain data, which JSON can hold because YAML is more than JSON."""
    try:
        load_text(folder, json.dumps(data, default=str))
    except InvalidCatalog as error:
        return error.problems
    return ()


def places(data: Any, above: Place = ()) -> Iterator[Place]:
    for key, value in data.items() if isinstance(data, dict) else ():
        yield (*above, key)
        yield from places(value, (*above, key))


def changed(data: Any) -> Iterator[tuple[Place, Any, Any]]:
    """Each place below the top, a copy of the data, and the mapping in the copy that holds it."""
    for place in places(data):
        copy = holder = deepcopy(data)
        for key in place[:-1]:
            holder = holder[key]
        yield place, copy, holder


@pytest.mark.parametrize("catalog", CATALOGS, ids=name_of)
def test_a_key_that_is_misspelt_is_the_only_thing_wrong(catalog: Path, tmp_path: Path) -> None:
    data = document.parse(str(catalog), catalog.read_bytes()).data
    assert found(tmp_path, data) == ()
    tried = 0
    for place, copy, holder in changed(data):
        if place[-2:-1] and place[-2] in KEYED:
            continue
        holder[f"{place[-1]}z"] = holder.pop(place[-1])
        problems = found(tmp_path, copy)
        assert [problem.code for problem in problems] == ["unknown_key"], (place, problems)
        assert f"{place[-1]}z`" in problems[0].message
        assert problems[0].hint == f"did you mean `{place[-1]}`?", place
        tried += 1
    assert tried > 15


@pytest.mark.parametrize("catalog", CATALOGS, ids=name_of)
def test_a_value_of_the_wrong_type_is_the_only_thing_wrong(catalog: Path, tmp_path: Path) -> None:
    data = document.parse(str(catalog), catalog.read_bytes()).data
    for place, copy, holder in changed(data):
        holder[place[-1]] = [5]
        problems = found(tmp_path, copy)
        assert len(problems) == 1, (place, problems)
        said = f"{problems[0].address} {problems[0].message}"
        names = [part for part in place if part not in KEYED]
        assert place[-1] in KEYED or names[-1] in said or place[0] in NAMED, (place, said)


def test_a_version_that_is_missing_is_said_beside_other_mistakes(tmp_path: Path) -> None:
    assert [problem.code for problem in found(tmp_path, {"mode": "x", "pricing": {}})] == [
        "missing_key",
        "bad_value",
        "unknown_key",
    ]

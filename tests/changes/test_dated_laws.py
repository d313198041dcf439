"""Laws of dated changes: the order of the files means nothing, and what a file says from its date on is what the
settled catalog says."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, composite

from commetctl.catalog.data import at
from commetctl.catalog.loading import read
from commetctl.catalog.source import TextSource
from commetctl.core.errors import InvalidCatalog
from drawing import as_yaml, catalogs

quick = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
long = settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck))
_BEGIN = datetime(2027, 1, 1, tzinfo=UTC)
_DAYS = st.integers(0, 1)
_WHO = st.sampled_from([*[("a",), ("b",), ("c",)] * 10, ("a", "c")])
#: A main file, and changes by name: the day on which each is due, and what it lays over the catalog.
Drawn = tuple[dict[str, Any], dict[str, tuple[int, dict[str, Any]]]]


def overlay(one: Any, other: Any) -> Any:
    """What has to be laid over one catalog to make the other of it."""
    if not isinstance(one, dict) or not isinstance(other, dict):
        return other
    changed = {key: overlay(one.get(key), value) for key, value in other.items() if one.get(key) != value}
    return changed | {key: None for key in one if key not in other and one[key] is not None}


@composite
def parted(draw: DrawFn) -> Drawn:
    """A catalog, and what would make another of it in three parts, each on its day; sometimes two say the same."""
    base, other = draw(catalogs()), draw(catalogs())
    days = {name: draw(_DAYS) for name in "abc"}
    parts: dict[str, dict[str, Any]] = {name: {} for name in days}
    for section, entries in overlay(base, other).items():
        for key, entry in entries.items() if isinstance(entries, dict) else ():
            for name in draw(_WHO):
                parts[name].setdefault(section, {})[key] = entry
    return base, {name: (days[name], content) for name, content in parts.items() if content}


def text(day: int, content: Mapping[str, Any]) -> bytes:
    """The file of a change."""
    head = {"effective": f"{_BEGIN + timedelta(days=day):%Y-%m-%d}"}
    return as_yaml({"version": 1, "change": head, **content}).encode()


def desired(base: dict[str, Any], changes: Mapping[str, bytes], moment: datetime) -> dict[str, Any] | None:
    """What the catalog declares at a moment, by address; None where it is not valid now, or ever."""
    files = {f"changes/{name}.yaml": content for name, content in changes.items()}
    try:
        catalog = read(TextSource("commet.yaml", {"commet.yaml": as_yaml(base).encode(), **files}), moment=moment)
    except InvalidCatalog:
        return None
    return {str(address): found.fields for address, found in catalog.desired.items()}


def order_means_nothing(case: Drawn, names: list[str]) -> bool:
    """Whether there is a future: the same whatever the files are called, which is the order of reading them."""
    base, changes = case
    last = _BEGIN + timedelta(days=9)
    files = {name: text(day, content) for name, (day, content) in changes.items()}
    again = {name: files[old] for name, old in zip(names, sorted(files), strict=False)}
    found = desired(base, files, last)
    assert desired(base, again, last) == found
    if found is not None:
        # Nobody wins: whoever is due at the same moment says nothing of the same path.
        for name, (day, content) in changes.items():
            for other in [o for o in changes if o > name and changes[o][0] == day]:
                assert not {*leaves(content)} & {*leaves(changes[other][1])}
    return found is not None


def leaves(data: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The paths of the values in nested mappings."""
    if not isinstance(data, dict) or not data:
        return [path]
    return [leaf for key, value in data.items() if key != "version" for leaf in leaves(value, (*path, key))]


def due_is_as_settled(base: dict[str, Any], after: dict[str, Any], day: int) -> None:
    content = overlay(base, after)
    content.pop("version", None)
    assume(content)
    files = {"a": text(day, content)}
    moment = _BEGIN + timedelta(days=day)
    assert desired(base, files, moment) == desired(after, {}, moment)
    assert desired(base, files, moment - timedelta(microseconds=1)) == desired(base, {}, moment)


_ORDERS = st.permutations(["a", "b", "c"])


@quick
@given(case=parted(), names=_ORDERS)
def test_any_order_of_the_files_gives_one_future_or_an_error(case: Drawn, names: list[str]) -> None:
    order_means_nothing(case, names)


@quick
@given(base=catalogs(), after=catalogs(), day=_DAYS)
def test_a_change_that_is_due_says_what_the_settled_file_says(
    base: dict[str, Any], after: dict[str, Any], day: int
) -> None:
    due_is_as_settled(base, after, day)


@pytest.mark.proof
@long
@given(case=parted(), names=_ORDERS)
def test_any_order_at_length(case: Drawn, names: list[str]) -> None:
    order_means_nothing(case, names)


@pytest.mark.proof
@long
@given(base=catalogs(), after=catalogs(), day=_DAYS)
def test_due_and_settled_at_length(base: dict[str, Any], after: dict[str, Any], day: int) -> None:
    due_is_as_settled(base, after, day)


def test_most_of_the_futures_that_are_drawn_are_valid() -> None:
    """Otherwise the law would be about errors alone."""
    found: list[bool] = []

    @settings(max_examples=40, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(case=parted())
    def draw(case: Drawn) -> None:
        found.append(order_means_nothing(case, ["a", "b", "c"]))

    draw()
    assert (found.count(True) > 10, found.count(False) > 3) == (True, True)


def test_the_overlay_of_the_laws_is_one() -> None:
    assert overlay({"a": 1, "b": {"c": 2}}, {"b": {"c": 3, "d": 4}}) == {"b": {"c": 3, "d": 4}, "a": None}
    assert at(overlay({"a": {"b": 1}}, {"a": {}}), ("a", "b")) is None

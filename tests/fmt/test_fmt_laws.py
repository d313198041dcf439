"""What holds for every catalog, however it is written: it means the same, keeps its comments, and once is enough."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from commetctl.catalog import Catalog
from commetctl.catalog.formatting import formatted
from commetctl.catalog.loading import parse
from drawing import as_yaml, catalogs
from fmt.styles import written
from pull.odd import ODD, anchored
from pull.pulling import NEWER, OLDER, opened, pulled, text_of

ROOT = Path(__file__).parents[2]
EXAMPLES = [*sorted((ROOT / "examples").glob("*/commet.yaml")), ROOT / "commet.yaml.example"]

quick = settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
long = settings(max_examples=3000, deadline=None, suppress_health_check=list(HealthCheck))
#: A catalog, a text that says it, and the comments in it.
Styled = tuple[dict[str, Any], tuple[str, list[str]]]
styled = catalogs().flatmap(lambda catalog: st.tuples(st.just(catalog), written(catalog)))


def fmt(text: str) -> str:
    return formatted("commet.yaml", text.encode()).decode()


def remarks(text: str, known: list[str]) -> Counter[str]:
    """How often each comment ends a line."""
    lines = [line.rstrip() for line in text.replace("\r", "\n").split("\n")]
    return Counter(comment for comment in known for line in lines if line.endswith(comment.rstrip()))


def ignored(catalog: Catalog) -> list[tuple[tuple[str, ...], str, frozenset[Any]]]:
    return sorted(((found.codes, found.reason, frozenset(found.paths)) for found in catalog.ignores), key=repr)


def holds(text: str) -> str:
    """The text in its form, once it is known to be the same."""
    before = parse("commet.yaml", text.encode())
    found = fmt(text)
    after = parse("commet.yaml", found.encode())
    assert after.desired == before.desired
    assert after.sheet.sections == before.sheet.sections
    assert (after.contract, after.mode, after.policy) == (before.contract, before.mode, before.policy)
    for section, entries in before.sheet.sections.items():
        assert list(after.sheet.sections[section]) == list(entries)
    assert ignored(after) == ignored(before)
    assert fmt(found) == found
    return found


def is_kept(drawn: Styled) -> None:
    catalog, (text, comments) = drawn
    note(text)
    found = holds(text)
    assert parse("commet.yaml", found.encode()).desired == parse("commet.yaml", as_yaml(catalog).encode()).desired
    assert remarks(found, comments) == Counter(comments)
    assert found.startswith("\ufeff") == text.startswith("\ufeff")
    newline = "\r\n" if "\r\n" in text else "\r" if "\r" in text else "\n"
    assert found.endswith(newline)
    assert not found.endswith(newline * 2)
    lines = found.removeprefix("\ufeff").split(newline)
    assert all(line == line.rstrip() and "\n" not in line and "\r" not in line for line in lines)
    if "# yaml-language-server" in text:
        assert lines[0].startswith("# yaml-language-server")


@given(styled)
@quick
def test_it_means_the_same(drawn: Styled) -> None:
    is_kept(drawn)


@pytest.mark.proof
@given(styled)
@long
def test_it_means_the_same_at_length(drawn: Styled) -> None:
    is_kept(drawn)


@given(catalogs())
@quick
def test_what_is_full_of_anchors_means_the_same(catalog: dict[str, Any]) -> None:
    holds(anchored(catalog, {}).partition("\n")[2] + "\n")


@pytest.mark.proof
@given(catalogs())
@settings(long, max_examples=500)
def test_what_is_full_of_anchors_means_the_same_at_length(catalog: dict[str, Any]) -> None:
    holds(anchored(catalog, {}).partition("\n")[2] + "\n")


def pull_agrees(version: str, drawn: Styled) -> None:
    """What pull writes is in form, and pulling into what is in form from an account that says the same does nothing."""
    catalog, (text, _) = drawn
    with opened(version) as shop:
        shop.make(as_yaml(catalog, api_version=version, **({"price_scale": "rate"} if version == OLDER else {})))
        fresh = text_of(pulled(shop))
        assert fmt(fresh) == fresh
        if version == NEWER:
            found = fmt(text)
            assert text_of(pulled(shop, found)) == found


@given(st.sampled_from([NEWER, OLDER]), styled)
@quick
def test_pull_agrees(version: str, drawn: Styled) -> None:
    pull_agrees(version, drawn)


@pytest.mark.proof
@given(st.sampled_from([NEWER, OLDER]), styled)
@settings(long, max_examples=500)
def test_pull_agrees_at_length(version: str, drawn: Styled) -> None:
    pull_agrees(version, drawn)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_an_example_is_in_form(path: Path) -> None:
    assert fmt(path.read_text("utf-8")) == path.read_text("utf-8")


@pytest.mark.parametrize("name", ODD)
def test_an_odd_file_means_the_same(name: str) -> None:
    holds(ODD[name].replace("AMOUNT", "49"))

"""What holds for every catalog: what was applied is pulled, nothing is left to do, and once is enough."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from commetctl.core.contract import CONTRACTS
from commetctl.kinds import SECTIONS
from drawing import as_yaml, catalogs
from pull.odd import ODD, anchored
from pull.pulling import NEWER, OLDER, opened, plan_of, pulled, settled, text_of

ROOT = Path(__file__).parents[2]
CATALOGS = [*sorted((ROOT / "examples").glob("*/commet.yaml")), ROOT / "commet.yaml.example"]

versions = st.sampled_from(sorted(CONTRACTS))
quick = settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
long = settings(max_examples=3000, deadline=None, suppress_health_check=list(HealthCheck))


def in_version(catalog: dict[str, Any], version: str) -> str:
    return as_yaml(catalog, api_version=version, **({"price_scale": "rate"} if version == OLDER else {}))


def pulls_into_nothing(version: str, catalog: dict[str, Any]) -> None:
    with opened(version) as shop:
        shop.make(in_version(catalog, version))
        text = text_of(pulled(shop))
        note(text)
        settled(shop, text)


def pulls_into_another(version: str, first: dict[str, Any], then: dict[str, Any]) -> None:
    """Through JSON, which is all flow, and through what was pulled, which is all block."""
    with opened(version) as shop, opened(version) as other:
        shop.make(in_version(then, version))
        written = in_version(first, version)
        other.make(written)
        for text in (written, text_of(pulled(other))):
            note(text)
            found = text_of(pulled(shop, text))
            note(found)
            settled(shop, found)


@given(versions, catalogs())
@quick
def test_what_was_applied_is_pulled_into_a_new_file(version: str, catalog: dict[str, Any]) -> None:
    pulls_into_nothing(version, catalog)


@given(versions, catalogs(), catalogs())
@quick
def test_what_was_applied_is_pulled_into_another_catalog(
    version: str, first: dict[str, Any], then: dict[str, Any]
) -> None:
    pulls_into_another(version, first, then)


def pulls_into_odd(name: str, catalog: dict[str, Any]) -> None:
    """The same into files as people write them: with anchors, merges, comments, line ends of other systems."""
    with opened(NEWER) as shop:
        shop.make(as_yaml(catalog))
        found = pulled(shop, ODD[name].replace("AMOUNT", "49.00")).main.after
        note(found.decode())
        assert plan_of(shop, found) == []
        assert pulled(shop, found.decode()).main.after == found


def pulls_into_anchored(first: dict[str, Any], then: dict[str, Any]) -> None:
    """The same where whatever is there twice is an alias the second time."""
    with opened(NEWER) as shop:
        shop.make(as_yaml(then))
        before = anchored(first, {}).partition("\n")[2] + "\n"
        note(before)
        found = pulled(shop, before).main.after
        note(found.decode())
        assert plan_of(shop, found) == []
        assert pulled(shop, found.decode()).main.after == found


@given(catalogs(), catalogs())
@quick
def test_what_was_applied_is_pulled_into_a_catalog_full_of_anchors(first: dict[str, Any], then: dict[str, Any]) -> None:
    pulls_into_anchored(first, then)


@pytest.mark.proof
@given(catalogs(), catalogs())
@long
def test_what_was_applied_is_pulled_into_a_catalog_full_of_anchors_at_length(
    first: dict[str, Any], then: dict[str, Any]
) -> None:
    pulls_into_anchored(first, then)


@given(st.sampled_from(sorted(ODD)), catalogs())
@quick
def test_what_was_applied_is_pulled_into_an_odd_file(name: str, catalog: dict[str, Any]) -> None:
    pulls_into_odd(name, catalog)


@pytest.mark.proof
@given(st.sampled_from(sorted(ODD)), catalogs())
@long
def test_what_was_applied_is_pulled_into_an_odd_file_at_length(name: str, catalog: dict[str, Any]) -> None:
    pulls_into_odd(name, catalog)


@pytest.mark.proof
@given(versions, catalogs())
@long
def test_what_was_applied_is_pulled_into_a_new_file_at_length(version: str, catalog: dict[str, Any]) -> None:
    pulls_into_nothing(version, catalog)


@pytest.mark.proof
@given(versions, catalogs(), catalogs())
@long
def test_what_was_applied_is_pulled_into_another_catalog_at_length(
    version: str, first: dict[str, Any], then: dict[str, Any]
) -> None:
    pulls_into_another(version, first, then)


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: path.parent.name)
def test_an_example_that_was_applied_is_pulled_into_itself_byte_for_byte(path: Path) -> None:
    text = path.read_text("utf-8")
    with opened(NEWER) as shop:
        shop.make(text)
        assert pulled(shop, text).main.after == path.read_bytes()
        fresh = text_of(pulled(shop))
        settled(shop, fresh)
        other = text_of(pulled(shop, "version: 1\n" + "".join(f"{section.name}: {{}}\n" for section in SECTIONS)))
        settled(shop, other)

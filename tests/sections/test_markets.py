"""Markets in plans and requests: countries that move, names that change, and a version that has none."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from commetctl.core.change import Applied
from harness import Shop

TWO = (
    "version: 1\nmarkets:\n  brazil: {name: Brazil, countries: [BR, PT]}\n  south: {name: South, countries: [AR, CL]}\n"
)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with Shop(tmp_path) as made:
        yield made


def countries(shop: Shop) -> dict[str, list[str]]:
    return {row["name"]: sorted(row["countryCodes"]) for row in shop.send("GET", "/markets")["data"]}


def test_the_order_of_countries_is_that_of_the_file_and_no_difference(shop: Shop) -> None:
    shop.make(TWO)
    assert shop.plan(TWO.replace("[BR, PT]", "[PT, BR]")).actions == []


def test_a_country_leaves_its_market_before_another_one_gets_it(shop: Shop) -> None:
    shop.make(TWO)
    moved = TWO.replace("[BR, PT]", "[BR, PT, CL]").replace("[AR, CL]", "[AR]")
    assert all(isinstance(outcome, Applied) for outcome in shop.apply(moved))
    assert countries(shop) == {"Brazil": ["BR", "CL", "PT"], "South": ["AR"]}


def test_a_country_of_a_market_that_is_deleted_is_free(shop: Shop) -> None:
    shop.make(TWO)
    one = "version: 1\nmarkets:\n  brazil: {name: Brazil, countries: [BR, PT, AR]}\n"
    assert all(isinstance(outcome, Applied) for outcome in shop.apply(one, prune=True))
    assert countries(shop) == {"Brazil": ["AR", "BR", "PT"]}


def test_two_markets_that_swap_a_country_are_blocked(shop: Shop) -> None:
    shop.make(TWO)
    swapped = TWO.replace("[BR, PT]", "[BR, CL]").replace("[AR, CL]", "[AR, PT]")
    planned = shop.plan(swapped)
    assert {str(item.change.address) for item in planned.changeset.blocked} == {"market.Brazil", "market.South"}
    assert "swap" in planned.changeset.blocked[0].reason


def test_a_country_of_a_market_that_nobody_declared_stays_there(shop: Shop) -> None:
    shop.send("POST", "/markets", {"name": "Iberia", "countryCodes": ["ES", "PT"]})
    (blocked,) = shop.plan(TWO).changeset.blocked
    assert str(blocked.change.address) == "market.Brazil"
    assert blocked.reason == "market.Iberia, which is not in the catalog, has `PT` among its countries"
    assert "remove it from market.Iberia" in blocked.hint


def test_a_rename_keeps_the_market(shop: Shop) -> None:
    shop.make(TWO)
    before = shop.send("GET", "/markets")["data"][0]["id"]
    renamed = TWO.replace("name: Brazil", "name: Brasil, previous_name: Brazil")
    shop.make(renamed)
    assert [row["id"] for row in shop.send("GET", "/markets")["data"] if row["name"] == "Brasil"] == [before]
    assert shop.plan(renamed).actions == []


def test_labels_that_the_file_cannot_say_are_in_the_way_of_a_replacement(shop: Shop) -> None:
    shop.send("POST", "/markets", {"name": "Brazil", "countryCodes": ["BR"], "metadata": {"sizes": [1, 2]}})
    (blocked,) = shop.plan(TWO).changeset.blocked
    assert '`metadata: {"sizes": [1, 2]}`' in blocked.reason

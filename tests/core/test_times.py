"""The times of lists: which one is the newest, and for which plans it tells that they were applied."""

from typing import Any

import pytest

from commetctl.core.change import Change, Create, Delete, Update
from commetctl.core.resource import Address, Resource
from commetctl.core.times import INDIRECT, UNDATED, Times

PLANS = ("plan", "plan_price")
PACKS = ("credit_pack",)
OLD, NEW = "2026-01-01T00:00:00.000Z", "2026-03-01T00:00:00.000Z"


def dated(updated: Any = OLD, **more: Any) -> dict[str, Any]:
    return {"createdAt": OLD, "updatedAt": updated, **more}


def of(kind: str) -> Resource:
    return Resource(Address(kind, "x"), {})


def update(kind: str) -> Change:
    return Update(of(kind), of(kind), ())


def test_the_newest_is_that_of_all_lists_and_their_parts() -> None:
    times = Times().with_rows(PLANS, [dated(), dated(prices=[{"updatedAt": NEW}])]).with_rows(PACKS, [dated()])
    assert times.newest == "2026-03-01T00:00:00.000000+00:00"


@pytest.mark.parametrize(
    "text", ["2026-03-01T00:00:00Z", "2026-03-01T00:00:00.000000+00:00", "2026-03-01T01:00:00+01:00"]
)
def test_one_moment_is_one_text_however_it_is_written(text: str) -> None:
    assert Times().with_rows(PLANS, [dated(text)]).newest == "2026-03-01T00:00:00.000000+00:00"


@pytest.mark.parametrize("value", [None, "", "soon", 5, True, [], "0001-01-01T00:00:00+10:00"])
def test_what_is_no_time_makes_the_list_one_without_times(value: Any) -> None:
    times = Times().with_rows(PLANS, [dated(), dated(value)])
    assert (times.dated, times.undated) == (frozenset(), frozenset(PLANS))


def test_what_users_write_into_metadata_is_no_time_of_an_object() -> None:
    times = Times().with_rows(PLANS, [dated(metadata={"updatedAt": NEW, "a": [{"createdAt": NEW}]})])
    assert times.newest == "2026-01-01T00:00:00.000000+00:00"


def test_an_empty_list_says_nothing() -> None:
    assert Times().with_rows(PLANS, []) == Times()


@pytest.mark.parametrize(
    ("changes", "lifetime"),
    [
        ([update("plan")], None),
        ([Delete(of("plan")), update("credit_pack")], None),
        ([update("plan_price")], INDIRECT),
        ([Create(of("plan")), Create(of("credit_pack"))], INDIRECT),
        ([update("credit_pack")], UNDATED),
        ([update("plan_price"), Delete(of("credit_pack"))], UNDATED),
        ([], INDIRECT),
    ],
    ids=["own time", "one of several", "part", "new", "none", "weakest", "nothing"],
)
def test_how_long_a_plan_is_good(changes: list[Change], lifetime: object) -> None:
    times = Times().with_rows(PLANS, [dated()]).with_rows(PACKS, [{"id": "pack"}])
    assert times.lifetime(changes) == lifetime


def test_parts_of_objects_without_times_have_none_either() -> None:
    times = Times().with_rows(PLANS, [dated(), {"id": "x"}])
    assert times.lifetime([update("plan"), update("plan_price")]) == UNDATED

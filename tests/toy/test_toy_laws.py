"""The laws of all kinds hold for one that they have never seen: coupons, drawn beside the rest of a catalog."""

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, composite

from drawing import amounts, as_yaml, catalogs, maybe
from harness import Shop
from test_footprints import is_the_fold
from test_laws import converges, in_any_order, quick, quirks, resumes

pytestmark = pytest.mark.usefixtures("known")

VERSION = "2026-08-27"
few = settings(quick, max_examples=8)
many = settings(quick, max_examples=500)

percents = st.integers(0, 10_000).map(lambda n: f"{n // 100}.{n % 100:02}").filter(lambda text: float(text) > 0)
terms = st.one_of(
    percents.map(lambda percent: {"kind": "percent", "percent": percent}),
    st.fixed_dictionaries({"usd": amounts()}, optional={"jpy": amounts("jpy"), "eur": amounts("eur")}).map(
        lambda some: {"kind": "amount", "amounts": some}
    ),
    st.integers(1, 12).map(lambda count: {"kind": "months", "count": count}),
)
times = st.sampled_from(["2026-12-01T00:00:00Z", "2027-01-31T23:59:59.5+02:00", "2030-06-01 12:00:00Z"])


@composite
def with_coupons(draw: DrawFn) -> dict[str, Any]:
    """A catalog with coupons, some of which refer to its features."""
    catalog = draw(catalogs())
    codes = draw(st.lists(st.sampled_from(["SUMMER", "NEW-1", "OLD_2"]), unique=True))
    coupons = {code: draw(coupon(code, sorted(catalog["features"]))) for code in codes}
    return {**catalog, "coupons": coupons}


@composite
def coupon(draw: DrawFn, code: str, features: list[str]) -> dict[str, Any]:
    drawn = {
        "name": f"{code} {draw(st.sampled_from('xyz'))}",
        "feature": draw(maybe(st.sampled_from(features))),
        "expires_at": draw(maybe(times)),
        "terms": draw(st.lists(terms, max_size=3)),
        "tags": draw(st.lists(st.sampled_from(["a", "b c", "für"]), max_size=3)),
    }
    return {name: value for name, value in drawn.items() if value not in (None, [])}


converging = given(quirks, with_coupons(), with_coupons(), st.booleans())
resuming = given(quirks, with_coupons(), with_coupons(), st.integers(0, 25), st.booleans())
ordering = given(quirks, with_coupons(), with_coupons(), st.randoms(use_true_random=False))
folding = given(
    quirks, with_coupons(), with_coupons(), st.randoms(use_true_random=False), maybe(st.integers(0, 25))
)  # fmt: skip


@converging
@few
def test_one_catalog_after_another_leaves_nothing_to_do(
    chosen: dict[str, str], first: dict[str, Any], then: dict[str, Any], prune: bool
) -> None:
    converges(VERSION, chosen, first, then, prune=prune)


@pytest.mark.proof
@converging
@many
def test_one_catalog_after_another_leaves_nothing_to_do_at_length(
    chosen: dict[str, str], first: dict[str, Any], then: dict[str, Any], prune: bool
) -> None:
    converges(VERSION, chosen, first, then, prune=prune)


@resuming
@few
def test_a_run_that_lost_the_line_is_finished_or_undone_by_the_next(
    chosen: dict[str, str], first: dict[str, Any], then: dict[str, Any], writes: int, arrives: bool
) -> None:
    resumes(VERSION, chosen, first, then, writes, arrives=arrives)


@pytest.mark.proof
@resuming
@many
def test_a_run_that_lost_the_line_is_finished_or_undone_by_the_next_at_length(
    chosen: dict[str, str], first: dict[str, Any], then: dict[str, Any], writes: int, arrives: bool
) -> None:
    resumes(VERSION, chosen, first, then, writes, arrives=arrives)


@ordering
@few
def test_any_order_that_the_needs_allow_ends_in_the_same_state(
    chosen: dict[str, str], first: dict[str, Any], then: dict[str, Any], chance: random.Random
) -> None:
    in_any_order(VERSION, chosen, first, then, chance)


@pytest.mark.proof
@ordering
@many
def test_any_order_that_the_needs_allow_ends_in_the_same_state_at_length(
    chosen: dict[str, str], first: dict[str, Any], then: dict[str, Any], chance: random.Random
) -> None:
    in_any_order(VERSION, chosen, first, then, chance)


@folding
@few
def test_the_account_is_the_fold_of_the_calls(
    chosen: dict[str, str], first: dict[str, Any], then: dict[str, Any], chance: random.Random, writes: int | None
) -> None:
    is_the_fold(VERSION, chosen, first, then, chance, writes)


@pytest.mark.proof
@folding
@many
def test_the_account_is_the_fold_of_the_calls_at_length(
    chosen: dict[str, str], first: dict[str, Any], then: dict[str, Any], chance: random.Random, writes: int | None
) -> None:
    is_the_fold(VERSION, chosen, first, then, chance, writes)


def test_it_is_really_there(tmp_path: Path) -> None:
    catalog = {"version": 1, "features": {}, "coupons": {"A": {"name": "A", "terms": [{"kind": "months", "count": 1}]}}}
    with Shop(tmp_path, VERSION) as shop:
        shop.make(as_yaml(catalog))
        assert [row["code"] for row in shop.send("GET", "/coupons")["data"]] == ["A"]

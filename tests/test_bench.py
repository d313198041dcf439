"""The instruments of the benchmarks: what they draw, what they fill accounts with, and what they count."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bench import catalogs, page, report, seed
from bench.edits import EDITS, edited
from bench.minimum import fewest, sent
from bench.picture import picture
from cli.running import run
from harness import Shop

SHAPES = [(1, 25, 4), (3, 25, 4), (15, 3, 1)]
SMALL = catalogs.catalog(3, 4)


def test_the_same_size_is_always_the_same_text() -> None:
    assert catalogs.catalog(3) == catalogs.catalog(3)
    assert catalogs.catalog(4).startswith(catalogs.catalog(3))


@pytest.mark.parametrize(("plans", "features", "currencies"), SHAPES)
def test_a_drawn_catalog_is_valid_and_has_no_warnings(
    plans: int, features: int, currencies: int, tmp_path: Path
) -> None:
    text = catalogs.catalog(plans, features, currencies)
    for written in (text, catalogs.raised(text, 1), catalogs.all_raised(text)):
        (tmp_path / "commet.yaml").write_text(written, "utf-8")
        ended = run(tmp_path, "validate", "--strict")
        assert ended.code == 0, ended


def test_so_many_resources_need_so_many_plans(tmp_path: Path) -> None:
    with Shop(tmp_path) as shop:
        plans = catalogs.plans_for(200)
        found = [len(shop.load(catalogs.catalog(number)).desired) for number in (plans - 1, plans)]
    assert found[0] < 200 <= found[1]
    assert found[1] - found[0] == catalogs.RESOURCES_OF_A_PLAN


def test_so_many_prices_are_raised() -> None:
    text = catalogs.catalog(12)
    for changes in (1, 5, 12):
        lines = zip(text.splitlines(), catalogs.raised(text, changes).splitlines(), strict=True)
        assert sum(old != new for old, new in lines) == changes


def test_a_seeded_database_is_what_apply_leaves(tmp_path: Path) -> None:
    with Shop(tmp_path, database=tmp_path / "seeded.db") as shop:
        seed.seed(tmp_path / "seeded.db", seed.read(SMALL))
        seed.subscribe(tmp_path / "seeded.db", seed.read(SMALL), 4)
        assert not shop.plan(SMALL).changeset.changes
        assert [row["status"] for row in shop.send("GET", "/subscriptions")["data"]] == ["trialing", *["active"] * 3]


@pytest.mark.parametrize("edit", EDITS)
def test_apply_sends_the_fewest_writes_for_an_edit(edit: str, tmp_path: Path) -> None:
    before = seed.read(SMALL)
    after = edited(before, edit)
    assert after != before
    with Shop(tmp_path) as shop:
        shop.found(SMALL)
        shop.recorder.requests.clear()
        shop.make(json.dumps(after))
        requests = [(request.method, request.url.path) for request in shop.recorder.requests]
    assert sent(request for request in requests if request[0] != "GET") == fewest(before, after)


def test_a_ratio_has_moved_if_the_spreads_do_not_meet() -> None:
    def measured(*ours: float) -> report.Summary:
        return report.Result("key", "it", "other", 2.0, "s", ours, [1.0] * len(ours)).summary()

    before = measured(1.0, 1.2, 1.1)
    assert list(report.moved([measured(1.15, 1.3, 1.4)], [before])) == []
    assert list(report.moved([measured(1.3, 1.4, 1.5)], [before])) == ["it: 1.10 → 1.40, more"]
    assert list(report.moved([measured(0.5, 0.6, 0.7)], [before])) == ["it: 1.10 → 0.60, less"]
    assert not measured(2.1).is_met


def test_the_page_and_its_picture_are_those_of_the_baseline() -> None:
    baseline = report.read(report.BASELINE.read_text("utf-8"))
    text = page.PAGE.read_text("utf-8")
    assert page.page(text, baseline) == text, "run `python -m bench.page`"
    assert picture(baseline.curves) == page.PICTURE.read_text("utf-8"), "run `python -m bench.page`"
    assert len(ElementTree.fromstring(page.PICTURE.read_text("utf-8"))) > 20  # noqa: S314 - our own

"""From when a change holds: the moment itself, not a second before, in every way to write it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from changes.dated import BASE, TODAY, at, change, price

_SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2027-01-01", datetime(2027, 1, 1, tzinfo=UTC)),
        ("2027-01-01T00:00:00Z", datetime(2027, 1, 1, tzinfo=UTC)),
        ("2027-01-01T00:00Z", datetime(2027, 1, 1, tzinfo=UTC)),
        ("2027-01-01 00:00:00+00:00", datetime(2027, 1, 1, tzinfo=UTC)),
        ("2027-01-01T00:00:00+01:00", datetime(2026, 12, 31, 23, tzinfo=UTC)),
        ("2027-01-01T00:00:00-08:00", datetime(2027, 1, 1, 8, tzinfo=UTC)),
        ("2027-01-01T00:00:00+14:00", datetime(2026, 12, 31, 10, tzinfo=UTC)),
        ("2027-01-01T00:00:00+05:45", datetime(2026, 12, 31, 18, 15, tzinfo=UTC)),
        ("2028-02-29", datetime(2028, 2, 29, tzinfo=UTC)),
        ("2028-02-29T23:59:59-12:00", datetime(2028, 3, 1, 11, 59, 59, tzinfo=UTC)),
        ("2027-01-31", datetime(2027, 1, 31, tzinfo=UTC)),
        ("2027-12-31T23:59:59.5Z", datetime(2027, 12, 31, 23, 59, 59, 500000, tzinfo=UTC)),
        # In Berlin the clock goes from 02:00 to 03:00 on 28 March, and back from 03:00 to 02:00 on 31 October.
        ("2027-03-28T01:59:59+01:00", datetime(2027, 3, 28, 0, 59, 59, tzinfo=UTC)),
        ("2027-03-28T03:00:00+02:00", datetime(2027, 3, 28, 1, tzinfo=UTC)),
        ("2027-10-31T02:30:00+02:00", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
        ("2027-10-31T02:30:00+01:00", datetime(2027, 10, 31, 1, 30, tzinfo=UTC)),
    ],
)
def test_it_is_due_at_the_moment_and_not_before(tmp_path: Path, text: str, moment: datetime) -> None:
    changes = {"raise.yaml": change(f"effective: {text}")}
    assert price(at(tmp_path, changes, moment - _SECOND)) == "49.00 USD"
    assert price(at(tmp_path, changes, moment)) == "59.00 USD"
    [coming] = at(tmp_path, changes, moment - _SECOND).coming
    assert coming.moment == moment
    assert at(tmp_path, changes, moment).coming == ()


def test_each_environment_has_a_date_of_its_own(tmp_path: Path) -> None:
    overlays = {f"./commet.{name}.yaml": "version: 1\n" for name in ("sandbox", "production", "old")}
    head = "effective: {sandbox: now, production: 2027-01-01, old: never}"
    changes = {"raise.yaml": change(head), **overlays}
    assert price(at(tmp_path, changes, TODAY, "sandbox")) == "59.00 USD"
    assert price(at(tmp_path, changes, TODAY, "production")) == "49.00 USD"
    assert price(at(tmp_path, changes, datetime(2027, 1, 1, tzinfo=UTC), "production")) == "59.00 USD"
    old = at(tmp_path, changes, datetime(9000, 1, 1, tzinfo=UTC), "old")
    assert (price(old), old.changes) == ("49.00 USD", ())


def test_the_overlay_of_the_environment_is_laid_last(tmp_path: Path) -> None:
    overlay = "version: 1\nplans: {pro: {prices: {monthly: {price: 40.00}}}}\n"
    changes = {"raise.yaml": change(), "./commet.live.yaml": overlay}
    later = datetime(2028, 1, 1, tzinfo=UTC)
    assert price(at(tmp_path, changes, later, "live")) == "40.00 USD"
    assert price(at(tmp_path, changes, later)) == "59.00 USD"


def test_changes_are_laid_in_the_order_of_their_dates_not_of_their_names(tmp_path: Path) -> None:
    def to(amount: str) -> str:
        return f"plans: {{pro: {{prices: {{monthly: {{price: {amount}}}}}}}}}"

    changes = {
        "a.yaml": change("effective: 2027-03-01", to("61.00")),
        "b.yaml": change("effective: 2027-01-01", to("59.00")),
        "c.yaml": change("effective: 2027-02-01", to("60.00")),
    }
    catalog = at(tmp_path, changes, TODAY)
    assert [price(catalog.as_of(datetime(2027, month, 15, tzinfo=UTC))) for month in (1, 2, 3)] == [
        "59.00 USD",
        "60.00 USD",
        "61.00 USD",
    ]
    assert [Path(item.name).stem for item in catalog.coming] == ["b", "c", "a"]


def test_a_date_for_a_plan_that_does_not_exist_yet(tmp_path: Path) -> None:
    """One change makes the plan and a later one changes it; the other way round, the catalog is not valid."""
    team = "plans: {team: {name: Team, prices: {monthly: {price: 99.00}}}}"
    dearer = "plans: {team: {prices: {monthly: {price: 109.00}}}}"
    changes = {
        "a.yaml": change("effective: 2027-01-01", team),
        "b.yaml": change("effective: 2027-02-01", dearer),
    }
    catalog = at(tmp_path, changes, datetime(2027, 2, 1, tzinfo=UTC))
    assert price(catalog, "plan_price.team/monthly") == "109.00 USD"
    assert [str(item.origin).removeprefix(f"{tmp_path}/") for item in catalog.desired.values()][-2:] == [
        "changes/a.yaml:3:9",
        "changes/b.yaml:3:25",
    ]


def test_without_the_folder_nothing_is_dated(tmp_path: Path) -> None:
    catalog = at(tmp_path, {}, TODAY, base=BASE)
    assert (catalog.due, catalog.coming, catalog.changes) == ((), (), ())

"""Due or not, by Commet's clock: to the instant, in any order of runs, and never before the date."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from changes.rehearsing import NOW, Town, town
from commetctl.core import exits
from commetctl.core.change import Outcome

BASE = """\
version: 1
features: {sso: {name: SSO, type: boolean}}
plans:
  pro:
    name: Pro
    prices: {monthly: {price: 49.00, is_default: true}}
  team: {name: Team, prices: {monthly: {price: 99.00}}}
"""
RAISED = "plans: {pro: {prices: {monthly: {price: 59.00}}}}"
AGAIN = "plans: {pro: {prices: {monthly: {price: 69.00}}}}"
TEAM = "plans: {team: {prices: {monthly: {price: 109.00}}}}"
NEW = "plans: {solo: {name: Solo, prices: {monthly: {price: 9.00}}}}"


def price(here: Town, plan: str = "pro") -> int | None:
    """What Commet has, in cents; None where it has no such plan."""
    plans = here.shop.send("GET", "/plans?includePrivate=true")["data"]
    return next((item["prices"][0]["price"] for item in plans if item["code"] == plan), None)


def writes(here: Town) -> list[Any]:
    """The bodies of what was written since the last look."""
    found = [json.loads(r.content or b"null") for r in here.shop.recorder.requests if r.method != "GET"]
    here.shop.recorder.requests.clear()
    return found


def addresses(outcomes: tuple[Outcome, ...]) -> set[str]:
    return {str(outcome.change.address) for outcome in outcomes}


@pytest.mark.parametrize(
    ("said", "instant"),
    [
        ("2027-01-01", "2027-01-01T00:00:00Z"),
        ("2027-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
        ("2027-01-01T00:00:00+01:00", "2026-12-31T23:00:00Z"),
        ("2027-01-01T00:00:00-05:00", "2027-01-01T05:00:00Z"),
        ("2027-01-01T09:30:00+05:45", "2027-01-01T03:45:00Z"),
        ("2027-02-28", "2027-02-28T00:00:00Z"),
        ("2028-02-29", "2028-02-29T00:00:00Z"),
        ("2027-03-28T02:30:00+01:00", "2027-03-28T01:30:00Z"),
    ],
)
def test_a_change_is_due_from_its_instant_on_and_not_a_moment_before(said: str, instant: str, tmp_path: Path) -> None:
    due = datetime.fromisoformat(instant)
    with town(tmp_path, BASE) as here:
        here.change(RAISED, f"effective: {said}")
        here.move(due - timedelta(milliseconds=1))
        writes(here)
        ended = here.apply(only_due=True)
        assert (ended.exit_code, ended.outcomes, writes(here)) == (exits.DONE, (), [])
        assert here.apply().exit_code == exits.DONE
        assert (writes(here), price(here)) == ([], 4900)
        here.move(due)
        ended = here.apply(only_due=True)
        assert (ended.exit_code, addresses(ended.outcomes)) == (exits.DONE, {"plan_price.pro/monthly"})
        assert price(here) == 5900
        writes(here)
        assert here.apply(only_due=True).outcomes == ()
        assert writes(here) == []


def test_a_renewal_at_the_instant_is_billed_the_new_price(tmp_path: Path) -> None:
    with town(tmp_path, BASE) as here:
        at, before = (here.billed(f"2026-11-01T00:00:0{second}Z")["id"] for second in (1, 0))
        here.change(RAISED, "effective: 2027-01-01T00:00:01Z")
        here.move("2027-01-01T00:00:01Z")
        assert here.apply(only_due=True).exit_code == exits.DONE
        here.move("2027-01-02T00:00:00Z")
        bills = here.bills()
    assert bills[before][-1] == ("2027-01-01", "4900 usd")
    assert bills[at][-1] == ("2027-01-01", "5900 usd")


def test_two_dates_within_one_period_are_billed_as_one_move(tmp_path: Path) -> None:
    with town(tmp_path, BASE) as here:
        made = here.billed("2026-11-20T00:00:00Z")["id"]
        here.change(RAISED)
        here.change(AGAIN, "effective: 2027-01-10", "second")
        for day in ("2027-01-01", "2027-01-10"):
            here.move(f"{day}T00:00:00Z")
            assert here.apply(only_due=True).exit_code == exits.DONE
        here.move("2027-02-21T00:00:00Z")
        assert here.bills()[made] == [
            ("2026-12-20", "4900 usd"),
            ("2027-01-20", "6900 usd"),
            ("2027-02-20", "6900 usd"),
        ]


def test_a_date_for_a_plan_that_is_not_there_yet(tmp_path: Path) -> None:
    """The plan itself waits for somebody to apply the catalog; until then its change cannot be made alone."""
    with town(tmp_path, BASE) as here:
        here.base = BASE + "  solo: {name: Solo, prices: {monthly: {price: 9.00}}}\n"
        here.change("plans: {solo: {prices: {monthly: {price: 12.00}}}}")
        here.change(TEAM, name="team")
        here.move("2027-01-01T00:00:00Z")
        ended = here.apply(only_due=True)
        assert ([error.code for error in ended.errors], ended.exit_code) == (["due_missing"], exits.REFUSED)
        assert (price(here, "solo"), price(here, "team")) == (None, 10900)
        assert here.apply().exit_code == exits.DONE
        assert price(here, "solo") == 1200
        assert here.apply(only_due=True).exit_code == exits.DONE


def test_a_change_that_adds_a_plan_adds_it_on_its_date(tmp_path: Path) -> None:
    with town(tmp_path, BASE) as here:
        here.change(NEW)
        assert here.apply().exit_code == exits.DONE
        assert price(here, "solo") is None
        here.move("2027-01-01T00:00:00Z")
        assert here.apply(only_due=True).exit_code == exits.DONE
        assert price(here, "solo") == 900


def test_a_change_that_is_taken_back_before_its_date_is_never_made(tmp_path: Path) -> None:
    with town(tmp_path, BASE) as here:
        here.change(RAISED)
        (here.folder / "changes" / "raise.yaml").unlink()
        here.move("2027-01-02T00:00:00Z")
        writes(here)
        assert here.apply(only_due=True).exit_code == exits.DONE
        assert (writes(here), price(here)) == ([], 4900)


def test_a_change_is_taken_back_after_its_date_by_another_one(tmp_path: Path) -> None:
    with town(tmp_path, BASE) as here:
        here.change(RAISED)
        here.move("2027-01-02T00:00:00Z")
        assert here.apply(only_due=True).exit_code == exits.DONE
        here.change(RAISED.replace("59", "49"), "effective: 2027-01-15", "back")
        assert here.apply(only_due=True).exit_code == exits.DONE
        assert price(here) == 5900
        here.move("2027-01-15T00:00:00Z")
        assert here.apply(only_due=True).exit_code == exits.DONE
        assert price(here) == 4900
        writes(here)
        assert here.apply().exit_code == exits.DONE
        assert writes(here) == []


def test_what_is_due_is_made_and_a_pending_edit_of_the_catalog_stays_pending(tmp_path: Path) -> None:
    with town(tmp_path, BASE) as here:
        here.base = BASE.replace("name: Team", "name: Teams").replace(
            "sso: {", "api: {name: API, type: boolean}, sso: {"
        )
        here.change(RAISED)
        here.move("2027-01-01T00:00:00Z")
        ended = here.apply(only_due=True)
        assert (ended.exit_code, addresses(ended.outcomes)) == (exits.DONE, {"plan_price.pro/monthly"})
        left = {str(change.address) for change in here.prepare().changeset.changes}
    assert left == {"plan.team", "feature.api"}


def test_what_somebody_else_has_changed_is_refused_and_the_rest_is_made(tmp_path: Path) -> None:
    with town(tmp_path, BASE) as here:
        here.change(RAISED)
        here.change(TEAM, name="team")
        here.change("plans: {pro: {prices: {monthly: {trial_days: 7}}}}", "effective: 2027-01-02", "after")
        here.shop.send("PATCH", here.price_path(), {"price": 5200})
        here.move("2027-01-03T00:00:00Z")
        ended = here.apply(only_due=True)
        assert [error.code for error in ended.errors] == ["due_moved", "due_waits"]
        assert "is 52.00 USD, not 49.00 USD or 59.00 USD" in str(ended.errors[0])
        assert (ended.exit_code, price(here), price(here, "team")) == (exits.REFUSED, 5200, 10900)


_DAYS = {"raise": ("2027-01-01", RAISED), "team": ("2027-01-10", TEAM), "new": ("2027-01-20", NEW)}
_DAYS |= {"again": ("2027-02-01", AGAIN)}


@given(st.lists(st.integers(0, 70 * 24), max_size=4))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_runs_at_any_instants_end_where_a_run_on_each_date_would(
    tmp_path_factory: pytest.TempPathFactory, hours: list[int]
) -> None:
    """And none of them writes anything before its date."""
    with town(tmp_path_factory.mktemp("town"), BASE) as here:
        for name, (day, content) in _DAYS.items():
            here.change(content, f"effective: {day}", name)
        for instant in sorted({NOW + timedelta(hours=hour, minutes=1) for hour in hours}):
            here.move(instant)
            assert here.apply(only_due=True).exit_code == exits.DONE
            due = {
                name for name, (day, _) in _DAYS.items() if datetime.fromisoformat(day).replace(tzinfo=UTC) <= instant
            }
            pro = 6900 if "again" in due else 5900 if "raise" in due else 4900
            expected = (pro, 10900 if "team" in due else 9900, 900 if "new" in due else None)
            assert (price(here), price(here, "team"), price(here, "solo")) == expected
        here.move(NOW + timedelta(days=80))
        assert here.apply(only_due=True).exit_code == exits.DONE
        assert (price(here), price(here, "team"), price(here, "solo")) == (6900, 10900, 900)
        assert here.prepare().changeset.changes == ()

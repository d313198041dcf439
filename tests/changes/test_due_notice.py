"""Notice: how late a change is applied, how many renewed meanwhile, and higher bills too soon after an announcement."""

from pathlib import Path

import pytest

from changes.rehearsing import Town, town
from commetctl.core import exits

BASE = """\
version: 1
policy: {max_price_change: 50%}
plans:
  pro: {name: Pro, prices: {monthly: {price: 49.00, is_default: true}, yearly: {price: 490.00}}}
"""
PROMISED = BASE.replace("{max_price_change: 50%}", "{max_price_change: 50%, min_notice: 30}")
RAISED = "plans: {pro: {prices: {monthly: {price: 59.00}}}}"
LOWERED = "plans: {pro: {prices: {monthly: {price: 39.00}}}}"
BLIND = "rk_sandbox_x.plan:rw,feature:rw,test_clock:r"


def late(here: Town) -> list[str]:
    """What is said of changes that are made after their date."""
    notices = here.prepare(only_due=True, impact=True).changeset.notices
    return [notice.message.partition("was due at ")[2] for notice in notices if notice.code == "late"]


def refused(here: Town, *, only_due: bool = True) -> list[str]:
    """The codes of what an apply refuses."""
    ended = here.apply(only_due=only_due)
    assert ended.exit_code == (exits.REFUSED if ended.errors else exits.DONE)
    return [error.code for error in ended.errors]


def test_a_late_run_says_who_has_renewed_at_the_old_price(tmp_path: Path) -> None:
    with town(tmp_path, BASE) as here:
        for day in ("2026-11-05", "2026-11-10", "2026-11-20", "2026-11-01"):
            here.billed(f"{day}T00:00:00Z")
        here.billed("2026-01-05T00:00:00Z", "yearly")
        here.change(RAISED)
        here.move("2027-01-01T00:00:30Z")
        assert late(here) == []
        here.move("2027-01-01T06:00:00Z")
        assert late(here) == ["2027-01-01 00:00 UTC, 6 hours ago; 1 subscription has renewed since at the old price"]
        here.move("2027-01-15T00:00:00Z")
        assert late(here) == ["2027-01-01 00:00 UTC, 14 days ago; 3 subscriptions have renewed since at the old price"]
        assert refused(here) == []
        assert late(here) == []


def test_a_late_run_that_cannot_count_says_so(tmp_path: Path) -> None:
    with town(tmp_path, BASE) as here:
        here.billed("2026-11-05T00:00:00Z")
        here.change(RAISED)
        here.move("2027-01-15T00:00:00Z")
        here.shop.key = BLIND
        assert late(here) == [
            "2027-01-01 00:00 UTC, 14 days ago; how many subscriptions have renewed since is not known"
        ]


@pytest.mark.parametrize(
    ("head", "base", "codes"),
    [
        # The first bill is on 15 January.
        ("announced: 2026-12-16, notice: 30", BASE, []),
        ("announced: 2026-12-17, notice: 30", BASE, ["notice"]),
        ("announced: 2026-12-16, notice: 31", BASE, ["notice"]),
        ("announced: 2026-12-16", PROMISED, []),
        ("announced: 2026-12-17", PROMISED, ["notice"]),
        # The larger of both.
        ("announced: 2026-12-16, notice: 10", PROMISED, []),
        ("announced: 2026-12-16, notice: 40", PROMISED, ["notice"]),
        # Nobody says when.
        ("notice: 30", BASE, ["notice"]),
        ("why: FIN-812", PROMISED, ["notice"]),
        ("why: FIN-812", BASE, []),
        ("notice: 0, announced: 2026-12-31", BASE, []),
        ("announced: 2026-12-17, allow: [notice]", PROMISED, []),
    ],
)
def test_a_higher_bill_too_soon_after_the_announcement_is_refused(
    head: str, base: str, codes: list[str], tmp_path: Path
) -> None:
    """As of its date, and foreseen today."""
    with town(tmp_path, base) as here:
        here.billed("2026-11-15T00:00:00Z")
        here.change(RAISED, f"effective: 2027-01-01, {head}")
        (outlook,) = here.prepare(impact=True).coming
        assert [refusal.code for refusal in outlook.refused] == codes
        here.move("2027-01-01T00:00:00Z")
        assert refused(here) == codes


def test_a_lower_price_needs_no_notice(tmp_path: Path) -> None:
    with town(tmp_path, PROMISED) as here:
        here.billed("2026-11-15T00:00:00Z")
        here.change(LOWERED)
        here.move("2027-01-01T00:00:00Z")
        assert refused(here) == []


def test_nobody_needs_notice_of_a_price_that_nobody_pays(tmp_path: Path) -> None:
    with town(tmp_path, PROMISED) as here:
        here.billed("2026-01-15T00:00:00Z", "yearly")
        here.change(RAISED)
        here.move("2027-01-01T00:00:00Z")
        assert refused(here) == []


def test_a_trial_that_ends_too_soon_after_the_announcement_counts(tmp_path: Path) -> None:
    with town(tmp_path, BASE) as here:
        here.subscribe(startDate="2026-11-25T00:00:00Z", skipTrial=False, customTrialDays=45)
        here.change(RAISED, "effective: 2027-01-01, announced: 2026-12-20, notice: 30")
        here.move("2027-01-01T00:00:00Z")
        assert refused(here) == ["notice"]


def test_an_edit_without_a_date_gives_no_notice(tmp_path: Path) -> None:
    with town(tmp_path, PROMISED) as here:
        here.billed("2026-11-15T00:00:00Z")
        here.base = PROMISED.replace("49.00", "59.00")
        assert refused(here, only_due=False) == ["notice"]
        assert here.apply(allow=["notice"]).exit_code == exits.DONE


def test_an_edit_without_a_date_is_fine_where_the_first_bill_is_far_enough_away(tmp_path: Path) -> None:
    with town(tmp_path, PROMISED) as here:
        here.billed("2026-02-15T00:00:00Z", "yearly")
        here.base = PROMISED.replace("490.00", "590.00")
        assert refused(here, only_due=False) == []


def test_an_edit_gives_no_notice_where_a_change_that_is_due_is_about_something_else(tmp_path: Path) -> None:
    with town(tmp_path, PROMISED) as here:
        here.billed("2026-11-15T00:00:00Z")
        here.base = PROMISED.replace("49.00", "59.00")
        here.change("plans: {pro: {prices: {monthly: {trial_days: 14}}}}", "effective: now")
        assert refused(here, only_due=False) == ["notice"]


def test_a_change_that_gives_too_little_notice_holds_back_itself_alone(tmp_path: Path) -> None:
    with town(tmp_path, PROMISED) as here:
        here.billed("2026-11-15T00:00:00Z")
        here.change(RAISED, "effective: 2027-01-01, announced: 2026-12-17")
        here.change("plans: {pro: {prices: {yearly: {price: 500.00}}}}", "effective: 2027-01-01", "yearly")
        here.move("2027-01-01T00:00:00Z")
        ended = here.apply(only_due=True)
        assert [error.code for error in ended.errors] == ["notice"]
        assert [str(outcome.change.address) for outcome in ended.outcomes] == ["plan_price.pro/yearly"]
        assert ended.exit_code == exits.REFUSED


def test_a_change_of_now_is_guarded_like_an_edit(tmp_path: Path) -> None:
    with town(tmp_path, BASE) as here:
        here.change(RAISED.replace("59.00", "4900.00"), "effective: now")
        assert refused(here, only_due=False) == ["scale", "price_change"]
        assert refused(here) == ["scale", "price_change"]


def test_unknown_counts_are_refused_where_something_is_promised(tmp_path: Path) -> None:
    with town(tmp_path, BASE) as here:
        here.billed("2026-11-15T00:00:00Z")
        here.change(RAISED, "effective: 2027-01-01, announced: 2026-12-01, notice: 30")
        here.move("2027-01-01T00:00:00Z")
        here.shop.key = BLIND
        assert refused(here) == ["notice"]
        assert here.apply(only_due=True, allow=["notice"]).exit_code == exits.DONE


def test_the_head_of_a_change_lifts_guards_for_what_it_does_and_nothing_else(tmp_path: Path) -> None:
    with town(tmp_path, BASE) as here:
        here.change(RAISED.replace("59", "149"), "effective: 2027-01-01, allow: [price_change]")
        here.move("2027-01-01T00:00:00Z")
        here.base = BASE.replace("490.00", "1490.00")
        assert refused(here, only_due=False) == ["price_change"]
        assert refused(here) == []

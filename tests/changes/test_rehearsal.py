"""A rehearsal gives the bills that the plan predicts, and says what it could not compare."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from changes.rehearsing import NOW, town
from commetctl.core.errors import CommetctlError
from commetctl.core.impact import When
from commetctl.core.money import Money
from commetctl.usecases.rehearsal.expected import Turn
from commetctl.usecases.rehearsal.rehearse import Rehearsal

BASE = """\
version: 1
policy: {max_price_change: 50%}
markets: {india: {name: India, countries: [IN]}}
plans:
  pro:
    name: Pro
    prices:
      monthly:
        price: 49.00
        is_default: true
        regional_prices: {eur: 45.00}
        market_prices: {india: {currency: inr, price: 999.00}}
      yearly: {price: 490.00}
      weekly: {price: 12.00}
  team: {name: Team, prices: {quarterly: {price: 300.00}}}
"""
RAISED = "plans: {pro: {prices: {monthly: {price: 59.00}}}}"
MONTHLY = "plan_price.pro/monthly"


def told(found: Rehearsal) -> dict[str, tuple[str, str, str, int]]:
    """Each amount: bills before and after, the days of the first bills, and the subscriptions; all are as predicted."""
    assert (found.exit_code, found.errors) == (0, [])
    return {
        f"{Path(line.turn.change.name).stem} {line.turn.address}": (
            tally(line.before),
            tally(line.after),
            f"{line.first} to {line.last}",
            line.subscriptions,
        )
        for line in found.verdict.lines
    }


def tally(amounts: Mapping[Money, int]) -> str:
    return ", ".join(f"{number} x {amount}" for amount, number in amounts.items())


def test_bills_before_the_date_are_at_the_old_price_and_bills_from_it_on_at_the_new_one(tmp_path: Path) -> None:
    with town(tmp_path, BASE) as here:
        here.billed("2026-10-31T00:00:00Z")
        # At the very moment of the change, a second before it, and at the moment of the rehearsal.
        here.billed("2026-11-01T00:00:00Z")
        here.billed("2026-10-31T23:59:59Z")
        here.billed("2026-11-01T12:00:00Z")
        here.change(RAISED)
        found = told(here.rehearse())
    assert found == {f"raise {MONTHLY}": ("3 x 49.00 USD", "4 x 59.00 USD", "2027-01-01 to 2027-01-31", 4)}


def test_awkward_dates(tmp_path: Path) -> None:
    with town(tmp_path, BASE) as here:
        here.billed("2026-08-31T09:30:00Z", "quarterly", "team")
        here.billed("2024-02-29T00:00:00Z", "yearly")
        here.billed("2026-11-27T13:00:00Z", "weekly")
        here.billed("2026-01-31T23:59:59Z")
        here.change(
            "plans: {pro: {prices: {monthly: {price: 59}, yearly: {price: 590}, weekly: {price: 10}}}, team: {prices: "
            "{quarterly: {price: 350}}}}",
            "effective: 2027-02-28T12:00:00+01:00",
        )
        found = told(here.rehearse())
    assert {name.partition(".")[2]: line[1:] for name, line in found.items()} == {
        "pro/monthly": ("1 x 59.00 USD", "2027-02-28 to 2027-02-28", 1),
        "pro/yearly": ("1 x 590.00 USD", "2028-02-29 to 2028-02-29", 1),
        "pro/weekly": ("1 x 10.00 USD", "2027-03-05 to 2027-03-05", 1),
        "team/quarterly": ("1 x 350.00 USD", "2027-05-31 to 2027-05-31", 1),
    }


def test_customers_who_are_billed_alike_are_rehearsed_together(tmp_path: Path) -> None:
    with town(tmp_path, BASE) as here:
        for minute in range(30):
            here.billed(f"2026-11-15T08:{minute:02}:00Z")
        here.change(RAISED)
        found = here.rehearse()
    assert told(found)[f"raise {MONTHLY}"] == ("30 x 49.00 USD", "30 x 59.00 USD", "2027-01-15 to 2027-01-15", 30)
    assert len({bill.subscription for bill in found.judge.bills}) == 1


def test_two_changes_within_one_period(tmp_path: Path) -> None:
    with town(tmp_path, BASE) as here:
        here.billed("2026-11-05T00:00:00Z")
        here.billed("2026-11-20T00:00:00Z")
        here.change(RAISED)
        here.change("plans: {pro: {prices: {monthly: {price: 69.00}}}}", "effective: 2027-01-10", "second")
        found = told(here.rehearse())
    assert found == {
        f"raise {MONTHLY}": ("2 x 49.00 USD", "1 x 59.00 USD", "2027-01-05 to 2027-01-20", 2),
        f"second {MONTHLY}": ("1 x 59.00 USD", "2 x 69.00 USD", "2027-01-20 to 2027-02-05", 2),
    }


def test_what_the_plan_does_not_count_is_rehearsed_and_named(tmp_path: Path) -> None:
    with town(tmp_path, BASE) as here:
        here.billed("2026-11-15T00:00:00Z")
        here.subscribe(startDate="2026-11-25T00:00:00Z", skipTrial=False, customTrialDays=60)
        here.billed("2026-11-10T00:00:00Z", cancelAtPeriodEnd=True)
        here.change(RAISED)
        found = here.rehearse()
    assert told(found)[f"raise {MONTHLY}"] == ("1 x 49.00 USD", "2 x 59.00 USD", "2027-01-15 to 2027-01-15", 1)
    assert found.uncounted == {"in a trial": 1, "that will not renew unchanged": 1}


def test_amounts_that_nobody_is_known_to_pay_are_rehearsed_with_made_up_customers(tmp_path: Path) -> None:
    with town(tmp_path, BASE) as here:
        here.billed("2026-11-15T00:00:00Z", country="DE")
        here.change(
            "plans: {pro: {prices: {monthly: {regional_prices: {eur: 55}, market_prices: {india: {currency: inr, "
            "price: 1299}}}}}, team: {prices: {quarterly: {price: 350}}}}"
        )
        found = here.rehearse()
    assert {name.split()[1]: line[1].split(" x ")[1] for name, line in told(found).items()} == {
        "regional_price.pro/monthly/eur": "55.00 EUR",
        "market_price.pro/monthly/india": "1299.00 INR",
        "plan_price.team/quarterly": "350.00 USD",
    }
    assert all(line.made_up for line in found.verdict.lines)


def test_without_subscriptions_it_says_why_and_rehearses_prices_alone(tmp_path: Path) -> None:
    with town(tmp_path, BASE) as here:
        here.billed("2026-11-15T00:00:00Z")
        here.change(RAISED)
        here.shop.key = "rk_sandbox_x.plan:r,feature:r,market_group:r,offer:r,test_clock:r"
        found = here.rehearse()
    assert found.unknown == "the key is not allowed to read subscriptions"
    assert told(found)[f"raise {MONTHLY}"][1] == "1 x 59.00 USD"


def test_the_account_is_only_read(tmp_path: Path) -> None:
    with town(tmp_path, BASE) as here:
        here.billed("2026-11-15T00:00:00Z")
        here.change(RAISED)
        here.shop.recorder.requests.clear()
        here.rehearse()
        assert {request.method for request in here.shop.recorder.requests} == {"GET"}


def test_edits_without_a_date_are_applied_first(tmp_path: Path) -> None:
    """Also those that a change needs: the plan that it is about is not there yet."""
    with town(tmp_path, BASE) as here:
        here.base = BASE.replace("49.00", "50.00") + "  solo: {name: Solo, prices: {monthly: {price: 9.00}}}\n"
        here.billed("2026-11-15T00:00:00Z")
        here.change("plans: {pro: {prices: {monthly: {price: 59.00}}}, solo: {prices: {monthly: {price: 10.00}}}}")
        found = here.rehearse()
    assert found.pending == 3
    assert {name.split()[1]: line[:2] for name, line in told(found).items()} == {
        MONTHLY: ("1 x 50.00 USD", "1 x 59.00 USD"),
        "plan_price.solo/monthly": ("", "1 x 10.00 USD"),
    }


def test_what_is_due_and_not_applied_yet_is_rehearsed_at_once(tmp_path: Path) -> None:
    with town(tmp_path, BASE) as here:
        here.billed("2026-11-15T00:00:00Z")
        here.change(RAISED, "effective: 2026-11-20")
        found = told(here.rehearse())
    assert found == {f"raise {MONTHLY}": ("", "1 x 59.00 USD", "2026-12-15 to 2026-12-15", 1)}


def test_up_to_one_change(tmp_path: Path) -> None:
    with town(tmp_path, BASE) as here:
        here.billed("2026-11-15T00:00:00Z")
        here.change(RAISED)
        here.change("plans: {pro: {prices: {monthly: {price: 69.00}}}}", "effective: 2027-03-01", "second")
        for name in ("raise", "raise.yaml", str(tmp_path / "changes" / "raise.yaml")):
            assert [Path(change.name).name for change in here.rehearse(name).changes] == ["raise.yaml"], name
        assert len(here.rehearse("second").changes) == 2
        with pytest.raises(CommetctlError) as error:
            here.rehearse("third")
        assert error.value.code == "no_change"


def test_nothing_to_rehearse(tmp_path: Path) -> None:
    with town(tmp_path, BASE) as here:
        assert (here.rehearse().changes, here.rehearse().exit_code) == ((), 0)
        here.change(RAISED, "effective: 2026-11-20")
        here.shop.send("PATCH", here.price_path(), {"price": 5900})
        assert here.rehearse("raise").changes == ()


@pytest.mark.parametrize(
    ("head", "content", "code"),
    [
        ("effective: 2027-01-01", RAISED.replace("59", "99"), "price_change"),
        ("effective: 2027-01-01, existing: keep", RAISED, "existing"),
        ("effective: 2027-01-01, notice: 30", RAISED, "notice"),
    ],
)
def test_a_change_that_would_be_refused_on_its_date_is_refused_here(
    head: str, content: str, code: str, tmp_path: Path
) -> None:
    with town(tmp_path, BASE) as here:
        here.billed("2026-11-15T00:00:00Z")
        here.change(content, head)
        found = here.rehearse()
        assert ([error.code for error in found.errors], found.exit_code) == ([code], 4)
        if code != "existing":
            here.change(content, f"{head}, allow: [{code}]")
            assert here.rehearse().exit_code == 0


def test_what_two_changes_may_do_alone_they_may_do_on_one_day(tmp_path: Path) -> None:
    """Each change is below the limit of one run, and both together are not: guards judge each dated change alone."""
    many = "".join(f"  p{n}: {{name: P{n}, prices: {{monthly: {{price: 10.00}}}}}}\n" for n in range(10))
    with town(tmp_path, f"version: 1\nplans:\n{many}") as here:
        for name, some in (("one", range(4)), ("two", range(4, 8))):
            raised = ", ".join(f"p{n}: {{prices: {{monthly: {{price: 11.00}}}}}}" for n in some)
            here.change(f"plans: {{{raised}}}", name=name)
        found = here.rehearse()
        assert [outlook.refused for outlook in here.prepare(impact=True).coming] == [(), ()]
    assert ([error.code for error in found.errors], found.exit_code) == ([], 0)


def test_a_change_of_what_somebody_else_has_changed_is_refused_here_too(tmp_path: Path) -> None:
    with town(tmp_path, BASE) as here:
        here.change(RAISED, "effective: 2026-11-20")
        here.shop.send("PATCH", here.price_path(), {"price": 5200})
        found = here.rehearse()
        assert ([error.code for error in found.errors], found.exit_code) == (["due_moved"], 4)


def test_with_plan_versions_existing_customers_keep_their_price(tmp_path: Path) -> None:
    with town(tmp_path, BASE, quirks={"plan_versions": "on"}) as here:
        here.billed("2026-11-15T00:00:00Z")
        here.change(RAISED)
        found = told(here.rehearse())
    assert found == {f"raise {MONTHLY}": ("1 x 49.00 USD", "1 x 49.00 USD", "2027-01-15 to 2027-01-15", 1)}


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        (lambda turn: replace(turn, becomes=Money(Decimal(58))), {"bills after it"}),
        (lambda turn: replace(turn, was=Money(Decimal(48))), {"bills before it"}),
        (lambda turn: replace(turn, effect=replace(turn.effect, when=When.NEW_ONLY)), {"bills after it"}),
        (lambda turn: replace(turn, moment=datetime(2027, 2, 1, tzinfo=NOW.tzinfo)), {"bills before it"}),
        (lambda turn: replaced(turn, renewing=3), {"subscriptions that renew at it"}),
        (lambda turn: replaced(turn, first=NOW.date()), {"day of the first of the first bills"}),
        (lambda turn: replaced(turn, last=NOW.date()), {"day of the last of the first bills"}),
        (
            lambda turn: replaced(turn, revenue=replace(turn.touched.revenue, low=Money(Decimal(21)))),
            {"change of monthly revenue"},
        ),
    ],
)
def test_a_wrong_prediction_is_found(wrong: object, what: set[str], tmp_path: Path) -> None:
    """The bills of a rehearsal, beside a prediction with one mistake."""
    assert callable(wrong)
    with town(tmp_path, BASE) as here:
        here.billed("2026-11-15T00:00:00Z")
        here.billed("2026-11-20T00:00:00Z")
        here.change(RAISED)
        judge = here.rehearse().judge
    assert judge.verdict().differences == ()
    mistaken = replace(judge, turns=[wrong(turn) for turn in judge.turns])
    found = {difference.what for difference in mistaken.verdict().differences}
    assert what <= found


def replaced(turn: Turn, **fields: object) -> Turn:
    """A turn with another impact."""
    assert turn.touched
    return replace(turn, touched=replace(turn.touched, **fields))  # type: ignore[arg-type]  # given by name

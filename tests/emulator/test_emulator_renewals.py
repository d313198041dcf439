"""Renewals: the periods of subscriptions as a clock moves, and the invoices for them."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from commetctl.emulator import Emulator, create_app
from commetctl.emulator.wire import period_at
from emulator.client import NEW, OLD, Api
from emulator.test_emulator_store import MADE_BEFORE

START = datetime(2026, 1, 31, tzinfo=UTC)


@pytest.fixture
def api() -> Iterator[Api]:
    with closing(create_app(":memory:")) as app:
        app.clock = lambda: START
        yield Api(app)


def moved(api: Api, day: str) -> list[dict[str, Any]]:
    """Move the test clock; what was due, as day, outcome and whether there is an invoice."""
    items: list[dict[str, Any]] = api.ok("POST", "/test-clock", {"frozenTime": f"{day}T00:00:00Z"})["items"]
    assert items == sorted(items, key=lambda item: item["dueAt"])
    return items


def period(api: Api, subscription: str) -> tuple[str, str]:
    found = api.ok("GET", f"/subscriptions/{subscription}")
    assert found["nextBillingDate"] == found["currentPeriod"]["end"]
    return found["currentPeriod"]["start"][:10], found["currentPeriod"]["end"][:10]


def billed(api: Api, **query: str) -> list[tuple[str, int]]:
    """The days on which invoices were issued, and their totals."""
    told = "&".join(f"{name}={value}" for name, value in query.items())
    return [(item["issueDate"][:10], item["total"]) for item in api.ok("GET", f"/invoices?{told}")]


@pytest.mark.parametrize(
    ("interval", "days"),
    [
        ("weekly", ["2026-02-07", "2026-02-14", "2026-02-21", "2026-02-28"]),
        ("monthly", ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]),
        ("quarterly", ["2026-04-30", "2026-07-31", "2026-10-31", "2027-01-31"]),
        ("semiannual", ["2026-07-31", "2027-01-31", "2027-07-31", "2028-01-31"]),
        ("yearly", ["2027-01-31", "2028-01-31", "2029-01-31", "2030-01-31"]),
    ],
)
def test_periods_follow_each_other_and_each_is_billed(api: Api, interval: str, days: list[str]) -> None:
    plan = api.plan()
    api.price(plan, interval)
    created = api.subscribe(plan)["id"]
    assert period(api, created) == ("2026-01-31", days[0])
    for start, end in pairwise(days):
        assert moved(api, start) == [], "what is due at the target is left to the next move"
        items = api.ok("POST", "/test-clock", {"frozenTime": f"{start}T00:00:01Z"})["items"]
        assert [(item["dueAt"][:10], item["outcome"]) for item in items] == [(start, "renewed")]
        assert period(api, created) == (start, end)
    assert billed(api) == [(day, 4900) for day in days[:-1]]


def test_the_day_comes_back_after_a_short_month() -> None:
    leap = datetime(2024, 2, 29, tzinfo=UTC)
    ends = [period_at(leap, "yearly", datetime(year, 1, 1, tzinfo=UTC))[1] for year in (2025, 2026, 2028)]
    assert [end.date().isoformat() for end in ends] == ["2025-02-28", "2026-02-28", "2028-02-29"]
    late, end = period_at(START, "monthly", datetime(2026, 3, 1, tzinfo=UTC))
    assert (late.day, end.day) == (28, 31)


def test_deadlines_are_done_in_the_order_of_their_times(api: Api) -> None:
    plan = api.plan()
    api.price(plan, "monthly")
    api.price(plan, "weekly", price=1000)
    monthly = api.subscribe(plan, "a")["id"]
    weekly = api.subscribe(plan, "b", billingInterval="weekly")["id"]
    items = moved(api, "2026-03-02")
    assert [(item["dueAt"][5:10], item["subscriptionId"]) for item in items] == [
        *(("02-07", weekly), ("02-14", weekly), ("02-21", weekly), ("02-28", monthly), ("02-28", weekly)),
    ]
    invoices = api.ok("GET", "/invoices")
    assert [item["invoiceId"] for item in items] == [invoice["id"] for invoice in invoices]
    assert [item["invoiceNumber"] for item in items] == [f"INV-00000{number}" for number in range(1, 6)]


def test_the_price_is_that_of_the_moment(api: Api) -> None:
    plan = api.plan()
    price = api.price(plan)
    api.subscribe(plan)
    moved(api, "2026-03-01")
    api.ok("PATCH", f"/plans/{plan}/prices/{price}", {"price": 5900})
    moved(api, "2026-04-01")
    api.ok("DELETE", f"/plans/{plan}")
    moved(api, "2026-05-01")
    assert billed(api) == [("2026-02-28", 4900), ("2026-03-31", 5900), ("2026-04-30", 5900)]


def test_a_variant_is_billed_its_base_price(api: Api) -> None:
    plan, market = api.plan(), api.market()
    market_price = {"marketGroupId": market, "currency": "brl", "price": 19900}
    base = api.price(plan, marketPrices=[market_price])
    body = {"billingInterval": "monthly", "inheritsFromPriceId": base, "marketPrices": [market_price]}
    variant = api.ok("POST", f"/plans/{plan}/prices", body)["id"]
    api.subscribe(plan, priceId=variant)
    api.ok("DELETE", f"/plans/{plan}/prices/{variant}")
    moved(api, "2026-03-01")
    assert billed(api) == [("2026-02-28", 4900)]


def test_a_trial_ends_into_the_first_period_that_is_billed(api: Api) -> None:
    plan = api.plan()
    api.price(plan, trialDays=30)
    trial = api.subscribe(plan)["id"]
    assert period(api, trial) == ("2026-01-31", "2026-03-02")
    (item,) = moved(api, "2026-03-03")
    assert (item["outcome"], item["dueAt"][:10]) == ("trial_ended", "2026-03-02")
    assert api.ok("GET", f"/subscriptions/{trial}")["status"] == "active"
    assert period(api, trial) == ("2026-03-02", "2026-04-02")
    assert billed(api) == [("2026-03-02", 4900)]


def test_a_one_time_price_never_renews_and_is_billed_after_its_trial(api: Api) -> None:
    plan = api.plan()
    api.price(plan, "one_time")
    once = api.subscribe(plan)["id"]
    later = api.subscribe(plan, "later", customTrialDays=7)["id"]
    moved(api, "2030-01-01")
    assert billed(api) == [("2026-02-07", 4900)]
    for subscription in (once, later):
        found = api.ok("GET", f"/subscriptions/{subscription}")
        assert (found["status"], found["currentPeriod"], found["nextBillingDate"]) == ("active", None, None)


def test_one_that_ends_with_its_period_is_canceled_and_not_billed(api: Api) -> None:
    plan = api.plan()
    api.price(plan)
    ending = api.subscribe(plan, cancelAtPeriodEnd=True)["id"]
    (item,) = moved(api, "2026-06-01")
    assert (item["outcome"], item["invoiceId"]) == ("canceled", None)
    found = api.ok("GET", f"/subscriptions/{ending}")
    assert (found["status"], found["endDate"], found["nextBillingDate"]) == (
        "canceled",
        "2026-02-28T00:00:00.000Z",
        None,
    )
    assert api.at("2026-05-25").ok("GET", "/subscriptions")[0]["endDate"] == "2026-02-28T00:00:00.000Z"
    assert billed(api) == []


def test_a_free_plan_is_never_billed(api: Api) -> None:
    api.subscribe(api.plan("free", None, isFree=True))
    assert moved(api, "2030-01-01") == []


def test_a_start_in_the_past_is_not_billed_afterwards(api: Api) -> None:
    plan = api.plan()
    api.price(plan, trialDays=5)
    old = api.subscribe(plan, startDate="2025-10-31", skipTrial=True)["id"]
    assert period(api, old) == ("2025-12-31", "2026-01-31")
    recent = api.subscribe(plan, startDate="2026-01-20", skipTrial=True)["id"]
    assert period(api, recent) == ("2026-01-20", "2026-02-20")
    tried = api.subscribe(plan, "c", startDate="2025-12-01")
    assert (tried["status"], tried["trialEndsAt"][:10], period(api, tried["id"])) == (
        "active",
        "2025-12-06",
        ("2026-01-06", "2026-02-06"),
    )
    once = api.plan("once")
    api.price(once, "one_time", trialDays=5)
    lasting = api.subscribe(once, "d", startDate="2025-12-01")
    assert (lasting["status"], lasting["currentPeriod"]) == ("active", None)
    moved(api, "2026-02-01")
    assert billed(api) == [("2026-01-31", 4900)]
    assert billed(api, subscriptionId=old) == [("2026-01-31", 4900)]


def test_the_own_clock_bills_both_accounts_and_the_test_clock_one(api: Api) -> None:
    live = api.with_key("ck_live_1")
    for account in (api, live):
        plan = account.plan()
        account.price(plan)
        account.subscribe(plan)
    moved(api, "2026-03-01")
    assert (len(billed(api)), len(billed(live))) == (1, 0)
    done = api.app.move_clock(datetime(2026, 4, 1, tzinfo=UTC))
    assert [(deadline.due[:10], deadline.outcome) for deadline in done] == [
        *(("2026-03-31", "renewed"), ("2026-02-28", "renewed"), ("2026-03-31", "renewed")),
    ]
    assert (len(billed(api)), len(billed(live))) == (2, 2)
    assert api.refused("GET", f"/invoices/{live.ok('GET', '/invoices')[0]['id']}") == (404, "invoice_not_found")


@pytest.mark.parametrize("version", [NEW, OLD, "2026-06-07", "2026-05-25"])
def test_an_invoice(api: Api, version: str) -> None:
    plan = api.plan()
    api.price(plan)
    api.ok("POST", "/customers", {"id": "cus_1", "email": "a@example.com", "fullName": "Ada"})
    subscription = api.subscribe(plan)["id"]
    (item,) = moved(api, "2026-03-01")
    assert item["customerName"] == "Ada"
    reader = api.at(version)
    unit = 1 if reader.is_new else 100
    (listed,) = reader.ok("GET", "/invoices")
    whole = reader.ok("GET", f"/invoices/{listed['id']}")
    assert listed.items() <= whole.items()
    assert ("lineItems" in listed) == ("2026-06-07" <= version <= OLD)
    assert (whole["subscriptionId"], whole["customerId"], whole["status"]) == (subscription, "cus_1", "paid")
    assert (whole["subtotal"], whole["discountAmount"], whole["total"]) == (4900 * unit, 0, 4900 * unit)
    assert (whole["periodStart"][:10], whole["periodEnd"][:10]) == ("2026-02-28", "2026-03-31")
    (line,) = whole["lineItems"]
    assert (line["lineType"], line["amount"], line["description"]) == ("plan_base", 4900 * unit, "Pro")


def test_invoices_are_filtered_and_paged(api: Api) -> None:
    plan = api.plan()
    api.price(plan)
    first, second = (api.subscribe(plan, customer)["id"] for customer in ("a", "b"))
    moved(api, "2026-04-01")
    assert len(billed(api, customerId="a")) == len(billed(api, subscriptionId=second)) == 2
    assert billed(api, customerId="a", subscriptionId=second) == []
    assert (len(billed(api, status="paid")), billed(api, status="void")) == (4, [])
    assert api.wrong_fields("GET", "/invoices?status=unheard") == ["status"]
    for reader in (api, api.at(OLD)):
        page = reader.send("GET", "/invoices?limit=3").json()
        rest = reader.send("GET", f"/invoices?limit=3&cursor={page['nextCursor']}").json()
        assert [len(page["data"]), page["hasMore"], len(rest["data"]), rest["hasMore"]] == [3, True, 1, False]
    assert {item["subscriptionId"] for item in api.ok("GET", "/invoices")} == {first, second}


def offer(api: Api, *phases: dict[str, Any]) -> str:
    return str(api.ok("POST", "/offers", {"name": "Launch", "phases": phases})["id"])


PHASES = (
    {"type": "free_trial", "durationDays": 14},
    {"type": "percentage", "durationCycles": 2, "percentage": 2500},
    {"type": "amount_off", "durationCycles": 1, "amounts": [{"currency": "usd", "amount": 900}]},
    {"type": "fixed_price", "durationCycles": 1, "prices": [{"currency": "usd", "amount": 2900}]},
    {"type": "fixed_price", "durationCycles": 1, "prices": [{"currency": "usd", "amount": 9900}]},
)


def test_the_phases_of_an_offer_are_billed_while_they_run(api: Api) -> None:
    plan = api.plan()
    api.price(plan)
    api.subscribe(plan, offerId=offer(api, *PHASES))
    moved(api, "2026-08-01")
    assert [total for _, total in billed(api)] == [3675, 3675, 4000, 2900, 9900, 4900]
    share, _, off, fixed, higher, none = (
        api.ok("GET", f"/invoices/{item['id']}") for item in api.ok("GET", "/invoices")
    )
    assert (share["subtotal"], share["discountAmount"]) == (4900, 1225)
    told = ("lineType", "amount", "discountType", "discountValue", "discountName")
    assert [[invoice["lineItems"][1][name] for name in told] for invoice in (share, off, fixed)] == [
        ["discount", -1225, "percentage", 2500, "Launch"],
        ["discount", -900, "amount", 900, "Launch"],
        ["discount", -2000, "amount", 2000, "Launch"],
    ]
    assert [len(invoice["lineItems"]) for invoice in (higher, none)] == [1, 1]


def test_an_offer_from_the_next_billing_date_on(api: Api) -> None:
    plan = api.plan()
    api.price(plan)
    subscription = api.subscribe(plan)["id"]
    api.ok("PUT", f"/subscriptions/{subscription}/offer", {"offerId": offer(api, PHASES[1])})
    moved(api, "2026-06-01")
    assert [total for _, total in billed(api)] == [3675, 3675, 4900, 4900]


def test_a_promo_code_has_a_line_of_its_own(api: Api) -> None:
    plan = api.plan()
    api.price(plan)
    api.ok("POST", "/promo-codes", {"code": "HALF", "offerId": offer(api, {**PHASES[1], "durationCycles": None})})
    api.subscribe(plan, promoCode="HALF")
    moved(api, "2026-03-01")
    (item,) = api.ok("GET", "/invoices")
    assert [line["lineType"] for line in api.ok("GET", f"/invoices/{item['id']}")["lineItems"]] == [
        "plan_base",
        "promo_code_discount",
    ]


def test_accepted_terms_are_billed_where_there_are_plan_versions(tmp_path: Path) -> None:
    with closing(create_app(tmp_path / "a.db", quirks={"plan_versions": "on"})) as app:
        app.clock = lambda: START
        api = Api(app)
        plan = api.plan()
        price = api.price(plan)
        api.subscribe(plan)
        api.ok("PATCH", f"/plans/{plan}/prices/{price}", {"price": 5900})
        api.subscribe(plan, "b")
        moved(api, "2026-03-01")
        assert [total for _, total in billed(api)] == [4900, 5900]


@pytest.mark.parametrize("status", ["paused", "draft", "pending_payment", "canceled", "past_due"])
def test_only_what_is_running_is_billed(tmp_path: Path, status: str) -> None:
    """Statuses that no request can set are written into the file."""
    with closing(create_app(tmp_path / "a.db")) as app:
        app.clock = lambda: START
        api = Api(app)
        plan = api.plan()
        api.price(plan)
        api.subscribe(plan)
        with closing(sqlite3.connect(tmp_path / "a.db")) as file, file:
            file.execute("UPDATE subscription SET status = ?", (status,))
        assert len(moved(api, "2026-03-01")) == (1 if status == "past_due" else 0)
        assert api.ok("GET", "/subscriptions")[0]["status"] == status


def test_a_subscription_of_an_earlier_emulator_is_billed(tmp_path: Path) -> None:
    shutil.copy(MADE_BEFORE, tmp_path / "a.db")
    with closing(create_app(tmp_path / "a.db")) as app:
        (before,) = Api(app).ok("GET", "/subscriptions")
        done = renewed_once(app, before)
        (after,) = Api(app).ok("GET", "/subscriptions")
        assert before["currentPeriod"]["start"] == before["startDate"]
        assert after["currentPeriod"]["start"] == done
        assert len(billed(Api(app))) == 1


def renewed_once(app: Emulator, subscription: dict[str, Any]) -> str:
    """Move the own clock just past the end of the running period; when that was due."""
    end = subscription["currentPeriod"]["end"]
    app.clock = lambda: datetime.fromisoformat(subscription["startDate"])
    (deadline,) = app.move_clock(datetime.fromisoformat(end).replace(microsecond=999_999))
    assert deadline.due == end
    return str(end)

"""Counting subscriptions: what counts, what is not known, and that nothing about anyone is kept."""

import gc
import itertools
import sqlite3
import tracemalloc
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import httpx
import pytest

from cli.running import send
from commetctl.api.client import Client
from commetctl.api.connection import Connection
from commetctl.core.contract import CONTRACTS, V2026_08_27
from commetctl.core.errors import NotPermitted
from commetctl.review import subscribers as among
from commetctl.review.counting import count
from commetctl.review.subscribers import Subscribers, Tally
from emulator.process import emulator_process
from emulator.serving import emulator_server
from harness import KEY, QUICK, Shop

SECRETS = {"customerId": "cus_secret", "name": "Secret Ltd", "checkoutUrl": "https://pay.example/secret"}


NUMBERS = itertools.count()


def row(plan: object = "pln_1", **fields: Any) -> dict[str, Any]:
    return {
        "id": f"sub_secret{next(NUMBERS)}",
        **SECRETS,
        "plan": {"id": plan, "name": "Pro"},
        "status": "active",
        **fields,
    }


def counted(*rows: Any, status: int = 200, **page: Any) -> Subscribers:
    """What is counted in a list of these rows."""
    content = page or {"object": "list", "data": list(rows), "hasMore": False}
    transport = httpx.MockTransport(lambda _request: httpx.Response(status, json=content))
    return count(Client(Connection("http://127.0.0.1", KEY, transport), V2026_08_27))


@pytest.mark.parametrize(
    ("status", "counts"),
    [
        ("active", 1),
        ("trialing", 1),
        ("past_due", 1),
        ("paused", 1),
        ("pending_payment", 1),
        ("of_a_later_version", 1),
        (None, 1),
        ([], 1),
        ("draft", 0),
        ("canceled", 0),
        ("expired", 0),
    ],
)
def test_who_is_or_may_be_subscribed_counts(status: Any, counts: int) -> None:
    found = counted(row(status=status))
    assert (found.of_plan("pln_1"), found.tally(among.on_plan("pln_1")).count) == (counts, counts)


def test_a_price_is_told_by_its_id_and_else_by_its_interval() -> None:
    found = counted(
        row(priceId="pp_1", billingInterval="monthly"),
        row(priceId="pp_variant", billingInterval="monthly"),
        row(priceId=None, billingInterval="monthly"),
        row(billingInterval="yearly"),
        row("pln_2", priceId=None, billingInterval="monthly"),
    )
    assert (found.of_plan("pln_1"), found.of_plan("pln_2"), found.of_plan("pln_3")) == (4, 1, 0)
    assert (found.of_price("pln_1", "pp_1", "monthly"), found.of_price("pln_1", None, "monthly")) == (2, 3)
    assert found.of_price("pln_1", "pp_2", "yearly") == 1


def test_without_price_and_interval_it_may_be_any_price() -> None:
    assert counted(row(billingInterval=None)).of_price("pln_1", "pp_1", "monthly") == 1


@pytest.mark.parametrize("status", ["active", "canceled"])
def test_a_list_that_names_one_twice_counts_nobody(status: str) -> None:
    """It moved while its pages were read, so another one may be missing."""
    twice = row()
    found = counted(row(), twice, row(), twice | {"status": status})
    assert (found.kinds, found.unknown) == ({}, "the list contains a subscription twice")
    assert counted(*({**row(), "id": None} for _ in range(2))).of_plan("pln_1") == 2


def test_a_scheduled_move_uses_both_and_counts_once() -> None:
    found = counted(
        row(billingInterval="yearly", scheduledPlanChange={"newPlanId": "pln_2", "newBillingInterval": "monthly"}),
        row(billingInterval="yearly", scheduledPlanChange={"newPlanId": None, "newBillingInterval": "monthly"}),
    )
    assert (found.of_plan("pln_1"), found.of_plan("pln_2")) == (2, 1)
    assert (found.of_price("pln_1", "pp_1", "monthly"), found.of_price("pln_2", "pp_2", "monthly")) == (1, 1)


@pytest.mark.parametrize(
    ("rows", "page", "status", "why"),
    [
        (
            [],
            {"data": [], "hasMore": True},
            200,
            "the list of subscriptions could not be read completely (incomplete_list)",
        ),
        ([], {"data": {}}, 200, "the list of subscriptions could not be read completely (not_a_list)"),
        ([], {"error": {"code": "forbidden", "message": "no"}}, 403, "the key is not allowed to read subscriptions"),
        ([], {"error": {"code": "endpoint_not_available"}}, 404, "the request for subscriptions was answered with 404"),
        ([row(None)], {}, 200, "the list of subscriptions does not match its API version"),
        ([row(""), row()], {}, 200, "the list of subscriptions does not match its API version"),
        ([{"id": "sub_1"}], {}, 200, "the list of subscriptions does not match its API version"),
        ([row(priceId=5)], {}, 200, "the list of subscriptions does not match its API version"),
    ],
)
def test_what_cannot_be_read_whole_is_not_known(rows: list[Any], page: dict[str, Any], status: int, why: str) -> None:
    found = counted(*rows, status=status, **page)
    assert (found.unknown, found.kinds) == (why, {})


def test_a_key_that_is_not_accepted_is_an_error() -> None:
    with pytest.raises(NotPermitted):
        counted(status=401, error={"code": "unauthorized", "message": "no"})


# What a change of a price means for those who are on it.

DAY = date(2026, 12, 1)
MONTHLY = {"billingInterval": "monthly", "priceId": "pp_1", "nextBillingDate": "2026-12-01T00:00:00.000Z"}


def on_price(*rows: Any) -> Tally:
    return counted(*rows).tally(among.on_price("pln_1", "pp_1", "monthly"))


def test_who_is_on_a_price_is_counted_by_status_and_renewal() -> None:
    found = on_price(
        row(**MONTHLY),
        row(**MONTHLY, offerApplications=[{"id": "off_1"}]),
        row(**MONTHLY | {"status": "past_due", "nextBillingDate": "2026-11-05T00:00:00Z"}),
        row(**MONTHLY | {"status": "trialing", "nextBillingDate": "2026-10-01T00:00:00Z"}),
        row(**MONTHLY | {"status": "trialing"}, offerApplications=[{}]),
        row(**MONTHLY | {"status": "canceled", "nextBillingDate": "2026-10-01T00:00:00Z"}),
        row(**MONTHLY | {"priceId": "pp_variant"}),
        row("pln_2", **MONTHLY),
    )
    by_status = {"active": 2, "past_due": 1, "trialing": 2}
    assert found == Tally(5, 3, 1, by_status, date(2026, 11, 5), DAY)


PHASES: dict[str, tuple[list[Any], int]] = {
    "a trial": ([{"type": "free_trial", "endsAt": None}], 0),
    "a trial that is over": ([{"type": "free_trial", "endsAt": "2020-01-01T00:00:00.000Z"}], 0),
    "a discount that is over": ([{"type": "percentage", "endsAt": "2020-01-01T00:00:00.000Z"}], 0),
    "a discount after a trial": ([{"type": "free_trial", "endsAt": "2020-01-01T00:00:00Z"}, {"type": "amount_off"}], 1),
    "a discount until later": ([{"type": "percentage", "endsAt": "2999-01-01T00:00:00.000Z"}], 1),
    "a price until nobody knows when": ([{"type": "fixed_price", "endsAt": "soon"}], 1),
    "phases that are not understood": (["half"], 1),
    "no phases": ([], 0),
}


@pytest.mark.parametrize(("phases", "discounted"), PHASES.values(), ids=PHASES)
def test_an_offer_counts_while_it_changes_what_is_paid(phases: list[Any], discounted: int) -> None:
    found = on_price(row(**MONTHLY, offerApplications=[{"id": "oap_1", "phases": phases}]))
    assert (found.count, found.discounted) == (1, discounted)


NOT_RENEWING = {
    "ends": {"cancelAtPeriodEnd": True},
    "is cancelled": {"cancellation": {"scheduledAt": "2026-11-01", "reason": None, "effectiveAt": "2026-12-01"}},
    "is cancelled somehow": {"cancellation": "soon"},
    "will pause": {
        "pause": {"status": "scheduled", "mode": "period_end", "effectiveAt": "2026-12-01", "resumeAt": None}
    },
    "is paused": {"status": "paused"},
    "has not paid yet": {"status": "pending_payment"},
    "is of a later version": {"status": "hibernating"},
    "paid once": {"billingInterval": "one_time"},
}


@pytest.mark.parametrize("fields", NOT_RENEWING.values(), ids=NOT_RENEWING)
def test_who_is_not_billed_again_as_is_does_not_renew(fields: dict[str, Any]) -> None:
    found = on_price(row(**MONTHLY | fields, discount={"type": "percentage"}))
    assert (found.count, found.renewing, found.discounted, found.first, found.last) == (1, 0, 0, None, None)


@pytest.mark.parametrize(
    "fields",
    [
        {"cancellation": None, "cancelAtPeriodEnd": False, "pause": None, "scheduledPlanChange": None},
        {"cancellation": {"scheduledAt": None, "effectiveAt": None}, "offerApplications": [], "discount": None},
    ],
)
def test_who_has_nothing_ahead_renews(fields: dict[str, Any]) -> None:
    assert on_price(row(**MONTHLY | fields)) == Tally(1, 1, 0, {"active": 1}, DAY, DAY)


@pytest.mark.parametrize(
    ("new_plan", "new_interval", "plan", "price"),
    [
        ("pln_2", None, 0, 0),
        ("pln_2", "monthly", 0, 0),
        (None, "yearly", 1, 0),
        ("pln_1", "yearly", 1, 0),
        (None, "monthly", 1, 1),
        (None, None, 1, 0),
    ],
)
def test_who_is_scheduled_to_move_does_not_renew_on_what_is_left(
    new_plan: str | None, new_interval: str | None, plan: int, price: int
) -> None:
    scheduled = {"newPlanId": new_plan, "newBillingInterval": new_interval, "scheduledFor": "2026-12-01"}
    found = counted(row(**MONTHLY, scheduledPlanChange=scheduled))
    on_plan, on_it = found.tally(among.on_plan("pln_1")), found.tally(among.on_price("pln_1", "pp_1", "monthly"))
    assert (on_plan.count, on_plan.renewing, on_plan.first) == (1, plan, DAY if plan else None)
    assert (on_it.count, on_it.renewing, on_it.first) == (1, price, DAY if price else None)
    # Nobody is on what they only will be on.
    assert found.tally(among.on_plan("pln_2")) == found.tally(among.on_price("pln_1", None, "yearly")) == Tally()


def test_without_price_ids_the_interval_tells_the_price() -> None:
    fields = MONTHLY | {"priceId": None}
    found = counted(row(**fields, discount={"type": "percentage"}), row(**fields | {"billingInterval": "yearly"}))
    assert found.tally(among.on_price("pln_1", "pp_1", "monthly")) == Tally(1, 1, 1, {"active": 1}, DAY, DAY)
    assert found.tally(among.on_price("pln_1", None, "yearly")) == Tally(1, 1, 0, {"active": 1}, DAY, DAY)
    assert found.tally(among.on_plan("pln_1")) == Tally(2, 2, 1, {"active": 2}, DAY, DAY)


@pytest.mark.parametrize(
    ("fields", "day"),
    [
        ({"nextBillingDate": "2026-12-01"}, DAY),
        ({"nextBillingDate": "2026-12-01T23:30:00-02:00"}, date(2026, 12, 2)),
        ({"nextBillingDate": "2026-12-01T00:30:00"}, DAY),
        ({"nextBillingDate": None, "currentPeriod": {"end": "2026-12-01T00:00:00Z"}}, DAY),
        ({"nextBillingDate": "soon", "currentPeriod": {"end": "2026-12-01T00:00:00Z"}}, DAY),
        ({"nextBillingDate": None, "currentPeriod": None}, None),
        ({"currentPeriod": "2026"}, None),
        *(({"nextBillingDate": value}, None) for value in ("", "soon", "2026-13-01", "9" * 10_000, 5, [1])),
        *(({"nextBillingDate": f"{year}-12-31T23:59:59Z"}, None) for year in ("0001", "1970", "9999", "+275760")),
        *(({"nextBillingDate": f"{at}:00"}, None) for at in ("0001-01-01T00:00+14", "9999-12-31T23:59-14")),
    ],
)
def test_a_date_that_cannot_be_read_is_left_out(fields: dict[str, Any], day: date | None) -> None:
    found = counted(row(billingInterval="monthly", **fields)).tally(among.on_price("pln_1", None, "monthly"))
    # Who names no day may not renew at all: given for free, for example.
    assert found == Tally(1, 1 if day else 0, 0, {"active": 1}, day, day)


def test_tallies_add_up() -> None:
    early, late = Tally(2, 1, 0, {"active": 2}, DAY, DAY), Tally(3, 2, 1, {"active": 1, "paused": 2}, None, None)
    later = Tally(1, 1, 1, {"paused": 1}, DAY + timedelta(9), DAY + timedelta(9))
    assert early + late + later == Tally(6, 4, 2, {"active": 3, "paused": 3}, DAY, DAY + timedelta(9))
    assert early + Tally() == Tally() + early == early


# What is kept.


def strings(*roots: object) -> set[str]:
    """Every text that can be reached from some objects, but for code."""
    found, rest, seen = set(), list(roots), set()
    while rest:
        item = rest.pop()
        if id(item) in seen or isinstance(item, (type, ModuleType, FunctionType)):
            continue
        seen.add(id(item))
        if isinstance(item, str):
            found.add(item)
        rest += gc.get_referents(item)
    return found


def test_nothing_about_anyone_is_kept() -> None:
    found = counted(row(**MONTHLY, livemode=True, offerApplications=[{"name": "secret"}]), row(**MONTHLY))
    assert strings(found) - {"kinds", "unknown", "way_out"} == {"pln_1", "pp_1", "monthly", "active", ""}
    assert "ecret" not in repr(counted(row(None)))


@pytest.mark.parametrize(
    "broken",
    [
        httpx.Response(500, json={"error": {"code": "internal_error", "message": "no"}}),
        httpx.Response(200, content=b'{"data": [{"id": "sub_secret", "name": "Secret Ltd", "customerId": "cus_sec'),
        httpx.Response(200, json={"data": [row(5)]}),
        httpx.Response(200, json={"data": [row(), None]}),
        httpx.Response(200, json={"data": [row(name="secret" * 200_000)]}),
        httpx.Response(401, json={"error": {"code": "unauthorized", "message": "no"}}),
    ],
)
def test_what_goes_wrong_in_the_middle_names_nobody(broken: httpx.Response) -> None:
    first = httpx.Response(200, json={"data": [row(), row()], "hasMore": True, "nextCursor": "more"})
    transport = httpx.MockTransport(lambda request: broken if "cursor" in request.url.params else first)
    client = Client(Connection("http://127.0.0.1", KEY, transport), V2026_08_27, patience=QUICK)
    try:
        found: Any = count(client)
        assert (found.kinds, bool(found.unknown)) == ({}, True)
    except NotPermitted as error:
        found = [error, vars(error), str(error), error.__context__]
    assert not [text for text in strings(found) if "ecret" in text and text != __name__]


# The list as it comes from an emulator.


@pytest.mark.parametrize("paging", ["on", "off"])
def test_the_list_of_both_generations_is_counted(version: str, paging: str, tmp_path: Path) -> None:
    yaml = "version: 1\nplans:\n  pro: {name: Pro, prices: {monthly: {price: 5}}}\n"
    with Shop(tmp_path, version, {"list_paging": paging}) as shop:
        shop.make(yaml)
        for _ in range(5):
            shop.send("POST", "/subscriptions", {"customerId": "cus_1", "planCode": "pro"})
        ids = {str(address): id_ for address, id_ in shop.plan(yaml).live.ids.items()}
        found = count(shop.client(shop.load(yaml)))
    assert found.of_plan(ids["plan.pro"]) == 5
    assert found.of_price(ids["plan.pro"], ids["plan_price.pro/monthly"], "monthly") == 5


def five(url: str) -> str:
    """The id of a plan with five subscriptions."""
    plan = str(send(url, "POST", "/plans", {"name": "Pro", "code": "pro", "isFree": True})["id"])
    for number in range(5):
        send(url, "POST", "/subscriptions", {"customerId": f"cus_{number}", "planId": plan})
    return plan


@pytest.mark.parametrize("fault", ["500", "503", "408", "502", "504", "429:0", "reset-before", "reset-after"])
def test_a_fault_between_pages_counts_nobody_twice(fault: str) -> None:
    # The plan and the subscriptions take six requests, the pages three.
    faults = [f"{fault}@{number}" for number in (8, 9, 11)]
    with emulator_server(":memory:", "--quirk", "list_paging=on", faults=faults) as emulator:
        plan = five(emulator.url)
        waits: list[str] = []
        client = Client(
            Connection(emulator.url, KEY),
            V2026_08_27,
            patience=QUICK,
            on_wait=lambda error, _seconds: waits.append(error.message),
        )
        assert count(client).of_plan(plan) == 5
        client.close()
    assert len(waits) == 3


@pytest.mark.parametrize(("fault", "why"), [("not-json@8", "not_json"), ("reset-after@8-", "unreachable")])
def test_a_fault_that_stays_leaves_it_unknown(fault: str, why: str) -> None:
    with emulator_server(":memory:", "--quirk", "list_paging=on", faults=[fault]) as emulator:
        five(emulator.url)
        client = Client(Connection(emulator.url, KEY), V2026_08_27, patience=QUICK)
        assert count(client) == Subscribers(
            unknown=f"the list of subscriptions could not be read completely ({why})", way_out="try again"
        )
        client.close()


STATUSES = ("active", "active", "active", "past_due", "trialing", "paused", "pending_payment", "canceled", "draft")
INTERVALS = ("monthly", "monthly", "yearly")
FIRST = date(2026, 6, 1)


@dataclass
class Many:
    """A database of many subscriptions, and what is in it, by the ids of plans and prices."""

    database: Path
    expected: dict[tuple[str, str, str], Tally]


def filled(folder: Path, number: int) -> Many:
    """Subscriptions of every status to three plans with two prices each, written straight into the file."""
    database = folder / "many.db"
    prices: list[dict[str, str]] = []
    with emulator_server(database) as emulator:
        for code in ("one", "two", "three"):
            plan = send(emulator.url, "POST", "/plans", {"name": code, "code": code, "consumptionModel": "metered"})[
                "id"
            ]
            path = f"/plans/{plan}/prices"
            ids = {
                at: send(emulator.url, "POST", path, {"billingInterval": at, "price": 100})["id"]
                for at in dict.fromkeys(INTERVALS)
            }
            prices.append({"plan": plan, **ids})
    rows = []
    for n in range(number):
        chosen, interval, status = prices[n % 7 % 3], INTERVALS[n % 11 % 3], STATUSES[n % 13 % 9]
        day, ends = FIRST + timedelta(n % 365), n % 17 == 0
        rows.append((chosen["plan"], chosen[interval], interval, status, day, ends))
    with sqlite3.connect(database) as file:
        columns = "plan_id, price_id, billing_interval, status, period_end, cancel_at_period_end, id, customer_id, name"
        file.executemany(
            f"INSERT INTO subscription ({columns}, livemode, start_date, created_at, updated_at) "  # noqa: S608
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'Secret Ltd', 0, '2026-05-01', '2026-05-01', '2026-05-01')",
            ((*row[:4], f"{row[4]}T12:00:00.000Z", row[5], f"sub_{n}", f"cus_{n}") for n, row in enumerate(rows)),
        )
    file.close()
    groups = {row[:3] for row in rows}
    return Many(database, {group: tally(row for row in rows if row[:3] == group) for group in groups})


def tally(rows: Iterable[tuple[Any, ...]]) -> Tally:
    """What has to be told of some rows."""
    kept = [row for row in rows if row[3] not in ("canceled", "draft")]
    days = sorted(row[4] for row in kept if row[3] in ("active", "past_due") and not row[5])
    return Tally(len(kept), len(days), 0, dict(Counter(row[3] for row in kept)), days[0], days[-1])


def check(many: Many, version: str, paging: str) -> int:
    """Count over HTTP and compare; how many bytes it took at most."""
    # In a process of its own: what it takes to make the answer is not what counting takes.
    with emulator_process(many.database, "--quirk", f"list_paging={paging}", "--quirk", "page_size=100") as emulator:
        client = Client(Connection(emulator.url, KEY), CONTRACTS[version], patience=QUICK)
        tracemalloc.start()
        try:
            found = count(client)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
            client.close()
    assert found.unknown == ""
    for (plan, price, interval), expected in many.expected.items():
        assert found.tally(among.on_price(plan, price, interval)) == expected
        assert found.of_price(plan, price, interval) == expected.count
    for plan in {plan for plan, _, _ in many.expected}:
        on_it = [expected for (of, _, _), expected in many.expected.items() if of == plan]
        assert found.tally(among.on_plan(plan)) == sum(on_it, Tally())
    assert len(found.kinds) < 200
    assert not [text for text in strings(found) if text.startswith(("sub_", "cus_", "Secret"))]
    return peak


#: What counting takes at most, in bytes, beside eight bytes a row; ten thousand rows are more than three times as much.
MOST = 2 * 1024 * 1024


@pytest.fixture(scope="module")
def ten_thousand(tmp_path_factory: pytest.TempPathFactory) -> Many:
    return filled(tmp_path_factory.mktemp("many"), 10_000)


@pytest.mark.process
@pytest.mark.parametrize(("version", "paging"), [("2026-08-27", "off"), ("2026-07-11", "on")])
def test_ten_thousand_are_counted_and_not_held(ten_thousand: Many, version: str, paging: str) -> None:
    assert check(ten_thousand, version, paging) < MOST + 8 * 10_000


@pytest.mark.proof
@pytest.mark.process
def test_a_hundred_thousand_take_no_more_memory(tmp_path: Path) -> None:
    many = filled(tmp_path, 100_000)
    for version in CONTRACTS:
        for paging in ("off", "on"):
            # What holds the eight bytes grows in steps.
            assert check(many, version, paging) < MOST + 2 * 8 * 100_000

"""Offers: their phases, the replacing update, where 2026-07-24 places them, and what subscriptions accept of them."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from commetctl.emulator import create_app
from emulator.client import NEW, OLD, Api
from emulator.conftest import MakeApi

FIRST, SECOND = "2026-07-24", "2026-07-31"
TRIAL: dict[str, Any] = {"type": "free_trial", "durationDays": 14}
HALF: dict[str, Any] = {"type": "percentage", "durationCycles": 3, "percentage": 5000}
OFF: dict[str, Any] = {"type": "amount_off", "durationCycles": 2, "amounts": [{"currency": "usd", "amount": 1000}]}
FIXED: dict[str, Any] = {"type": "fixed_price", "durationCycles": None, "prices": [{"currency": "usd", "amount": 2900}]}
ALL = [TRIAL, HALF, OFF, FIXED]


def offer(api: Api, *phases: dict[str, Any], **more: Any) -> dict[str, Any]:
    placement = {"purpose": "promotional", "planPriceIds": []} if api.version == FIRST else {}
    body = {"name": "Launch", "phases": list(phases or (HALF,)), **placement, **more}
    created: dict[str, Any] = api.ok("POST", "/offers", body)
    return created


def introductory(api: Api, price: str, *phases: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An offer placed on a price, which only 2026-07-24 can do."""
    return offer(api.at(FIRST), *phases, purpose="introductory", planPriceIds=[price], **more)


def test_create_read_list_replace_delete(api: Api) -> None:
    more = {
        "metadata": {"campaign": "launch"},
        "startsAt": "2026-12-01T00:00:00Z",
        "endsAt": "2027-01-01",
        "active": False,
    }
    created = offer(api, *ALL, **more)
    phases = [TRIAL, *({**phase, "durationInterval": None} for phase in ALL[1:])]
    times = {name: created[name] for name in ("id", "createdAt", "updatedAt")}
    assert created == {
        "name": "Launch",
        "phases": phases,
        "metadata": {"campaign": "launch"},
        "active": False,
        "startsAt": "2026-12-01T00:00:00.000Z",
        "endsAt": "2027-01-01T00:00:00.000Z",
        **times,
        "object": "offer",
        "livemode": False,
    }
    path = f"/offers/{created['id']}"
    assert api.ok("GET", path) == created
    assert api.ok("GET", "/offers") == [created]
    replaced = api.ok("PATCH", path, {"name": "Later", "phases": [HALF]})
    assert replaced["phases"] == [{**HALF, "durationInterval": None}]
    left_out = [replaced[name] for name in ("metadata", "startsAt", "endsAt", "active")]
    assert left_out == [{}, None, None, True], "an update replaces"
    assert api.ok("DELETE", path) == {"deleted": True, "object": "offer", "livemode": False}
    assert api.ok("GET", "/offers") == []
    for method, body in (("GET", None), ("PATCH", {"name": "a", "phases": [HALF]}), ("DELETE", None)):
        assert api.refused(method, path, body) == (404, "offer_not_found")


def test_an_update_needs_all_that_a_creation_needs(api: Api) -> None:
    path = f"/offers/{offer(api)['id']}"
    for method, to in (("POST", "/offers"), ("PATCH", path)):
        assert api.wrong_fields(method, to, {}) == ["name", "phases"]
        assert api.wrong_fields(method, to, {"name": "", "phases": [HALF], "active": None}) == ["name", "active"]
    assert api.wrong_fields("POST", "/offers", {"name": "a", "phases": [HALF], "metadata": None}) == ["metadata"]
    ends = {"startsAt": "2027-01-01", "endsAt": "2027-01-01"}
    assert api.wrong_fields("POST", "/offers", {"name": "a", "phases": [HALF], **ends}) == ["endsAt"]
    assert offer(api, startsAt=None, endsAt=None)["startsAt"] is None


@pytest.mark.parametrize(
    ("phases", "wrong"),
    [
        ([], ["phases"]),
        ([HALF] * 11, ["phases"]),
        (["free"], ["phases.0"]),
        ([{}], ["phases.0.type"]),
        ([{"type": "gift"}], ["phases.0.type"]),
        ([{"type": ["percentage"]}], ["phases.0.type"]),
        ([HALF, TRIAL], ["phases.1.type"]),
        ([TRIAL, TRIAL], ["phases.1.type"]),
        ([{**HALF, "durationCycles": None}, HALF], ["phases.0.durationCycles"]),
        ([{**TRIAL, "durationDays": 0}], ["phases.0.durationDays"]),
        ([{**TRIAL, "durationDays": None}], ["phases.0.durationDays"]),
        ([{"type": "percentage", "percentage": 1}], ["phases.0.durationCycles"]),
        ([{**HALF, "durationCycles": 0}], ["phases.0.durationCycles"]),
        ([{**HALF, "durationCycles": 2**31}], ["phases.0.durationCycles"]),
        ([{**HALF, "percentage": 0}], ["phases.0.percentage"]),
        ([{**HALF, "percentage": 10_001}], ["phases.0.percentage"]),
        ([{**HALF, "percentage": 12.5}], ["phases.0.percentage"]),
        ([{**HALF, "durationInterval": "monthly"}], ["phases.0.durationInterval"]),
        ([{**OFF, "durationInterval": "monthly"}], ["phases.0.durationInterval"]),
        ([{**FIXED, "durationInterval": "one_time"}], ["phases.0.durationInterval"]),
        ([{**OFF, "amounts": []}], ["phases.0.amounts"]),
        ([{**OFF, "amounts": OFF["amounts"] * 2}], ["phases.0.amounts.1.currency"]),
        ([{**OFF, "amounts": [{"currency": "euro", "amount": 1}]}], ["phases.0.amounts.0.currency"]),
        ([{**OFF, "amounts": [{"currency": "eur", "amount": -1}]}], ["phases.0.amounts.0.amount"]),
        ([{"type": "fixed_price", "durationCycles": 1}], ["phases.0.prices"]),
    ],
)  # fmt: skip
def test_a_wrong_phase_is_refused_where_it_is_wrong(api: Api, phases: list[Any], wrong: list[str]) -> None:
    assert api.wrong_fields("POST", "/offers", {"name": "a", "phases": phases}) == wrong


def test_what_phases_can_be(api: Api) -> None:
    """Ten phases, one cent off nothing, whole discounts, currencies in any case, and an interval of a fixed price."""
    assert len(offer(api, *[HALF] * 10)["phases"]) == 10
    assert offer(api, {**HALF, "percentage": 10_000})["phases"][0]["percentage"] == 10_000
    prices = [{"currency": "USD", "amount": 0}, {"currency": "jpy", "amount": 700}]
    fixed = offer(api, {**FIXED, "durationCycles": 3, "durationInterval": "semiannual", "prices": prices})["phases"][0]
    assert fixed["prices"] == [{"currency": "usd", "amount": 0}, {"currency": "jpy", "amount": 700}]
    assert (fixed["durationInterval"], fixed["durationCycles"]) == ("semiannual", 3)
    assert offer(api, {**HALF, "durationInterval": None})["phases"][0]["durationInterval"] is None


def test_a_whole_discount_can_be_refused(make_api: MakeApi) -> None:
    api = make_api(full_discount="refused")
    whole = {"name": "a", "phases": [{**HALF, "percentage": 10_000}]}
    assert api.wrong_fields("POST", "/offers", whole) == ["phases.0.percentage"]
    assert offer(api, {**HALF, "percentage": 9999})["phases"][0]["percentage"] == 9999


def test_the_list_is_filtered_and_comes_in_pages(api: Api) -> None:
    ids = [offer(api, active=number % 2 == 0)["id"] for number in range(27)]

    def listed(query: str) -> list[str]:
        return [item["id"] for item in api.ok("GET", f"/offers{query}")]

    first = api.send("GET", "/offers").json()
    assert ([item["id"] for item in first["data"]], first["hasMore"]) == (ids[:25], True)
    rest = api.send("GET", f"/offers?cursor={first['nextCursor']}").json()
    assert ([item["id"] for item in rest["data"]], rest["hasMore"]) == (ids[25:], False)
    assert "nextCursor" not in rest
    assert listed("?limit=100") == ids
    assert listed("?active=true") == ids[::2]
    assert listed("?active=false&limit=2") == ids[1:4:2]
    for query, field in (("limit=0", "limit"), ("limit=101", "limit"), ("cursor=x", "cursor"), ("active=1", "active")):
        assert api.wrong_fields("GET", f"/offers?{query}") == [field]
    assert api.wrong_fields("GET", f"/offers?active=true&cursor={ids[1]}") == ["cursor"]


def test_each_account_has_its_own(api: Api) -> None:
    created = offer(api)
    live = api.with_key("ck_live_x")
    assert live.ok("GET", "/offers") == []
    assert live.refused("GET", f"/offers/{created['id']}") == (404, "offer_not_found")
    assert offer(live)["livemode"] is True


def test_a_restricted_key_needs_the_permission(api: Api) -> None:
    created = offer(api)
    reader, other = api.with_key("rk_sandbox_x.offer:r"), api.with_key("rk_sandbox_x.promo_code:rw")
    assert reader.ok("GET", f"/offers/{created['id']}") == created
    assert reader.refused("DELETE", f"/offers/{created['id']}") == (403, "forbidden")
    assert other.refused("GET", "/offers") == (403, "forbidden")


def test_intervals_of_phases_came_with_2026_08_27(api: Api) -> None:
    older = api.at(SECOND)
    made = offer(older, {**FIXED, "durationInterval": "monthly"})
    assert "durationInterval" not in made["phases"][0]
    assert api.ok("GET", f"/offers/{made['id']}")["phases"][0]["durationInterval"] is None
    yearly = offer(api, {**FIXED, "durationInterval": "yearly"})
    assert "durationInterval" not in older.ok("GET", f"/offers/{yearly['id']}")["phases"][0]


def test_the_first_version_has_no_open_ended_phases_and_needs_dollars(api: Api) -> None:
    first = api.at(FIRST)
    euros = {**OFF, "amounts": [{"currency": "eur", "amount": 1000}]}
    body = {"name": "a", "purpose": "promotional", "planPriceIds": []}
    assert first.wrong_fields("POST", "/offers", {**body, "phases": [FIXED]}) == ["phases.0.durationCycles"]
    assert first.wrong_fields("POST", "/offers", {**body, "phases": [euros]}) == ["phases.0.amounts"]
    assert offer(api, euros)["phases"][0]["amounts"] == euros["amounts"]


def test_where_an_offer_is_placed_is_part_of_it_in_2026_07_24_alone(api: Api) -> None:
    plan = api.plan()
    price, first = api.price(plan), api.at(FIRST)
    assert first.wrong_fields("POST", "/offers", {"name": "a", "phases": [HALF]}) == ["purpose", "planPriceIds"]
    made = introductory(api, price, TRIAL, HALF)
    assert (made["purpose"], made["planPriceIds"]) == ("introductory", [price])
    assert {"purpose", "planPriceIds"}.isdisjoint(api.ok("GET", f"/offers/{made['id']}"))
    plain = first.ok("GET", f"/offers/{offer(api)['id']}")
    assert (plain["purpose"], plain["planPriceIds"]) == ("promotional", [])
    api.ok("PATCH", f"/offers/{made['id']}", {"name": "Renamed", "phases": [HALF]})
    kept = first.ok("GET", f"/offers/{made['id']}")
    assert (kept["name"], kept["purpose"], kept["planPriceIds"]) == ("Renamed", "introductory", [price])
    for query, found in (
        *(("purpose=introductory", [made["id"]]), ("purpose=promotional", [plain["id"]])),
        *((f"planPriceId={price}", [made["id"]]), ("planPriceId=none", [])),
    ):
        assert [item["id"] for item in first.ok("GET", f"/offers?{query}")] == found
        assert len(api.ok("GET", f"/offers?{query}")) == 2, "later versions have no such filter"
    assert first.wrong_fields("GET", "/offers?purpose=any") == ["purpose"]


def test_a_price_names_its_introductory_offer(api: Api) -> None:
    plan, market = api.plan(), api.market()
    markets = [{"marketGroupId": market, "currency": "brl", "price": 100}]
    base = api.price(plan, marketPrices=markets)
    body = {"billingInterval": "monthly", "inheritsFromPriceId": base, "marketPrices": markets}
    variant = api.ok("POST", f"/plans/{plan}/prices", body)
    yearly = api.price(plan, "yearly")
    made = introductory(api, base)["id"]

    def read(version: str) -> list[str | None]:
        return [price["offerId"] for price in api.at(version).ok("GET", f"/plans/{plan}")["prices"]]

    for version in (FIRST, SECOND, NEW, "2026-10-04"):
        assert read(version) == [made, made, None], "a variant has the offer of its base price"
    assert api.ok("PATCH", f"/plans/{plan}/prices/{base}", {"trialDays": 1})["offerId"] == made
    assert "offerId" not in api.at(OLD).ok("GET", f"/plans/{plan}")["prices"][0]
    promotional = {"name": "a", "purpose": "promotional", "planPriceIds": [yearly], "phases": [HALF]}
    assert api.at(FIRST).ok("PATCH", f"/offers/{made}", promotional)["planPriceIds"] == [yearly]
    assert read(NEW) == [None, None, None]
    again = introductory(api, base)["id"]
    assert api.at(FIRST).refused("POST", "/offers", {**promotional, "planPriceIds": ["pp_none"]}) == (
        404,
        "price_not_found",
    )
    taken = {**promotional, "purpose": "introductory", "planPriceIds": [base]}
    assert api.at(FIRST).refused("POST", "/offers", taken) == (409, "duplicate")
    for wrong in ([variant["id"]], []):
        assert api.at(FIRST).wrong_fields("POST", "/offers", {**taken, "planPriceIds": wrong}) == ["planPriceIds"]
    api.ok("DELETE", f"/offers/{again}")
    assert read(NEW) == [None, None, None]
    assert introductory(api, base)["planPriceIds"] == [base]


@pytest.mark.parametrize(
    ("phases", "wrong"),
    [
        ([{**FIXED, "durationCycles": 1}], "phases.0.type"),
        ([HALF, OFF], "phases.1"),
        ([{**HALF, "durationCycles": None}], "phases.0.durationCycles"),
    ],
)
def test_an_introductory_offer_is_a_trial_and_one_discount_at_most(
    api: Api, phases: list[dict[str, Any]], wrong: str
) -> None:
    made = introductory(api, api.price(api.plan()), TRIAL, OFF)
    assert api.wrong_fields("PATCH", f"/offers/{made['id']}", {"name": "a", "phases": phases}) == [wrong]


def applied(subscription: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = subscription["offerApplications"]
    return found


def test_a_subscription_keeps_the_terms_that_it_accepted(api: Api) -> None:
    plan = api.plan()
    price = api.price(plan, trialDays=30)
    made = offer(api, *ALL)
    api.app.clock = lambda: datetime(2026, 1, 31, tzinfo=UTC)
    created = api.subscribe(plan, offerId=made["id"], startDate="2026-01-31")
    (found,) = applied(created)
    dates = ["2026-01-31", "2026-02-14", "2026-05-14", "2026-07-14"]
    starts = [f"{date}T00:00:00.000Z" for date in dates]
    spans = [{"startsAt": begin, "endsAt": end} for begin, end in zip(starts, [*starts[1:], None], strict=True)]
    terms = [
        *({**TRIAL}, {**HALF}, {"type": "amount_off", "durationCycles": 2, "amount": 1000}),
        {"type": "fixed_price", "durationCycles": None, "price": 2900},
    ]
    assert found == {
        "id": found["id"],
        "name": "Launch",
        "appliesTo": {"type": "plan_price", "id": price},
        "offerId": made["id"],
        "source": "direct",
        "status": "applied",
        "currency": "usd",
        "subtotal": 4900,
        "discountAmount": 2450,
        "total": 2450,
        "expiresAt": None,
        "quotedAt": found["quotedAt"],
        "appliedAt": found["quotedAt"],
        "phases": [{**term, "durationInterval": None, **span} for term, span in zip(terms, spans, strict=True)],
    }
    assert (created["status"], created["trialEndsAt"]) == ("trialing", starts[1]), "the trial is that of the offer"
    api.ok("PATCH", f"/offers/{made['id']}", {"name": "Other", "phases": [OFF]})
    api.ok("DELETE", f"/offers/{made['id']}")
    for read in (api.ok("GET", f"/subscriptions/{created['id']}"), api.ok("GET", "/subscriptions")[0]):
        assert applied(read) == [found]
    (older,) = applied(api.at(SECOND).ok("GET", "/subscriptions")[0])
    assert ("expiresAt" in older, "durationInterval" in older["phases"][0]) == (False, False)


@pytest.mark.parametrize(
    ("phase", "discount", "total"),
    [
        ({**HALF, "percentage": 3333}, 1633, 3267),
        ({**HALF, "percentage": 10_000}, 4900, 0),
        (OFF, 1000, 3900),
        ({**OFF, "amounts": [{"currency": "usd", "amount": 9900}]}, 4900, 0),
        (FIXED, 2000, 2900),
        ({**FIXED, "prices": [{"currency": "usd", "amount": 9900}]}, 0, 9900),
        (TRIAL, 0, 4900),
    ],
)
def test_what_an_offer_takes_off(api: Api, phase: dict[str, Any], discount: int, total: int) -> None:
    plan = api.plan()
    api.price(plan, price=4900)
    (found,) = applied(api.subscribe(plan, offerId=offer(api, phase)["id"]))
    assert (found["subtotal"], found["discountAmount"], found["total"]) == (4900, discount, total)


def test_a_phase_can_be_counted_in_another_interval_and_never_end(api: Api) -> None:
    plan = api.plan()
    api.price(plan, "yearly")
    endless = {**HALF, "durationCycles": 2**31 - 1}
    made = offer(api, {**FIXED, "durationCycles": 3, "durationInterval": "monthly"}, endless, OFF)
    (found,) = applied(api.subscribe(plan, offerId=made["id"], startDate="2026-01-01"))
    ends = [phase["endsAt"] for phase in found["phases"]]
    assert ends == ["2026-04-01T00:00:00.000Z", None, None], "after the year 9999 there are no dates"
    long = offer(api, {**TRIAL, "durationDays": 2**31 - 1})["id"]
    body = {"planId": plan, "customerId": "c", "offerId": long}
    assert api.wrong_fields("POST", "/subscriptions", body) == ["offerId"]


def test_an_offer_is_applied_only_where_it_fits(api: Api) -> None:
    plan, free = api.plan(), api.plan("free", None, isFree=True)
    price = api.price(plan)
    euros = {**OFF, "amounts": [{"currency": "eur", "amount": 1000}]}
    for to, made in (
        *((plan, offer(api, active=False)), (plan, offer(api, startsAt="2999-01-01")), (plan, offer(api, euros))),
        *((plan, offer(api, endsAt="2001-01-01")), (free, offer(api))),
    ):
        body = {"planId": to, "customerId": "c", "offerId": made["id"]}
        assert api.refused("POST", "/subscriptions", body) == (400, "offer_not_applicable")
    body = {"planId": plan, "customerId": "c", "offerId": offer(api)["id"]}
    assert api.refused("POST", "/subscriptions", {**body, "offerId": "ofr_none"}) == (404, "offer_not_found")
    for name, value in (("promoCode", "A"), ("customTrialDays", 0), ("skipTrial", True)):
        assert api.wrong_fields("POST", "/subscriptions", {**body, name: value}) == [name]
    assert api.refused("POST", "/subscriptions", {**body, "cardPromotionId": "x"}) == (
        409,
        "card_promotions_not_available",
    )
    assert api.ok("GET", "/subscriptions") == [], "nothing of what is refused is there"
    scoped = offer(api.at(FIRST), planPriceIds=[api.price(plan, "yearly")])["id"]
    refusal = api.at(FIRST).refused("POST", "/subscriptions", {**body, "offerId": scoped, "priceId": price})
    assert refusal == (400, "offer_not_applicable")
    assert applied(api.subscribe(plan, offerId=scoped, priceId=price)), "later versions have no such scope"
    assert api.subscribe(plan, "cus_2", offerId=offer(api)["id"], skipTrial=False)["status"] == "active"


def test_a_trial_is_not_paid_in_advance(api: Api) -> None:
    plan = api.plan()
    price = api.price(plan, trialDays=3)
    trial, weekly = offer(api, TRIAL, HALF)["id"], offer(api, {**FIXED, "durationInterval": "weekly"})["id"]
    api.ok("POST", "/promo-codes", {"code": "TRIAL", "offerId": trial})
    body = {"planId": plan, "customerId": "c"}
    for ahead in ({"prepaidPeriods": 2}, {"cancelAtPeriodEnd": True}):
        for name, value in (("offerId", trial), ("promoCode", "TRIAL"), ("customTrialDays", 3)):
            assert api.wrong_fields("POST", "/subscriptions", {**body, **ahead, name: value}) == [name]
        assert api.subscribe(plan, **ahead)["status"] == "active", "the trial of the price is skipped"
    several = {**body, "offerId": weekly, "prepaidPeriods": 2}
    assert api.wrong_fields("POST", "/subscriptions", several) == ["prepaidPeriods"]
    assert applied(api.subscribe(plan, offerId=weekly, prepaidPeriods=1))
    introductory(api, price, TRIAL, HALF)
    (found,) = applied(api.subscribe(plan, "cus_new", prepaidPeriods=2))
    assert [phase["type"] for phase in found["phases"]] == ["percentage"]


def test_a_new_customer_gets_the_introductory_offer(api: Api) -> None:
    plan = api.plan()
    made = introductory(api, api.price(plan, trialDays=3), TRIAL, HALF)

    def sources(**more: Any) -> list[str]:
        return [item["source"] for item in applied(api.subscribe(plan, **more))]

    api.app.clock = lambda: datetime(2026, 1, 2, tzinfo=UTC)
    first = api.subscribe(plan, "cus_1", startDate="2026-01-01")
    assert (first["status"], first["trialEndsAt"]) == ("trialing", "2026-01-15T00:00:00.000Z")
    assert [(item["source"], item["offerId"]) for item in applied(first)] == [("introductory", made["id"])]
    assert sources(customer="cus_1") == ["introductory"], "one on trial is still new"
    without = api.subscribe(plan, "cus_2", skipTrial=True)
    assert [phase["type"] for phase in applied(without)[0]["phases"]] == ["percentage"]
    assert without["status"] == "active"
    assert sources(customer="cus_2") == [], "one with an active subscription is not"
    assert sources(customer="cus_3", offerId=offer(api)["id"]) == ["direct"]
    (custom,) = applied(api.subscribe(plan, "cus_4", customTrialDays=5))
    assert (custom["source"], custom["offerId"], custom["phases"][0]["durationDays"]) == ("custom", None, 5)
    api.ok("PATCH", f"/offers/{made['id']}", {"name": "a", "phases": [HALF], "active": False})
    assert sources(customer="cus_5") == []


def test_the_versions_before_applications_have_a_discount(api: Api) -> None:
    plan = api.plan()
    api.price(plan)
    assert api.at(FIRST).subscribe(plan)["discount"] is None
    for phases, expected in (
        ([TRIAL, HALF], {"type": "percentage", "value": 5000, "name": "Launch", "endsAt": "2999-04-15T00:00:00.000Z"}),
        ([FIXED], {"type": "amount", "value": 2000, "name": "Launch", "endsAt": None}),
        ([TRIAL], None),
    ):
        made = api.subscribe(plan, offerId=offer(api, *phases)["id"], startDate="2999-01-01")["id"]
        for version in (OLD, FIRST):
            assert api.at(version).ok("GET", f"/subscriptions/{made}")["discount"] == expected
    over = api.subscribe(plan, offerId=offer(api, HALF, OFF)["id"], startDate="2020-01-01")["id"]
    assert api.at(OLD).ok("GET", f"/subscriptions/{over}")["discount"] is None


def test_an_offer_is_applied_to_a_subscription_from_its_next_billing_date_on(api: Api) -> None:
    plan = api.plan()
    price = api.price(plan)
    created = api.subscribe(plan)
    path, made = f"/subscriptions/{created['id']}/offer", offer(api, HALF)["id"]
    (found,) = applied(api.ok("PUT", path, {"offerId": made}))
    assert (found["source"], found["status"], found["appliesTo"]["id"]) == ("direct", "applied", price)
    assert found["phases"][0]["startsAt"] == created["nextBillingDate"]
    assert api.refused("PUT", path, {"offerId": made}) == (400, "offer_not_applicable"), "one at a time"
    assert api.refused("DELETE", path) == (409, "invalid_subscription_status")
    other = f"/subscriptions/{api.subscribe(plan)['id']}/offer"
    assert api.refused("PUT", other, {"offerId": offer(api, TRIAL, HALF)["id"]}) == (400, "offer_not_applicable")
    assert api.refused("PUT", other, {"offerId": "ofr_none"}) == (404, "offer_not_found")
    assert api.wrong_fields("PUT", other, {}) == ["offerId"]
    free = api.subscribe(api.plan("free", None, isFree=True))["id"]
    assert api.refused("PUT", f"/subscriptions/{free}/offer", {"offerId": made}) == (400, "offer_not_applicable")
    api.price(plan, "one_time")
    once = api.subscribe(plan, billingInterval="one_time")["id"]
    assert api.refused("PUT", f"/subscriptions/{once}/offer", {"offerId": made}) == (400, "offer_not_applicable")
    assert api.refused("PUT", "/subscriptions/none/offer", {"offerId": made}) == (404, "subscription_not_found")
    assert api.at(FIRST).refused("PUT", path, {"offerId": made}) == (404, "endpoint_not_available")


def test_an_offer_that_is_over_makes_room_for_another(make_api: MakeApi) -> None:
    api = make_api()
    plan = api.plan()
    api.price(plan)
    created = api.subscribe(plan, offerId=offer(api, {**HALF, "durationCycles": 1})["id"])
    path, other = f"/subscriptions/{created['id']}/offer", offer(api, OFF)["id"]
    assert api.refused("PUT", path, {"offerId": other})[1] == "offer_not_applicable"
    api.app.clock = lambda: datetime(2999, 1, 1, tzinfo=UTC)
    assert len(applied(api.ok("PUT", path, {"offerId": other}))) == 2


def test_a_checkout_quotes_an_offer_and_takes_it_back(tmp_path: Path) -> None:
    """No request leaves a subscription waiting for a payment, so it is written into the file."""
    app = create_app(tmp_path / "a.db")
    api = Api(app)
    plan = api.plan()
    api.price(plan)
    path = f"/subscriptions/{api.subscribe(plan)['id']}/offer"
    with sqlite3.connect(tmp_path / "a.db") as file:
        file.execute("UPDATE subscription SET status = 'pending_payment'")
    file.close()
    for phase in (HALF, OFF):
        body = {"offerId": offer(api, phase)["id"], "expiresAt": "2027-01-01"}
        (quoted,) = applied(api.ok("PUT", path, body))
        assert (quoted["status"], quoted["appliedAt"], quoted["expiresAt"]) == (
            "quoted",
            None,
            "2027-01-01T00:00:00.000Z",
        )
        assert (quoted["phases"][0]["type"], quoted["phases"][0]["startsAt"]) == (phase["type"], None)
    assert applied(api.ok("DELETE", path)) == []
    assert api.refused("DELETE", path) == (404, "offer_not_found")
    app.close()


def test_a_creation_is_replayed_under_its_key(api: Api) -> None:
    keyed = api.with_headers(idempotency_key="k1")
    assert offer(keyed) == offer(keyed)
    assert len(api.ok("GET", "/offers")) == 1
    assert keyed.refused("POST", "/offers", {"name": "b", "phases": [HALF]}) == (409, "idempotency_key_mismatch")

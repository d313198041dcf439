"""Subscriptions, credit purchases and the customers behind them."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from commetctl.emulator import create_app
from commetctl.emulator.wire import period_end
from emulator.client import NEW, OLD, Api
from emulator.conftest import MakeApi


def test_the_default_price_is_taken_when_none_is_named(each: Api) -> None:
    plan = each.plan()
    each.price(plan, "monthly")
    yearly = each.price(plan, "yearly", isDefault=True)
    created = each.subscribe(plan)
    assert (created["status"], created["billingInterval"], created["name"]) == ("active", "yearly", "Pro")
    assert each.subscribe(plan, billingInterval="monthly")["billingInterval"] == "monthly"
    if each.is_new:
        assert created["priceId"] == yearly


def test_a_price_can_be_named_by_id_in_the_new_generation(api: Api) -> None:
    plan = api.plan()
    api.price(plan, "monthly")
    yearly = api.price(plan, "yearly")
    assert api.subscribe(plan, priceId=yearly)["priceId"] == yearly
    assert api.refused("POST", "/subscriptions", {"planId": plan, "customerId": "c", "priceId": "x"})[1] == (
        "price_not_found"
    )


def test_a_plan_can_be_named_by_code(each: Api) -> None:
    plan = each.plan()
    each.price(plan)
    assert each.ok("POST", "/subscriptions", {"planCode": "pro", "customerId": "c"})["plan"]["id"] == plan
    assert each.refused("POST", "/subscriptions", {"planCode": plan, "customerId": "c"}) == (404, "plan_not_found")
    for both in ({}, {"planId": plan, "planCode": "pro"}):
        assert each.wrong_fields("POST", "/subscriptions", {"customerId": "c", **both}) == ["planId"]


def test_a_free_plan_needs_no_price_and_a_paid_one_does(each: Api) -> None:
    free = each.subscribe(each.plan("free", None, isFree=True))
    assert (free["status"], free["billingInterval"], free["currentPeriod"]) == ("active", None, None)
    body = {"planId": each.plan(), "customerId": "c"}
    assert each.refused("POST", "/subscriptions", body) == (409, "no_prices_configured")
    each.price(body["planId"])
    assert each.refused("POST", "/subscriptions", {**body, "billingInterval": "weekly"}) == (404, "price_not_found")


def test_a_trial(each: Api) -> None:
    plan = each.plan()
    each.price(plan, trialDays=14)
    each.app.clock = lambda: datetime(2026, 3, 2, tzinfo=UTC)
    trial = each.subscribe(plan, startDate="2026-03-01")
    assert (trial["status"], trial["trialEndsAt"]) == ("trialing", "2026-03-15T00:00:00.000Z")
    assert each.subscribe(plan, skipTrial=True)["status"] == "active"
    assert each.subscribe(plan, customTrialDays=0)["status"] == "active"
    body = {"planId": plan, "customerId": "c"}
    assert each.wrong_fields("POST", "/subscriptions", {**body, "startDate": "soon"}) == ["startDate"]
    assert each.wrong_fields("POST", "/subscriptions", {**body, "customTrialDays": 2**31 - 1}) == ["customTrialDays"]


def test_lists_filter_by_customer_and_status(each: Api) -> None:
    plan = each.plan()
    each.price(plan, trialDays=3)
    first = each.subscribe(plan, "cus_1")["id"]
    second = each.subscribe(plan, "cus_2", skipTrial=True)["id"]

    def listed(query: str) -> list[str]:
        return [item["id"] for item in each.ok("GET", f"/subscriptions{query}")]

    assert listed("") == [first, second]
    assert listed("?customerId=cus_2") == [second]
    assert listed("?status=trialing") == [first]
    assert listed("?status=active&customerId=cus_1") == []
    assert each.wrong_fields("GET", "/subscriptions?status=unheard") == ["status"]
    assert each.send("GET", "/subscriptions?status=paused").is_success == each.is_new


def test_summaries_have_no_credits_and_whole_subscriptions_do(api: Api) -> None:
    plan = api.plan(model="credits")
    api.price(plan, includedCredits=1000)
    created = api.subscribe(plan)
    assert "credits" not in created
    assert "credits" not in api.ok("GET", "/subscriptions")[0]
    whole = api.ok("GET", f"/subscriptions/{created['id']}")
    assert whole["credits"] == {"remaining": 1000, "included": 1000, "purchased": 0}
    assert whole["plan"] == {"id": plan, "name": "Pro", "basePrice": 4900}
    assert api.at(OLD).ok("GET", "/subscriptions")[0]["plan"]["basePrice"] == 490_000


@pytest.mark.parametrize(("scale", "included"), [("minor", 1000), ("rate", 100_000)])
@pytest.mark.parametrize("version", [NEW, OLD])
def test_a_balance_is_shown_in_ten_thousandths_whatever_the_scale_of_prices(
    make_api: MakeApi, scale: str, included: int, version: str
) -> None:
    api = make_api(version, balance_scale=scale)
    plan = api.plan(model="balance")
    api.price(plan, includedBalance=included)
    whole = api.ok("GET", f"/subscriptions/{api.subscribe(plan)['id']}")
    assert whole["balance"] == {"remaining": 100_000, "included": 100_000, "currency": "usd"}
    assert whole["credits"] is None


@pytest.mark.parametrize("scale", ["minor", "rate"])
@pytest.mark.parametrize("prices", ["minor", "rate"])
def test_the_scale_of_balances_is_that_of_every_version_and_no_other_amounts(
    make_api: MakeApi, scale: str, prices: str
) -> None:
    api = make_api(balance_scale=scale, price_scale=prices)
    plan = api.plan(model="balance")
    price = api.price(plan, price=4900, includedBalance=1000)
    body = {"overrides": [{"currency": "jpy", "price": 7000, "includedBalance": 10_000}]}
    api.ok("PUT", f"/plans/{plan}/prices/{price}/regional", body)
    for version in (NEW, OLD):
        (found,) = api.at(version).ok("GET", f"/plans/{plan}")["prices"]
        assert found["includedBalance"] == 1000
        assert found["regionalPrices"][0]["includedBalance"] == 10_000
        assert found["price"] == (490_000 if (version, prices) == (OLD, "rate") else 4900)


def test_purchased_credits_are_added(each: Api) -> None:
    plan = each.plan(model="credits")
    each.price(plan, includedCredits=1000)
    subscription = each.subscribe(plan)["id"]
    pack = each.ok("POST", "/credit-packs", {"name": "Starter", "credits": 100, "price": 1000})["id"]
    tag = "credit_grant" if each.is_new else "subscription"
    for _ in range(2):
        grant = each.ok("POST", f"/subscriptions/{subscription}/credits", {"creditPackId": pack})
        assert grant == {"credits": 100, "object": tag, "livemode": False}
    whole = each.ok("GET", f"/subscriptions/{subscription}")
    assert whole["credits"] == {"remaining": 1200, "included": 1000, "purchased": 200}


def test_a_purchase_needs_an_active_pack_and_a_credits_plan(each: Api) -> None:
    plan = each.plan("metered_one")
    each.price(plan)
    subscription = each.subscribe(plan)["id"]
    path = f"/subscriptions/{subscription}/credits"
    pack = each.ok("POST", "/credit-packs", {"name": "Starter", "credits": 100, "price": 1000})["id"]
    assert each.wrong_fields("POST", path, {"creditPackId": pack}) == ["creditPackId"]
    assert each.refused("POST", path, {"creditPackId": "cpk_none"}) == (404, "credit_pack_not_found")
    each.ok("PATCH", f"/credit-packs/{pack}", {"isActive": False})
    assert each.refused("POST", path, {"creditPackId": pack}) == (404, "credit_pack_not_found")
    nobody = "/subscriptions/sub_none"
    assert each.refused("GET", nobody) == (404, "subscription_not_found")
    assert each.refused("POST", f"{nobody}/credits", {"creditPackId": pack}) == (404, "subscription_not_found")


def test_a_subscription_outlives_the_plan(each: Api) -> None:
    plan = each.plan()
    each.price(plan)
    subscription = each.subscribe(plan)["id"]
    each.ok("DELETE", f"/plans/{plan}")
    assert each.ok("GET", f"/subscriptions/{subscription}")["plan"]["name"] == "Pro"


@pytest.mark.parametrize(
    ("interval", "end"),
    [
        *(("weekly", "2024-02-07"), ("monthly", "2024-02-29"), ("quarterly", "2024-04-30")),
        *(("semiannual", "2024-07-31"), ("yearly", "2025-01-31"), ("one_time", None), (None, None)),
    ],
)
def test_periods(interval: str | None, end: str | None) -> None:
    found = period_end(datetime(2024, 1, 31, tzinfo=UTC), interval)
    assert (found and found.date().isoformat()) == end


def test_an_unknown_customer_is_created_and_a_known_one_found(each: Api) -> None:
    plan = each.plan()
    each.price(plan)
    known = each.ok("POST", "/customers", {"email": "a@example.com", "externalId": "acme"})
    assert each.subscribe(plan, "acme")["customerId"] == known["id"]
    assert each.subscribe(plan, "stranger")["customerId"] == "stranger"
    assert [customer["id"] for customer in each.ok("GET", "/customers")] == [known["id"], "stranger"]


def test_creating_a_customer_with_a_known_id_answers_the_known_one(each: Api) -> None:
    body = {"id": "cus_1", "email": "a@example.com", "metadata": {"a": 1}}
    first = each.ok("POST", "/customers", body)
    assert each.ok("POST", "/customers", {**body, "email": "b@example.com"}) == first
    assert each.wrong_fields("POST", "/customers", {"email": "nobody"}) == ["email"]


def test_customers_are_always_paged(make_api: MakeApi) -> None:
    for version in ("2026-08-27", OLD):
        api = make_api(version)
        for number in range(3):
            api.ok("POST", "/customers", {"email": f"{number}@example.com", "externalId": f"x{number}"})
        first = api.send("GET", "/customers?limit=2").json()
        assert (len(first["data"]), first["hasMore"]) == (2, True)
        rest = api.send("GET", f"/customers?limit=2&cursor={first['nextCursor']}").json()
        assert (len(rest["data"]), rest["hasMore"]) == (1, False)
        assert [item["externalId"] for item in api.ok("GET", "/customers?externalId=x1")] == ["x1"]
        assert api.wrong_fields("GET", "/customers?limit=101") == ["limit"]


@pytest.mark.parametrize(
    ("status", "ending", "billed"),
    [
        *(("active", 0, True), ("trialing", 0, True), ("past_due", 0, True), ("active", 1, False)),
        *(("draft", 0, False), ("pending_payment", 0, False), ("paused", 0, False), ("canceled", 0, False)),
    ],
)
def test_a_subscription_that_is_billed_again_has_a_date_for_it(
    tmp_path: Path, status: str, ending: int, billed: bool
) -> None:
    """Statuses that no request can set are written into the file."""
    app = create_app(tmp_path / "a.db")
    app.clock = lambda: datetime(2026, 2, 1, tzinfo=UTC)
    api = Api(app)
    plan = api.plan()
    api.price(plan)
    end = api.subscribe(plan, startDate="2026-01-31")["nextBillingDate"]
    assert end == "2026-02-28T00:00:00.000Z"
    with sqlite3.connect(tmp_path / "a.db") as file:
        file.execute("UPDATE subscription SET status = ?, cancel_at_period_end = ?", (status, ending))
    file.close()
    for version in ("2026-08-27", OLD):
        (row,) = api.at(version).ok("GET", "/subscriptions")
        assert (row["status"], row["cancelAtPeriodEnd"]) == (status, bool(ending))
        assert row["nextBillingDate"] == (end if billed else None)
        assert row["currentPeriod"]["end"] == end
    app.close()


def test_pages_hold_what_the_filters_leave(make_api: MakeApi) -> None:
    for version in ("2026-08-27", OLD):
        api = make_api(version, list_paging="on")
        plan = api.plan()
        api.price(plan)
        ids = [api.subscribe(plan, f"cus_{number % 2}")["id"] for number in range(9)]
        query, found, sizes = "?customerId=cus_0", [], []
        while query:
            page = api.send("GET", f"/subscriptions{query}").json()
            found += [item["id"] for item in page["data"]]
            sizes.append(len(page["data"]))
            query = f"?customerId=cus_0&cursor={page['nextCursor']}" if page["hasMore"] else ""
        assert (found, sizes) == (ids[::2], [2, 2, 1])
        assert api.wrong_fields("GET", "/subscriptions?cursor=nonsense") == ["cursor"]
        assert api.with_key("ck_live_1").wrong_fields("GET", f"/subscriptions?cursor={ids[0]}") == ["cursor"]


@pytest.mark.parametrize("path", ["/subscriptions", "/plans"])
def test_pages_can_be_larger(make_api: MakeApi, path: str) -> None:
    api = make_api(list_paging="on", page_size="100")
    for number in range(101):
        plan = api.plan(f"p{number}", None, isFree=True)
        api.subscribe(plan)
    first = api.send("GET", path).json()
    rest = api.send("GET", f"{path}?cursor={first['nextCursor']}").json()
    assert [len(page["data"]) for page in (first, rest)] == [100, 1]
    assert (first["hasMore"], rest["hasMore"]) == (True, False)

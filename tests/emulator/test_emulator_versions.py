"""What each API version serves: paths, keys of objects, and the form of refusals."""

import pytest

from commetctl.emulator.versions import VERSIONS
from emulator.client import NEW, Api
from emulator.conftest import MakeApi

ALL = [version for version in VERSIONS if version <= NEW]
FIRST = [version for version in ALL if version < "2026-05-25"]
FLAT = [version for version in ALL if version < "2026-06-07"]
LATER = [version for version in ALL if version not in FLAT]


@pytest.fixture
def shop(make_api: MakeApi) -> Api:
    """A plan with a price and a feature, and a subscription of `cus_1` to it."""
    api = make_api()
    plan, feature = api.plan("pro", metadata={"tier": 1}), api.feature("calls")
    api.price(plan, trialDays=14)
    api.attach(plan, feature, includedAmount=5, overage={"enabled": True, "unitPrice": 20})
    api.subscribe(plan, skipTrial=True)
    return api


@pytest.mark.parametrize("version", FIRST)
@pytest.mark.parametrize("route", ["POST /plans/manage", "GET /subscriptions", "POST /features", "GET /active-addons"])
def test_the_first_versions_have_no_writes_to_the_catalog(shop: Api, version: str, route: str) -> None:
    answer = shop.at(version).send(*route.split(" "))
    assert answer.status_code == 404
    assert answer.json()["code"] == "endpoint_not_available", "refusals are flat"
    assert set(answer.json()) == {"success", "type", "code", "message", "doc_url"}


@pytest.mark.parametrize(
    ("route", "since", "until"),
    [
        ("POST /plans/manage", "2026-05-25", "2026-07-11"),
        ("POST /plans", "2026-07-24", ""),
        ("PUT /plans/x/regional", "2026-06-07", ""),
        ("GET /subscriptions/x", "2026-06-07", ""),
        ("GET /active-addons", "2026-06-10", ""),
        ("GET /pricing/market-groups", "2026-07-24", "2026-07-24"),
        ("GET /markets", "2026-07-31", ""),
        ("GET /offers", "2026-07-24", ""),
        ("GET /plan-groups", "2026-05-25", ""),
        ("PUT /plan-groups/x", "2026-05-25", "2026-07-11"),
        ("PATCH /plan-groups/x", "2026-07-24", ""),
        ("PUT /plan-groups/x/plans/reorder", "2026-05-25", ""),
        ("GET /addons", "2026-05-25", ""),
        ("PUT /addons/x", "2026-05-25", "2026-07-11"),
        ("PATCH /addons/x", "2026-07-24", ""),
        ("POST /subscriptions/x/addons", "2026-05-25", ""),
    ],
)
def test_a_path_exists_in_its_versions_alone(shop: Api, route: str, since: str, until: str) -> None:
    bodies = {version: shop.at(version).send(*route.split(" ")).json() for version in ALL}
    refusals = {version: body.get("error", body).get("code") for version, body in bodies.items()}
    there = {version for version, code in refusals.items() if code != "endpoint_not_available"}
    assert there == {version for version in ALL if since <= version and (not until or version <= until)}


@pytest.mark.parametrize("version", FLAT)
def test_plans_are_thin_and_flat_at_first(shop: Api, version: str) -> None:
    api = shop.at(version)
    tags = set() if version in FIRST else {"object", "livemode"}
    shared = {"id", "code", "name", "description", "isPublic", "isDefault", "sortOrder", "createdAt"}
    (listed,) = api.ok("GET", "/plans")
    assert set(listed) == {*shared, "isFree", "prices", "features", *tags}
    assert listed["prices"] == [{"billingInterval": "monthly", "price": 490_000, "isDefault": True, "trialDays": 14}]
    kind = "metered" if version < "2026-05-18" else "usage"
    flat = {"code": "calls", "name": "calls", "type": kind, "unitName": None, "enabled": True}
    limits = {"includedAmount": 5, "unlimited": False, "overageEnabled": True, "overageUnitPrice": 20}
    assert listed["features"] == [{**flat, **limits}]
    read = api.ok("GET", "/plans/pro")
    assert set(read) == {*shared, "updatedAt", "prices", "features", *tags}
    assert read["prices"][0]["introOffer"] is None
    assert read["features"][0]["overage"] == {"enabled": True, "model": "per_unit", "unitPrice": 20}


@pytest.mark.parametrize("version", LATER)
def test_plans_are_whole_from_then_on(shop: Api, version: str) -> None:
    (listed,) = shop.at(version).ok("GET", "/plans")
    assert listed == shop.at(version).ok("GET", "/plans/pro")
    assert (listed["metadata"], listed["object"]) == ({"tier": 1}, "plan")
    assert set(listed["features"][0]) >= {"overage", "regionalPrices"}
    assert ("overageEnabled" in listed["features"][0]) is False


def test_offers_and_overages_are_written_flat_in_2026_05_25(make_api: MakeApi) -> None:
    api = make_api("2026-05-25")
    plan, feature = api.plan(), api.feature()
    flat = {"introOfferEnabled": True, "introOfferDiscountType": "percentage", "introOfferDiscountValue": 2500}
    price = api.ok("POST", f"/plans/{plan}/prices", {"billingInterval": "monthly", "price": 490_000, **flat})
    assert {**flat, "introOfferDurationCycles": None}.items() <= price.items()
    path = f"/plans/{plan}/prices/{price['id']}"
    assert api.ok("PATCH", path, {"introOfferDiscountValue": None})["introOfferDiscountValue"] is None
    offer = api.at("2026-06-07").ok("GET", "/plans/pro")["prices"][0]["introOffer"]
    assert offer == {"enabled": True, "discountType": "percentage", "discountValue": None, "durationCycles": None}

    overage = {"overageEnabled": True, "overageUnitPrice": 20}
    attached = api.attach(plan, feature, **overage)
    assert overage.items() <= attached.items()
    assert {"overage", "object", "livemode"}.isdisjoint(attached)
    changed = api.ok("PATCH", f"/plans/{plan}/features/{feature}", {"overageUnitPrice": 30, "margin": 5})
    assert (changed["overageUnitPrice"], changed["margin"]) == (30, 5)

    override = {"currency": "eur", "price": 450_000, "includedBalance": 5}
    answer = api.ok("PUT", f"{path}/regional", {"overrides": [override]})
    assert answer == {"priceId": price["id"], "overrides": [{"currency": "eur", "price": 450_000}]}
    assert api.ok("DELETE", f"/plans/{plan}") == {"id": plan, "deleted": True}


@pytest.mark.parametrize("version", ALL)
def test_what_an_active_subscription_has(shop: Api, version: str) -> None:
    active = shop.at(version).ok("GET", "/subscriptions/active?customerId=cus_1")
    plan = {"id", "name", "basePrice", "billingInterval"} if version in FLAT else {"id", "name", "basePrice"}
    assert set(active["plan"]) == plan
    assert active["plan"]["basePrice"] == (4900 if version >= "2026-07-24" else 490_000)
    spans = {
        "billingInterval": ("2026-06-07", ""),
        "scheduledPlanChange": ("2026-06-10", ""),
        "checkoutProvider": ("2026-07-11", "2026-07-11"),
        "discount": ("2026-05-25", "2026-07-24"),
        "priceId": ("2026-07-24", ""),
        "offerApplications": ("2026-07-31", ""),
        "pause": ("2026-08-27", ""),
        "planGrant": ("2026-08-27", ""),
    }
    expected = {key for key, (since, until) in spans.items() if since <= version and (not until or version <= until)}
    assert active.keys() & spans.keys() == expected


@pytest.mark.parametrize("version", ALL)
def test_a_customer_without_a_subscription_has_none_that_is_active(make_api: MakeApi, version: str) -> None:
    api = make_api()
    customer = api.ok("POST", "/customers", {"email": "a@example.com", "externalId": "acme"})
    path = "/subscriptions/active"
    answer = api.at(version).send("GET", f"{path}?customerId=acme")
    assert answer.json() == (None if version >= "2026-07-24" else {"success": True, "data": None})
    missing = api.at(version).send("GET", path).json()
    assert missing.get("error", missing)["code"] == "validation_error"
    assert api.refused("GET", f"{path}?customerId=nobody") == (404, "customer_not_found")
    assert api.at(version).ok("GET", f"/customers/{customer['id']}")["id"] == customer["id"]


def test_the_newest_active_subscription_is_the_one(shop: Api) -> None:
    plan = shop.plan("free", None, isFree=True)
    newest = shop.subscribe(plan)
    assert shop.ok("GET", "/subscriptions/active?customerId=cus_1")["id"] == newest["id"]


@pytest.mark.parametrize("version", FLAT[1:])
def test_subscriptions_name_their_plan_by_two_keys_at_first(shop: Api, version: str) -> None:
    plan = shop.ok("GET", "/plans/pro")["id"]
    created = shop.at(version).subscribe(plan, "cus_2")
    assert (created["planId"], created["planName"], created["billingInterval"]) == (plan, "Pro", "monthly")
    assert created["currentPeriodStart"] == created["startDate"]
    assert "plan" not in created
    if version == "2026-05-25":
        listed = shop.at(version).ok("GET", "/subscriptions?status=trialing")
        assert [(item["planName"], "billingInterval" in item) for item in listed] == [("Pro", False)]


@pytest.mark.parametrize("version", ALL)
def test_the_keys_of_a_customer(make_api: MakeApi, version: str) -> None:
    api = make_api(version)
    email = "billingEmail" if version in FLAT else "email"
    customer = api.ok("POST", "/customers", {email: "a@example.com", "fullName": "Acme", "domain": "acme.example"})
    assert (customer[email], customer["fullName"]) == ("a@example.com", "Acme")
    assert ("organizationId" in customer, "taxDocument" in customer) == (version in FLAT, version > "2026-06-07")
    assert customer.get("domain") == ("acme.example" if version in FLAT else None)


@pytest.mark.parametrize("version", ALL)
def test_what_a_pack_has_in_the_list(shop: Api, version: str) -> None:
    shop.ok("POST", "/credit-packs", {"name": "A", "credits": 1, "price": 1000})
    (pack,) = shop.at(version).ok("GET", "/credit-packs")
    assert (pack["price"], pack["currency"]) == (1000, "usd")
    assert ("isActive" in pack) == ("2026-06-07" <= version < "2026-07-24")


def test_statuses_by_version(shop: Api) -> None:
    for version, status, known in (
        *(("2026-05-25", "expired", True), ("2026-06-07", "expired", False)),
        *(("2026-06-07", "paused", False), ("2026-07-31", "paused", False), (NEW, "paused", True)),
    ):
        assert shop.at(version).send("GET", f"/subscriptions?status={status}").is_success == known

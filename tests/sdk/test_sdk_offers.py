"""Offers and promo codes, driven by every official SDK in the API version that it is pinned to."""

from typing import Any

import httpx
import pytest

from sdk.conftest import PINS, MakeSdk, Sdk, SdkError
from sdk.test_sdk_versions import KEY, cents, marks

pytestmark = pytest.mark.process

TRIAL = {"type": "free_trial", "duration_days": 14}
HALF = {"type": "percentage", "duration_cycles": 3, "percentage": 5000}
OFF = {"type": "amount_off", "duration_cycles": 2, "amounts": [{"currency": "usd", "amount": 1000}]}
FIXED = {"type": "fixed_price", "duration_cycles": 1, "prices": [{"currency": "usd", "amount": 2900}]}
WITH_OFFERS = [version for version, pin in PINS.items() if pin >= "2026-07-24"]
#: The SDKs that can name a code in a subscription.
REDEEMING = [version for version, pin in PINS.items() if pin >= "2026-07-11"]


@pytest.fixture(params=[pytest.param(version, marks=marks(version)) for version in PINS])
def sdk(request: pytest.FixtureRequest, make_sdk: MakeSdk) -> Sdk:
    return make_sdk(request.param, key=KEY)


@pytest.fixture(params=[pytest.param(version, marks=marks(version)) for version in WITH_OFFERS])
def newer(request: pytest.FixtureRequest, make_sdk: MakeSdk) -> Sdk:
    return make_sdk(request.param, key=KEY)


def paid_plan(sdk: Sdk) -> tuple[str, str]:
    """A plan and its monthly price."""
    plan = sdk.call("plans.create", name="Pro", code="pro")["id"]
    return plan, sdk.call("plans.add_price", plan, billing_interval="monthly", price=cents(sdk, 4900))["id"]


def offer(sdk: Sdk, *phases: dict[str, Any], **more: Any) -> dict[str, Any]:
    placement = {"purpose": "promotional", "plan_price_ids": []} if sdk.pin == "2026-07-24" else {}
    body = {"name": "Launch", "phases": phases or (HALF,), **placement, **more}
    created: dict[str, Any] = sdk.call("offers.create", **body)
    return created


def terms(sdk: Sdk) -> dict[str, Any]:
    """What a new promo code is of: an offer, or a discount before there were offers."""
    if sdk.is_new:
        return {"offer_id": offer(sdk)["id"]}
    return {"discount_type": "percentage", "discount_value": 2500, "duration_cycles": 3}


def test_offers(newer: Sdk) -> None:
    """Create, read, replace, list and delete; the answers are checked against the types of the SDK."""
    created = offer(newer, TRIAL, HALF, OFF, FIXED, metadata={"tier": 1}, starts_at="2026-01-01T00:00:00Z")
    assert newer.asked == newer.pin
    assert [phase["type"] for phase in created["phases"]] == ["free_trial", "percentage", "amount_off", "fixed_price"]
    assert newer.call("offers.get", created["id"]) == created
    assert (created["active"], created["metadata"], created["ends_at"]) == (True, {"tier": 1}, None)
    placement = {"purpose": "promotional", "plan_price_ids": []} if newer.pin == "2026-07-24" else {}
    replaced = newer.call("offers.update", created["id"], name="Later", phases=[OFF], active=False, **placement)
    assert (replaced["name"], replaced["active"]) == ("Later", False)
    assert (replaced["metadata"], replaced["starts_at"]) == ({}, None), "an update replaces"
    kept = offer(newer)
    assert [item["id"] for item in newer.listed("offers.list")] == [created["id"], kept["id"]]
    assert [item["id"] for item in newer.listed("offers.list", active=True)] == [kept["id"]]
    assert [item["id"] for item in newer.listed("offers.list", active=False)] == [created["id"]]
    first = newer.call("offers.list", limit=1)
    rest = newer.call("offers.list", limit=1, cursor=first["next_cursor"])
    assert (first["has_more"], rest["has_more"], rest["data"]) == (True, False, [kept])
    assert newer.call("offers.delete", created["id"]) == {"deleted": True, "object": "offer", "livemode": False}
    assert newer.listed("offers.list") == [kept]


def test_refusals_of_offers(newer: Sdk) -> None:
    with pytest.raises(SdkError) as refusal:
        newer.call("offers.get", "ofr_none")
    assert (refusal.value.code, refusal.value.status) == ("offer_not_found", 404)
    for phases in ([], [HALF, TRIAL], [{**HALF, "percentage": 10_001}], [OFF] * 11):
        with pytest.raises(SdkError) as refusal:
            offer(newer, phases=phases)
        assert refusal.value.kind == "CommetValidationError"


def test_promo_codes(sdk: Sdk) -> None:
    plan, _ = paid_plan(sdk)
    interval = {"billing_interval": "monthly"} if sdk.pin >= "2026-07-11" else {}
    limits = {"max_redemptions": 10, "expires_at": "2999-01-01T00:00:00.000Z", "plan_ids": [plan], **interval}
    created = sdk.call("promo_codes.create", code="launch50", **terms(sdk), **limits)
    assert (created["code"], created["max_redemptions"], created["redemption_count"]) == ("LAUNCH50", 10, 0)
    if not sdk.is_new:
        assert terms(sdk).items() <= created.items()
    active = "active" if sdk.pin < "2026-06-07" else "is_active"
    assert created[active] is True
    (listed,) = sdk.listed("promo_codes.list")
    assert listed == created
    updated = sdk.call("promo_codes.update", created["id"], max_redemptions=20, active=False)
    assert (updated["max_redemptions"], updated[active]) == (20, False)
    assert sdk.call("promo_codes.get", created["id"]) == updated
    for operation, args, kwargs, status, code in (
        ("promo_codes.create", (), {"code": "LAUNCH50", **terms(sdk)}, 409, "duplicate"),
        ("promo_codes.create", (), {"code": "B", **terms(sdk), "plan_ids": ["none"]}, 404, "plan_not_found"),
        ("promo_codes.get", ("none",), {}, 404, "promo_code_not_found"),
        ("promo_codes.update", ("none",), {"active": True}, 404, "promo_code_not_found"),
    ):
        with pytest.raises(SdkError) as refusal:
            sdk.call(operation, *args, **kwargs)
        assert (refusal.value.status, refusal.value.code) == (status, code)
    with pytest.raises(SdkError) as refusal:
        sdk.call("promo_codes.create", code="A B", **terms(sdk))
    assert refusal.value.kind == "CommetValidationError"


def test_long_lists_of_promo_codes_come_in_pages(sdk: Sdk) -> None:
    once = terms(sdk)
    for number in range(26):
        sdk.call("promo_codes.create", code=f"C{number}", **once)
    assert len(sdk.listed("promo_codes.list")) == 25
    assert [item["code"] for item in sdk.listed("promo_codes.list", limit=100)] == [
        f"C{number}" for number in range(26)
    ]


@pytest.mark.parametrize("version", [pytest.param(version, marks=marks(version)) for version in REDEEMING])
def test_a_code_is_redeemed(make_sdk: MakeSdk, version: str) -> None:
    sdk = make_sdk(version, key=KEY)
    plan, _ = paid_plan(sdk)
    code = sdk.call("promo_codes.create", code="HALF", **terms(sdk))["id"]
    sdk.call("subscriptions.create", customer_id="cus_1", plan_id=plan, promo_code="half")
    assert sdk.call("promo_codes.get", code)["redemption_count"] == 1
    active = sdk.call("subscriptions.get_active", customer_id="cus_1")
    if sdk.pin >= "2026-07-31":
        assert [item["source"] for item in active["offer_applications"]] == ["promo_code"]
    else:
        assert active["discount"]["type"] == "percentage"
    assert len(sdk.listed("subscriptions.list")) == 1


def test_an_offer_is_applied(newer: Sdk) -> None:
    plan, price = paid_plan(newer)
    made = offer(newer, TRIAL, HALF, OFF, FIXED)["id"]
    created = newer.call("subscriptions.create", customer_id="cus_1", plan_id=plan, offer_id=made)
    whole = newer.call("subscriptions.get", created["id"])
    (listed,) = newer.listed("subscriptions.list")
    for shown in (created, whole, listed):
        assert shown["status"] == "trialing"
        if newer.pin < "2026-07-31":
            assert (shown["discount"]["type"], shown["discount"]["value"]) == ("percentage", 5000)
            continue
        (found,) = shown["offer_applications"]
        assert (found["offer_id"], found["applies_to"]) == (made, {"type": "plan_price", "id": price})
        assert (found["subtotal"], found["discount_amount"], found["total"]) == (4900, 2450, 2450)


@pytest.mark.parametrize("version", [pytest.param("9.4.0", marks=marks("9.4.0")), "9.7.0"])
def test_an_offer_is_applied_to_a_subscription_that_exists(make_sdk: MakeSdk, version: str) -> None:
    sdk = make_sdk(version)
    plan, _ = paid_plan(sdk)
    subscription = sdk.call("subscriptions.create", customer_id="cus_1", plan_id=plan)["id"]
    made = offer(sdk)["id"]
    applied = sdk.call("subscriptions.apply_offer", subscription, offer_id=made)
    assert [item["offer_id"] for item in applied["offer_applications"]] == [made]
    for operation, more in (("apply_offer", {"offer_id": made}), ("remove_offer", {})):
        with pytest.raises(SdkError) as refusal:
            sdk.call(f"subscriptions.{operation}", subscription, **more)
        assert refusal.value.code in ("offer_not_applicable", "invalid_subscription_status")


@pytest.mark.proof
def test_an_introductory_offer_is_placed_on_a_price(make_sdk: MakeSdk) -> None:
    sdk = make_sdk("8.0.1", key=KEY)
    _, price = paid_plan(sdk)
    made = offer(sdk, TRIAL, HALF, purpose="introductory", plan_price_ids=[price])
    assert (made["purpose"], made["plan_price_ids"]) == ("introductory", [price])
    assert sdk.call("plans.get", "pro")["prices"][0]["offer_id"] == made["id"]
    assert sdk.listed("offers.list", purpose="introductory", plan_price_id=price) == [made]
    headers = {"x-api-key": KEY}
    newest = httpx.get(f"{sdk.url}/api/v1/plans/pro", headers=headers, trust_env=False).json()
    assert newest["prices"][0]["offerId"] == made["id"]


@pytest.mark.proof
def test_market_groups(make_sdk: MakeSdk) -> None:
    """Markets under the name of 2026-07-24; the later ones are among the operations of every run."""
    sdk = make_sdk("8.0.1", key=KEY)
    plan = sdk.call("plans.create", name="Pro", code="pro")["id"]
    group = sdk.call("pricing.create_market_group", name="Brazil", country_codes=["BR"], metadata={"a": 1})
    assert (group["object"], group["metadata"]) == ("market_group", {"a": 1})
    path = group["id"]
    assert sdk.call("pricing.get_market_group", path) == group
    assert sdk.listed("pricing.list_market_groups") == [group]
    replaced = sdk.call("pricing.update_market_group", path, name="Latam", country_codes=["BR", "AR"])
    assert (replaced["country_codes"], replaced["metadata"]) == (["BR", "AR"], {})
    market = {"market_group_id": path, "currency": "brl", "price": 100}
    price = sdk.call("plans.add_price", plan, billing_interval="monthly", price=500, market_prices=[market])
    assert price["market_prices"] == [market]
    with pytest.raises(SdkError) as refusal:
        sdk.call("pricing.delete_market_group", path)
    assert (refusal.value.status, refusal.value.code) == (409, "market_group_in_use")
    with pytest.raises(SdkError) as refusal:
        sdk.call("pricing.get_market_group", "none")
    assert (refusal.value.status, refusal.value.code) == (404, "market_group_not_found")
    sdk.call("plans.delete_price", plan, price["id"])
    assert sdk.call("pricing.delete_market_group", path)["deleted"] is True

"""Every official SDK on the emulator, in the API version that it is pinned to: what it writes, reads and is refused."""

import shutil
from typing import Any

import httpx
import pytest

from sdk.conftest import PINS, MakeSdk, Sdk, SdkError

pytestmark = pytest.mark.process

IN_EVERY_RUN = {"7.10.0", "9.7.0"}
KEY = "ck_sandbox_test"
NO_NODE = pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")


def marks(version: str) -> tuple[pytest.MarkDecorator, ...]:
    if version in IN_EVERY_RUN:
        return ()
    return (pytest.mark.proof, NO_NODE) if version.startswith("node-") else (pytest.mark.proof,)


@pytest.fixture(params=[pytest.param(version, marks=marks(version)) for version in PINS])
def sdk(request: pytest.FixtureRequest, make_sdk: MakeSdk) -> Sdk:
    return make_sdk(request.param, key=KEY)


def cents(sdk: Sdk, amount: int) -> int:
    """An amount of a price as the SDK writes it: in cents, or before 2026-07-24 in rate scale."""
    return amount if sdk.is_new else amount * 100


def overage(sdk: Sdk, unit_price: int) -> dict[str, Any]:
    """An overage as the SDK writes it: flat before 2026-06-07."""
    if sdk.pin < "2026-06-07":
        return {"overage_enabled": True, "overage_unit_price": unit_price}
    return {"overage": {"enabled": True, "unit_price": unit_price}}


def read(sdk: Sdk, version: str) -> Any:
    """The plan, as another API version reads it."""
    headers = {"x-api-key": KEY, "Commet-Version": version}
    return httpx.get(f"{sdk.url}/api/v1/plans/pro", headers=headers, trust_env=False).json()


def test_the_catalog(sdk: Sdk) -> None:
    """Create, read, update and delete a feature, a plan with its parts, and a pack."""
    feature = sdk.call("features.create", name="API calls", code="calls", type="usage", unit_name="call")["id"]
    assert sdk.asked == sdk.pin
    assert sdk.call("features.update", "calls", name="Calls")["name"] == "Calls"

    plan = sdk.call("plans.create", name="Pro", code="pro", consumption_model="metered", metadata={"tier": "2"})
    assert (plan["consumption_model"], plan["metadata"]) == ("metered", {"tier": "2"})
    assert sdk.call("plans.update", plan["id"], description="For teams")["description"] == "For teams"
    monthly = sdk.call("plans.add_price", plan["id"], billing_interval="monthly", price=cents(sdk, 4900))
    yearly = sdk.call("plans.add_price", plan["id"], billing_interval="yearly", price=cents(sdk, 1), trial_days=14)
    assert (monthly["is_default"], yearly["is_default"]) == (True, False)
    sdk.call("plans.update_price", plan["id"], yearly["id"], price=cents(sdk, 49000))
    sdk.call("plans.set_default_price", plan["id"], yearly["id"])
    attached = sdk.call("plans.add_feature", plan["id"], feature_id=feature, included_amount=5, **overage(sdk, 20))
    assert overage(sdk, 20).items() <= attached.items()
    sdk.call("plans.update_feature", plan["id"], feature, included_amount=7)
    assert sdk.call("plans.set_visibility", plan["id"], is_public=True)["is_public"] is True

    (listed,) = sdk.listed("plans.list")
    whole = sdk.call("plans.get", plan["id"])
    for shown in (listed, whole):
        assert (shown["code"], shown["features"][0]["included_amount"]) == ("pro", 7)
        prices = [(price["billing_interval"], price["price"], price["is_default"]) for price in shown["prices"]]
        assert prices == [("monthly", cents(sdk, 4900), False), ("yearly", cents(sdk, 49000), True)]
        assert ("metadata" in shown) == (sdk.pin >= "2026-06-07")
        assert ("id" in shown["prices"][0]) == sdk.is_new

    sdk.call("plans.remove_feature", plan["id"], feature)
    assert sdk.call("features.delete", "calls")["deleted"] is True
    sdk.call("plans.delete_price", plan["id"], monthly["id"])
    assert len(sdk.call("plans.get", plan["id"])["prices"]) == 1
    assert sdk.call("plans.delete", plan["id"])["deleted"] is True
    assert sdk.listed("plans.list") == []

    pack = sdk.call("credit_packs.create", name="Starter", credits=100, price=1000)["id"]
    sdk.call("credit_packs.update", pack, price=900)
    (item,) = sdk.listed("credit_packs.list")
    assert (item["price"], item["currency"]) == (900, "usd"), "packs are priced in cents in every version"
    assert sdk.call("credit_packs.delete", pack)["deleted"] is True
    assert sdk.listed("credit_packs.list") == []


def test_amounts_read_right_in_every_version(sdk: Sdk) -> None:
    feature = sdk.call("features.create", name="Calls", code="calls", type="usage")["id"]
    plan = sdk.call("plans.create", name="Pro", code="pro", consumption_model="metered")["id"]
    price = sdk.call("plans.add_price", plan, billing_interval="monthly", price=cents(sdk, 4900))["id"]
    sdk.call("plans.add_feature", plan, feature_id=feature, **overage(sdk, 20))
    overrides = [{"currency": "eur", "price": cents(sdk, 4500)}]
    assert sdk.call("plans.set_regional_prices", plan, price, overrides=overrides)["price_id"] == price
    if sdk.pin >= "2026-06-07":
        sdk.call("plans.set_regional_pricing", plan, currency="brl", exchange_rate=5.2)
    for version in sorted(set(PINS.values())):
        is_new = version >= "2026-07-24"
        answer = read(sdk, version)
        whole = answer if is_new else answer["data"]
        unit = 1 if is_new else 100
        assert whole["prices"][0]["price"] == 4900 * unit
        if version < "2026-06-07":
            assert whole["features"][0]["overageUnitPrice"] == 20
            continue
        assert whole["features"][0]["overage"]["unitPrice"] == 20, "overages are in rate scale in every version"
        regional = {row["currency"]: row["price"] for row in whole["prices"][0]["regionalPrices"]}
        assert regional["eur"] == 4500 * unit
        assert regional.get("brl", 25480 * unit) == 25480 * unit
    sdk.call("plans.delete_regional_prices", plan, price)
    assert read(sdk, "2026-08-27")["prices"][0]["regionalPrices"] == []


def test_customers_and_subscriptions(sdk: Sdk) -> None:
    customer = sdk.call("customers.create", email="a@example.com", full_name="Acme")
    assert customer["billing_email" if sdk.pin < "2026-06-07" else "email"] == "a@example.com"
    assert sdk.call("customers.get", customer["id"]) == customer
    assert sdk.listed("customers.list") == [customer]
    assert sdk.call("subscriptions.get_active", customer_id=customer["id"]) is None
    plan = sdk.call("plans.create", name="Pro", code="pro")["id"]
    sdk.call("plans.add_price", plan, billing_interval="monthly", price=cents(sdk, 4900))
    created = sdk.call("subscriptions.create", customer_id=customer["id"], plan_id=plan)
    active = sdk.call("subscriptions.get_active", customer_id=customer["id"])
    assert (active["id"], active["status"]) == (created["id"], "active")
    assert active["plan"]["base_price"] == cents(sdk, 4900)
    (listed,) = sdk.listed("subscriptions.list")
    assert listed["id"] == created["id"]
    assert ("plan" in listed and listed["plan"] is not None) == (sdk.pin >= "2026-06-07")
    assert sdk.listed("addons.list_active", customer_id=customer["id"]) == []


def test_refusals_are_the_exceptions_of_the_sdk(sdk: Sdk) -> None:
    sdk.call("plans.create", name="Pro", code="pro")
    for operation, args, kwargs, status, code in (
        ("plans.get", ("none",), {}, 404, "plan_not_found"),
        ("plans.create", (), {"name": "Pro", "code": "pro"}, 409, "duplicate"),
        ("transactions.list", (), {}, 501, "not_emulated"),
    ):
        with pytest.raises(SdkError) as refusal:
            sdk.call(operation, *args, **kwargs)
        assert (refusal.value.kind, refusal.value.status, refusal.value.code) == ("CommetAPIError", status, code)
    with pytest.raises(SdkError) as refusal:
        sdk.call("plans.create", name="", code="A B")
    assert refusal.value.kind == "CommetValidationError"

"""The test clock and invoices, driven by every official SDK in the API version that it is pinned to."""

import pytest

from sdk.conftest import PINS, MakeSdk, Sdk, SdkError
from sdk.test_sdk_versions import KEY, cents, marks

pytestmark = pytest.mark.process

WITH_CLOCK = [version for version, pin in PINS.items() if pin >= "2026-06-07"]
#: The first version that answers the runs of the clock.
RUNS = "2026-08-27"


@pytest.fixture(params=[pytest.param(version, marks=marks(version)) for version in WITH_CLOCK])
def sdk(request: pytest.FixtureRequest, make_sdk: MakeSdk) -> Sdk:
    return make_sdk(request.param, key=KEY)


def subscribed(sdk: Sdk) -> str:
    plan = sdk.call("plans.create", name="Pro", code="pro")["id"]
    sdk.call("plans.add_price", plan, billing_interval="monthly", price=cents(sdk, 4900))
    customer = sdk.call("customers.create", email="a@example.com", full_name="Ada")["id"]
    return str(sdk.call("subscriptions.create", customer_id=customer, plan_id=plan)["id"])


def test_the_clock_moves_and_bills(sdk: Sdk) -> None:
    subscription = subscribed(sdk)
    before = sdk.call("test_clock.get")
    assert (before["is_active"], before["simulated_time"]) == (False, None)
    advanced = sdk.call("test_clock.advance", advance_days=32)
    after = sdk.call("test_clock.get")
    assert after["is_active"] is True
    assert after["simulated_time"] == after["now"] > before["now"]
    if sdk.pin >= RUNS:
        assert after["latest_run"]["id"] == advanced["id"]
        (item,) = advanced["items"]
        assert (item["subscription_id"], item["customer_name"], item["status"]) == (subscription, "Ada", "completed")
        assert after["latest_run"]["items"][0]["invoice_id"] == item["invoice_id"]
    else:
        assert advanced["now"] == after["now"]
    with pytest.raises(SdkError) as refusal:
        sdk.call("test_clock.advance", frozen_time=before["now"])
    assert refusal.value.kind == "CommetValidationError"
    assert sdk.call("test_clock.advance", frozen_time="2999-01-01T00:00:00Z")["object"].startswith("test_clock")
    with pytest.raises(SdkError) as refusal:
        sdk.call("test_clock.process_billing")
    assert (refusal.value.status, refusal.value.code) == (410, "endpoint_deprecated")


def test_a_live_account_has_no_clock(sdk: Sdk, make_sdk: MakeSdk) -> None:
    live = make_sdk(sdk.version, key="ck_live_1")
    with pytest.raises(SdkError) as refusal:
        live.call("test_clock.get")
    assert (refusal.value.status, refusal.value.code) == (403, "sandbox_only")


def test_invoices(sdk: Sdk) -> None:
    subscription = subscribed(sdk)
    assert sdk.listed("invoices.list") == []
    sdk.call("test_clock.advance", advance_days=65)
    first, second = sdk.listed("invoices.list", subscription_id=subscription, status="paid")
    assert (first["total"], first["currency"], first["period_end"]) == (cents(sdk, 4900), "usd", second["period_start"])
    assert sdk.listed("invoices.list", status="void") == []
    assert [item["id"] for item in sdk.listed("invoices.list", limit=1)] == [first["id"]]
    whole = sdk.call("invoices.get", first["id"])
    assert [line["amount"] for line in whole["line_items"]] == [cents(sdk, 4900)]
    assert whole["plan_name"] == "Pro"
    with pytest.raises(SdkError) as refusal:
        sdk.call("invoices.get", "inv_none")
    assert refusal.value.code == "invoice_not_found"

"""Both official SDKs against one emulator: what one writes, the other reads."""

import pytest

from emulator.serving import emulator_server
from sdk.conftest import MakeSdk, SdkError

pytestmark = pytest.mark.process


def test_a_plan_of_either_sdk_reads_right_in_the_other(make_sdk: MakeSdk) -> None:
    with emulator_server(":memory:") as process:
        old, new = make_sdk("7.10.0", url=process.url), make_sdk("9.7.0", url=process.url)
        old_plan = old.call("plans.create", name="Old", code="old")["id"]
        old.call("plans.add_price", old_plan, billing_interval="monthly", price=490_000)
        new_plan = new.call("plans.create", name="New", code="new")["id"]
        new.call("plans.add_price", new_plan, billing_interval="yearly", price=4900)
        for code in ("old", "new"):
            assert new.call("plans.get", code)["prices"][0]["price"] == 4900
            assert old.listed("plans.list")[["old", "new"].index(code)]["prices"][0]["price"] == 490_000


def test_the_price_scale_quirk(make_sdk: MakeSdk) -> None:
    with emulator_server(":memory:", "--quirk", "price_scale=minor") as process:
        old, new = make_sdk("7.10.0", url=process.url), make_sdk("9.7.0", url=process.url)
        plan = old.call("plans.create", name="Old", code="old")["id"]
        old.call("plans.add_price", plan, billing_interval="monthly", price=4900)
        assert new.call("plans.get", "old")["prices"][0]["price"] == 4900


def test_a_restricted_key_is_forbidden_what_it_lacks(make_sdk: MakeSdk) -> None:
    sdk = make_sdk("9.7.0", key="rk_sandbox_x.plan:r")
    assert sdk.listed("plans.list") == []
    with pytest.raises(SdkError, match="plan:write") as refusal:
        sdk.call("plans.create", name="A", code="a")
    assert (refusal.value.code, refusal.value.status) == ("forbidden", 403)


def test_live_keys_read_live_objects(make_sdk: MakeSdk) -> None:
    sdk = make_sdk("9.7.0", key="ck_live_x")
    assert sdk.call("plans.create", name="A", code="a")["livemode"] is True


@pytest.mark.parametrize("version", ["7.10.0", "9.7.0"])
def test_the_sdks_also_work_with_other_quirks(make_sdk: MakeSdk, version: str) -> None:
    quirks = ("created_status=201", "validation_status=422", "plan_metadata=merge", "unknown_keys=reject")
    sdk = make_sdk(version, *(part for quirk in quirks for part in ("--quirk", quirk)))
    plan = sdk.call("plans.create", name="A", code="a", metadata={"a": 1})["id"]
    assert sdk.call("plans.update", plan, metadata={"b": 2})["metadata"] == {"a": 1, "b": 2}
    with pytest.raises(SdkError) as refusal:
        sdk.call("plans.create", name="", code="b")
    assert refusal.value.kind == "CommetValidationError"

"""Plan groups and add-ons, driven by every official SDK, each in the API version that it is pinned to."""

from typing import Any

import pytest

from sdk.conftest import PINS, MakeSdk, Sdk, SdkError
from sdk.test_sdk_versions import cents, marks

pytestmark = pytest.mark.process

#: What each consumption model needs beside the common fields.
MODELS: dict[str, dict[str, int]] = {
    "boolean": {},
    "metered": {"included_units": 100, "overage_rate": 300},
    "credits": {"credit_cost": 5},
    "balance": {"overage_rate": 150},
}
IN_PYTHON = [version for version in PINS if not version.startswith("node-")]


@pytest.fixture(params=[pytest.param(version, marks=marks(version)) for version in PINS])
def sdk(request: pytest.FixtureRequest, make_sdk: MakeSdk) -> Sdk:
    return make_sdk(request.param)


@pytest.fixture(params=[pytest.param(version, marks=marks(version)) for version in IN_PYTHON])
def python_sdk(request: pytest.FixtureRequest, make_sdk: MakeSdk) -> Sdk:
    return make_sdk(request.param)


def plan(sdk: Sdk, code: str, model: str = "metered", **more: Any) -> str:
    made = sdk.call("plans.create", name=code.title(), code=code, consumption_model=model, **more)
    return str(made["id"])


def addon(sdk: Sdk, model: str = "boolean", code: str = "", **more: Any) -> dict[str, Any]:
    code = code or f"f_{model}"
    feature = sdk.call("features.create", name=code, code=code, type="boolean" if model == "boolean" else "usage")
    body = {"name": f"Extra {code}", "base_price": 500, "feature_id": feature["id"], "consumption_model": model}
    made: dict[str, Any] = sdk.call("addons.create", **{**body, **MODELS[model], **more})
    return made


def subscription(sdk: Sdk) -> str:
    pro = plan(sdk, "pro")
    sdk.call("plans.add_price", pro, billing_interval="monthly", price=cents(sdk, 4900))
    return str(sdk.call("subscriptions.create", customer_id="cus_1", plan_id=pro)["id"])


def refusal(sdk: Sdk, operation: str, *args: Any, **kwargs: Any) -> tuple[str, int | None, str | None]:
    with pytest.raises(SdkError) as raised:
        sdk.call(operation, *args, **kwargs)
    return raised.value.kind, raised.value.status, raised.value.code


def members(sdk: Sdk, group: str) -> list[tuple[str, int]]:
    return [(item["id"], item["sort_order"]) for item in sdk.call("plan_groups.get", group)["plans"]]


def test_plan_groups(sdk: Sdk) -> None:
    created = sdk.call("plan_groups.create", name="Main plans", description="d", is_public=True)
    group = created["id"]
    assert (created["name"], created["description"], created["is_public"]) == ("Main plans", "d", True)
    assert sdk.call("plan_groups.update", group, name="Plans", is_public=False)["name"] == "Plans"
    (listed,) = sdk.listed("plan_groups.list")
    assert (listed["id"], listed["description"], listed["is_public"]) == (group, "d", False)
    assert bool("plans" in listed) == ("2026-06-07" <= sdk.pin <= "2026-07-11")

    free, starter, pro = (plan(sdk, code) for code in ("free", "starter", "pro"))
    sdk.call("plan_groups.add_plan", group, plan_id=free)
    sdk.call("plan_groups.add_plan", group, plan_id=starter, sort_order=5)
    sdk.call("plan_groups.add_plan", group, plan_id=pro)
    assert members(sdk, group) == [(free, 0), (starter, 5), (pro, 6)]
    sdk.call("plan_groups.reorder_plans", group, plan_ids=[pro, free, starter])
    assert members(sdk, group) == [(pro, 0), (free, 1), (starter, 2)]
    if sdk.pin >= "2026-06-07":
        whole = sdk.call("plans.get", starter)
        assert (whole["plan_group_id"], whole["sort_order"]) == (group, 2)
    sdk.call("plan_groups.remove_plan", group, plan_id=free)
    within = plan(sdk, "business", plan_group_id=group)
    assert members(sdk, group) == [(pro, 0), (starter, 2), (within, 3)]
    sdk.call("plan_groups.delete", group)
    assert sdk.listed("plan_groups.list") == []
    assert sdk.call("plans.get", pro).get("plan_group_id") is None


def test_answers_to_changes_of_members(sdk: Sdk) -> None:
    """Before 2026-06-07 the SDKs take the whole group for an answer."""
    group, pro = sdk.call("plan_groups.create", name="Main plans")["id"], plan(sdk, "pro")
    added = sdk.call("plan_groups.add_plan", group, plan_id=pro)
    reordered = sdk.call("plan_groups.reorder_plans", group, plan_ids=[pro])
    removed = sdk.call("plan_groups.remove_plan", group, plan_id=pro)
    deleted = sdk.call("plan_groups.delete", group)
    assert (removed["id"], removed["removed"], deleted["id"], deleted["deleted"]) == (pro, True, group, True)
    if sdk.pin < "2026-06-07":
        assert [answer["plans"][0]["id"] for answer in (added, reordered)] == [pro, pro]
        return
    tags = ("plan_group_membership", "plan_group_order") if sdk.is_new else ("plan_group", "plan_group")
    assert (added["success"], reordered["reordered"]) == (True, True)
    assert (added["object"], reordered["object"], removed["object"], deleted["object"]) == (
        *tags,
        tags[0],
        "plan_group",
    )


def test_refusals_about_plan_groups(sdk: Sdk) -> None:
    group, pro = sdk.call("plan_groups.create", name="Main plans")["id"], plan(sdk, "pro")
    sdk.call("plan_groups.add_plan", group, plan_id=pro)
    api = "CommetAPIError"
    assert refusal(sdk, "plan_groups.get", "plg_x") == (api, 404, "plan_group_not_found")
    assert refusal(sdk, "plan_groups.add_plan", group, plan_id="pln_x") == (api, 404, "plan_not_found")
    assert refusal(sdk, "plan_groups.add_plan", group, plan_id=pro) == (api, 409, "duplicate")
    other = plan(sdk, "credits", "credits")
    assert refusal(sdk, "plan_groups.add_plan", group, plan_id=other)[0] == "CommetValidationError"
    assert refusal(sdk, "plan_groups.reorder_plans", group, plan_ids=[pro, other])[0] == "CommetValidationError"
    assert refusal(sdk, "plan_groups.create", name="")[0] == "CommetValidationError"
    missing = {"name": "A", "code": "a", "plan_group_id": "plg_x"}
    assert refusal(sdk, "plans.create", **missing) == (api, 404, "plan_group_not_found")


def test_add_ons(sdk: Sdk) -> None:
    every = {model: addon(sdk, model, description="d") for model in MODELS}
    for model, own in MODELS.items():
        created = every[model]
        shown = {name: created[name] for name in ("included_units", "overage_rate", "credit_cost")}
        assert shown == {**dict.fromkeys(shown), **own}
        assert (created["base_price"], created["consumption_model"]) == (500, model), "cents in every version"
        assert (created["feature_code"], created["feature_name"]) == (f"f_{model}", f"f_{model}")
        assert sdk.call("addons.get", created["id"]) == sdk.call("addons.get", created["slug"]) == created
    assert [item["consumption_model"] for item in sdk.listed("addons.list")] == list(MODELS)
    last = every["balance"]["id"]
    changed = sdk.call("addons.update", last, name="Other", description="e", base_price=900, overage_rate=10)
    assert (changed["name"], changed["base_price"], changed["overage_rate"]) == ("Other", 900, 10)
    assert refusal(sdk, "features.delete", "f_balance") == ("CommetAPIError", 409, "feature_in_use")
    assert sdk.call("addons.delete", last)["deleted"] is True
    assert sdk.call("features.delete", "f_balance")["deleted"] is True
    assert len(sdk.listed("addons.list")) == 3


def test_add_ons_of_a_subscription(sdk: Sdk) -> None:
    bought, metered, other = subscription(sdk), addon(sdk, "metered"), addon(sdk, "credits")
    answer = sdk.call("subscriptions.activate_addon", bought, addon_id=metered["id"])
    assert (answer["addon_id"], answer["status"]) == (metered["id"], "active")
    assert 0 < answer["prorated_charge"] <= 500
    (shown,) = sdk.listed("addons.list_active", customer_id="cus_1")
    assert (shown["slug"], shown["feature_type"], shown["base_price"]) == (metered["slug"], "usage", 500)
    api = "CommetAPIError"
    again = refusal(sdk, "subscriptions.activate_addon", bought, addon_id=metered["id"])
    assert again == (api, 409, "addon_already_active")
    assert refusal(sdk, "addons.delete", metered["id"]) == (api, 409, "addon_has_activations")
    assert refusal(sdk, "subscriptions.activate_addon", bought, addon_id=other["id"])[0] == "CommetValidationError"
    ended = sdk.call("subscriptions.deactivate_addon", bought, addon_id=metered["id"])
    assert (ended["id"], ended["status"]) == (metered["id"], "inactive")
    once = refusal(sdk, "subscriptions.deactivate_addon", bought, addon_id=metered["id"])
    assert once == (api, 409, "addon_not_active")
    assert sdk.listed("addons.list_active", customer_id="cus_1") == []
    assert sdk.call("addons.delete", metered["id"])["deleted"] is True


def test_refusals_about_add_ons(sdk: Sdk) -> None:
    addon(sdk, code="sso")
    body = {"name": "A", "base_price": 1, "feature_id": "sso", "consumption_model": "boolean"}
    api = "CommetAPIError"
    assert refusal(sdk, "addons.create", **body) == (api, 409, "feature_already_exists")
    assert refusal(sdk, "addons.create", **{**body, "feature_id": "x"}) == (api, 404, "feature_not_found")
    assert refusal(sdk, "addons.create", **{**body, "consumption_model": "metered"})[0] == "CommetValidationError"
    for operation in ("get", "delete"):
        assert refusal(sdk, f"addons.{operation}", "adn_x") == (api, 404, "addon_not_found")
    assert refusal(sdk, "addons.update", "adn_x", name="A") == (api, 404, "addon_not_found")


def test_pages(python_sdk: Sdk) -> None:
    for number in range(27):
        python_sdk.call("plan_groups.create", name=f"Group {number}")
        addon(python_sdk, code=f"f_{number}")
    for operation, named in (("plan_groups.list", "Group {}"), ("addons.list", "Extra f_{}")):
        names = [named.format(number) for number in range(27)]
        first, cursor = python_sdk.page(operation)
        second, none = python_sdk.page(operation, cursor=cursor)
        assert [item["name"] for item in first + second] == names
        assert (len(first), none) == (25, None)
        ten, cursor = python_sdk.page(operation, limit=10)
        assert (len(ten), len(python_sdk.page(operation, limit=10, cursor=cursor)[0])) == (10, 10)
        for wrong in ({"limit": 101}, {"cursor": "x"}):
            assert refusal(python_sdk, operation, **wrong)[0] == "CommetValidationError"


def test_an_idempotency_key_replays(python_sdk: Sdk) -> None:
    body = {"name": "Main plans", "idempotency_key": "k1"}
    assert python_sdk.call("plan_groups.create", **body) == python_sdk.call("plan_groups.create", **body)
    assert refusal(python_sdk, "plan_groups.create", **{**body, "name": "B"})[2] == "idempotency_key_mismatch"
    assert len(python_sdk.listed("plan_groups.list")) == 1


def test_restricted_keys(make_sdk: MakeSdk) -> None:
    owner = make_sdk("9.7.0")
    created, group = addon(owner), owner.call("plan_groups.create", name="Main plans")["id"]
    sdk = make_sdk("9.7.0", url=owner.url, key="rk_sandbox_x.addon:r,plan_group:rw")
    assert sdk.call("addons.get", created["slug"]) == created
    assert refusal(sdk, "addons.delete", created["id"])[1:] == (403, "forbidden")
    assert sdk.call("plan_groups.update", group, name="Other")["name"] == "Other"
    assert refusal(sdk, "plans.list")[1:] == (403, "forbidden")

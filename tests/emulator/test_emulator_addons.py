"""Add-ons: fields by consumption model, slugs, refusals, pages and rights; and the add-ons of subscriptions."""

from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from commetctl.emulator import create_app
from commetctl.emulator.wire import parse_time
from emulator.client import NEW, OLD, Api
from emulator.conftest import MakeApi

VERSIONS = ("2026-05-25", "2026-06-07", "2026-06-10", "2026-06-23", OLD, "2026-07-24", "2026-07-31", NEW, "2026-10-04")
#: What each model needs beside the common fields.
MODELS: dict[str, dict[str, int]] = {
    "boolean": {},
    "metered": {"includedUnits": 100, "overageRate": 300},
    "credits": {"creditCost": 5},
    "balance": {"overageRate": 150},
}
OWN = ("includedUnits", "overageRate", "creditCost")


def addon(api: Api, model: str = "boolean", code: str = "", **more: Any) -> Any:
    """An add-on with a feature of its own."""
    code = code or f"f_{model}"
    kind = "boolean" if model == "boolean" else "usage"
    body = {"name": "Extra storage", "basePrice": 500, "featureId": api.feature(code, kind), "consumptionModel": model}
    return api.ok("POST", "/addons", {**body, **MODELS[model], **more})


def active_path(version: str) -> str:
    return "/addons/active" if version <= "2026-06-07" else "/active-addons"


def active(api: Api, customer: str = "cus_1") -> Any:
    return api.ok("GET", f"{active_path(api.version)}?customerId={customer}")


def subscription(api: Api, model: str = "metered", customer: str = "cus_1", **more: Any) -> str:
    plan = api.plan(f"plan_{model}_{customer}", model)
    api.price(plan, price=490_000)
    return str(api.subscribe(plan, customer, **more)["id"])


def activate(api: Api, subscription_id: str, addon_id: str) -> Any:
    return api.ok("POST", f"/subscriptions/{subscription_id}/addons", {"addonId": addon_id})


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("model", MODELS)
def test_an_add_on_has_every_field_in_every_version(make_api: MakeApi, version: str, model: str) -> None:
    api = make_api().at(version)
    created = addon(api, model, description="d")
    assert created == {
        "id": created["id"],
        "name": "Extra storage",
        "slug": "extra-storage",
        "description": "d",
        "basePrice": 500,
        "featureCode": f"f_{model}",
        "featureName": f"f {model}",
        "consumptionModel": model,
        **dict.fromkeys(OWN),
        **MODELS[model],
        "createdAt": created["createdAt"],
        "updatedAt": created["createdAt"],
        "object": "addon",
        "livemode": False,
    }
    assert created["id"].startswith("adn_")
    path = f"/addons/{created['id']}"
    assert api.ok("GET", path) == api.ok("GET", "/addons/extra-storage") == created
    assert api.ok("GET", "/addons") == [created]
    assert api.ok("PATCH", path, {"name": "Other"}) == {
        **created,
        "name": "Other",
        "updatedAt": api.ok("GET", path)["updatedAt"],
    }
    tags = {} if version == "2026-05-25" else {"object": "addon", "livemode": False}
    assert api.ok("DELETE", path) == {"id": created["id"], "deleted": True, **tags}


def test_amounts_are_the_same_in_every_version(make_api: MakeApi) -> None:
    for scale in ("rate", "minor"):
        api = make_api(price_scale=scale)
        addon(api, "metered")
        for version in VERSIONS:
            (read,) = api.at(version).ok("GET", "/addons")
            assert (read["basePrice"], read["overageRate"]) == (500, 300)


@pytest.mark.parametrize("model", MODELS)
def test_each_model_needs_its_fields(each: Api, model: str) -> None:
    body = {"name": "A", "basePrice": 0, "featureId": each.feature(), "consumptionModel": model}
    own = MODELS[model]
    if own:
        assert each.wrong_fields("POST", "/addons", body) == list(own)
        assert each.wrong_fields("POST", "/addons", {**body, **dict.fromkeys(own, -1)}) == list(own)
    created = each.ok("POST", "/addons", {**body, **dict.fromkeys(OWN, 0)})
    assert {name: created[name] for name in OWN} == {**dict.fromkeys(OWN), **dict.fromkeys(own, 0)}


def test_the_fields_of_another_model_are_unknown_keys(make_api: MakeApi) -> None:
    api = make_api(unknown_keys="reject")
    body = {"name": "A", "basePrice": 0, "featureId": api.feature(), "consumptionModel": "boolean", "creditCost": 1}
    assert api.wrong_fields("POST", "/addons", body) == ["creditCost"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 101),
        ("description", "x" * 256),
        ("description", None),
        ("basePrice", -1),
        ("basePrice", 1.5),
        ("consumptionModel", "seats"),
        ("consumptionModel", ["boolean"]),
        ("featureId", ""),
    ],
)
def test_limits(each: Api, field: str, value: object) -> None:
    body = {"name": "A", "basePrice": 500, "featureId": each.feature(), "consumptionModel": "boolean"}
    assert each.wrong_fields("POST", "/addons", {**body, field: value}) == [field]
    identifier = each.ok("POST", "/addons", body)["id"]
    if field in ("name", "description", "basePrice"):
        assert each.wrong_fields("PATCH", f"/addons/{identifier}", {field: value}) == [field]


def test_required_fields(each: Api) -> None:
    assert each.wrong_fields("POST", "/addons", {}) == ["name", "basePrice", "featureId", "consumptionModel"]


def test_an_update_changes_what_it_names(each: Api) -> None:
    path = f"/addons/{addon(each, 'metered', description='d')['id']}"
    changes = {"name": "Storage", "basePrice": 900, "includedUnits": 50, "overageRate": 10}
    updated = each.ok("PATCH", path, changes)
    assert {name: updated[name] for name in changes} == changes
    assert (updated["slug"], updated["description"]) == ("extra-storage", "d")
    fixed = {"featureId": "x", "consumptionModel": "credits", "creditCost": 7}
    same = each.ok("PATCH", path, fixed)
    assert (same["featureCode"], same["consumptionModel"], same["creditCost"]) == ("f_metered", "metered", None)


@pytest.mark.parametrize(
    ("model", "lacking"),
    [("boolean", ["includedUnits", "overageRate"]), ("credits", ["includedUnits", "overageRate"]), ("metered", [])],
)
def test_an_update_cannot_give_what_the_model_lacks(each: Api, model: str, lacking: list[str]) -> None:
    path = f"/addons/{addon(each, model)['id']}"
    both = {"includedUnits": 1, "overageRate": 2}
    assert lacking == (each.wrong_fields("PATCH", path, both) if lacking else [])
    read = each.ok("GET", path)
    assert {name: read[name] for name in OWN} == {**dict.fromkeys(OWN), **MODELS[model]}


def test_the_feature_is_named_by_id_or_by_code(each: Api) -> None:
    each.feature("sso", "boolean")
    body = {"name": "SSO", "basePrice": 500, "consumptionModel": "boolean"}
    assert each.ok("POST", "/addons", {**body, "featureId": "sso"})["featureCode"] == "sso"
    assert each.refused("POST", "/addons", {**body, "featureId": "x"}) == (404, "feature_not_found")


def test_a_feature_has_one_add_on(each: Api) -> None:
    first = addon(each, code="sso")
    body = {"name": "Other", "basePrice": 500, "featureId": "sso", "consumptionModel": "boolean"}
    assert each.refused("POST", "/addons", body) == (409, "feature_already_exists")
    each.ok("DELETE", f"/addons/{first['id']}")
    assert each.ok("POST", "/addons", body)["featureCode"] == "sso"


def test_slugs_are_made_of_names_and_unique(each: Api) -> None:
    names = ("Extra  Storage!", "extra storage", "EXTRA-STORAGE", "Ünï", "!")
    created = [addon(each, code=f"f_{number}", name=name) for number, name in enumerate(names)]
    assert [item["slug"] for item in created] == ["extra-storage", "extra-storage-2", "extra-storage-3", "n", "addon"]
    each.ok("DELETE", f"/addons/{created[0]['id']}")
    assert addon(each, code="again")["slug"] == "extra-storage"
    assert each.refused("PATCH", "/addons/extra-storage", {}) == (404, "addon_not_found"), "writes want the id"


def test_a_renamed_feature_is_read_by_its_new_name(each: Api) -> None:
    addon(each, code="sso")
    each.ok("PATCH", "/features/sso", {"name": "Single sign-on"})
    assert each.ok("GET", "/addons/extra-storage")["featureName"] == "Single sign-on"


def test_a_deleted_add_on_is_gone(each: Api) -> None:
    path = f"/addons/{addon(each)['id']}"
    each.ok("DELETE", path)
    assert each.ok("GET", "/addons") == []
    for method, target, body in (
        ("GET", path, None),
        ("GET", "/addons/extra-storage", None),
        ("PATCH", path, {"name": "A"}),
        ("DELETE", path, None),
    ):
        assert each.refused(method, target, body) == (404, "addon_not_found")


def test_a_feature_is_in_use_while_an_add_on_has_it(each: Api) -> None:
    created = addon(each, code="sso")
    assert each.refused("DELETE", "/features/sso") == (409, "feature_in_use")
    message = each.write("DELETE", "/features/sso").json()["error"]["message"]
    assert message == "feature 'sso' is assigned to add-on extra-storage"
    each.ok("DELETE", f"/addons/{created['id']}")
    assert each.ok("DELETE", "/features/sso")["deleted"] is True


def test_lists_come_in_pages_of_25(each: Api) -> None:
    slugs = [addon(each, code=f"f_{number}", name=f"Addon {number}")["slug"] for number in range(28)]
    first = each.send("GET", "/addons").json()
    assert ([item["slug"] for item in first["data"]], first["hasMore"]) == (slugs[:25], True)
    second = each.send("GET", f"/addons?cursor={first['nextCursor']}&limit=2").json()
    assert ([item["slug"] for item in second["data"]], second["hasMore"]) == (slugs[25:27], True)
    last = each.send("GET", f"/addons?cursor={second['nextCursor']}").json()
    assert ([item["slug"] for item in last["data"]], last["hasMore"]) == (slugs[27:], False)
    for query in ("limit=0", "limit=101", "cursor=adn_x"):
        assert each.wrong_fields("GET", f"/addons?{query}") == [query.partition("=")[0]]


@pytest.mark.parametrize("version", VERSIONS)
def test_activating_and_deactivating(make_api: MakeApi, version: str) -> None:
    api = make_api().at(version)
    created, other = addon(api, "metered"), addon(api, "boolean", name="SSO")
    subscription_id = subscription(api)
    assert active(api) == []
    tags = {} if version == "2026-05-25" else {"object": "subscription_addon", "livemode": False}
    tag = {"object": "subscription"} if tags and version <= OLD else {}
    activated = activate(api, subscription_id, created["id"])
    charge = {"proratedCharge": activated["proratedCharge"]}
    assert activated == {"addonId": created["id"], "status": "active", **charge, **tags, **tag}
    activate(api, subscription_id, other["id"])
    shared = ("slug", "name", "basePrice", "featureCode", "featureName", "consumptionModel")
    first, second = active(api)
    assert first == {
        **{name: created[name] for name in shared},
        "featureType": "usage",
        "activatedAt": first["activatedAt"],
        "object": "addon" if version <= OLD else "subscription_addon",
        "livemode": False,
    }
    assert (second["slug"], second["featureType"]) == ("sso", "boolean")
    path = f"/subscriptions/{subscription_id}/addons/{created['id']}"
    ended = api.ok("DELETE", path)
    assert ended == {
        "id": created["id"],
        "status": "inactive",
        "deactivatedAt": ended["deactivatedAt"],
        **tags,
        **tag,
    }
    assert ended["deactivatedAt"] >= first["activatedAt"]
    assert [item["slug"] for item in active(api)] == ["sso"]


def test_an_active_add_on_cannot_be_deleted(each: Api) -> None:
    created, subscription_id = addon(each), subscription(each)
    path = f"/addons/{created['id']}"
    activate(each, subscription_id, created["id"])
    assert each.refused("DELETE", path) == (409, "addon_has_activations")
    assert each.ok("GET", path) == created
    each.ok("DELETE", f"/subscriptions/{subscription_id}/addons/{created['id']}")
    assert each.ok("DELETE", path)["deleted"] is True


def test_an_add_on_is_active_once_and_can_be_activated_again(each: Api) -> None:
    created, subscription_id = addon(each), subscription(each)
    path = f"/subscriptions/{subscription_id}/addons"
    assert each.refused("DELETE", f"{path}/{created['id']}") == (409, "addon_not_active")
    assert each.write("DELETE", f"{path}/{created['id']}").json()["error"]["type"] == "billing_error"
    activate(each, subscription_id, created["id"])
    assert each.refused("POST", path, {"addonId": created["id"]}) == (409, "addon_already_active")
    each.ok("DELETE", f"{path}/{created['id']}")
    activate(each, subscription_id, created["id"])
    assert len(active(each)) == 1


def test_add_ons_need_a_plan_with_their_model(each: Api) -> None:
    created = {model: addon(each, model, name=model)["id"] for model in MODELS}
    for model in ("metered", "credits", "balance"):
        path = f"/subscriptions/{subscription(each, model)}/addons"
        for other in ("metered", "credits", "balance"):
            if other != model:
                assert each.wrong_fields("POST", path, {"addonId": created[other]}) == ["addonId"]
        for fits in (model, "boolean"):
            each.ok("POST", path, {"addonId": created[fits]})


def test_unknown_objects(each: Api) -> None:
    created, subscription_id = addon(each)["id"], subscription(each)
    for target in ("", f"/{created}"):
        method, body = ("DELETE", None) if target else ("POST", {"addonId": created})
        assert each.refused(method, f"/subscriptions/x/addons{target}", body) == (404, "subscription_not_found")
    path = f"/subscriptions/{subscription_id}/addons"
    assert each.refused("POST", path, {"addonId": "x"}) == (404, "addon_not_found")
    assert each.refused("DELETE", f"{path}/x") == (404, "addon_not_found")
    assert each.wrong_fields("POST", path, {}) == ["addonId"]
    assert each.refused("GET", f"{active_path(each.version)}?customerId=x") == (404, "customer_not_found")
    assert each.wrong_fields("GET", active_path(each.version)) == ["customerId"]


def test_each_customer_has_add_ons_of_their_own(each: Api) -> None:
    created = addon(each)["id"]
    activate(each, subscription(each), created)
    activate(each, subscription(each, customer="cus_2"), created)
    each.ok("DELETE", f"/subscriptions/{each.ok('GET', '/subscriptions?customerId=cus_1')[0]['id']}/addons/{created}")
    assert (len(active(each)), len(active(each, "cus_2"))) == (0, 1)
    assert each.refused("DELETE", f"/addons/{created}") == (409, "addon_has_activations")


def test_the_charge_is_the_share_of_the_days_left(api: Api) -> None:
    created, start = addon(api, basePrice=5000)["id"], "2027-01-01T00:00:00Z"
    subscription_id = subscription(api, startDate=start)
    noon = parse_time("2027-01-11T12:00:00Z")
    for moment, charge in ((noon, 3226), (noon - timedelta(days=30), 5000), (noon + timedelta(days=90), 0)):
        api.app.clock = partial(parse_time, moment.isoformat())
        assert activate(api, subscription_id, created)["proratedCharge"] == charge
        api.ok("DELETE", f"/subscriptions/{subscription_id}/addons/{created}")


def test_nothing_is_charged_on_trial_and_all_of_it_on_a_free_plan(each: Api) -> None:
    created = addon(each)["id"]
    trial = subscription(each, customer="cus_1", customTrialDays=7)
    free = each.subscribe(each.plan("free", None, isFree=True), "cus_2")["id"]
    assert [activate(each, target, created)["proratedCharge"] for target in (trial, free)] == [0, 500]


def test_accounts_do_not_see_each_other(each: Api) -> None:
    created, live = addon(each), each.with_key("ck_live_1")
    assert live.ok("GET", "/addons") == []
    assert live.refused("GET", "/addons/extra-storage") == (404, "addon_not_found")
    assert addon(live)["slug"] == "extra-storage"
    assert live.refused("POST", f"/subscriptions/{subscription(live)}/addons", {"addonId": created["id"]}) == (
        404,
        "addon_not_found",
    )
    assert each.with_key("ck_live_1").ok("GET", "/addons")[0]["livemode"] is True


def test_restricted_keys(each: Api) -> None:
    created, subscription_id = addon(each)["id"], subscription(each)
    reader, writer, seller = (
        each.with_key(f"rk_sandbox_x.{rights}") for rights in ("addon:r", "addon:rw", "subscription:rw")
    )
    assert (len(reader.ok("GET", "/addons")), active(reader)) == (1, [])
    assert reader.refused("PATCH", f"/addons/{created}", {"name": "A"}) == (403, "forbidden")
    assert writer.ok("PATCH", f"/addons/{created}", {"name": "A"})["name"] == "A"
    path = f"/subscriptions/{subscription_id}/addons"
    assert writer.refused("POST", path, {"addonId": created}) == (403, "forbidden")
    assert seller.refused("GET", "/addons") == (403, "forbidden")
    assert seller.refused("GET", f"{active_path(each.version)}?customerId=cus_1") == (403, "forbidden")
    activate(seller, subscription_id, created)


def test_an_idempotency_key_creates_once(each: Api) -> None:
    keyed = each.with_headers(Idempotency_Key="k1")
    body = {"name": "A", "basePrice": 0, "featureId": each.feature(), "consumptionModel": "boolean"}
    assert keyed.ok("POST", "/addons", body) == keyed.ok("POST", "/addons", body)
    assert keyed.refused("POST", "/addons", {**body, "name": "B"}) == (409, "idempotency_key_mismatch")
    assert len(each.ok("GET", "/addons")) == 1


def test_with_plan_versions_nobody_can_have_a_new_add_on(make_api: MakeApi) -> None:
    api = make_api("2026-10-04", plan_versions="on")
    created, subscription_id = addon(api, "metered"), subscription(api)
    body = {"addonId": created["id"]}
    assert api.refused("POST", f"/subscriptions/{subscription_id}/addons", body) == (404, "addon_not_found")
    (version,) = api.ok("GET", f"/plans/{api.ok('GET', '/plans')[0]['id']}/versions")
    assert version["terms"]["addons"] == []


def test_versions_have_the_add_ons_that_were_there_before_and_fit(tmp_path: Path) -> None:
    with closing(create_app(tmp_path / "a.db")) as app:
        before = Api(app)
        subscription_id, metered, _ = subscription(before), addon(before, "metered"), addon(before, "credits", name="C")
    with closing(create_app(tmp_path / "a.db", quirks={"plan_versions": "on"})) as app:
        api = Api(app, "2026-10-04")
        plan, feature = api.ok("GET", "/plans")[0]["id"], api.ok("GET", "/features/f_metered")["id"]
        (version,) = api.ok("GET", f"/plans/{plan}/versions")
        price = {"currency": "usd", "price": 500, "overageRate": 300}
        shared = {"id": metered["id"], "featureId": feature, "name": "Extra storage", "consumptionModel": "metered"}
        assert version["terms"]["addons"] == [{**shared, "includedUnits": 100, "creditCost": None, "prices": [price]}]
        assert activate(api, subscription_id, metered["id"])["status"] == "active"

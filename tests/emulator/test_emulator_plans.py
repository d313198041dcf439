"""Plans: creation, updates and deletion, metadata, visibility."""

from datetime import timedelta
from typing import Any

import pytest

from commetctl.emulator.wire import utc_now
from emulator.client import NEW, OLD, Api
from emulator.conftest import MakeApi


def test_a_new_plan_has_every_field(each: Api) -> None:
    body = {
        "name": "Pro",
        "code": "pro",
        "description": "d",
        "consumptionModel": "balance",
        "isPublic": False,
        "isFree": False,
        "blockOnExhaustion": True,
        "metadata": {"tier": 2, "ratio": 1.5},
    }
    plan = each.ok("POST", "/plans", body)
    assert {name: plan[name] for name in body} == body
    rest = {name: value for name, value in plan.items() if name not in body}
    assert rest == {
        "id": plan["id"],
        "createdAt": plan["createdAt"],
        "updatedAt": plan["createdAt"],
        "isDefault": False,
        "sortOrder": 0,
        "planGroupId": None,
        "features": [],
        "prices": [],
        "exchangeRates": [],
        "object": "plan",
        "livemode": False,
    }


def test_defaults(each: Api) -> None:
    plan = each.ok("POST", "/plans", {"name": "Pro", "code": "pro"})
    names = ("description", "consumptionModel", "isPublic", "isFree", "blockOnExhaustion", "metadata")
    assert [plan[name] for name in names] == [None, None, True, False, False, None]


def test_a_plan_is_read_by_id_and_by_code(each: Api) -> None:
    plan = each.plan("pro")
    assert each.ok("GET", "/plans/pro") == each.ok("GET", f"/plans/{plan}") == each.ok("GET", "/plans")[0]
    assert each.refused("PATCH", "/plans/pro", {"name": "X"}) == (404, "plan_not_found"), "writes want the id"


def test_private_plans_are_listed_on_request(each: Api) -> None:
    each.plan("shown")
    each.plan("hidden", isPublic=False)
    assert [plan["code"] for plan in each.ok("GET", "/plans")] == ["shown"]
    assert [plan["code"] for plan in each.ok("GET", "/plans?includePrivate=false")] == ["shown"]
    assert [plan["code"] for plan in each.ok("GET", "/plans?includePrivate=true")] == ["shown", "hidden"]
    assert each.ok("GET", "/plans/hidden")["isPublic"] is False
    assert each.wrong_fields("GET", "/plans?includePrivate=maybe") == ["includePrivate"]


@pytest.mark.parametrize("spelled", ["1", "TRUE", "yes"])
def test_other_spellings_of_true_are_a_quirk(make_api: MakeApi, spelled: str) -> None:
    exact, truthy = make_api(), make_api(include_private="truthy")
    for api in (exact, truthy):
        api.plan("hidden", isPublic=False)
    assert exact.wrong_fields("GET", f"/plans?includePrivate={spelled}") == ["includePrivate"]
    assert len(truthy.ok("GET", f"/plans?includePrivate={spelled}")) == 1
    assert truthy.ok("GET", "/plans?includePrivate=0") == []
    assert truthy.wrong_fields("GET", "/plans?includePrivate=maybe") == ["includePrivate"]


def test_an_update_changes_what_it_names(each: Api) -> None:
    plan = each.plan("pro", description="d", metadata={"a": 1})
    updated = each.ok(
        "PATCH", f"/plans/{plan}", {"name": "New", "description": None, "isPublic": False, "isFree": True}
    )
    assert [updated[key] for key in ("name", "description", "isPublic", "isFree", "metadata")] == [
        *("New", None, False, False),
        {"a": 1},
    ]
    assert each.wrong_fields("PATCH", f"/plans/{plan}", {"metadata": None, "name": None}) == ["name", "metadata"]


@pytest.mark.parametrize(("quirk", "expected"), [("replace", {"b": 2, "c": None}), ("merge", {"a": 1, "b": 2})])
def test_metadata_is_replaced_or_merged(make_api: MakeApi, quirk: str, expected: object) -> None:
    for version in (NEW, OLD):
        api = make_api(version, plan_metadata=quirk)
        plan = api.plan(metadata={"a": 1, "c": 3})
        assert api.ok("PATCH", f"/plans/{plan}", {"metadata": {"b": 2, "c": None}})["metadata"] == expected


def test_visibility_answers_the_plan_or_only_its_visibility(api: Api) -> None:
    plan = api.plan()
    assert api.ok("PUT", f"/plans/{plan}/visibility", {"isPublic": False})["code"] == "pro"
    old = api.at(OLD).ok("PUT", f"/plans/{plan}/visibility", {"isPublic": True})
    assert old == {"id": plan, "isPublic": True, "object": "plan", "livemode": False}
    assert api.ok("GET", "/plans/pro")["isPublic"] is True
    assert api.wrong_fields("PUT", f"/plans/{plan}/visibility", {}) == ["isPublic"]


def test_a_code_is_unique(each: Api) -> None:
    each.plan("pro")
    assert each.refused("POST", "/plans", {"name": "Other", "code": "pro"}) == (409, "duplicate")


def test_a_deleted_plan_is_gone(each: Api) -> None:
    plan = each.plan()
    price = each.price(plan)
    assert each.ok("DELETE", f"/plans/{plan}") == {"id": plan, "deleted": True, "object": "plan", "livemode": False}
    assert each.ok("GET", "/plans?includePrivate=true") == []
    for method, path in (
        ("GET", "/plans/pro"),
        ("DELETE", f"/plans/{plan}"),
        ("PATCH", f"/plans/{plan}/prices/{price}"),
        ("PUT", f"/plans/{plan}/regional"),
    ):
        assert each.refused(method, path, None if method == "GET" else {"price": 1}) == (404, "plan_not_found")


def test_a_deleted_code_may_be_used_again_unless_the_quirk_refuses(make_api: MakeApi) -> None:
    for reuse in ("allowed", "refused"):
        api = make_api(code_reuse=reuse)
        api.ok("DELETE", f"/plans/{api.plan('pro')}")
        answer = api.write("POST", "/plans", {"name": "Pro", "code": "pro"})
        assert answer.status_code == {"allowed": 200, "refused": 409}[reuse]


def test_writing_a_part_counts_as_writing_the_plan(each: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    plan, feature = each.plan(), each.feature()
    stamps = [each.ok("GET", "/plans/pro")["updatedAt"]]
    path = f"/plans/{plan}"
    price = each.price(plan)
    writes: tuple[tuple[str, str, Any], ...] = (
        ("POST", f"{path}/prices", {"billingInterval": "weekly", "price": 100}),
        ("PATCH", f"{path}/prices/{price}", {"price": 200}),
        ("PUT", f"{path}/prices/{price}/default", None),
        ("PUT", f"{path}/prices/{price}/regional", {"overrides": []}),
        ("DELETE", f"{path}/prices/{price}/regional", None),
        ("PUT", f"{path}/regional", {"currency": "brl", "exchangeRate": 5}),
        ("POST", f"{path}/features", {"featureId": feature}),
        ("PATCH", f"{path}/features/{feature}", {"enabled": False}),
        ("DELETE", f"{path}/features/{feature}", None),
        ("PUT", f"{path}/visibility", {"isPublic": False}),
        ("PATCH", path, {}),
    )
    for hours, (method, target, body) in enumerate(writes, 1):
        monkeypatch.setattr(each.app, "clock", lambda hours=hours: utc_now() + timedelta(hours=hours))
        each.ok(method, target, body)
        stamps.append(each.ok("GET", "/plans/pro")["updatedAt"])
    assert stamps == sorted(set(stamps))

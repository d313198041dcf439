"""Plan groups: fields, members and their order, the rules for members, pages, rights and refusals."""

from typing import Any

import pytest

from emulator.client import NEW, OLD, Api
from emulator.conftest import MakeApi

VERSIONS = ("2026-05-25", "2026-06-07", "2026-06-10", "2026-06-23", OLD, "2026-07-24", "2026-07-31", NEW, "2026-10-04")


def group(api: Api, name: str = "Main plans", **more: Any) -> str:
    return str(api.ok("POST", "/plan-groups", {"name": name, **more})["id"])


def add(api: Api, group_id: str, plan: str, **more: Any) -> Any:
    return api.ok("POST", f"/plan-groups/{group_id}/plans", {"planId": plan, **more})


def members(api: Api, group_id: str) -> list[tuple[str, int]]:
    plans = api.ok("GET", f"/plan-groups/{group_id}")["plans"]
    return [(plan["name"], plan["sortOrder"]) for plan in plans]


def three(api: Api) -> tuple[str, list[str]]:
    """A group of three plans."""
    group_id, plans = group(api), [api.plan(code) for code in ("a", "b", "c")]
    for plan in plans:
        add(api, group_id, plan)
    return group_id, plans


def test_a_new_group_has_every_field(api: Api) -> None:
    body = {"name": "Main plans", "description": "d", "isPublic": False}
    created = api.ok("POST", "/plan-groups", body)
    times = {"createdAt": created["createdAt"], "updatedAt": created["createdAt"]}
    assert created == {"id": created["id"], **body, **times, "object": "plan_group", "livemode": False}
    assert created["id"].startswith("plg_")
    assert api.ok("GET", "/plan-groups") == [created]
    assert api.ok("GET", f"/plan-groups/{created['id']}") == {**created, "plans": []}


def test_defaults(each: Api) -> None:
    created = each.ok("POST", "/plan-groups", {"name": "Main plans"})
    assert (created["description"], created["isPublic"]) == (None, True)


def test_an_update_changes_what_it_names(each: Api) -> None:
    path = f"/plan-groups/{group(each, description='d')}"
    updated = each.ok("PATCH", path, {"name": "Other", "isPublic": False})
    assert (updated["name"], updated["description"], updated["isPublic"]) == ("Other", "d", False)
    assert each.ok("PATCH", path, {"description": None})["description"] is None
    read = each.ok("GET", path)
    assert (read["name"], read["description"], read["isPublic"]) == ("Other", None, False)


@pytest.mark.parametrize("version", VERSIONS)
def test_which_answers_have_the_plans(make_api: MakeApi, version: str) -> None:
    api = make_api().at(version)
    created = api.ok("POST", "/plan-groups", {"name": "Main plans"})
    group_id, plan = created["id"], api.plan()
    add(api, group_id, plan, sortOrder=3)
    everywhere = "2026-06-07" <= version <= OLD
    assert ("plans" in created) == everywhere
    member = {"id": plan, "name": "Pro", "sortOrder": 3, **({"code": "pro"} if version == "2026-05-25" else {})}
    assert api.ok("GET", f"/plan-groups/{group_id}")["plans"] == [member]
    (listed,) = api.ok("GET", "/plan-groups")
    updated = api.ok("PATCH", f"/plan-groups/{group_id}", {"name": "Other"})
    assert [item.get("plans") for item in (listed, updated)] == [[member] if everywhere else None] * 2


@pytest.mark.parametrize("version", VERSIONS)
def test_what_changes_of_members_answer(make_api: MakeApi, version: str) -> None:
    api = make_api().at(version)
    group_id, plan = group(api), api.plan()
    added = add(api, group_id, plan)
    reordered = api.ok("PUT", f"/plan-groups/{group_id}/plans/reorder", {"planIds": [plan]})
    if version == "2026-05-25":
        assert added["plans"] == reordered["plans"] == api.ok("GET", f"/plan-groups/{group_id}")["plans"]
        assert api.ok("DELETE", f"/plan-groups/{group_id}/plans/{plan}") == {"id": plan, "removed": True}
        assert api.ok("DELETE", f"/plan-groups/{group_id}") == {"id": group_id, "deleted": True}
        return
    old = {"object": "plan_group", "livemode": False} if version <= OLD else None
    membership = old or {"object": "plan_group_membership", "livemode": False}
    assert added == {"success": True, **membership}
    assert reordered == {"reordered": True, **(old or {"object": "plan_group_order", "livemode": False})}
    removed = api.ok("DELETE", f"/plan-groups/{group_id}/plans/{plan}")
    assert removed == {"id": plan, "removed": True, **membership}
    deleted = api.ok("DELETE", f"/plan-groups/{group_id}")
    assert deleted == {"id": group_id, "deleted": True, "object": "plan_group", "livemode": False}


def test_plans_are_added_last_unless_the_place_is_said(each: Api) -> None:
    group_id, _ = three(each)
    assert members(each, group_id) == [("A", 0), ("B", 1), ("C", 2)]
    add(each, group_id, each.plan("d"), sortOrder=1)
    add(each, group_id, each.plan("e"), sortOrder=7)
    add(each, group_id, each.plan("f"))
    assert members(each, group_id) == [("A", 0), ("B", 1), ("D", 1), ("C", 2), ("E", 7), ("F", 8)]


def test_a_plan_says_its_group_and_its_place(each: Api) -> None:
    group_id, plans = three(each)
    for read in (each.ok("GET", "/plans/b"), each.ok("GET", "/plans")[1]):
        assert (read["planGroupId"], read["sortOrder"]) == (group_id, 1)
    each.ok("PUT", f"/plan-groups/{group_id}/plans/reorder", {"planIds": [plans[2], plans[0], plans[1]]})
    assert members(each, group_id) == [("C", 0), ("A", 1), ("B", 2)]
    assert each.ok("GET", "/plans/b")["sortOrder"] == 2
    each.ok("DELETE", f"/plan-groups/{group_id}/plans/{plans[1]}")
    assert each.ok("GET", "/plans/b")["planGroupId"] is None
    assert members(each, group_id) == [("C", 0), ("A", 1)]


def test_a_plan_can_be_created_in_a_group(each: Api) -> None:
    group_id, _ = three(each)
    created = each.ok(
        "POST",
        "/plans",
        {"name": "D", "code": "d", "consumptionModel": "metered", "planGroupId": group_id},
    )
    assert (created["planGroupId"], created["sortOrder"]) == (group_id, 3)
    assert members(each, group_id)[-1] == ("D", 3)


def test_a_plan_is_not_created_in_a_group_that_refuses_it(each: Api) -> None:
    group_id, _ = three(each)
    body = {"name": "D", "code": "d", "consumptionModel": "credits"}
    assert each.refused("POST", "/plans", {**body, "planGroupId": "plg_1"}) == (404, "plan_group_not_found")
    assert each.wrong_fields("POST", "/plans", {**body, "planGroupId": group_id}) == ["planGroupId"]
    assert [plan["code"] for plan in each.ok("GET", "/plans?includePrivate=true")] == ["a", "b", "c"]


def test_a_plan_created_at_2026_05_25_says_its_group_in_the_answer_alone(make_api: MakeApi) -> None:
    api = make_api().at("2026-05-25")
    group_id = group(api)
    created = api.ok("POST", "/plans", {"name": "D", "code": "d", "planGroupId": group_id})
    assert created["planGroupId"] == group_id
    assert "planGroupId" not in api.ok("GET", "/plans/d")


def test_a_deleted_group_leaves_its_plans(each: Api) -> None:
    group_id, _ = three(each)
    assert each.ok("DELETE", f"/plan-groups/{group_id}")["deleted"] is True
    assert each.ok("GET", "/plan-groups") == []
    assert each.refused("GET", f"/plan-groups/{group_id}") == (404, "plan_group_not_found")
    assert [(plan["code"], plan["planGroupId"]) for plan in each.ok("GET", "/plans")] == [
        ("a", None),
        ("b", None),
        ("c", None),
    ]


def test_a_deleted_plan_is_no_member(each: Api) -> None:
    group_id, plans = three(each)
    each.ok("DELETE", f"/plans/{plans[2]}")
    assert members(each, group_id) == [("A", 0), ("B", 1)]
    path = f"/plan-groups/{group_id}/plans"
    assert each.wrong_fields("PUT", f"{path}/reorder", {"planIds": plans}) == ["planIds"]
    each.ok("PUT", f"{path}/reorder", {"planIds": [plans[1], plans[0]]})
    assert each.refused("DELETE", f"{path}/{plans[2]}") == (404, "plan_not_found")
    assert each.refused("POST", path, {"planId": plans[2]}) == (404, "plan_not_found")


def test_a_plan_is_in_one_group_at_most(each: Api) -> None:
    group_id, plans = three(each)
    other = group(each, "Other")
    for target in (group_id, other):
        assert each.refused("POST", f"/plan-groups/{target}/plans", {"planId": plans[0]}) == (409, "duplicate")
    each.ok("DELETE", f"/plan-groups/{group_id}/plans/{plans[0]}")
    add(each, other, plans[0])
    assert members(each, other) == [("A", 0)]
    assert each.refused("DELETE", f"/plan-groups/{group_id}/plans/{plans[0]}") == (404, "plan_not_found")


def test_an_order_lists_every_plan_once(each: Api) -> None:
    group_id, plans = three(each)
    path = f"/plan-groups/{group_id}/plans/reorder"
    before, alone = members(each, group_id), each.plan("d")
    for ids in ([], plans[:2], [*plans, plans[0]], [*plans, alone], [*plans[:2], "x"], [*plans[:2], plans[0]]):
        assert each.wrong_fields("PUT", path, {"planIds": ids}) == ["planIds"]
    assert each.wrong_fields("PUT", path, {"planIds": [1]}) == ["planIds.0"]
    assert each.wrong_fields("PUT", path, {}) == ["planIds"]
    assert members(each, group_id) == before


def test_an_empty_group_has_no_order(each: Api) -> None:
    path = f"/plan-groups/{group(each)}/plans/reorder"
    assert each.wrong_fields("PUT", path, {"planIds": []}) == ["planIds"]


def test_the_plans_of_a_group_have_one_consumption_model(make_api: MakeApi) -> None:
    for strict, count in (("on", 1), ("off", 3)):
        api = make_api(strict=strict)
        group_id, plans = group(api), [api.plan("a"), api.plan("b", "credits"), api.plan("c", None)]
        for plan in plans:
            api.write("POST", f"/plan-groups/{group_id}/plans", {"planId": plan})
        assert len(members(api, group_id)) == count


def test_another_consumption_model_is_a_validation_error(each: Api) -> None:
    group_id = group(each)
    add(each, group_id, each.plan("a"))
    assert each.wrong_fields("POST", f"/plan-groups/{group_id}/plans", {"planId": each.plan("b", "credits")}) == [
        "planId"
    ]


def priced(api: Api, code: str, *currencies: str) -> str:
    plan = api.plan(code)
    api.price(plan, price=490_000)
    for currency in currencies:
        api.ok("PUT", f"/plans/{plan}/regional", {"currency": currency, "exchangeRate": 5})
    return plan


def test_the_plans_of_a_group_support_the_same_currencies(each: Api) -> None:
    group_id = group(each)
    path = f"/plan-groups/{group_id}/plans"
    add(each, group_id, priced(each, "a", "brl"))
    for other in (priced(each, "b"), priced(each, "c", "eur"), priced(each, "d", "brl", "eur")):
        assert each.wrong_fields("POST", path, {"planId": other}) == ["planId"]
    add(each, group_id, priced(each, "e", "brl"))
    by_price = priced(each, "f")
    (price,) = each.at(NEW).ok("GET", f"/plans/{by_price}")["prices"]
    overrides = [{"currency": "brl", "price": 10_000}]
    each.ok("PUT", f"/plans/{by_price}/prices/{price['id']}/regional", {"overrides": overrides})
    add(each, group_id, by_price)
    assert [name for name, _ in members(each, group_id)] == ["A", "E", "F"]


def test_a_plan_without_a_price_supports_whatever_the_others_do(each: Api) -> None:
    group_id = group(each)
    add(each, group_id, each.plan("free", isFree=True))
    add(each, group_id, priced(each, "a", "brl"))
    add(each, group_id, each.plan("b"))
    assert [name for name, _ in members(each, group_id)] == ["Free", "A", "B"]


def test_a_currency_can_be_added_to_the_plans_of_a_group_one_by_one(each: Api) -> None:
    group_id, plans = group(each), [priced(each, "a", "brl"), priced(each, "b", "brl")]
    for plan in plans:
        add(each, group_id, plan)
    for plan in plans:
        each.ok("PUT", f"/plans/{plan}/regional", {"currency": "eur", "exchangeRate": 1})
    add(each, group_id, priced(each, "c", "eur", "brl"))


def test_the_quirk_lets_currencies_differ(make_api: MakeApi) -> None:
    api = make_api(group_currencies="free")
    group_id = group(api)
    for plan in (priced(api, "a", "brl"), priced(api, "b")):
        add(api, group_id, plan)
    assert len(members(api, group_id)) == 2


def test_lists_come_in_pages_of_25(each: Api) -> None:
    names = [f"Group {number}" for number in range(30)]
    for name in names:
        group(each, name)
    first = each.send("GET", "/plan-groups").json()
    assert ([item["name"] for item in first["data"]], first["hasMore"]) == (names[:25], True)
    second = each.send("GET", f"/plan-groups?cursor={first['nextCursor']}").json()
    assert ([item["name"] for item in second["data"]], second["hasMore"]) == (names[25:], False)
    assert "nextCursor" not in second
    whole = each.send("GET", "/plan-groups?limit=100").json()
    assert (len(whole["data"]), whole["hasMore"]) == (30, False)
    assert len(each.send("GET", f"/plan-groups?limit=3&cursor={first['nextCursor']}").json()["data"]) == 3
    exact = each.send("GET", "/plan-groups?limit=30").json()
    assert (len(exact["data"]), exact["hasMore"]) == (30, False)


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=-1", "limit=x", "limit=", "limit=2.5", "cursor=plg_x"]
)
def test_a_wrong_page_is_a_validation_error(each: Api, query: str) -> None:
    group(each)
    assert each.wrong_fields("GET", f"/plan-groups?{query}") == [query.partition("=")[0]]


def test_what_is_wrong_with_a_body_is_listed(each: Api) -> None:
    path = f"/plan-groups/{group(each)}"
    wrong = {"name": "", "description": 1, "isPublic": "yes"}
    assert each.wrong_fields("POST", "/plan-groups", wrong) == ["name", "description", "isPublic"]
    assert each.wrong_fields("PATCH", path, wrong) == ["name", "description", "isPublic"]
    assert each.wrong_fields("POST", "/plan-groups", {}) == ["name"]
    assert each.wrong_fields("POST", "/plan-groups", {"name": "A", "description": None}) == ["description"]
    assert each.wrong_fields("POST", f"{path}/plans", {"sortOrder": -1}) == ["planId", "sortOrder"]
    assert each.wrong_fields("POST", f"{path}/plans", {"planId": ""}) == ["planId"]


def test_unknown_objects(each: Api) -> None:
    group_id, plan = group(each), each.plan()
    for method, path, body in (
        ("GET", "/plan-groups/x", None),
        ("PATCH", "/plan-groups/x", {"name": "A"}),
        ("DELETE", "/plan-groups/x", None),
        ("POST", "/plan-groups/x/plans", {"planId": plan}),
        ("DELETE", f"/plan-groups/x/plans/{plan}", None),
        ("PUT", "/plan-groups/x/plans/reorder", {"planIds": [plan]}),
    ):
        assert each.refused(method, path, body) == (404, "plan_group_not_found")
    path = f"/plan-groups/{group_id}/plans"
    assert each.refused("POST", path, {"planId": "x"}) == (404, "plan_not_found")
    assert each.refused("POST", path, {"planId": "pro"}) == (404, "plan_not_found"), "writes want the id"
    assert each.refused("DELETE", f"{path}/{plan}") == (404, "plan_not_found")


def test_accounts_do_not_see_each_other(each: Api) -> None:
    group_id, live = group(each), each.with_key("ck_live_1")
    assert live.ok("GET", "/plan-groups") == []
    assert live.refused("GET", f"/plan-groups/{group_id}") == (404, "plan_group_not_found")
    other = group(live)
    assert live.refused("POST", f"/plan-groups/{other}/plans", {"planId": each.plan()}) == (404, "plan_not_found")
    assert live.ok("GET", f"/plan-groups/{other}")["livemode"] is True


def test_restricted_keys_need_the_right_to_plan_groups(each: Api) -> None:
    group_id, plan = group(each), each.plan()
    reader, writer, other = (
        each.with_key(f"rk_sandbox_x.{rights}") for rights in ("plan_group:r", "plan_group:rw", "plan:rw")
    )
    assert reader.ok("GET", f"/plan-groups/{group_id}")["id"] == group_id
    assert reader.refused("POST", "/plan-groups", {"name": "A"}) == (403, "forbidden")
    assert other.refused("GET", "/plan-groups") == (403, "forbidden")
    assert other.refused("POST", f"/plan-groups/{group_id}/plans", {"planId": plan}) == (403, "forbidden")
    add(writer, group_id, plan)


def test_an_idempotency_key_adds_a_plan_once(each: Api) -> None:
    path, plan = f"/plan-groups/{group(each)}/plans", each.plan()
    keyed = each.with_headers(Idempotency_Key="k1")
    assert keyed.ok("POST", path, {"planId": plan}) == keyed.ok("POST", path, {"planId": plan})
    assert keyed.refused("POST", path, {"planId": each.plan("b")}) == (409, "idempotency_key_mismatch")


def test_status_of_creations_and_removals(make_api: MakeApi) -> None:
    api = make_api(created_status="201", deleted_status="204")
    group_id, plan = group(api), api.plan()
    assert api.write("POST", "/plan-groups", {"name": "A"}).status_code == 201
    assert api.write("POST", f"/plan-groups/{group_id}/plans", {"planId": plan}).status_code == 201
    removed = api.write("DELETE", f"/plan-groups/{group_id}/plans/{plan}")
    assert (removed.status_code, removed.content) == (204, b"")

"""Routing, envelopes, headers and refusals that are the same for every operation."""

import logging
import re

import pytest

from emulator.client import NEW, OLD, Api
from emulator.conftest import MakeApi


def test_a_missing_or_unknown_version_is_the_current_one(api: Api) -> None:
    for headers in ({}, {"Commet-Version": "2031-01-01"}, {"Commet-Version": "nonsense"}):
        answer = Api(api.app, headers.get("Commet-Version", "")).send("GET", "/plans")
        assert answer.json() == {"object": "list", "data": [], "hasMore": False}


@pytest.mark.parametrize("version", ["2026-08-27", "2026-07-31", "2026-07-24"])
def test_the_new_generation_answers_bare_objects(make_api: MakeApi, version: str) -> None:
    api = make_api(version)
    feature = api.send("POST", "/features", {"name": "A", "code": "a", "type": "usage"}).json()
    assert feature["object"] == "feature"
    assert "success" not in api.send("GET", "/features/none").json()


@pytest.mark.parametrize("version", ["2026-07-11", "2026-06-23", "2026-06-10"])
def test_the_old_generation_wraps_everything(make_api: MakeApi, version: str) -> None:
    api = make_api(version)
    created = api.send("POST", "/features/manage", {"name": "A", "code": "a", "type": "usage"}).json()
    assert (created["success"], created["data"]["object"]) == (True, "feature")
    assert set(api.send("GET", "/features").json()) == {"success", "data"}
    refusal = api.send("GET", "/features/none").json()
    assert (refusal["success"], refusal["error"]["code"]) == (False, "feature_not_found")


@pytest.mark.parametrize(
    ("version", "method", "path"),
    [
        (NEW, "POST", "/plans/manage"),
        (NEW, "PUT", "/plans/pln_1/manage"),
        (NEW, "PUT", "/credit-packs/cpk_1"),
        (OLD, "POST", "/plans"),
        (OLD, "PATCH", "/plans/pln_1"),
        (OLD, "PATCH", "/plans/pln_1/prices/pp_1"),
        (OLD, "DELETE", "/plans/pln_1"),
        (OLD, "GET", "/offers"),
    ],
)
def test_what_a_version_lacks_is_not_available(api: Api, version: str, method: str, path: str) -> None:
    answer = api.at(version).send(method, path)
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "endpoint_not_available"
    assert answer.json()["error"]["type"] == "not_found_error"


@pytest.mark.parametrize("version", [NEW, OLD])
@pytest.mark.parametrize("route", ["GET /nowhere", "PUT /plans/pln_1", "GET /credit-packs/cpk_1", "DELETE /plans"])
def test_what_no_version_has_is_not_found(api: Api, version: str, route: str) -> None:
    error = api.at(version).send(*route.split(" ")).json()["error"]
    assert (error["type"], error["code"]) == ("not_found_error", "not_found")


@pytest.mark.parametrize(
    ("version", "route"), [(NEW, "POST /seats"), (NEW, "PATCH /webhooks/a"), (OLD, "PUT /webhooks/a")]
)
def test_what_the_emulator_does_not_serve_says_so(api: Api, version: str, route: str) -> None:
    answer = api.at(version).send(*route.split(" "))
    assert (answer.status_code, answer.json()["error"]["code"]) == (501, "not_emulated")
    error = answer.json()["error"]
    assert route.split(" ")[1] in error["message"]
    assert error["doc_url"] == "https://commet.co/docs/api-reference", "Commet has no page about the code"


@pytest.mark.parametrize("path", ["/nowhere", "/plans/none", "/plans/pln_1/regional", "/plans?includePrivate=2"])
@pytest.mark.parametrize("version", ["2026-05-25", OLD, "2026-07-24", NEW])
def test_every_error_says_where_it_is_documented(api: Api, version: str, path: str) -> None:
    error = api.at(version).send("GET", path).json()["error"]
    assert error["doc_url"] == f"https://commet.co/docs/api-reference/{version}/errors/{error['code']}.md"


@pytest.mark.parametrize("key", ["", "sk_live_1", "Bearer ck_1", "CK_1"])
def test_a_key_needs_a_known_prefix(each: Api, key: str) -> None:
    assert each.with_key(key).refused("GET", "/plans") == (401, "unauthorized")


def test_every_answer_has_a_request_id(api: Api) -> None:
    answers = [api.send("GET", "/plans"), api.send("GET", "/nowhere"), api.with_key("x").send("GET", "/plans")]
    ids = [answer.headers["x-request-id"] for answer in answers]
    assert all(re.fullmatch("req_[0-9a-f]{20}", identifier) for identifier in ids)
    assert len(set(ids)) == 3


@pytest.mark.parametrize(
    "content",
    [b"{", b"nope", b"\xff\xfe", b'{"a": NaN}', b'{"a": -Infinity}', b'{"a": 1e99999999999999999999}', b"[" * 100_000],
)
def test_what_is_not_json_is_refused(api: Api, content: bytes) -> None:
    answer = api.send("POST", "/features", content=content)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_json")


@pytest.mark.parametrize("body", [[], "text", 1, True])
def test_a_body_must_be_an_object(api: Api, body: object) -> None:
    assert api.wrong_fields("POST", "/features", body) == [""]


def test_a_body_over_one_megabyte_is_too_large(api: Api) -> None:
    answer = api.send("POST", "/features", content=b" " * 1_000_001)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "validation_error")


def test_all_wrong_fields_are_listed_at_once(each: Api) -> None:
    body = {"name": "", "code": "A-B", "isPublic": "yes", "metadata": []}
    assert each.wrong_fields("POST", "/plans", body) == ["name", "code", "isPublic", "metadata"]


@pytest.mark.parametrize(
    ("route", "message"),
    [
        ("PATCH /api/v1/features", "is not an operation of the API; its path accepts GET, POST"),
        ("OPTIONS /api/v1/plans", "is not an operation of the API; its path accepts GET, POST"),
        ("GET /api/v1/nothing", "is not a path of the API"),
    ],
)
def test_a_wrong_verb_is_told_from_a_wrong_path(api: Api, route: str, message: str) -> None:
    verb, path = route.split()
    error = api.send(verb, path.removeprefix("/api/v1")).json()["error"]
    assert (error["code"], error["message"]) == ("not_found", f"{route} {message}")


def test_unknown_keys_are_stripped_or_rejected(make_api: MakeApi) -> None:
    body = {"name": "A", "code": "a", "type": "usage", "colour": "red"}
    assert "colour" not in make_api().ok("POST", "/features", body)
    assert make_api(unknown_keys="reject").wrong_fields("POST", "/features", body) == ["colour"]


def test_unknown_keys_are_rejected_inside_objects_too(make_api: MakeApi) -> None:
    api = make_api(unknown_keys="reject")
    plan, feature = api.plan(), api.feature()
    body = {"featureId": feature, "overage": {"enabled": False, "unitPrice": 0, "model": "per_unit"}}
    assert api.wrong_fields("POST", f"/plans/{plan}/features", body) == ["overage.model"]


def test_statuses_follow_their_quirks(make_api: MakeApi) -> None:
    api = make_api(created_status="201", deleted_status="204", validation_status="422")
    body = {"name": "A", "code": "a", "type": "usage"}
    assert api.send("POST", "/features", body).status_code == 201
    assert api.send("PATCH", "/features/a", {"name": "B"}).status_code == 200
    assert api.refused("POST", "/features", {}) == (422, "validation_error")
    gone = api.send("DELETE", "/features/a")
    assert (gone.status_code, gone.content) == (204, b"")
    assert "x-request-id" in gone.headers


def test_live_and_sandbox_are_two_accounts(each: Api) -> None:
    live = each.with_key("ck_live_1")
    plan = each.plan()
    assert live.refused("PATCH", f"/plans/{plan}", {"name": "X"}) == (404, "plan_not_found")
    assert live.ok("GET", "/plans") == []
    live.plan()
    assert [item["livemode"] for item in live.ok("GET", "/plans")] == [True]
    assert [item["livemode"] for item in each.ok("GET", "/plans")] == [False]


def test_times_have_milliseconds_and_a_z(each: Api) -> None:
    plan = each.ok("POST", "/plans", {"name": "Pro", "code": "pro"})
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", plan["createdAt"])


def test_lists_page_by_two_under_the_quirk(make_api: MakeApi) -> None:
    for version in (NEW, OLD):
        api = make_api(version, list_paging="on")
        for number in range(5):
            api.feature(f"f{number}")
        first = api.send("GET", "/features").json()
        second = api.send("GET", f"/features?cursor={first['nextCursor']}").json()
        last = api.send("GET", f"/features?cursor={second['nextCursor']}").json()
        pages = [[item["code"] for item in page["data"]] for page in (first, second, last)]
        assert pages == [["f0", "f1"], ["f2", "f3"], ["f4"]]
        assert [page["hasMore"] for page in (first, second, last)] == [True, True, False]
        assert "nextCursor" not in last
        assert api.refused("GET", "/features?cursor=nonsense") == (400, "validation_error")


def test_every_list_pages_under_the_quirk(make_api: MakeApi) -> None:
    for version in (NEW, OLD):
        api = make_api(version, list_paging="on")
        for number in range(3):
            plan = api.plan(f"plan_{number}")
            api.price(plan)
            api.subscribe(plan)
            api.ok("POST", "/credit-packs", {"name": f"Pack {number}", "credits": 1, "price": 1})
        for path in ("/plans", "/credit-packs", "/subscriptions"):
            first = api.send("GET", path).json()
            rest = api.send("GET", f"{path}?cursor={first['nextCursor']}").json()
            assert [len(first["data"]), first["hasMore"], len(rest["data"]), rest["hasMore"]] == [2, True, 1, False]


@pytest.mark.parametrize("path", ["/features", "/plans", "/credit-packs", "/subscriptions"])
def test_lists_ignore_the_cursor_without_the_quirk(api: Api, path: str) -> None:
    assert api.ok("GET", f"{path}?cursor=nonsense") == []


def test_mixed_versions_can_be_refused(make_api: MakeApi) -> None:
    api = make_api(OLD, mixed_versions="refused")
    api.plan()
    assert api.at(NEW).refused("GET", "/plans") == (404, "endpoint_not_available")
    assert api.at("2026-06-07").ok("GET", "/plans") != []
    assert api.at(NEW).with_key("ck_live_1").ok("GET", "/plans") == [], "the other account has no pinned version yet"
    make_api(NEW).at(OLD).ok("GET", "/plans")


def test_a_failure_of_the_emulator_is_an_internal_error(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise RuntimeError("the clock stopped")

    monkeypatch.setattr(api.app, "clock", fail)
    with caplog.at_level(logging.ERROR):
        assert api.refused("GET", "/plans") == (500, "internal_error")
    assert "the clock stopped" in caplog.text

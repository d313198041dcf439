"""The toy kind on the emulator: it is served, stored and paged like the others, and is added by one line."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from commetctl.emulator import RESOURCES, create_app
from emulator.client import NEW, OLD, Api
from emulator.serving import emulator_server
from harness import Shop
from toy.toy_server import COUPONS

ALL = (*RESOURCES, COUPONS)
TERMS: list[dict[str, Any]] = [
    {"kind": "percent", "basisPoints": 1250},
    {"kind": "amount", "amounts": [{"currency": "usd", "amount": 500}, {"currency": "jpy", "amount": 750}]},
    {"kind": "months", "count": 3},
]


@pytest.fixture
def api() -> Iterator[Api]:
    with closing(create_app(":memory:", resources=ALL)) as app:
        yield Api(app)


def coupon(api: Api, code: str = "LAUNCH", **more: Any) -> Any:
    return api.ok("POST", "/coupons", {"code": code, "name": code.title(), **more})


def test_a_created_coupon_has_every_field(api: Api) -> None:
    feature = api.feature("calls")
    made = coupon(
        api, featureId=feature, active=False, expiresAt="2027-01-01T01:00:00+01:00", terms=TERMS, tags=["b", "a", "b"]
    )
    assert {name: value for name, value in made.items() if name not in ("id", "createdAt", "updatedAt")} == {
        "object": "coupon",
        "livemode": False,
        "code": "LAUNCH",
        "name": "Launch",
        "feature": {"id": feature, "code": "calls"},
        "isActive": False,
        "expiresAt": "2027-01-01T00:00:00.000Z",
        "terms": TERMS,
        "tags": ["b", "a", "b"],
    }
    assert made["id"].startswith("cpn_")
    assert made["createdAt"] == made["updatedAt"]
    assert api.ok("GET", f"/coupons/{made['id']}") == made
    assert api.ok("GET", "/coupons") == [made]


def test_fields_have_defaults(api: Api) -> None:
    made = coupon(api)
    assert [made[name] for name in ("feature", "isActive", "expiresAt", "terms", "tags")] == [None, True, None, [], []]


def test_a_patch_replaces_the_whole_coupon(api: Api) -> None:
    feature = api.feature("calls")
    made = coupon(api, featureId=feature, active=False, expiresAt="2027-01-01", terms=TERMS, tags=["a"])
    after = api.ok("PATCH", f"/coupons/{made['id']}", {"name": "Other"})
    assert after == {**coupon(api, "FRESH"), **{name: made[name] for name in ("id", "code", "createdAt")}} | {
        "name": "Other",
        "updatedAt": after["updatedAt"],
    }
    assert api.wrong_fields("PATCH", f"/coupons/{made['id']}", {"tags": ["a"]}) == ["name"]


def test_a_coupon_is_deactivated_and_still_listed(api: Api) -> None:
    made = coupon(api, tags=["a"])
    off = api.ok("POST", f"/coupons/{made['id']}/deactivate")
    assert off == {**made, "isActive": False, "updatedAt": off["updatedAt"]}
    assert api.ok("GET", "/coupons") == [off]
    assert api.refused("DELETE", f"/coupons/{made['id']}") == (404, "not_found")
    assert api.ok("PATCH", f"/coupons/{made['id']}", {"name": "Launch", "active": True})["isActive"] is True


def test_only_a_post_that_creates_has_its_status() -> None:
    with closing(create_app(":memory:", quirks={"created_status": "201"}, resources=ALL)) as app:
        api = Api(app)
        made = api.send("POST", "/coupons", {"code": "A", "name": "A"})
        assert made.status_code == 201
        assert api.send("POST", f"/coupons/{made.json()['id']}/deactivate").status_code == 200


def test_codes_are_upper_case_and_unique(api: Api) -> None:
    coupon(api, "A")
    other = coupon(api, "B")
    assert api.wrong_fields("POST", "/coupons", {"code": "launch", "name": "x"}) == ["code"]
    assert api.refused("POST", "/coupons", {"code": "A", "name": "x"}) == (409, "duplicate")
    assert api.refused("PATCH", f"/coupons/{other['id']}", {"code": "A", "name": "x"}) == (409, "duplicate")
    assert api.ok("PATCH", f"/coupons/{other['id']}", {"code": "C", "name": "x"})["code"] == "C"


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"terms": [{"kind": "days", "count": 1}]}, ["terms.0.kind"]),
        ({"terms": [{"basisPoints": 1}]}, ["terms.0.kind"]),
        ({"terms": [{"kind": "percent"}, 1]}, ["terms.0.basisPoints", "terms.1"]),
        ({"terms": [{"kind": ["percent"]}]}, ["terms.0.kind"]),
        ({"terms": [{"kind": "percent", "basisPoints": 10_001}]}, ["terms.0.basisPoints"]),
        ({"terms": [{"kind": "amount", "amounts": [{"currency": "xxx"}]}]},
         ["terms.0.amounts.0.currency", "terms.0.amounts.0.amount"]),
        ({"terms": [{"kind": "amount", "amounts": [{"currency": "usd", "amount": 1}] * 2}]},
         ["terms.0.amounts.1.currency"]),
        ({"expiresAt": "soon"}, ["expiresAt"]),
        ({"tags": ["a", ""]}, ["tags.1"]),
        ({"featureId": 1, "active": None}, ["featureId", "active"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_listed(api: Api, body: dict[str, Any], fields: list[str]) -> None:
    assert api.wrong_fields("POST", "/coupons", {"code": "A", "name": "A", **body}) == fields


def test_unknown_names_are_not_found(api: Api) -> None:
    assert api.refused("GET", "/coupons/cpn_1") == (404, "coupon_not_found")
    assert api.refused("POST", "/coupons/cpn_1/deactivate") == (404, "coupon_not_found")
    body = {"code": "A", "name": "A", "featureId": "ftr_1"}
    assert api.refused("POST", "/coupons", body) == (404, "feature_not_found")


def test_coupons_come_in_pages() -> None:
    quirks = {"list_paging": "on"}
    with closing(create_app(":memory:", quirks=quirks, resources=ALL)) as app:
        api = Api(app)
        for code in "ABC":
            coupon(api, code)
        first = api.send("GET", "/coupons").json()
        last = api.send("GET", f"/coupons?cursor={first['nextCursor']}").json()
    assert [item["code"] for page in (first, last) for item in page["data"]] == ["A", "B", "C"]
    assert (first["hasMore"], last["hasMore"]) == (True, False)


def test_only_newer_versions_have_coupons(api: Api) -> None:
    for version in (OLD, "2026-07-31"):
        assert api.at(version).refused("GET", "/coupons") == (404, "endpoint_not_available")
        assert api.at(version).send("POST", "/coupons", {"code": "A", "name": "A"}).status_code == 404
    assert api.at(NEW).ok("GET", "/coupons") == []


def test_accounts_and_permissions_are_those_of_other_kinds(api: Api) -> None:
    coupon(api)
    assert api.with_key("ck_live_1").ok("GET", "/coupons") == []
    reader = api.with_key("rk_sandbox_x.coupon:r")
    assert len(reader.ok("GET", "/coupons")) == 1
    assert reader.refused("POST", "/coupons", {"code": "B", "name": "B"}) == (403, "forbidden")


def test_without_the_line_there_are_no_coupons(tmp_path: Path) -> None:
    """A database that has them opens without the kind as well, and keeps them."""
    with closing(create_app(tmp_path / "a.db", resources=ALL)) as app:
        made = coupon(Api(app))
    with closing(create_app(tmp_path / "a.db")) as app:
        assert Api(app).refused("GET", "/coupons") == (404, "not_found")
    with closing(create_app(tmp_path / "a.db", resources=ALL)) as app:
        assert Api(app).ok("GET", "/coupons") == [made]


def test_the_helpers_of_the_tests_take_the_line(tmp_path: Path) -> None:
    with emulator_server(tmp_path / "a.db", resources=ALL):
        pass
    with Shop(tmp_path, resources=ALL) as shop:
        assert shop.send("POST", "/coupons", {"code": "A", "name": "A"})["code"] == "A"

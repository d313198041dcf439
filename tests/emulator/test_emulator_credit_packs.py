"""Credit packs."""

from typing import Any

import pytest

from emulator.client import NEW, OLD, Api
from emulator.conftest import MakeApi

BODY = {"name": "Starter", "description": "d", "credits": 100, "price": 1000}


def pack(api: Api, **more: Any) -> Any:
    return api.ok("POST", "/credit-packs", {**BODY, **more})


def test_lists_and_writes_have_different_fields_in_the_new_generation(api: Api) -> None:
    written = pack(api)
    state = {"isActive": True, "createdAt": written["createdAt"], "updatedAt": written["updatedAt"]}
    tags = {"object": "credit_pack", "livemode": False}
    assert written == {"id": written["id"], **BODY, **state, **tags}
    assert api.ok("GET", "/credit-packs") == [{"id": written["id"], **BODY, "currency": "usd", **tags}]


def test_lists_and_writes_are_the_same_in_the_old_generation(make_api: MakeApi) -> None:
    api = make_api(OLD)
    written = pack(api)
    assert (written["currency"], written["isActive"]) == ("usd", True)
    assert api.ok("GET", "/credit-packs") == [written]


def test_prices_are_cents_in_every_version(make_api: MakeApi) -> None:
    api = make_api(price_scale="rate")
    pack(api)
    assert api.at(OLD).ok("GET", "/credit-packs")[0]["price"] == 1000


def test_inactive_packs_are_not_listed(each: Api) -> None:
    identifier = pack(each, isActive=False)["id"]
    assert each.ok("GET", "/credit-packs") == []
    assert each.ok("PATCH", f"/credit-packs/{identifier}", {"isActive": True, "price": 900})["price"] == 900
    assert [item["id"] for item in each.ok("GET", "/credit-packs")] == [identifier]


def test_names_are_unique_among_inactive_packs_too(each: Api) -> None:
    pack(each, isActive=False)
    other = pack(each, name="Other")["id"]
    assert each.refused("POST", "/credit-packs", BODY) == (409, "duplicate")
    assert each.refused("PATCH", f"/credit-packs/{other}", {"name": "Starter"}) == (409, "duplicate")
    each.ok("PATCH", f"/credit-packs/{other}", {"name": "Other"})


def test_a_deleted_pack_is_gone(make_api: MakeApi) -> None:
    for version in (NEW, OLD):
        for reuse, status in (("allowed", 200), ("refused", 409)):
            api = make_api(version, code_reuse=reuse)
            path = f"/credit-packs/{pack(api)['id']}"
            assert api.ok("DELETE", path)["object"] == "credit_pack"
            assert api.ok("GET", "/credit-packs") == []
            assert api.refused("PATCH", path, {}) == (404, "credit_pack_not_found")
            assert api.write("POST", "/credit-packs", BODY).status_code == status


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 101),
        ("description", "x" * 256),
        ("description", None),
        ("credits", 0),
        ("price", -1),
    ],
)
def test_limits(each: Api, field: str, value: object) -> None:
    assert each.wrong_fields("POST", "/credit-packs", {**BODY, field: value}) == [field]
    identifier = pack(each)["id"]
    assert each.wrong_fields("PATCH", f"/credit-packs/{identifier}", {field: value}) == [field]

"""Features."""

from emulator.client import Api
from emulator.conftest import MakeApi


def test_a_feature_is_created_listed_and_read_by_code_and_id(each: Api) -> None:
    body = {"name": "API calls", "code": "api_calls", "type": "usage", "description": "d", "unitName": "call"}
    created = each.ok("POST", "/features", body)
    assert {name: created[name] for name in body} == body
    assert (created["object"], created["livemode"]) == ("feature", False)
    assert each.ok("GET", "/features") == [created]
    assert each.ok("GET", "/features/api_calls") == created
    assert each.ok("GET", f"/features/{created['id']}") == created


def test_code_and_name_are_unique(each: Api) -> None:
    each.feature("seats", "seats", name="Seats")
    assert each.refused("POST", "/features", {"name": "Other", "code": "seats", "type": "quota"}) == (
        409,
        "feature_already_exists",
    )
    assert each.refused("POST", "/features", {"name": "Seats", "code": "other", "type": "quota"})[0] == 409
    each.feature("other", name="Other")
    assert each.refused("PATCH", "/features/other", {"name": "Seats"}) == (409, "feature_already_exists")
    each.ok("PATCH", "/features/other", {"name": "Other"})


def test_an_update_changes_what_it_names(each: Api) -> None:
    each.feature("a", description="d", unitName="u")
    updated = each.ok("PATCH", "/features/a", {"name": "B", "description": None, "code": "z", "type": "boolean"})
    assert [updated[key] for key in ("name", "description", "unitName", "code", "type")] == [
        "B",
        None,
        "u",
        "a",
        "usage",
    ]


def test_an_update_needs_a_field(each: Api) -> None:
    each.feature("a")
    assert each.wrong_fields("PATCH", "/features/a", {}) == [""]
    assert each.wrong_fields("PATCH", "/features/a", {"name": None}) == ["name"]


def test_an_attached_feature_cannot_be_deleted(each: Api) -> None:
    feature, plan = each.feature("a"), each.plan()
    each.attach(plan, feature)
    assert each.refused("DELETE", "/features/a") == (409, "feature_in_use")
    each.ok("DELETE", f"/plans/{plan}")
    gone = each.ok("DELETE", "/features/a")
    assert gone == {"id": feature, "deleted": True, "object": "feature", "livemode": False}
    assert each.refused("GET", "/features/a") == (404, "feature_not_found")
    assert each.refused("DELETE", "/features/a") == (404, "feature_not_found")
    assert each.ok("GET", "/features") == []


def test_a_deleted_code_may_be_used_again_unless_the_quirk_refuses(make_api: MakeApi) -> None:
    for reuse in ("allowed", "refused"):
        api = make_api(code_reuse=reuse)
        api.feature("a", name="A")
        api.ok("DELETE", "/features/a")
        body = {"name": "A", "code": "a", "type": "usage"}
        assert api.write("POST", "/features", body).is_success == (reuse == "allowed")

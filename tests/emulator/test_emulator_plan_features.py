"""Features attached to plans."""

from typing import Any

import pytest

from emulator.client import NEW, OLD, Api
from emulator.conftest import MakeApi


def read(api: Api) -> dict[str, Any]:
    features: list[dict[str, Any]] = api.ok("GET", "/plans/pro")["features"]
    return features[0]


def test_the_answer_to_a_write_has_what_reads_hide(each: Api) -> None:
    plan, feature = each.plan(model="balance"), each.feature(unitName="call")
    body = {
        "enabled": True,
        "includedAmount": 10,
        "unlimited": False,
        "overage": {"enabled": True, "unitPrice": 20},
        "pricingMode": "ai_model",
        "margin": 2000,
    }
    tag = "plan_feature" if each.is_new else "plan"
    assert each.attach(plan, feature, **body) == {
        "planId": plan,
        "featureId": feature,
        "creditsPerUnit": None,
        **body,
        "object": tag,
        "livemode": False,
    }
    assert read(each) == {
        "code": "api_calls",
        "name": "api calls",
        "type": "usage",
        "unitName": "call",
        "enabled": True,
        "includedAmount": 10,
        "unlimited": False,
        "regionalPrices": [],
        "overage": {"enabled": True, "model": "per_unit", "unitPrice": 20},
    }


def test_defaults(each: Api) -> None:
    written = each.attach(each.plan(), each.feature())
    names = ("enabled", "includedAmount", "unlimited", "overage", "creditsPerUnit", "pricingMode", "margin")
    assert [written[name] for name in names] == [
        *(True, 0, False),
        {"enabled": False, "unitPrice": 0},
        *(None, "fixed", None),
    ]
    assert read(each)["overage"] == {"enabled": False, "model": None, "unitPrice": None}


def test_a_boolean_feature_has_no_amounts(each: Api) -> None:
    each.attach(each.plan(model=None), each.feature("sso", "boolean"))
    assert (read(each)["includedAmount"], read(each)["overage"]) == (None, None)


def test_an_update_is_partial_down_to_the_overage(each: Api) -> None:
    plan, feature = each.plan(), each.feature()
    each.attach(plan, feature, includedAmount=5, overage={"enabled": True, "unitPrice": 20})
    path = f"/plans/{plan}/features/{feature}"
    assert each.ok("PATCH", path, {"overage": {"unitPrice": 30}})["overage"] == {"enabled": True, "unitPrice": 30}
    updated = each.ok("PATCH", path, {"overage": {"enabled": False}, "enabled": False})
    assert (updated["overage"], updated["enabled"]) == ({"enabled": False, "unitPrice": 30}, False)
    assert updated["includedAmount"] == 5


def test_pricing_mode_and_margin_cannot_be_updated(each: Api) -> None:
    plan, feature = each.plan(model="balance"), each.feature()
    each.attach(plan, feature)
    body = {"pricingMode": "ai_model", "margin": 5}
    updated = each.ok("PATCH", f"/plans/{plan}/features/{feature}", body)
    assert (updated["pricingMode"], updated["margin"]) == ("fixed", None)


def test_credits_per_unit_can_be_cleared(each: Api) -> None:
    plan, feature = each.plan(model="credits"), each.feature()
    assert each.attach(plan, feature, creditsPerUnit=10)["creditsPerUnit"] == 10
    path = f"/plans/{plan}/features/{feature}"
    assert each.ok("PATCH", path, {"creditsPerUnit": None})["creditsPerUnit"] is None


def test_the_old_generation_wants_a_whole_overage_at_attachment(api: Api) -> None:
    plan, feature = api.plan(), api.feature()
    body = {"featureId": feature, "overage": {}}
    assert api.at(OLD).wrong_fields("POST", f"/plans/{plan}/features", body) == [
        "overage.enabled",
        "overage.unitPrice",
    ]
    assert api.attach(plan, feature, overage={"enabled": True})["overage"] == {"enabled": True, "unitPrice": 0}


def test_a_feature_is_attached_once_and_by_id(each: Api) -> None:
    plan, feature = each.plan(), each.feature()
    assert each.refused("POST", f"/plans/{plan}/features", {"featureId": "api_calls"}) == (404, "feature_not_found")
    each.attach(plan, feature)
    body = {"featureId": feature}
    assert each.refused("POST", f"/plans/{plan}/features", body) == (409, "feature_already_exists")


def test_detaching(each: Api) -> None:
    plan, feature = each.plan(), each.feature()
    path = f"/plans/{plan}/features/{feature}"
    assert each.refused("DELETE", path) == (404, "feature_not_found")
    each.attach(plan, feature)
    gone = each.ok("DELETE", path)
    assert gone == {
        "id": feature,
        "removed": True,
        "livemode": False,
        "object": "plan_feature" if each.is_new else "plan",
    }
    assert each.refused("PATCH", path, {}) == (404, "feature_not_found")
    assert each.ok("GET", "/plans/pro")["features"] == []
    each.attach(plan, feature)


OVERAGE = {"overage": {"enabled": True, "unitPrice": 1}}


@pytest.mark.parametrize(
    ("model", "free", "kind", "body", "at"),
    [
        (None, False, "usage", {}, ["featureId"]),
        ("metered", False, "boolean", {"includedAmount": 1}, ["featureId"]),
        ("metered", True, "seats", OVERAGE, ["overage.enabled"]),
        ("credits", False, "usage", OVERAGE, ["overage.enabled"]),
        (None, False, "seats", OVERAGE, ["overage.enabled"]),
        ("metered", False, "quota", {"unlimited": True, "includedAmount": 1, **OVERAGE}, ["unlimited", "unlimited"]),
        ("balance", False, "usage", {"creditsPerUnit": 1}, ["creditsPerUnit"]),
        ("credits", False, "usage", {"pricingMode": "ai_model"}, ["pricingMode"]),
    ],
)
def test_rules_are_enforced_unless_strict_is_off(
    make_api: MakeApi, model: str | None, free: bool, kind: str, body: dict[str, Any], at: list[str]
) -> None:
    for version in (NEW, OLD):
        strict, lax = make_api(version), make_api(version, strict="off")
        plan, feature = strict.plan(model=model, isFree=free), strict.feature("f", kind)
        assert strict.wrong_fields("POST", f"/plans/{plan}/features", {"featureId": feature, **body}) == at
        lax.attach(lax.plan(model=model, isFree=free), lax.feature("f", kind), **body)


def test_an_update_must_keep_to_the_rules(each: Api) -> None:
    plan, feature = each.plan(), each.feature()
    each.attach(plan, feature, **OVERAGE)
    assert each.wrong_fields("PATCH", f"/plans/{plan}/features/{feature}", {"unlimited": True}) == ["unlimited"]

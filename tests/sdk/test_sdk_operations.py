"""Every operation of the catalog, driven by the official SDK in both generations; see driver.py for what is checked."""

from typing import Any

import pytest

from sdk.conftest import MakeSdk, Sdk, SdkError

pytestmark = pytest.mark.process

CENTS = {True: 1, False: 100}  # what one cent is on the wire: minor units, or rate scale


def feature(sdk: Sdk, code: str = "api_calls", kind: str = "usage") -> dict[str, Any]:
    result: dict[str, Any] = sdk.call(
        "features.create", name=code.title(), code=code, type=kind, description="d", unit_name="call"
    )
    return result


def plan(sdk: Sdk, code: str = "pro", model: str = "metered", **more: Any) -> str:
    return str(sdk.call("plans.create", name=code.title(), code=code, consumption_model=model, **more)["id"])


def price(sdk: Sdk, plan_id: str, interval: str = "monthly", cents: int = 4900, **more: Any) -> dict[str, Any]:
    result: dict[str, Any] = sdk.call(
        "plans.add_price", plan_id, billing_interval=interval, price=cents * CENTS[sdk.is_new], **more
    )
    return result


def test_features(sdk: Sdk) -> None:
    created = feature(sdk)
    assert (created["code"], created["type"], created["unit_name"]) == ("api_calls", "usage", "call")
    for kind in ("boolean", "seats", "quota"):
        feature(sdk, kind, kind)
    assert sdk.call("features.get", "api_calls") == created
    assert sdk.call("features.update", "api_calls", name="Calls")["name"] == "Calls"
    assert [item["code"] for item in sdk.listed("features.list")] == ["api_calls", "boolean", "seats", "quota"]
    assert sdk.call("features.delete", "quota")["deleted"] is True
    assert len(sdk.listed("features.list")) == 3


def test_plans(sdk: Sdk) -> None:
    identifier = plan(
        sdk, description="d", is_public=True, is_free=False, block_on_exhaustion=True, metadata={"tier": "2"}
    )
    assert sdk.call("plans.update", identifier, name="Renamed", description="e", is_public=True)["name"] == "Renamed"
    assert sdk.call("plans.update", identifier, metadata={"other": 1})["metadata"] == {"other": 1}
    assert sdk.call("plans.set_visibility", identifier, is_public=False)["is_public"] is False
    assert sdk.listed("plans.list") == []
    private: Any = True if sdk.is_new else "true"
    assert [item["id"] for item in sdk.listed("plans.list", include_private=private)] == [identifier]
    assert sdk.call("plans.get", identifier) == sdk.call("plans.get", "pro")
    assert sdk.call("plans.delete", identifier) == {
        "id": identifier,
        "deleted": True,
        "object": "plan",
        "livemode": False,
    }


def test_prices(sdk: Sdk) -> None:
    identifier = plan(sdk, model="balance")
    monthly = price(sdk, identifier, trial_days=14, included_balance=500, is_default=True)
    yearly = price(sdk, identifier, "yearly", 49000)
    assert (monthly["is_default"], yearly["is_default"]) == (True, False)
    changed = sdk.call("plans.update_price", identifier, yearly["id"], price=500, trial_days=7, included_balance=100)
    assert (changed["price"], changed["trial_days"], changed["included_balance"]) == (500, 7, 100)
    assert sdk.call("plans.set_default_price", identifier, yearly["id"])["is_default"] is True
    assert sdk.call("plans.delete_price", identifier, monthly["id"])["deleted"] is True
    read = sdk.call("plans.get", identifier)["prices"]
    assert [(item["billing_interval"], item["is_default"]) for item in read] == [("yearly", True)]
    assert ("id" in read[0]) == sdk.is_new


def test_what_only_the_new_generation_has(make_sdk: MakeSdk) -> None:
    """Variants, metadata and market prices."""
    sdk = make_sdk("9.7.0")
    identifier = plan(sdk, model="credits")
    britain = sdk.call("markets.create", name="Britain", country_codes=["GB"])["id"]
    market = {"market_group_id": britain, "currency": "gbp", "price": 3900}
    base = price(sdk, identifier, "semiannual", metadata={"name": "Base"}, market_prices=[market], included_credits=5)
    variant = sdk.call(
        "plans.add_price",
        identifier,
        billing_interval="semiannual",
        inherits_from_price_id=base["id"],
        market_prices=[{**market, "price": 2900}],
        metadata={"name": "Launch"},
    )
    assert (variant["inherits_from_price_id"], variant["price"]) == (base["id"], 4900)
    updated = sdk.call("plans.update_price", identifier, variant["id"], metadata={"more": 1}, market_prices=[market])
    assert updated["metadata"] == {"name": "Launch", "more": 1}
    assert [item["market_prices"][0]["price"] for item in sdk.call("plans.get", "pro")["prices"]] == [3900, 3900]


def test_what_only_the_old_generation_has(make_sdk: MakeSdk) -> None:
    """Introductory offers on prices."""
    sdk = make_sdk("7.10.0")
    identifier = plan(sdk)
    intro = {"enabled": True, "discount_type": "percentage", "discount_value": 2500, "duration_cycles": 3}
    created = price(sdk, identifier, intro_offer=intro)
    assert created["intro_offer"] == intro
    updated = sdk.call("plans.update_price", identifier, created["id"], intro_offer={"discount_value": 10})
    assert updated["intro_offer"] == {**intro, "discount_value": 10}
    offers = [{"price_id": created["id"], "discount_type": "amount", "discount_value": 1, "duration_cycles": 1}]
    sdk.call("plans.set_regional_pricing", identifier, currency="brl", exchange_rate=5, intro_offers=offers)


def test_regional_prices(sdk: Sdk) -> None:
    identifier, code, yen = plan(sdk), feature(sdk)["id"], {True: 1, False: 10_000}[sdk.is_new]
    monthly = price(sdk, identifier)["id"]
    sdk.call("plans.add_feature", identifier, feature_id=code, overage={"enabled": True, "unit_price": 20})
    answer = sdk.call("plans.set_regional_pricing", identifier, currency="brl", exchange_rate=5.2)
    assert (answer["exchange_rate"], answer["prices_configured"], answer["features_configured"]) == (5.2, 1, 1)
    sdk.call(
        "plans.set_regional_pricing",
        identifier,
        currency="jpy",
        exchange_rate=150,
        prices=[{"price_id": monthly, "price": 72 * yen, "included_balance": 0}],
        features=[{"feature_id": code, "overage_unit_price": 3000}],
    )
    overrides = [{"currency": "eur", "price": 4500}, {"currency": "cad", "price": 6500, "included_balance": 1}]
    answer = sdk.call("plans.set_regional_prices", identifier, monthly, overrides=overrides)
    assert [item["price"] for item in answer["overrides"]] == [72 * yen, 4500, 6500]
    whole = sdk.call("plans.get", identifier)
    regional = {
        item["currency"]: (item["price"], item["auto_synced"]) for item in whole["prices"][0]["regional_prices"]
    }
    reais = 25480 * CENTS[sdk.is_new]
    assert regional == {"brl": (reais, True), "jpy": (72 * yen, False), "eur": (4500, False), "cad": (6500, False)}
    unit_prices = [item["overage_unit_price"] for item in whole["features"][0]["regional_prices"]]
    assert unit_prices == [104, 3000]
    assert [rate["exchange_rate"] for rate in whole["exchange_rates"]] == [5.2, 150]
    assert sdk.call("plans.delete_regional_prices", identifier, monthly)["deleted"] is True
    assert sdk.call("plans.get", identifier)["prices"][0]["regional_prices"] == []


def test_plan_features(sdk: Sdk) -> None:
    identifier = plan(sdk, model="balance")
    usage, boolean = feature(sdk)["id"], feature(sdk, "sso", "boolean")["id"]
    overage = {"enabled": True, "unit_price": 20}
    attached = sdk.call(
        "plans.add_feature",
        identifier,
        feature_id=usage,
        enabled=True,
        included_amount=10,
        unlimited=False,
        overage=overage,
        pricing_mode="ai_model",
        margin=2000,
    )
    assert (attached["overage"], attached["pricing_mode"], attached["margin"]) == (overage, "ai_model", 2000)
    sdk.call("plans.add_feature", identifier, feature_id=boolean)
    updated = sdk.call("plans.update_feature", identifier, usage, included_amount=20, overage={"unit_price": 30})
    assert (updated["included_amount"], updated["overage"]["unit_price"]) == (20, 30)
    read = sdk.call("plans.get", "pro")["features"]
    assert [item["code"] for item in read] == ["api_calls", "sso"]
    assert read[0]["overage"] == {"enabled": True, "model": "per_unit", "unit_price": 30}
    sdk.call("plans.update_feature", identifier, usage, overage={"enabled": False})
    assert sdk.call("plans.get", "pro")["features"][0]["overage"]["enabled"] is False
    assert sdk.call("plans.remove_feature", identifier, usage)["removed"] is True


def test_credit_packs_and_subscriptions(sdk: Sdk) -> None:
    identifier = plan(sdk, model="credits")
    for code, kind in (("api_calls", "usage"), ("sso", "boolean"), ("seats", "seats"), ("storage", "quota")):
        more = {"credits_per_unit": 10} if kind == "usage" else {}
        sdk.call("plans.add_feature", identifier, feature_id=feature(sdk, code, kind)["id"], **more)
    price(sdk, identifier, included_credits=1000)
    pack = sdk.call("credit_packs.create", name="Starter", credits=100, price=1000, description="d", is_active=True)
    assert sdk.call("credit_packs.update", pack["id"], price=900, credits=200)["price"] == 900
    assert [item["price"] for item in sdk.listed("credit_packs.list")] == [900]
    created = sdk.call("subscriptions.create", customer_id="cus_1", plan_code="pro")
    assert (created["status"], created["plan"]["id"]) == ("active", identifier)
    grant = sdk.call("subscriptions.purchase_credits", created["id"], credit_pack_id=pack["id"])
    assert grant["credits"] == 200
    whole = sdk.call("subscriptions.get", created["id"])
    assert whole["credits"] == {"remaining": 1200, "included": 1000, "purchased": 200}
    assert whole["plan"]["base_price"] == 4900 * CENTS[sdk.is_new]
    listed = sdk.listed("subscriptions.list", customer_id="cus_1", status="active")
    assert [item["id"] for item in listed] == [created["id"]]
    assert sdk.call("credit_packs.delete", pack["id"])["deleted"] is True


def test_subscriptions_on_trial_balance_and_free_plans(sdk: Sdk) -> None:
    balance = plan(sdk, "balance", "balance")
    sdk.call(
        "plans.add_feature",
        balance,
        feature_id=feature(sdk)["id"],
        overage={"enabled": True, "unit_price": 20},
    )
    price(sdk, balance, trial_days=14, included_balance=500)
    free = sdk.call("plans.create", name="Free", code="free", is_free=True)["id"]
    trial = sdk.call("subscriptions.create", customer_id="cus_1", plan_id=balance, billing_interval="monthly")
    assert trial["status"] == "trialing"
    assert sdk.call("subscriptions.get", trial["id"])["balance"]["included"] == 50_000, "in ten-thousandths"
    nothing = sdk.call("subscriptions.create", customer_id="cus_2", plan_id=free, name="For nothing")
    assert sdk.call("subscriptions.get", nothing["id"])["plan"]["base_price"] == 0
    assert [item["name"] for item in sdk.listed("subscriptions.list")] == ["Balance", "For nothing"]


def test_customers(sdk: Sdk) -> None:
    created = sdk.call("customers.create", email="a@example.com", external_id="acme", full_name="Acme")
    outcome = sdk.call("customers.create", email="b@example.com", id=created["id"])
    assert outcome == created


def test_errors_reach_the_sdk_as_it_expects_them(sdk: Sdk) -> None:
    plan(sdk)
    for operation, args, kwargs, code in (
        ("plans.get", ["none"], {}, "plan_not_found"),
        ("plans.create", [], {"name": "Pro", "code": "pro"}, "duplicate"),
        ("transactions.list", [], {}, "not_emulated"),
    ):
        with pytest.raises(SdkError) as refusal:
            sdk.call(operation, *args, **kwargs)
        assert refusal.value.code == code
    with pytest.raises(SdkError, match="name") as refusal:
        sdk.call("plans.create", name="", code="A B")
    assert refusal.value.kind == "CommetValidationError"


def test_an_idempotency_key_replays(sdk: Sdk) -> None:
    body = {"name": "Pro", "code": "pro", "idempotency_key": "k1"}
    assert sdk.call("plans.create", **body) == sdk.call("plans.create", **body)
    with pytest.raises(SdkError) as refusal:
        sdk.call("plans.create", **{**body, "name": "Other"})
    assert refusal.value.code == "idempotency_key_mismatch"


def test_the_check_of_answers_finds_what_is_wrong(sdk: Sdk) -> None:
    """The proof is only as good as the check, so here it is shown answers that are wrong."""
    plan(sdk)
    whole = sdk.call("features.create", name="A", code="a", type="usage")
    names = {"unitName": "unit_name", "createdAt": "created_at", "updatedAt": "updated_at"}
    same = ("id", "name", "code", "type", "description", "object", "livemode")
    right = {name: whole[name] for name in same} | {name: whole[key] for name, key in names.items()}
    assert sdk.violations("Feature", right) == []
    for change, found in (
        ({"colour": "red"}, "Feature.colour: not a field of Feature"),
        ({"type": "metered"}, "Feature.type: 'metered' is not in"),
        ({"object": "plan"}, "Feature.object: 'plan' is not in"),
        ({"object": None}, "Feature.object: null"),
        ({"livemode": 0}, "Feature.livemode: 0 is not of type bool"),
        ({"name": None}, "Feature.name: None is not of type str"),
    ):
        violations = sdk.violations("Feature", right | change)
        assert [violation.startswith(found) for violation in violations] == [True], violations
    for name in right:
        rest = {key: value for key, value in right.items() if key != name}
        assert sdk.violations("Feature", rest) == [f"Feature.{name}: missing"]
    assert sdk.violations("PlanFeatureOverage", {"enabled": True, "unitPrice": True}) != []
    assert sdk.violations("PlanFeatureOverage", {"enabled": True, "unitPrice": 1.0}) != []

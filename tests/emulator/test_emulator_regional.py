"""Regional prices: explicit ones, derived ones, and updates of derived ones."""

from typing import Any

import pytest

from emulator.client import NEW, OLD, Api
from emulator.conftest import MakeApi


class Plan:
    """A balance plan with one price (49.00, 10.00 included) and one charged feature (0.0020)."""

    def __init__(self, api: Api) -> None:
        self.api = api
        scale = 1 if api.is_new else 100
        self.id = api.plan(model="balance")
        self.path = f"/plans/{self.id}"
        self.price = api.price(self.id, price=4900 * scale, includedBalance=1000)
        self.feature = api.feature()
        api.attach(self.id, self.feature, overage={"enabled": True, "unitPrice": 20})

    def set(self, currency: str, rate: float, **more: Any) -> Any:
        return self.api.ok("PUT", f"{self.path}/regional", {"currency": currency, "exchangeRate": rate, **more})

    def override(self, *overrides: dict[str, Any]) -> Any:
        return self.api.ok("PUT", f"{self.path}/prices/{self.price}/regional", {"overrides": list(overrides)})

    def prices(self, version: str | None = None) -> dict[str, tuple[int, int | None, bool]]:
        plan = self.api.at(version or self.api.version).ok("GET", self.path)
        rows = plan["prices"][0]["regionalPrices"]
        return {row["currency"]: (row["price"], row["includedBalance"], row["autoSynced"]) for row in rows}

    def overages(self) -> dict[str, tuple[int, bool]]:
        rows = self.api.ok("GET", self.path)["features"][0]["regionalPrices"]
        return {row["currency"]: (row["overageUnitPrice"], row["autoSynced"]) for row in rows}


def test_everything_is_derived_from_the_exchange_rate(each: Api) -> None:
    plan = Plan(each)
    answer = plan.set("brl", 5.2)
    assert answer == {
        "planId": plan.id,
        "currency": "brl",
        "exchangeRate": 5.2,
        "pricesConfigured": 1,
        "featuresConfigured": 1,
        "object": "plan_regional_pricing" if each.is_new else "plan",
        "livemode": False,
    }
    scale = 1 if each.is_new else 100
    assert plan.prices() == {"brl": (25480 * scale, 5200, True)}
    assert plan.overages() == {"brl": (104, True)}
    assert each.ok("GET", plan.path)["exchangeRates"] == [{"currency": "brl", "exchangeRate": 5.2}]


def test_zero_decimal_currencies_are_whole(api: Api) -> None:
    plan = Plan(api)
    plan.set("jpy", 150.3)
    assert plan.prices() == {"jpy": (7365, 1503, True)}, "7364.7 yen, rounded half up"
    assert plan.prices(OLD) == {"jpy": (73_650_000, 1503, True)}
    assert plan.overages() == {"jpy": (3006, True)}


def test_the_rate_is_kept_digit_by_digit(api: Api) -> None:
    plan = Plan(api)
    content = b'{"currency": "brl", "exchangeRate": 5.123456789012345678}'
    answer = api.send("PUT", f"{plan.path}/regional", content=content)
    assert '"exchangeRate":5.123456789012345678,' in answer.text
    assert '"exchangeRate":5.123456789012345678}' in api.send("GET", plan.path).text


def test_listed_entries_are_explicit_and_omitted_ones_derived_again(each: Api) -> None:
    plan = Plan(each)
    entries = {
        "prices": [{"priceId": plan.price, "price": 20000, "includedBalance": 4000}],
        "features": [{"featureId": plan.feature, "overageUnitPrice": 110}],
    }
    plan.set("brl", 5.2, **entries)
    assert plan.prices() == {"brl": (20000, 4000, False)}
    assert plan.overages() == {"brl": (110, False)}
    plan.set("brl", 5, prices=[{"priceId": plan.price, "price": 30000}])
    assert plan.prices() == {"brl": (30000, 5000, False)}, "a balance that is not listed is derived"
    assert plan.overages() == {"brl": (100, True)}
    plan.set("brl", 5)
    scale = 1 if each.is_new else 100
    assert plan.prices() == {"brl": (24500 * scale, 5000, True)}


@pytest.mark.parametrize("quirk", ["on", "off"])
def test_derived_values_follow_the_dollar_values(make_api: MakeApi, quirk: str) -> None:
    plan = Plan(make_api(auto_sync=quirk))
    plan.set("brl", 5)
    plan.override({"currency": "eur", "price": 4500})
    plan.api.ok("PATCH", f"{plan.path}/prices/{plan.price}", {"price": 1000})
    plan.api.ok("PATCH", f"{plan.path}/features/{plan.feature}", {"overage": {"unitPrice": 30}})
    follows = quirk == "on"
    assert plan.prices() == {
        "brl": (5000 if follows else 24500, 5000, True),
        "eur": (4500, None, False),
    }
    assert plan.overages() == {"brl": (150 if follows else 100, True)}


def test_explicit_values_do_not_follow(api: Api) -> None:
    plan = Plan(api)
    features = [{"featureId": plan.feature, "overageUnitPrice": 7}]
    plan.set("brl", 5, prices=[{"priceId": plan.price, "price": 1}], features=features)
    api.ok("PATCH", f"{plan.path}/prices/{plan.price}", {"price": 1000, "includedBalance": None})
    api.ok("PATCH", f"{plan.path}/features/{plan.feature}", {"overage": {"unitPrice": 30}})
    assert plan.prices() == {"brl": (1, 5000, False)}
    assert plan.overages() == {"brl": (7, False)}


@pytest.mark.parametrize("quirk", ["on", "off"])
def test_new_prices_and_overages_get_derived_values(make_api: MakeApi, quirk: str) -> None:
    plan = Plan(make_api(auto_sync=quirk))
    plan.set("brl", 5)
    plan.api.price(plan.id, "yearly", 10000)
    other = plan.api.feature("seats", "seats")
    plan.api.attach(plan.id, other, overage={"enabled": True, "unitPrice": 100})
    whole = plan.api.ok("GET", plan.path)
    assert whole["prices"][1]["regionalPrices"] == [
        {"currency": "brl", "price": 50000, "includedBalance": None, "autoSynced": True}
    ]
    assert whole["features"][1]["regionalPrices"] == [{"currency": "brl", "overageUnitPrice": 500, "autoSynced": True}]


def test_disabling_overage_drops_its_regional_prices(each: Api) -> None:
    plan = Plan(each)
    plan.set("brl", 5, features=[{"featureId": plan.feature, "overageUnitPrice": 7}])
    each.ok("PATCH", f"{plan.path}/features/{plan.feature}", {"overage": {"enabled": False}})
    assert plan.overages() == {}
    each.ok("PATCH", f"{plan.path}/features/{plan.feature}", {"overage": {"enabled": True}})
    assert plan.overages() == {"brl": (100, True)}


@pytest.mark.parametrize(
    ("quirk", "kept"), [("merge", {"eur": (4500, None, False), "gbp": (3900, 50, False)}), ("replace", None)]
)
def test_overrides_merge_or_replace(make_api: MakeApi, quirk: str, kept: Any) -> None:
    for version in (NEW, OLD):
        plan = Plan(make_api(version, regional_put=quirk))
        plan.override({"currency": "EUR", "price": 4500})
        answer = plan.override({"currency": "gbp", "price": 3900, "includedBalance": 50})
        expected = kept or {"gbp": (3900, 50, False)}
        assert plan.prices() == expected
        tag = "plan_regional_pricing" if version == NEW else "plan"
        assert (answer["priceId"], answer["object"]) == (plan.price, tag)
        assert [item["currency"] for item in answer["overrides"]] == list(expected)
        assert answer["overrides"][-1] == {"currency": "gbp", "price": 3900, "includedBalance": 50}


def test_an_override_keeps_its_balance_and_its_place(api: Api) -> None:
    plan = Plan(api)
    plan.override({"currency": "eur", "price": 1, "includedBalance": 5}, {"currency": "brl", "price": 2})
    plan.override({"currency": "eur", "price": 3})
    assert list(plan.prices().items()) == [("eur", (3, 5, False)), ("brl", (2, None, False))]


def test_overrides_are_validated(each: Api) -> None:
    plan = Plan(each)
    path = f"{plan.path}/prices/{plan.price}/regional"
    twice = {"overrides": [{"currency": "eur", "price": 1}, {"currency": "EUR", "price": 2}]}
    assert each.wrong_fields("PUT", path, twice) == ["overrides.1.currency"]
    wrong = {"overrides": [{"currency": "euro", "price": 1.5, "includedBalance": None}]}
    assert each.wrong_fields("PUT", path, wrong) == [
        f"overrides.0.{name}" for name in ("currency", "price", "includedBalance")
    ]
    assert each.wrong_fields("PUT", path, {}) == ["overrides"]
    assert each.refused("PUT", f"{plan.path}/prices/pp_none/regional", {"overrides": []}) == (404, "price_not_found")


def test_entries_must_belong_to_the_plan(each: Api) -> None:
    plan = Plan(each)
    body = {"currency": "brl", "exchangeRate": 5}
    path = f"{plan.path}/regional"
    unknown_price = {**body, "prices": [{"priceId": "pp_none", "price": 1}]}
    assert each.refused("PUT", path, unknown_price) == (404, "price_not_found")
    unknown_feature = {**body, "features": [{"featureId": "ftr_none", "overageUnitPrice": 1}]}
    assert each.refused("PUT", path, unknown_feature) == (404, "feature_not_found")
    each.ok("PATCH", f"{plan.path}/features/{plan.feature}", {"overage": {"enabled": False}})
    uncharged = {**body, "features": [{"featureId": plan.feature, "overageUnitPrice": 1}]}
    assert each.wrong_fields("PUT", path, uncharged) == ["features.0.featureId"]


@pytest.mark.parametrize(
    ("version", "currency", "known"),
    [
        *((version, "gbp", version == "2026-08-27") for version in ("2026-07-11", "2026-07-31", "2026-08-27")),
        *((version, "usd", version >= "2026-07-11") for version in ("2026-06-07", "2026-06-10", "2026-07-11")),
        ("2026-08-27", "BRL", False),
        ("2026-08-27", "chf", False),
    ],
)
def test_currencies_by_version(make_api: MakeApi, version: str, currency: str, known: bool) -> None:
    api = make_api(version)
    body = {"currency": currency, "exchangeRate": 1.1}
    assert api.send("PUT", f"/plans/{api.plan()}/regional", body).is_success == known


@pytest.mark.parametrize("rate", [0, -1, "5", True, None, 1e300])
def test_a_rate_is_a_positive_number(each: Api, rate: object) -> None:
    body = {"currency": "brl", "exchangeRate": rate}
    assert each.wrong_fields("PUT", f"/plans/{each.plan()}/regional", body) == ["exchangeRate"]


def test_a_derived_value_that_is_too_large_is_refused(api: Api) -> None:
    plan = api.plan()
    api.price(plan, price=2**53 - 1)
    body = {"currency": "brl", "exchangeRate": 1_000_000}
    assert api.wrong_fields("PUT", f"/plans/{plan}/regional", body) == ["exchangeRate"]


def test_clearing_removes_all_overrides_of_a_price(each: Api) -> None:
    plan = Plan(each)
    plan.override({"currency": "eur", "price": 100}, {"currency": "jpy", "price": 20000})
    gone = each.ok("DELETE", f"{plan.path}/prices/{plan.price}/regional")
    assert gone == {
        "deleted": True,
        "livemode": False,
        "object": "plan_regional_pricing" if each.is_new else "plan",
    }
    assert plan.prices() == {}


def test_clearing_is_refused_while_subscriptions_depend_on_an_override(each: Api) -> None:
    plan = Plan(each)
    path = f"{plan.path}/prices/{plan.price}/regional"
    each.subscribe(plan.id)
    each.ok("DELETE", path)
    plan.override({"currency": "eur", "price": 100})
    assert each.refused("DELETE", path) == (409, "price_in_use")


def test_regional_intro_offers_are_accepted_by_the_old_generation_only(api: Api) -> None:
    plan = Plan(api)
    offer = {"priceId": plan.price, "discountType": "amount", "discountValue": 100, "durationCycles": 1}
    body = {"currency": "brl", "exchangeRate": 5, "introOffers": [offer]}
    old = api.at(OLD)
    old.ok("PUT", f"{plan.path}/regional", body)
    assert old.refused("PUT", f"{plan.path}/regional", {**body, "introOffers": [{**offer, "priceId": "x"}]})[0] == 404
    api.ok("PUT", f"{plan.path}/regional", {**body, "introOffers": "ignored"})


@pytest.mark.parametrize(("scale", "yen", "reais"), [("rate", 70_000_000, 2_000_000), ("minor", 7000, 20000)])
def test_regional_prices_cross_the_generations(make_api: MakeApi, scale: str, yen: int, reais: int) -> None:
    api = make_api(price_scale=scale)
    plan = Plan(api)
    old = api.at(OLD)
    overrides = [{"currency": "jpy", "price": yen}, {"currency": "brl", "price": reais, "includedBalance": 300}]
    old.ok("PUT", f"{plan.path}/prices/{plan.price}/regional", {"overrides": overrides})
    assert plan.prices() == {"jpy": (7000, None, False), "brl": (20000, 300, False)}
    assert plan.prices(OLD) == {"jpy": (yen, None, False), "brl": (reais, 300, False)}

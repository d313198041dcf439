"""Plan prices: intervals, defaults, variants, archiving, scales."""

import pytest

from emulator.client import NEW, OLD, Api
from emulator.conftest import MakeApi

MARKET = {"currency": "brl", "price": 9900}


def read(api: Api, code: str = "pro") -> list[dict[str, object]]:
    prices: list[dict[str, object]] = api.ok("GET", f"/plans/{code}")["prices"]
    return prices


def test_a_new_price_in_the_new_generation(api: Api) -> None:
    plan = api.plan(model="balance")
    body = {"billingInterval": "semiannual", "price": 4900, "trialDays": 14, "includedBalance": 500}
    price = api.ok("POST", f"/plans/{plan}/prices", {**body, "metadata": {"name": "Launch"}, "introOffer": 5})
    assert price == {
        "id": price["id"],
        "planId": plan,
        **body,
        "isDefault": True,
        "includedCredits": None,
        "offerId": None,
        "inheritsFromPriceId": None,
        "metadata": {"name": "Launch"},
        "marketPrices": [],
        "createdAt": price["createdAt"],
        "updatedAt": price["createdAt"],
        "object": "plan_price",
        "livemode": False,
    }
    hidden = {"planId", "createdAt", "updatedAt", "object", "livemode"}
    inside = {name: value for name, value in price.items() if name not in hidden}
    assert read(api) == [{**inside, "regionalPrices": []}]


def test_a_new_price_in_the_old_generation(make_api: MakeApi) -> None:
    api = make_api(OLD)
    plan = api.plan(model="credits")
    body = {"billingInterval": "yearly", "price": 490_000, "includedCredits": 1000, "isDefault": False}
    intro = {"enabled": True, "discountType": "percentage", "discountValue": 2500, "durationCycles": 3}
    price = api.ok("POST", f"/plans/{plan}/prices", {**body, "introOffer": intro, "metadata": {"a": 1}})
    assert price == {
        "id": price["id"],
        "planId": plan,
        **body,
        "trialDays": 0,
        "includedBalance": None,
        "introOffer": intro,
        "createdAt": price["createdAt"],
        "updatedAt": price["createdAt"],
        "object": "plan",
        "livemode": False,
    }
    hidden = {"id", "planId", "createdAt", "updatedAt", "object", "livemode"}
    inside = {name: value for name, value in price.items() if name not in hidden}
    assert read(api) == [{**inside, "regionalPrices": []}], "no price ids in reads before 2026-07-24"


def test_an_intro_offer_is_null_until_set_and_updated_by_key(make_api: MakeApi) -> None:
    api = make_api(OLD)
    plan = api.plan()
    price = api.price(plan)
    assert read(api)[0]["introOffer"] is None
    updated = api.ok("PATCH", f"/plans/{plan}/prices/{price}", {"introOffer": {"discountValue": 10}})
    assert updated["introOffer"] == {
        "enabled": False,
        "discountType": None,
        "discountValue": 10,
        "durationCycles": None,
    }
    updated = api.ok("PATCH", f"/plans/{plan}/prices/{price}", {"introOffer": {"enabled": True}})
    assert (updated["introOffer"]["enabled"], updated["introOffer"]["discountValue"]) == (True, 10)
    body = {"billingInterval": "weekly", "price": 1, "introOffer": {}}
    assert api.wrong_fields("POST", f"/plans/{plan}/prices", body) == ["introOffer.enabled"]


@pytest.mark.parametrize("version", ["2026-07-11", "2026-07-24", "2026-07-31"])
def test_semiannual_exists_only_since_0827(make_api: MakeApi, version: str) -> None:
    api = make_api(version)
    plan = api.plan()
    body = {"billingInterval": "semiannual", "price": 1}
    assert api.wrong_fields("POST", f"/plans/{plan}/prices", body) == ["billingInterval"]
    api.at(NEW).price(plan, "semiannual")
    assert read(api)[0]["billingInterval"] == "semiannual", "reading it is another matter"


@pytest.mark.parametrize("price", [True, 49.0, "4900", -1, None, 2**53])
def test_a_price_is_a_true_integer(each: Api, price: object) -> None:
    plan = each.plan()
    body = {"billingInterval": "monthly", "price": price}
    assert each.wrong_fields("POST", f"/plans/{plan}/prices", body) == ["price"]


def test_bounds_and_requirements(each: Api) -> None:
    plan = each.plan()
    assert each.wrong_fields("POST", f"/plans/{plan}/prices", {"billingInterval": "monthly"}) == ["price"]
    body = {"price": 2**53 - 1, "trialDays": 2**31}
    assert each.wrong_fields("POST", f"/plans/{plan}/prices", body) == ["billingInterval", "trialDays"]
    assert each.refused("POST", "/plans/pln_none/prices", body) == (404, "plan_not_found")
    assert each.refused("PATCH", f"/plans/{plan}/prices/pp_none", {"price": 1}) == (404, "price_not_found")


def test_one_base_price_per_interval(each: Api) -> None:
    plan = each.plan()
    price = each.price(plan, "monthly")
    body = {"billingInterval": "monthly", "price": 1}
    assert each.refused("POST", f"/plans/{plan}/prices", body) == (409, "duplicate")
    each.ok("DELETE", f"/plans/{plan}/prices/{price}")
    each.price(plan, "monthly")


def test_the_first_price_is_the_default_unless_told_otherwise(make_api: MakeApi) -> None:
    for quirk, expected in (("first", [True, False]), ("none", [False, False])):
        api = make_api(default_price=quirk)
        plan = api.plan()
        api.price(plan, "monthly")
        api.price(plan, "yearly")
        assert [price["isDefault"] for price in read(api)] == expected
    api = make_api()
    api.price(api.plan(), isDefault=False)
    assert read(api)[0]["isDefault"] is False


def test_there_is_one_default(each: Api) -> None:
    plan = each.plan()
    monthly, yearly = each.price(plan, "monthly"), each.price(plan, "yearly", isDefault=True)
    assert [price["isDefault"] for price in read(each)] == [False, True]
    answer = each.ok("PUT", f"/plans/{plan}/prices/{monthly}/default")
    if each.is_new:
        assert (answer["id"], answer["isDefault"], answer["object"]) == (monthly, True, "plan_price")
    else:
        assert answer == {"id": monthly, "isDefault": True, "object": "plan", "livemode": False}
    assert [price["isDefault"] for price in read(each)] == [True, False]
    each.ok("PATCH", f"/plans/{plan}/prices/{yearly}", {"isDefault": True})
    assert [price["isDefault"] for price in read(each)] == [False, True]
    each.ok("PATCH", f"/plans/{plan}/prices/{yearly}", {"isDefault": False})
    assert [price["isDefault"] for price in read(each)] == [False, False]


def test_the_default_goes_last(each: Api) -> None:
    plan = each.plan()
    monthly, yearly = each.price(plan, "monthly"), each.price(plan, "yearly")
    assert each.refused("DELETE", f"/plans/{plan}/prices/{monthly}") == (409, "price_in_use")
    gone = each.ok("DELETE", f"/plans/{plan}/prices/{yearly}")
    assert gone == {
        "id": yearly,
        "deleted": True,
        "livemode": False,
        "object": "plan_price" if each.is_new else "plan",
    }
    each.ok("DELETE", f"/plans/{plan}/prices/{monthly}")
    assert read(each) == []
    assert each.refused("PUT", f"/plans/{plan}/prices/{monthly}/default") == (404, "price_not_found")


def test_an_update_changes_what_it_names(each: Api) -> None:
    plan = each.plan(model="credits")
    price = each.price(plan, trialDays=7, includedCredits=10)
    updated = each.ok("PATCH", f"/plans/{plan}/prices/{price}", {"price": 5900, "billingInterval": "weekly"})
    assert [updated[key] for key in ("price", "trialDays", "includedCredits", "billingInterval")] == [
        *(5900, 7, 10),
        "monthly",
    ]
    cleared = each.ok("PATCH", f"/plans/{plan}/prices/{price}", {"includedCredits": None, "trialDays": 0})
    assert (cleared["includedCredits"], cleared["trialDays"]) == (None, 0)
    assert each.wrong_fields("PATCH", f"/plans/{plan}/prices/{price}", {"trialDays": None}) == ["trialDays"]


def test_price_metadata_is_merged_by_key(api: Api) -> None:
    plan = api.plan()
    price = api.price(plan, metadata={"a": 1, "b": 1})
    updated = api.ok("PATCH", f"/plans/{plan}/prices/{price}", {"metadata": {"b": 2, "c": 3}})
    assert updated["metadata"] == {"a": 1, "b": 2, "c": 3}
    updated = api.ok("PATCH", f"/plans/{plan}/prices/{price}", {"metadata": {"a": None}})
    assert updated["metadata"] == {"b": 2, "c": 3}


def test_a_variant_inherits_and_overrides_markets(api: Api) -> None:
    plan, market = api.plan(), {**MARKET, "marketGroupId": api.market()}
    base = api.price(plan, marketPrices=[market])
    body = {"billingInterval": "monthly", "inheritsFromPriceId": base, "marketPrices": [{**market, "price": 7900}]}
    variant = api.ok("POST", f"/plans/{plan}/prices", body)
    assert [variant[key] for key in ("price", "inheritsFromPriceId", "isDefault")] == [4900, base, False]
    api.ok("PATCH", f"/plans/{plan}/prices/{base}", {"price": 5900})
    assert [price["price"] for price in read(api)] == [5900, 5900]
    assert len(read(api.at(OLD))) == 1, "the old generation knows no variants"
    assert api.refused("PATCH", f"/plans/{plan}/prices/{base}", {"marketPrices": []}) == (409, "price_in_use")
    assert api.refused("DELETE", f"/plans/{plan}/prices/{base}") == (409, "price_in_use")
    path, other = f"/plans/{plan}/prices/{variant['id']}", api.market("India", "IN")
    assert api.wrong_fields("PATCH", path, {"price": 1}) == ["price"]
    assert api.wrong_fields("PATCH", path, {"marketPrices": [{**market, "marketGroupId": other}]}) == ["marketPrices"]
    assert api.ok("PATCH", path, {"marketPrices": []})["marketPrices"] == []
    api.ok("PATCH", f"/plans/{plan}/prices/{base}", {"marketPrices": []})
    api.ok("DELETE", path)
    api.ok("DELETE", f"/plans/{plan}/prices/{base}")


def test_a_variant_must_fit_its_base(api: Api) -> None:
    plan = api.plan()
    base = api.price(plan, marketPrices=[{**MARKET, "marketGroupId": api.market()}])
    path = f"/plans/{plan}/prices"
    body = {"billingInterval": "yearly", "inheritsFromPriceId": base, "price": 1}
    assert api.wrong_fields("POST", path, body) == ["billingInterval", "price", "marketPrices"]
    variant = {"billingInterval": "monthly", "inheritsFromPriceId": base, "marketPrices": []}
    other = {**variant, "inheritsFromPriceId": api.ok("POST", path, variant)["id"]}
    assert api.wrong_fields("POST", path, other) == ["inheritsFromPriceId"]
    assert api.refused("POST", path, {**variant, "inheritsFromPriceId": "pp_none"}) == (404, "price_not_found")
    assert api.wrong_fields("POST", path, {**variant, "marketPrices": [{"currency": "xxx"}]}) == [
        "marketPrices.0.marketGroupId",
        "marketPrices.0.currency",
        "marketPrices.0.price",
    ]


def test_rules_are_enforced_unless_strict_is_off(make_api: MakeApi) -> None:
    for version in (NEW, OLD):
        strict, lax = make_api(version), make_api(version, strict="off")
        for model, free, more, at in (
            (None, True, {}, ""),
            ("metered", False, {"includedBalance": 1}, "includedBalance"),
            ("balance", False, {"includedCredits": 1}, "includedCredits"),
        ):
            code = at.lower() or "free"
            body = {"billingInterval": "monthly", "price": 100, **more}
            plan = strict.plan(code, model, isFree=free)
            assert strict.wrong_fields("POST", f"/plans/{plan}/prices", body) == [at]
            lax.ok("POST", f"/plans/{lax.plan(code, model, isFree=free)}/prices", body)


@pytest.mark.parametrize(("scale", "old_price"), [("rate", 490_000), ("minor", 4900)])
def test_a_price_written_by_one_generation_reads_right_in_the_other(
    make_api: MakeApi, scale: str, old_price: int
) -> None:
    new = make_api(price_scale=scale)
    old = new.at(OLD)
    old_plan, new_plan = old.plan("old", "balance"), new.plan("new", "balance")
    old.price(old_plan, price=old_price, includedBalance=1000)
    new.price(new_plan, price=4900, includedBalance=1000)
    for code in ("old", "new"):
        assert [(item["price"], item["includedBalance"]) for item in read(new, code)] == [(4900, 1000)]
        assert [(item["price"], item["includedBalance"]) for item in read(old, code)] == [(old_price, 1000)]


@pytest.mark.parametrize("version", ["2026-05-25", "2026-06-07", OLD])
def test_a_rate_that_is_no_whole_minor_unit_is_refused(make_api: MakeApi, version: str) -> None:
    api = make_api(version)
    plan = api.plan()
    path = f"/plans/{plan}/prices"
    assert api.wrong_fields("POST", path, {"billingInterval": "monthly", "price": 150}) == ["price"]
    price = api.price(plan, price=200)
    assert api.wrong_fields("PATCH", f"{path}/{price}", {"price": 99}) == ["price"]
    overrides = [{"currency": "eur", "price": 150}, {"currency": "jpy", "price": 100}]
    for item in overrides:
        wrong = api.wrong_fields("PUT", f"{path}/{price}/regional", {"overrides": [item]})
        assert wrong == ["overrides.0.price"], "a yen has no cents"
    api.at("2026-07-24").ok("PATCH", f"{path}/{price}", {"price": 99})


@pytest.mark.parametrize("version", [OLD, NEW])
def test_minor_units_are_never_fractions(make_api: MakeApi, version: str) -> None:
    api = make_api(version, price_scale="minor")
    api.price(api.plan(), price=99)


@pytest.mark.parametrize(("version", "code"), [("2026-07-24", "market_group_not_found"), (NEW, "market_not_found")])
def test_a_price_for_a_market_that_does_not_exist_is_refused(make_api: MakeApi, version: str, code: str) -> None:
    api = make_api(version)
    plan = api.plan()
    path, prices = f"/plans/{plan}/prices", [{**MARKET, "marketGroupId": "pmg_none"}]
    body = {"billingInterval": "monthly", "price": 4900, "marketPrices": prices}
    assert api.refused("POST", path, body) == (404, code)
    price = api.price(plan)
    assert api.refused("PATCH", f"{path}/{price}", {"marketPrices": prices}) == (404, code)
    assert read(api)[0]["marketPrices"] == []

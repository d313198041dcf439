"""Promo codes: of an offer, and before 2026-07-24 with a discount of their own; and customers who redeem them."""

from typing import Any

import pytest

from emulator.client import NEW, OLD, Api
from emulator.conftest import MakeApi
from emulator.test_emulator_offers import FIXED, HALF, OFF, TRIAL, introductory, offer

FLAT, NESTED, SECOND = "2026-05-25", "2026-06-07", "2026-07-31"
DISCOUNT = {"discountType": "percentage", "discountValue": 2500}


def code(api: Api, name: str = "LAUNCH", *phases: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A promo code, of an offer with these phases or of the older generation."""
    terms: dict[str, Any] = {"offerId": offer(api, *phases)["id"]} if api.is_new else DISCOUNT
    created: dict[str, Any] = api.ok("POST", "/promo-codes", {"code": name, **terms, **more})
    return created


def test_create_read_update_list(each: Api) -> None:
    plan = each.plan()
    limits = {
        "billingInterval": "monthly",
        "maxRedemptions": 100,
        "expiresAt": "2027-01-31T23:59:59Z",
        "planIds": [plan],
    }
    created = code(each, "launch-50", **limits)
    same = ("id", "createdAt", "updatedAt", *(("offerId",) if each.is_new else ()))
    assert created == {
        **{name: created[name] for name in same},
        **({} if each.is_new else {**DISCOUNT, "durationCycles": None}),
        "code": "LAUNCH-50",
        "billingInterval": "monthly",
        "maxRedemptions": 100,
        "expiresAt": "2027-01-31T23:59:59.000Z",
        "isActive": True,
        "redemptionCount": 0,
        "object": "promo_code",
        "livemode": False,
    }
    path = f"/promo-codes/{created['id']}"
    assert each.ok("GET", path) == created
    assert each.ok("GET", "/promo-codes") == [created]
    nothing = {"billingInterval": None, "maxRedemptions": None, "expiresAt": None}
    changed = each.ok("PATCH", path, {**nothing, "active": False, "planIds": []})
    assert changed == {**created, **nothing, "isActive": False, "updatedAt": changed["updatedAt"]}
    assert each.ok("PATCH", path, {"maxRedemptions": 1})["isActive"] is False, "what is left out stays"
    assert each.ok("PATCH", path, {})["maxRedemptions"] == 1
    assert each.ok("GET", "/promo-codes") == [each.ok("GET", path)], "inactive codes are listed"


def test_what_is_wrong_with_a_code(each: Api) -> None:
    right: dict[str, Any] = {"code": "A", **({"offerId": offer(each)["id"]} if each.is_new else DISCOUNT)}
    terms = ["offerId"] if each.is_new else ["discountType", "discountValue"]
    assert each.wrong_fields("POST", "/promo-codes", {}) == ["code", *terms]
    for name, value in (
        *(("code", ""), ("code", "A B"), ("code", "A_B"), ("code", "Ä"), ("billingInterval", "daily")),
        *(("maxRedemptions", 0), ("maxRedemptions", None), ("maxRedemptions", 2**31), ("maxRedemptions", 1.5)),
        *(("expiresAt", "soon"), ("expiresAt", None), ("planIds", None), ("planIds", "pln_1")),
    ):
        assert each.wrong_fields("POST", "/promo-codes", {**right, name: value}) == [name]
    path = f"/promo-codes/{each.ok('POST', '/promo-codes', right)['id']}"
    for name, value in (("active", None), ("maxRedemptions", 0), ("billingInterval", ""), ("planIds", None)):
        assert each.wrong_fields("PATCH", path, {name: value}) == [name]
    assert each.ok("PATCH", path, {"code": "B", "offerId": "x", "discountValue": 1})["code"] == "A", "never changed"


def test_codes_are_unique_and_refer_to_plans_and_offers(each: Api) -> None:
    created = code(each, "A", billingInterval=None)
    body = {"code": "B", **({"offerId": created["offerId"]} if each.is_new else DISCOUNT)}
    assert each.refused("POST", "/promo-codes", {**body, "code": "a"}) == (409, "duplicate")
    each.ok("PATCH", f"/promo-codes/{created['id']}", {"active": False})
    assert each.refused("POST", "/promo-codes", {**body, "code": "a"}) == (409, "duplicate"), "an inactive one too"
    assert each.refused("POST", "/promo-codes", {**body, "planIds": ["none"]}) == (404, "plan_not_found")
    path = f"/promo-codes/{created['id']}"
    assert each.refused("PATCH", path, {"planIds": ["none"]}) == (404, "plan_not_found")
    for method, update in (("GET", None), ("PATCH", {})):
        assert each.refused(method, "/promo-codes/A", update) == (404, "promo_code_not_found"), "not by its text"
    assert each.refused("DELETE", path) == (404, "not_found")
    live = each.with_key("ck_live_x")
    assert live.refused("GET", path) == (404, "promo_code_not_found")
    assert code(live, "A")["livemode"] is True
    if each.is_new:
        assert each.refused("POST", "/promo-codes", {**body, "offerId": "none"}) == (404, "offer_not_found")


def test_a_code_needs_an_offer_with_a_discount(api: Api) -> None:
    body = {"code": "A", "offerId": offer(api, TRIAL)["id"]}
    assert api.refused("POST", "/promo-codes", body) == (400, "offer_not_applicable")
    sequences: list[list[dict[str, Any]]] = [[TRIAL, HALF], [HALF, OFF, FIXED], [FIXED]]
    for number, phases in enumerate(sequences):
        assert code(api, f"A{number}", *phases)["code"] == f"A{number}"
    deleted = offer(api)["id"]
    api.ok("DELETE", f"/offers/{deleted}")
    assert api.refused("POST", "/promo-codes", {**body, "offerId": deleted}) == (404, "offer_not_found")


def test_a_discount_of_the_older_generation(make_api: MakeApi) -> None:
    api = make_api(OLD)
    for value in (0, 10_000, 12.5, "25"):
        body = {"code": "A", "discountType": "percentage", "discountValue": value}
        assert api.wrong_fields("POST", "/promo-codes", body) == ["discountValue"]
    body = {"code": "A", "discountType": "gift", "discountValue": 1, "durationCycles": 0}
    assert api.wrong_fields("POST", "/promo-codes", body) == ["discountType", "durationCycles"]
    amount = api.ok(
        "POST", "/promo-codes", {**body, "discountType": "amount", "durationCycles": 3, "discountValue": 10_000}
    )
    assert (amount["discountType"], amount["discountValue"], amount["durationCycles"]) == ("amount", 10_000, 3)


def test_lists_come_in_pages(each: Api) -> None:
    codes = [code(each, f"C{number}")["code"] for number in range(27)]
    first = each.send("GET", "/promo-codes").json()
    assert ([item["code"] for item in first["data"]], first["hasMore"]) == (codes[:25], True)
    rest = each.send("GET", f"/promo-codes?limit=100&cursor={first['nextCursor']}").json()
    assert ([item["code"] for item in rest["data"]], rest["hasMore"]) == (codes[25:], False)
    for query, field in (("limit=0", "limit"), ("limit=101", "limit"), ("limit=a", "limit"), ("cursor=none", "cursor")):
        assert each.wrong_fields("GET", f"/promo-codes?{query}") == [field]


def test_both_generations_have_one_store(api: Api) -> None:
    old = api.at(OLD)
    percent = old.ok("POST", "/promo-codes", {"code": "P", **DISCOUNT, "durationCycles": 3})
    amount = old.ok("POST", "/promo-codes", {"code": "A", "discountType": "amount", "discountValue": 500})
    made = {item["name"]: item["phases"] for item in api.ok("GET", "/offers")}
    assert made == {
        "P": [{"type": "percentage", "percentage": 2500, "durationCycles": 3, "durationInterval": None}],
        "A": [
            {
                "type": "amount_off",
                "amounts": [{"currency": "usd", "amount": 500}],
                "durationCycles": None,
                "durationInterval": None,
            }
        ],
    }
    newer = api.ok("GET", f"/promo-codes/{amount['id']}")
    assert api.ok("GET", f"/offers/{newer['offerId']}")["name"] == "A"
    assert "discountType" not in newer
    euros = {**OFF, "amounts": [{"currency": "eur", "amount": 1}]}
    shown = code(api, "MANY", {**OFF, "durationCycles": 3}, HALF)
    hidden = [code(api, *terms) for terms in (("TRIAL", TRIAL, HALF), ("FIXED", FIXED), ("EUROS", euros))]
    assert [item["id"] for item in old.ok("GET", "/promo-codes")] == [percent["id"], amount["id"], shown["id"]]
    assert len(api.ok("GET", "/promo-codes")) == 6
    first = old.ok("GET", f"/promo-codes/{shown['id']}")
    assert (first["discountType"], first["discountValue"], first["durationCycles"]) == ("amount", 1000, 3)
    for item in hidden:
        path = f"/promo-codes/{item['id']}"
        assert old.refused("GET", path) == (404, "promo_code_not_found")
        assert old.refused("PATCH", path, {"active": False}) == (404, "promo_code_not_found")
        assert old.refused("POST", "/promo-codes", {"code": item["code"], **DISCOUNT}) == (409, "duplicate")
    assert old.wrong_fields("GET", f"/promo-codes?cursor={hidden[0]['id']}") == ["cursor"]


@pytest.mark.parametrize("version", [FLAT, NESTED, "2026-06-10", "2026-06-23", OLD, "2026-07-24", SECOND, NEW])
def test_what_a_code_has_in_each_version(make_api: MakeApi, version: str) -> None:
    api = make_api(version)
    created = code(api, "A", **({"billingInterval": "yearly"} if version >= OLD else {}))
    flag = "active" if version == FLAT else "isActive"
    terms = {"offerId"} if api.is_new else {"discountType", "discountValue", "durationCycles"}
    keys = {"id", "code", "maxRedemptions", "expiresAt", "redemptionCount", "createdAt", "object", "livemode", flag}
    keys |= terms | ({"billingInterval"} if version >= OLD else set())
    assert set(created) == keys | ({"updatedAt"} if version != FLAT else set())
    assert set(api.ok("GET", f"/promo-codes/{created['id']}")) == keys | {"updatedAt"}
    assert api.ok("GET", "/promo-codes") == [created]
    assert api.at("2026-10-04").ok("GET", "/promo-codes")[0]["billingInterval"] == (
        "yearly" if version >= OLD else None
    )


@pytest.mark.parametrize("version", ["2026-05-01", "2026-05-18"])
def test_the_first_versions_have_no_codes(api: Api, version: str) -> None:
    assert api.at(version).send("GET", "/promo-codes").json()["code"] == "endpoint_not_available"


def test_a_restricted_key_needs_the_permission(api: Api) -> None:
    created = code(api)
    reader = api.with_key("rk_sandbox_x.promo_code:r")
    assert reader.ok("GET", "/promo-codes") == [created]
    assert reader.refused("PATCH", f"/promo-codes/{created['id']}", {}) == (403, "forbidden")
    assert api.with_key("rk_sandbox_x.offer:rw").refused("GET", "/promo-codes") == (403, "forbidden")


def test_unknown_keys_are_refused_where_a_quirk_says_so(make_api: MakeApi) -> None:
    api = make_api(unknown_keys="reject")
    body = {"code": "A", "offerId": offer(api)["id"], "active": True}
    assert api.wrong_fields("POST", "/promo-codes", body) == ["active"], "it can only be updated"
    path = f"/promo-codes/{code(api)['id']}"
    assert sorted(api.wrong_fields("PATCH", path, {"code": "B", "isActive": False})) == ["code", "isActive"]


def redeemed(api: Api, code_id: str) -> int:
    return int(api.at(NEW).ok("GET", f"/promo-codes/{code_id}")["redemptionCount"])


def test_a_customer_redeems_a_code_once(each: Api) -> None:
    plan = each.plan()
    each.price(plan)
    made = code(each, "HALF-OFF")
    subscription = each.subscribe(plan, promoCode="half-off", startDate="2999-01-01")
    assert redeemed(each, made["id"]) == 1
    body = {"planId": plan, "customerId": "cus_1", "promoCode": "HALF-OFF"}
    assert each.refused("POST", "/subscriptions", body) == (400, "offer_not_applicable")
    each.subscribe(plan, "cus_2", promoCode="HALF-OFF")
    assert redeemed(each, made["id"]) == 2
    if each.is_new:
        (found,) = subscription["offerApplications"]
        assert (found["source"], found["offerId"], found["total"]) == ("promo_code", made["offerId"], 2450)
    else:
        assert subscription["discount"] == {"type": "percentage", "value": 2500, "name": "HALF-OFF", "endsAt": None}


def test_a_trial_of_a_code_is_that_of_the_subscription(api: Api) -> None:
    plan = api.plan()
    api.price(plan, trialDays=3)
    code(api, "TRIAL", TRIAL, HALF)
    code(api, "NONE", HALF)
    trial = api.subscribe(plan, promoCode="TRIAL", startDate="2026-01-01")
    assert trial["trialEndsAt"] == "2026-01-15T00:00:00.000Z"
    other = api.subscribe(plan, promoCode="NONE", startDate="2026-01-01")
    assert other["trialEndsAt"] == "2026-01-04T00:00:00.000Z", "that of the price"
    assert other["offerApplications"][0]["phases"][0]["startsAt"] == other["trialEndsAt"]


def test_a_code_is_redeemed_only_where_it_can_be(each: Api) -> None:
    plan, other = each.plan(), each.plan("other")
    each.price(plan)
    each.price(other)
    each.price(plan, "yearly")
    free = each.plan("free", None, isFree=True)
    for name, more in (
        *(("OLD", {"expiresAt": "2001-01-01"}), ("ONCE", {"maxRedemptions": 1}), ("PLAN", {"planIds": [other]})),
        *(("YEARLY", {"billingInterval": "yearly"}), ("OFF", {}), ("ANY", {})),
    ):
        made = code(each, name, **more)
        if name == "OFF":
            each.ok("PATCH", f"/promo-codes/{made['id']}", {"active": False})
    each.subscribe(plan, "cus_0", promoCode="ONCE")

    def refusal(name: str, to: str = plan) -> tuple[int, str]:
        return each.refused("POST", "/subscriptions", {"planId": to, "customerId": "c", "promoCode": name})

    for name in ("OLD", "ONCE", "OFF"):
        assert refusal(name) == (409, "promo_code_expired")
    for name in ("PLAN", "YEARLY"):
        assert refusal(name) == (400, "offer_not_applicable")
    assert refusal("ANY", free) == (400, "offer_not_applicable")
    assert refusal("NONE") == (404, "promo_code_not_found")
    each.subscribe(other, promoCode="PLAN")
    each.subscribe(plan, promoCode="YEARLY", billingInterval="yearly")
    assert len(each.ok("GET", "/subscriptions")) == 3, "nothing of what is refused is there"


def test_a_code_follows_its_offer(api: Api) -> None:
    plan = api.plan()
    price = api.price(plan)
    made = code(api, "A")
    path = f"/offers/{made['offerId']}"
    api.ok("PATCH", path, {"name": "a", "phases": [OFF]})
    assert api.subscribe(plan, promoCode="A")["offerApplications"][0]["total"] == 3900
    body = {"planId": plan, "customerId": "c", "promoCode": "A"}
    for phases, more in (([HALF], {"active": False}), ([TRIAL], {})):
        api.ok("PATCH", path, {"name": "a", "phases": phases, **more})
        assert api.refused("POST", "/subscriptions", body) == (400, "offer_not_applicable")
    api.ok("DELETE", path)
    assert api.refused("POST", "/subscriptions", body) == (400, "offer_not_applicable")
    assert api.ok("GET", f"/promo-codes/{made['id']}")["offerId"] == made["offerId"], "the code stays"
    code(api, "B")
    introductory(api, price)
    assert api.refused("POST", "/subscriptions", {**body, "promoCode": "B"}) == (409, "intro_offer_active")
    known = {**body, "promoCode": "B", "customerId": "cus_1"}
    assert api.write("POST", "/subscriptions", known).is_success, "a customer with a plan gets no introductory offer"
    for name, value in (("customTrialDays", 3), ("skipTrial", True)):
        assert api.wrong_fields("POST", "/subscriptions", {**body, "promoCode": "B", name: value}) == [name]

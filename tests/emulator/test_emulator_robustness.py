"""The emulator never fails: any request gets one of the answers of the API."""

import json
from contextlib import closing
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commetctl.emulator import RESOURCES, create_app
from commetctl.emulator.versions import VERSIONS
from emulator.client import NEW, OLD, Api

_KEYS = (
    *("name", "code", "type", "description", "unitName", "metadata", "isPublic", "isFree", "isActive", "credits"),
    *("consumptionModel", "billingInterval", "price", "trialDays", "isDefault", "includedBalance", "includedCredits"),
    *("marketPrices", "inheritsFromPriceId", "introOffer", "overrides", "currency", "exchangeRate", "prices"),
    *("features", "priceId", "featureId", "enabled", "includedAmount", "unlimited", "overage", "unitPrice", "margin"),
    *("creditsPerUnit", "pricingMode", "customerId", "planId", "planCode", "startDate", "customTrialDays", "email"),
    *("overageUnitPrice", "introOffers", "marketGroupId", "creditPackId", "id", "skipTrial", "discountValue"),
    *(
        "countryCodes",
        "introOfferEnabled",
        "introOfferDiscountValue",
        "overageEnabled",
        "billingEmail",
        "schemaVersion",
    ),
    *("defaultInterval", "interval", "amount", "amountInCents", "included", "sortOrder"),
    *("phases", "durationDays", "durationCycles", "durationInterval", "percentage", "amounts", "startsAt", "endsAt"),
    *("active", "offerId", "promoCode", "planIds", "maxRedemptions", "expiresAt", "discountType", "purpose"),
    *("planPriceIds", "cardPromotionId", "advanceDays", "frozenTime", "address", "country", "cancelAtPeriodEnd"),
)
_WORDS = ("usage", "boolean", "monthly", "yearly", "brl", "jpy", "metered", "balance", "credits", "ai_model", "pro", "")
_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([0, 1, 2**31 - 1, 2**53 - 1]),
    st.floats(),
    st.sampled_from(_WORDS),
    st.text(st.characters(), max_size=5),
    st.sampled_from(["0001-01-01T00:00:00+14:00", "9999-12-31", "\ud800", "\x00"]),
)
# Deep enough to be reached seldom otherwise.
_PHASES = st.lists(
    st.fixed_dictionaries(
        {"type": st.sampled_from(["free_trial", "percentage", "amount_off", "fixed_price", "gift"])},
        optional={
            "durationDays": _SCALARS,
            "durationCycles": st.one_of(st.sampled_from([None, 1, 2**31 - 1]), _SCALARS),
            "durationInterval": st.sampled_from([None, "weekly", "yearly", "one_time"]),
            "percentage": st.integers(0, 10_001),
            "amounts": st.lists(st.fixed_dictionaries({"currency": st.just("usd"), "amount": _SCALARS}), max_size=2),
            "prices": st.lists(st.fixed_dictionaries({"currency": st.just("usd"), "amount": _SCALARS}), max_size=2),
        },
    ),
    max_size=3,
)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(_KEYS), inner, max_size=4)),
    max_leaves=8,
)
_BODIES = st.one_of(
    st.dictionaries(st.sampled_from(_KEYS), _VALUES, max_size=8),
    st.fixed_dictionaries({"name": st.just("a"), "phases": _PHASES}),
)


class World:
    """An emulator with one of everything, and the ids that paths and bodies need."""

    def __init__(self) -> None:
        api = Api(create_app(":memory:", quirks={"strict": "off"}))
        self.app = api.app
        self.plan = api.plan()
        self.price = api.price(self.plan)
        self.feature = api.feature()
        api.attach(self.plan, self.feature, overage={"enabled": True, "unitPrice": 20})
        api.ok("PUT", f"/plans/{self.plan}/regional", {"currency": "brl", "exchangeRate": 5})
        self.pack = api.ok("POST", "/credit-packs", {"name": "Starter", "credits": 1, "price": 1})["id"]
        self.subscription, self.market = api.subscribe(self.plan)["id"], api.market()
        phases = [{"type": "percentage", "durationCycles": 1, "percentage": 1}]
        self.offer = api.ok("POST", "/offers", {"name": "Launch", "phases": phases})["id"]
        self.code = api.ok("POST", "/promo-codes", {"code": "LAUNCH", "offerId": self.offer})["id"]

    def close(self) -> None:
        self.app.close()

    def path(self, template: str) -> str:
        for name, value in (
            *(("<plan_id>", self.plan), ("<price_id>", self.price), ("<feature_id>", self.feature)),
            *(("<code>", "api_calls"), ("<pack_id>", self.pack), ("<subscription_id>", self.subscription)),
            *(("<market_id>", self.market), ("<customer_id>", "cus_1"), ("<offer_id>", self.offer)),
            ("<code_id>", self.code),
        ):
            template = template.replace(name, value)
        return template

    def known(self, body: dict[str, Any]) -> dict[str, Any]:
        """The body, with existing ids in place of the ids that it has."""
        ids = {
            "marketGroupId": self.market,
            "priceId": self.price,
            "featureId": self.feature,
            "planId": self.plan,
            "creditPackId": self.pack,
            "offerId": self.offer,
            "promoCode": "launch",
        }
        return {key: ids.get(key, value) if isinstance(value, str) else value for key, value in body.items()}


@pytest.mark.parametrize("version", [NEW, OLD, "2026-05-25"])
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(data=st.data())
def test_no_body_makes_the_emulator_fail(version: str, data: st.DataObject) -> None:
    operations = (operation for resource in RESOURCES for operation in resource.operations)
    routes = [route for operation in operations if (route := operation.route_in(VERSIONS[version]))]
    with closing(World()) as world:
        for _ in range(8):
            method, template = data.draw(st.sampled_from(routes), label="operation").split(" ")
            content = json.dumps(world.known(data.draw(_BODIES, label="body"))).encode()
            answer = Api(world.app, version).send(method, world.path(template), content=content)
            assert answer.status_code < 500, answer.text
            catalog = (*(() if version < OLD else ("/features",)), *(("/offers",) if version == NEW else ()))
            lists = ("/plans?includePrivate=true", "/credit-packs", "/promo-codes", "/subscriptions", "/customers")
            for path in (*lists, *catalog):
                assert Api(world.app, version).send("GET", path).status_code == 200


@given(content=st.binary(max_size=40))
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_no_bytes_make_the_emulator_fail(api: Api, content: bytes) -> None:
    assert api.send("POST", "/plans", content=content).status_code in (200, 400)


_DEFINITIONS = st.dictionaries(st.sampled_from(("api_calls", "pro", "b", "B-", "")), _VALUES, max_size=3)
_CONFIGS = st.fixed_dictionaries(
    {"features": st.one_of(_VALUES, _DEFINITIONS), "plans": st.one_of(_VALUES, _DEFINITIONS)},
    optional={"schemaVersion": st.sampled_from([1, 2, None])},
)


@given(config=_CONFIGS)
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_no_configuration_makes_a_push_fail(api: Api, config: Any) -> None:
    content = json.dumps({"config": config}).encode()
    answer = api.send("POST", "http://emulator/api/cli/push", content=content)
    assert answer.status_code in (200, 400), answer.text

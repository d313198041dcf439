"""The fields of a plan and of what belongs to it, in the file and in the API."""

from decimal import Decimal
from typing import Any

from commetctl.core.call import Body
from commetctl.core.contract import V2026_07_11, Contract, Route
from commetctl.core.money import UnitPrice
from commetctl.core.resource import Value
from commetctl.kinds.codecs import (
    balance,
    count,
    count_or_zero,
    flag,
    price,
    prose,
    public,
    read_balance,
    read_price,
    read_public,
    read_unit_price,
    text,
    unit_price,
    whole,
)
from commetctl.kinds.wire import WireField

#: The one way to charge for an overage that the file can say.
_PER_UNIT = "per_unit"


def _overage(value: UnitPrice, contract: Contract) -> Body:
    return {"enabled": True, "unitPrice": unit_price(value, contract)}


def _read_overage(value: Any, contract: Contract) -> Value:
    if value is None or not flag(value["enabled"], contract):
        return None
    if value.get("model") not in (None, _PER_UNIT):
        # A unit price under another model is not the price of each unit.
        raise ValueError(value)
    return read_unit_price(value["unitPrice"], contract)


def _basis_points(value: Decimal, _: Contract) -> Body:
    # Basis points: the skills pages and the official configuration contract; only a command line page says percent.
    return int(value * 100)


def _percent(value: Any, _: Contract) -> Value:
    return None if value is None else Decimal(whole(value)) / 100


#: `metadata` is not in the table: the ledger shares it.
PLAN = (
    WireField("name", "name", needed=True),
    WireField("description", "description", decode=prose),
    WireField("consumption_model", "consumptionModel", decode=text),
    WireField("visibility", "isPublic", public, read_public),
    WireField("is_free", "isFree", decode=flag),
    WireField("block_on_exhaustion", "blockOnExhaustion", decode=flag),
)

PRICE = (
    WireField("price", "price", price, read_price, needed=True),
    WireField("trial_days", "trialDays", decode=count_or_zero),
    WireField("is_default", "isDefault", decode=flag),
    WireField("included_credits", "includedCredits", decode=count),
    WireField("included_balance", "includedBalance", balance, read_balance),
)

#: The fields of a plan feature that every plan read gives back.
FEATURE_READ = (
    WireField("enabled", "enabled", decode=flag),
    WireField("included_amount", "includedAmount", decode=count_or_zero),
    WireField("unlimited", "unlimited", decode=flag),
    # Both keys of an overage are always sent: whether one alone would keep the other is not documented.
    WireField("overage", "overage", _overage, _read_overage, cleared={"enabled": False, "unitPrice": 0}),
)

FEATURE = (
    *FEATURE_READ,
    WireField("credits_per_unit", "creditsPerUnit", decode=count),
    WireField("pricing_mode", "pricingMode", decode=text),
    WireField("margin_percent", "margin", _basis_points, _percent),
)

#: What the API takes when a feature is attached and in no later call.
AT_ATTACH = frozenset({"pricing_mode", "margin_percent"})

_OLDER = V2026_07_11.version

LIST_PLANS = Route("GET", "/plans")
GET_PLAN = Route("GET", "/plans/{plan}")
CREATE_PLAN = Route("POST", "/plans", {_OLDER: ("POST", "/plans/manage")})
UPDATE_PLAN = Route("PATCH", "/plans/{plan}", {_OLDER: ("PUT", "/plans/{plan}/manage")})
DELETE_PLAN = Route("DELETE", "/plans/{plan}", {_OLDER: ("DELETE", "/plans/{plan}/manage")})
SET_VISIBILITY = Route("PUT", "/plans/{plan}/visibility")

ADD_PRICE = Route("POST", "/plans/{plan}/prices")
UPDATE_PRICE = Route("PATCH", "/plans/{plan}/prices/{price}", {_OLDER: ("PUT", "/plans/{plan}/prices/{price}")})
DELETE_PRICE = Route("DELETE", "/plans/{plan}/prices/{price}")
SET_DEFAULT_PRICE = Route("PUT", "/plans/{plan}/prices/{price}/default")

SET_REGIONAL_PRICES = Route("PUT", "/plans/{plan}/prices/{price}/regional")
DELETE_REGIONAL_PRICES = Route("DELETE", "/plans/{plan}/prices/{price}/regional")
SET_REGIONAL_PRICING = Route("PUT", "/plans/{plan}/regional")

ADD_PLAN_FEATURE = Route("POST", "/plans/{plan}/features")
UPDATE_PLAN_FEATURE = Route(
    "PATCH", "/plans/{plan}/features/{feature}", {_OLDER: ("PUT", "/plans/{plan}/features/{feature}")}
)
REMOVE_PLAN_FEATURE = Route("DELETE", "/plans/{plan}/features/{feature}")

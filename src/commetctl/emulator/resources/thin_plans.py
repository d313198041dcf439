"""Plans as the versions before 2026-06-07 have them: fewer fields, and a flat overage (official SDK 5.5.0)."""

from collections.abc import Mapping

from commetctl.emulator.resource import Context
from commetctl.emulator.wire import JsonObject

_SHARED = ("id", "code", "name", "description", "isPublic", "isDefault", "sortOrder", "createdAt")
_LISTED = (*_SHARED, "isFree")
_READ = (*_SHARED, "updatedAt")
_PARTS = ("features", "prices", "exchangeRates")
_TAGS = ("object", "livemode")
_PRICE = ("billingInterval", "price", "isDefault", "trialDays")
_FEATURE = ("code", "name", "type", "unitName", "enabled", "includedAmount", "unlimited")


def listed(ctx: Context, plan: JsonObject) -> JsonObject:
    """A plan in the list of plans."""
    features = [_feature(ctx, feature) for feature in plan["features"]]
    prices = [_picked(price, _PRICE) for price in plan["prices"]]
    return {**_picked(plan, _LISTED), "prices": prices, "features": features}


def read(ctx: Context, plan: JsonObject) -> JsonObject:
    """A single plan, with the introductory offers of its prices."""
    features = [{**_feature(ctx, feature), "overage": feature["overage"]} for feature in plan["features"]]
    prices = [_picked(price, (*_PRICE, "introOffer")) for price in plan["prices"]]
    return {**_picked(plan, _READ), "prices": prices, "features": features}


def written(plan: JsonObject) -> JsonObject:
    """The answer to a write, which alone has the fields that cannot be read."""
    return {name: value for name, value in plan.items() if name not in _PARTS}


def _feature(ctx: Context, feature: JsonObject) -> JsonObject:
    """An included feature; keys without a value are left out. Features of type usage were named metered at first."""
    overage = feature["overage"] or {"enabled": None, "unitPrice": None}
    flat = {"overageEnabled": overage["enabled"], "overageUnitPrice": overage["unitPrice"]}
    values = {name: value for name, value in {**_picked(feature, _FEATURE), **flat}.items() if value is not None}
    is_renamed = feature["type"] == "usage" and ctx.version.name < "2026-05-18"
    return {**values, "unitName": feature["unitName"], **({"type": "metered"} if is_renamed else {})}


def _picked(values: Mapping[str, object], names: tuple[str, ...]) -> JsonObject:
    return {name: values[name] for name in (*names, *_TAGS) if name in values}

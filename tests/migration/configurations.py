"""Catalogs as configurations: a writer for tests, which says what a configuration can say and nothing else."""

from decimal import Decimal
from typing import Any

from commetctl.usecases.migration import Unit

_FACTOR = {Unit.RATE: 10_000, Unit.MINOR: 100, Unit.MAJOR: 1}
_PRICE, _FEATURE = ("price", "trial_days", "is_default"), ("included_amount", "unlimited", "overage")
_PLAN = ("name", "description", "consumption_model", "visibility", "is_free")


def sayable(catalog: dict[str, Any]) -> dict[str, Any]:
    """A catalog without what a configuration has no key for."""
    plans = {}
    for code, plan in catalog["plans"].items():
        prices = {
            i: {name: price[name] for name in _PRICE if name in price} for i, price in plan.get("prices", {}).items()
        }
        features = {key: _feature(value) for key, value in plan.get("features", {}).items()}
        plans[code] = {name: plan[name] for name in _PLAN if name in plan} | {"prices": prices, "features": features}
    return {"version": 1, "features": catalog["features"], "plans": plans}


def _feature(value: Any) -> Any:
    if not isinstance(value, dict) or value.get("enabled") is False:
        return bool(value) and not isinstance(value, dict)
    said = {name: value[name] for name in _FEATURE if name in value}
    if "overage" in said:
        said["overage"] = {"unit_price": said["overage"]["unit_price"]}
    return said


def configuration(catalog: dict[str, Any], unit: Unit) -> dict[str, Any]:
    """A sayable catalog as a configuration whose amounts are in a unit; in dollars, they are decimals."""
    features = {code: _renamed(feature, {"unit_name": "unitName"}) for code, feature in catalog["features"].items()}
    plans = {code: _plan(plan, unit) for code, plan in catalog["plans"].items()}
    return {"features": features, "plans": plans}


def _plan(plan: dict[str, Any], unit: Unit) -> dict[str, Any]:
    names = {"consumption_model": "consumptionModel", "is_free": "isFree"}
    made = _renamed({key: plan[key] for key in _PLAN if key in plan and key != "visibility"}, names)
    made["prices"] = [
        {"interval": interval, "amount": _amount(price["price"], _FACTOR[unit])}
        | ({"trialDays": price["trial_days"]} if "trial_days" in price else {})
        for interval, price in plan["prices"].items()
    ]
    default = [interval for interval, price in plan["prices"].items() if price.get("is_default")]
    made |= {"defaultInterval": default[0]} if default else {}
    # Public goes without saying.
    made |= {} if plan.get("visibility") == "public" else {"isPublic": False}
    return made | {"features": {code: _included(value) for code, value in plan["features"].items()}}


def _included(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    made = _renamed({key: item for key, item in value.items() if key != "overage"}, {"included_amount": "included"})
    if "overage" in value:
        made["overage"] = {"unitPrice": _amount(value["overage"]["unit_price"], 10_000)}
    return made


def _amount(text: str, factor: int) -> Any:
    exact = Decimal(text) * factor
    # Two decimals survive a float, which is what a script has.
    return int(exact) if exact == int(exact) else float(exact)


def _renamed(value: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return {names.get(key, key): item for key, item in value.items()}

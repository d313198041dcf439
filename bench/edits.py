"""Typical edits of a catalog, as functions of its data."""

import copy
from collections.abc import Callable, Mapping
from typing import Any

Data = dict[str, Any]


def _first(data: Data) -> Data:
    plan: Data = next(iter(data["plans"].values()))
    return plan


def _raise_a_price(data: Data) -> None:
    price = _first(data)["prices"]["monthly"]
    price["price"] += 1


def _raise_all_prices(data: Data) -> None:
    for plan in data["plans"].values():
        for price in plan["prices"].values():
            price["price"] += 1


def _add_a_plan(data: Data) -> None:
    plan = copy.deepcopy(list(data["plans"].values())[-1])
    for price in plan["prices"].values():
        price["price"] += 10
        price["regional_prices"] = {currency: amount + 50 for currency, amount in price["regional_prices"].items()}
    for included in plan["features"].values():
        included["included_amount"] += 1000
    data["plans"]["added"] = {**plan, "name": "Added"}


def _add_a_feature_to_all_plans(data: Data) -> None:
    data["features"]["seats"] = {"name": "Seats", "type": "seats", "unit_name": "seat"}
    for number, plan in enumerate(data["plans"].values()):
        plan["features"]["seats"] = {"included_amount": 5 * (number + 1)}


def _remove_a_regional_price(data: Data) -> None:
    del _first(data)["prices"]["yearly"]["regional_prices"]["jpy"]


def _change_regional_prices(data: Data) -> None:
    regional = _first(data)["prices"]["yearly"]["regional_prices"]
    regional["eur"] += 1
    regional["gbp"] += 1


def _rename(data: Data) -> None:
    _first(data)["name"] = "Renamed"


def _hide(data: Data) -> None:
    _first(data)["visibility"] = "private"


EDITS: Mapping[str, Callable[[Data], None]] = {
    "raise a price": _raise_a_price,
    "raise all prices": _raise_all_prices,
    "add a plan": _add_a_plan,
    "add a feature to all plans": _add_a_feature_to_all_plans,
    "remove a regional price": _remove_a_regional_price,
    "change two regional prices": _change_regional_prices,
    "rename a plan": _rename,
    "hide a plan": _hide,
}


def edited(data: Data, edit: str) -> Data:
    """A copy of a catalog after an edit."""
    new = copy.deepcopy(data)
    EDITS[edit](new)
    return new

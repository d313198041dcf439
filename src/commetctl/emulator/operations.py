"""The table of operations: verb and path in each generation, the permission needed, and the function that serves it."""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from werkzeug.routing import Map, Rule

from commetctl.emulator import (
    credit_packs,
    customers,
    features,
    plan_features,
    plan_versions,
    plans,
    prices,
    regional,
    subscriptions,
)
from commetctl.emulator.context import Payload
from commetctl.emulator.keys import Right
from commetctl.emulator.versions import Generation

PREFIX = "/api/v1"


class Operation(NamedTuple):
    """One operation of the API; `old` and `new` are its verb and path in the two generations."""

    serve: Callable[..., Payload]
    resource: str
    right: Right
    old: str
    new: str
    creates: bool = False


def _same(
    serve: Callable[..., Payload], resource: str, right: Right, route: str, *, creates: bool = False
) -> Operation:
    return Operation(serve, resource, right, route, route, creates)


_PRICE = "/plans/<plan_id>/prices/<price_id>"
_FEATURE = "/plans/<plan_id>/features/<feature_id>"

OPERATIONS = (
    _same(features.list_all, "feature", "read", "GET /features"),
    _same(features.get, "feature", "read", "GET /features/<code>"),
    Operation(features.create, "feature", "write", "POST /features/manage", "POST /features", creates=True),
    Operation(features.update, "feature", "write", "PUT /features/<code>/manage", "PATCH /features/<code>"),
    Operation(features.delete, "feature", "write", "DELETE /features/<code>/manage", "DELETE /features/<code>"),
    _same(plans.list_all, "plan", "read", "GET /plans"),
    _same(plans.get, "plan", "read", "GET /plans/<plan_id>"),
    _same(plan_versions.list_all, "plan", "read", "GET /plans/<plan_id>/versions"),
    Operation(plans.create, "plan", "write", "POST /plans/manage", "POST /plans", creates=True),
    Operation(plans.update, "plan", "write", "PUT /plans/<plan_id>/manage", "PATCH /plans/<plan_id>"),
    Operation(plans.delete, "plan", "write", "DELETE /plans/<plan_id>/manage", "DELETE /plans/<plan_id>"),
    _same(plans.set_visibility, "plan", "write", "PUT /plans/<plan_id>/visibility"),
    _same(prices.add, "plan", "write", "POST /plans/<plan_id>/prices", creates=True),
    Operation(prices.update, "plan", "write", f"PUT {_PRICE}", f"PATCH {_PRICE}"),
    _same(prices.delete, "plan", "write", f"DELETE {_PRICE}"),
    _same(prices.set_default, "plan", "write", f"PUT {_PRICE}/default"),
    _same(regional.put_price, "plan", "write", f"PUT {_PRICE}/regional"),
    _same(regional.clear_price, "plan", "write", f"DELETE {_PRICE}/regional"),
    _same(regional.put_plan, "plan", "write", "PUT /plans/<plan_id>/regional"),
    _same(plan_features.attach, "plan", "write", "POST /plans/<plan_id>/features", creates=True),
    Operation(plan_features.update, "plan", "write", f"PUT {_FEATURE}", f"PATCH {_FEATURE}"),
    _same(plan_features.detach, "plan", "write", f"DELETE {_FEATURE}"),
    _same(credit_packs.list_active, "credit_pack", "read", "GET /credit-packs"),
    Operation(
        credit_packs.create, "credit_pack", "write", "POST /credit-packs/manage", "POST /credit-packs", creates=True
    ),
    Operation(
        credit_packs.update, "credit_pack", "write", "PUT /credit-packs/<pack_id>", "PATCH /credit-packs/<pack_id>"
    ),
    _same(credit_packs.delete, "credit_pack", "write", "DELETE /credit-packs/<pack_id>"),
    _same(customers.list_all, "customer", "read", "GET /customers"),
    _same(customers.create, "customer", "write", "POST /customers", creates=True),
    _same(subscriptions.list_all, "subscription", "read", "GET /subscriptions"),
    _same(subscriptions.create, "subscription", "write", "POST /subscriptions", creates=True),
    _same(subscriptions.get, "subscription", "read", "GET /subscriptions/<subscription_id>"),
    _same(
        subscriptions.purchase_credits,
        "subscription",
        "write",
        "POST /subscriptions/<subscription_id>/credits",
        creates=True,
    ),
)


@cache
def routes(generation: Generation) -> Map:
    """The routes of one generation; a path of the other one does not exist in it."""
    rules = []
    for operation in OPERATIONS:
        verb, path = (operation.old if generation is Generation.OLD else operation.new).split(" ")
        rules.append(Rule(PREFIX + path, methods=[verb], endpoint=operation))
    return Map(rules, strict_slashes=False, merge_slashes=False)

"""Add-ons of subscriptions: activating and deactivating them, and those that a customer has."""

from commetctl.emulator.errors import ApiError, conflict, missing
from commetctl.emulator.resource import Context, Operation, Page, Resource, picked, refuse
from commetctl.emulator.resources import addons, customers, plan_versions, subscriptions
from commetctl.emulator.resources.subscription_view import period_start
from commetctl.emulator.store import Row, Table
from commetctl.emulator.validate import Field, Fields, Text
from commetctl.emulator.versions import NESTED
from commetctl.emulator.wire import JsonObject, parse_time

_ACTIVATE: Fields = {"addonId": Field(Text(low=1), required=True)}
_FIND = """
SELECT seq FROM subscription_addon WHERE subscription_id = ? AND addon_id = ? AND deactivated_at IS NULL
"""
_OF_CUSTOMER = """
SELECT addon.slug, addon.name, addon.base_price, f.code AS feature_code, f.name AS feature_name,
    f.type AS feature_type, addon.consumption_model, a.activated_at
FROM subscription_addon a JOIN subscription s ON s.id = a.subscription_id JOIN addon ON addon.id = a.addon_id
JOIN feature f ON f.id = addon.feature_id
WHERE s.livemode = ? AND s.customer_id = ? AND a.deactivated_at IS NULL ORDER BY a.seq
"""


def _list_active(ctx: Context) -> Page:
    """The add-ons on all subscriptions of a customer."""
    customer = customers.find(ctx, customers.named(ctx))
    names = "slug name base_price feature_code feature_name feature_type consumption_model activated_at"
    rows = ctx.db.all(_OF_CUSTOMER, ctx.livemode, customer["id"])
    return Page([ctx.tagged("subscription_addon", picked(row, names), parent="addon") for row in rows])


def _activate(ctx: Context, subscription_id: str) -> JsonObject:
    """An add-on that is not boolean needs a plan with its consumption model (guide, add-ons)."""
    subscription = subscriptions.find(ctx, subscription_id)
    addon = addons.find(ctx, ctx.body(_ACTIVATE)["addonId"])
    if plan_versions.is_held_back(ctx, "addon", addon["id"]):
        raise missing("addon", addon["id"], "add-on of the plan version")
    model = addon["consumption_model"]
    fits = model in ("boolean", subscription["consumption_model"])
    refuse((not fits, "addonId", f"needs a subscription to a plan with the {model} consumption model"))
    if ctx.db.first(_FIND, subscription_id, addon["id"]) is not None:
        raise conflict("addon_already_active", "the add-on is active on this subscription already")
    activation = {"subscription_id": subscription_id, "addon_id": addon["id"], "activated_at": ctx.now}
    ctx.db.insert("subscription_addon", activation)
    charge = _prorated(ctx, addon["base_price"], subscription)
    values = {"addonId": addon["id"], "status": "active", "proratedCharge": charge}
    return ctx.receipt("subscription_addon", values, parent="subscription")


def _deactivate(ctx: Context, subscription_id: str, addon_id: str) -> JsonObject:
    """Ends at once (guide, add-ons). The status of the refusal and the id in the answer are our choice."""
    subscriptions.find(ctx, subscription_id)
    addons.find(ctx, addon_id)
    row = ctx.db.first(_FIND, subscription_id, addon_id)
    if row is None:
        raise ApiError("billing_error", "addon_not_active", "the add-on is not active on this subscription", status=409)
    ctx.db.update("subscription_addon", row["seq"], {"deactivated_at": ctx.now}, by="seq")
    values = {"id": addon_id, "status": "inactive", "deactivatedAt": ctx.now}
    return ctx.receipt("subscription_addon", values, parent="subscription")


def _prorated(ctx: Context, price: int, subscription: Row) -> int:
    """The share of a price for the days that are left of the period, in cents (guide, add-ons).

    Nothing on trial, and all of it where nothing recurs; rounded half up (not documented; our choice).
    """
    if subscription["status"] == "trialing":
        return 0
    if subscription["period_end"] is None:
        return price
    end, start = parse_time(subscription["period_end"]), parse_time(period_start(subscription))
    total = (end - start).days
    left = min(max(0, (end - parse_time(ctx.now)).days), total)
    return (2 * price * left + total) // (2 * total)


_OF_SUBSCRIPTION = "/subscriptions/<subscription_id>/addons"
RESOURCE = Resource(
    "subscription",
    (
        Operation(f"POST {_OF_SUBSCRIPTION}", _activate),
        Operation(f"DELETE {_OF_SUBSCRIPTION}/<addon_id>", _deactivate),
    ),
    (
        Table(
            "subscription_addon",
            "seq INTEGER PRIMARY KEY, subscription_id TEXT NOT NULL REFERENCES subscription (id),"
            " addon_id TEXT NOT NULL REFERENCES addon (id), activated_at TEXT NOT NULL, deactivated_at TEXT",
        ),
    ),
)
#: Apart, since it needs a right of its own.
ACTIVE = Resource(
    "addon",
    (
        Operation("GET /addons/active", _list_active, until=NESTED),
        Operation("GET /active-addons", _list_active, since="2026-06-10"),
    ),
)

"""What a subscription may use in its running period, when the plan was changed since the period began.

What gets better for the customer counts at once, what gets worse from the next period on (guides, how billing works and
feature changes); an included balance counts from the next period on in both directions (skills, balance model). So the
terms at the start of a period are kept. Where there is no period, the catalog counts (our choice).
"""

from typing import Any

from commetctl.emulator import wire
from commetctl.emulator.resource import Context
from commetctl.emulator.resources import plan_versions, pricing
from commetctl.emulator.store import Row, Table
from commetctl.emulator.wire import JsonObject

TABLE = Table("period_terms", "subscription_id TEXT PRIMARY KEY REFERENCES subscription (id), terms TEXT NOT NULL")
_OVERAGES = "SELECT feature_id, unit_price FROM regional_overage WHERE plan_id = ? AND currency = ?"
_BALANCE = "SELECT included_balance FROM regional_price WHERE price_id = ? AND currency = ?"


def begin(ctx: Context, subscription: Row) -> None:
    """Keep the terms with which a period of a subscription begins."""
    terms = {"subscription_id": subscription["id"], "terms": wire.dumps(_catalog(ctx, subscription))}
    ctx.db.insert("period_terms", terms, or_update="subscription_id")


def of(ctx: Context, subscription: Row) -> JsonObject:
    """A subscription with its terms: included credits and balance, and the features that it may use."""
    if plan_versions.is_on(ctx):
        return {"balance_currency": pricing.DOLLARS, **plan_versions.accepted(ctx, subscription)}
    now = _catalog(ctx, subscription)
    row = ctx.db.first("SELECT terms FROM period_terms WHERE subscription_id = ?", subscription["id"])
    if row is None or subscription["period_end"] is None:
        return {**dict(subscription), **now}
    begun = wire.loads(row["terms"])
    return {
        **dict(subscription),
        **begun,
        "included_credits": max(begun["included_credits"] or 0, now["included_credits"] or 0),
        "features": _features(begun["features"], now["features"]),
    }


def _catalog(ctx: Context, subscription: Row) -> JsonObject:
    """The terms of the catalog, in the currency of the subscription where it has amounts in it."""
    currency = subscription["currency"]
    regional = ctx.db.first(_BALANCE, subscription["price_id"], currency)
    local = regional["included_balance"] if regional is not None else None
    prices = {row["feature_id"]: row["unit_price"] for row in ctx.db.all(_OVERAGES, subscription["plan_id"], currency)}
    return {
        "included_credits": subscription["included_credits"],
        "included_balance": subscription["included_balance"] if local is None else local,
        "balance_currency": pricing.DOLLARS if local is None else currency,
        "features": [
            {**feature, "overage_unit_price": prices.get(feature["feature_id"], feature["overage_unit_price"])}
            for feature in plan_versions.features(ctx.db, subscription)
        ],
    }


def _features(begun: list[JsonObject], now: list[JsonObject]) -> list[JsonObject]:
    """The features of the catalog, and those that were enabled when the period began and were removed since."""
    before = {feature["feature_id"]: feature for feature in begun}
    kept = {feature["feature_id"] for feature in now}
    removed = [feature for feature in begun if feature["feature_id"] not in kept and feature["enabled"]]
    return [_better(before.get(feature["feature_id"]), feature) for feature in now] + removed


def _better(begun: JsonObject | None, now: JsonObject) -> JsonObject:
    """A feature with the better of its settings; one that is enabled in the period has the new ones."""
    if begun is None or not begun["enabled"] or (now["unlimited"] and now["enabled"]):
        return now
    settings: dict[str, Any] = {"included_amount": max(begun["included_amount"], now["included_amount"])}
    if not now["enabled"] or begun["unlimited"]:
        names = ("enabled", "unlimited", "overage_enabled", "overage_unit_price")
        settings |= {name: begun[name] for name in names}
        if begun["unlimited"]:
            settings["included_amount"] = begun["included_amount"]
    elif begun["overage_enabled"] and now["overage_enabled"]:
        settings["overage_unit_price"] = min(begun["overage_unit_price"], now["overage_unit_price"])
    return {**now, **settings}

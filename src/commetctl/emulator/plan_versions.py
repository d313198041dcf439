"""Plan versions, as far as older API versions feel them: with the quirk, subscriptions keep what they accepted.

The list of versions is read-only and has one version for each plan, which stands for the terms in use. (Contract
2026-10-04; publishing, promoting and moving subscriptions are not modelled.)
"""

from collections.abc import Mapping
from typing import Any

from commetctl.emulator import jsontext, lookup, plan_view
from commetctl.emulator.context import Context, Page
from commetctl.emulator.errors import ApiError
from commetctl.emulator.store import Database, Row

VERSION = "2026-10-04"

#: What a subscription accepts of its price.
_TERMS = ("base_price", "included_balance", "included_credits")
_FEATURES = """
SELECT p.*, f.code, f.name, f.type FROM plan_feature p JOIN feature f ON f.id = p.feature_id
WHERE p.plan_id = ? ORDER BY p.seq
"""
_NOT_ACCEPTED = """
SELECT s.id, s.plan_id, COALESCE(price.price, base.price) AS base_price, price.included_balance, price.included_credits
FROM subscription s LEFT JOIN price ON price.id = s.price_id LEFT JOIN price base ON base.id = price.inherits_from
WHERE s.id NOT IN (SELECT subscription_id FROM accepted_terms)
"""
_PACKS = """
SELECT * FROM credit_pack WHERE livemode = ? AND NOT deleted AND id NOT IN (SELECT pack_id FROM pending_pack)
ORDER BY seq
"""


def is_on(quirks: Mapping[str, str]) -> bool:
    return quirks["plan_versions"] == "on"


def list_all(ctx: Context, plan_id: str) -> Page:
    """The versions of a plan, for clients that name the API version that has them."""
    if not is_on(ctx.quirks) or ctx.contract.version != VERSION:
        message = f"GET /plans/{{id}}/versions is not available in version {ctx.contract.version}"
        raise ApiError("endpoint_not_available", message)
    return Page([_main(ctx, lookup.plan(ctx, plan_id))])


def accept(db: Database) -> None:
    """Note what each subscription has that has accepted nothing yet: the terms of now."""
    for row in db.all(_NOT_ACCEPTED):
        terms = {name: row[name] for name in _TERMS} | {"features": [dict(item) for item in _features(db, row)]}
        db.insert("accepted_terms", {"subscription_id": row["id"], "terms": jsontext.dumps(terms)})


def accepted(ctx: Context, subscription: Row) -> Mapping[str, Any]:
    """A subscription with the terms that it accepted, or with those of the catalog where there are no versions."""
    kept = ctx.db.first("SELECT terms FROM accepted_terms WHERE subscription_id = ?", subscription["id"])
    if not is_on(ctx.quirks) or kept is None:
        return {**dict(subscription), "features": _features(ctx.db, subscription)}
    terms: dict[str, Any] = jsontext.loads(kept["terms"])
    return {**dict(subscription), **terms}


def hold_back(ctx: Context, pack_id: str) -> None:
    """A new pack is in no version, and nobody can buy it."""
    if is_on(ctx.quirks):
        ctx.db.insert("pending_pack", {"pack_id": pack_id})


def is_held_back(ctx: Context, pack_id: str) -> bool:
    return is_on(ctx.quirks) and ctx.db.first("SELECT 1 FROM pending_pack WHERE pack_id = ?", pack_id) is not None


def _features(db: Database, subscription: Row) -> list[Row]:
    return db.all(_FEATURES, subscription["plan_id"])


def _main(ctx: Context, plan: Row) -> dict[str, Any]:
    view = plan_view.view(ctx, plan)
    values = {
        "id": "plv_" + plan["id"].partition("_")[2],
        "planId": plan["id"],
        "number": 1,
        "revision": 1,
        "status": "published",
        "publication": "main",
        "isMain": True,
        "createdAt": plan["created_at"],
        "publishedAt": plan["created_at"],
        "terms": {
            "isFree": view["isFree"],
            "consumptionModel": view["consumptionModel"],
            "blockOnExhaustion": bool(view["blockOnExhaustion"]),
            "freeIncludedCredits": None,
            "freeIncludedBalance": None,
            "prices": [_price(price) for price in view["prices"]],
            "features": [_feature(row) for row in ctx.db.all(_FEATURES, plan["id"])],
            "countries": [],
            "addons": [],
            "creditPacks": [_pack(row) for row in ctx.db.all(_PACKS, ctx.livemode)],
        },
    }
    return ctx.tagged("plan_version", values)


def _price(price: Mapping[str, Any]) -> dict[str, Any]:
    names = ("id", "billingInterval", "price", "isDefault", "includedBalance", "includedCredits")
    return {name: price[name] for name in (*names, "inheritsFromPriceId", "offerId")} | {"countries": []}


def _feature(row: Row) -> dict[str, Any]:
    charged = bool(row["overage_enabled"])
    return {
        "featureId": row["feature_id"],
        "enabled": bool(row["enabled"]),
        "unlimited": bool(row["unlimited"]),
        "includedAmount": None if row["type"] == "boolean" else row["included_amount"],
        "overageEnabled": charged,
        "overageUnitPrice": row["overage_unit_price"] if charged else None,
        "overageModel": "per_unit" if charged else None,
        "creditsPerUnit": row["credits_per_unit"],
        "pricingMode": row["pricing_mode"],
        "margin": row["margin"],
        "discountType": None,
        "discountValue": None,
        "countries": [],
    }


def _pack(row: Row) -> dict[str, Any]:
    prices = [{"currency": "usd", "price": row["price"]}]
    return {"id": row["id"], "name": row["name"], "credits": row["credits"], "prices": prices}

"""Plans as they are read: finding their prices and features, and whole plans as the API answers them."""

import json
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from commetctl.emulator import wire
from commetctl.emulator.errors import missing
from commetctl.emulator.resource import Context, picked
from commetctl.emulator.store import Database, Row
from commetctl.emulator.wire import JsonObject

_Grouped = defaultdict[str, list[Row]]

# A variant inherits the introductory offer of its base price (guide, introductory offers).
_PRICES = """
SELECT price.*, base.price AS base_price, (
    SELECT offer.id FROM offer_price JOIN offer ON offer.id = offer_id
    WHERE price_id = COALESCE(base.id, price.id) AND purpose = 'introductory' AND NOT offer.deleted
) AS offer_id FROM price LEFT JOIN price base ON base.id = price.inherits_from
WHERE NOT price.deleted AND price.plan_id IN (SELECT value FROM json_each(?)) ORDER BY price.seq
"""
_REGIONAL_PRICES = """
SELECT regional_price.*, price.plan_id FROM regional_price JOIN price ON price.id = price_id
WHERE price.plan_id IN (SELECT value FROM json_each(?)) ORDER BY regional_price.rowid
"""
# Features attached to plans, with what the feature itself says.
_FEATURES = """
SELECT p.*, f.code, f.name, f.type, f.unit_name FROM plan_feature p JOIN feature f ON f.id = p.feature_id
WHERE p.plan_id IN (SELECT value FROM json_each(?)) ORDER BY p.seq
"""
_REGIONAL_OVERAGES = "SELECT * FROM regional_overage WHERE plan_id IN (SELECT value FROM json_each(?)) ORDER BY rowid"
_RATES = "SELECT * FROM exchange_rate WHERE plan_id IN (SELECT value FROM json_each(?)) ORDER BY seq"


def prices(ctx: Context, plan_id: str) -> list[Row]:
    """The prices of a plan, each with the `base_price` that a variant inherits, and the `offer_id` placed on it."""
    return ctx.db.all(_PRICES, json.dumps([plan_id]))


def price(ctx: Context, plan_id: str, price_id: str) -> Row:
    """A price of a plan; `plan_not_found` or `price_not_found` when there is none."""
    ctx.find("plan", plan_id)
    for row in prices(ctx, plan_id):
        if row["id"] == price_id:
            return row
    raise missing("price", price_id)


def features(db: Database, plan_id: str) -> list[Row]:
    """The features attached to a plan, each with the feature's own code, name, type and unit."""
    return db.all(_FEATURES, json.dumps([plan_id]))


def feature(ctx: Context, plan_id: str, feature_id: str) -> Row:
    """A feature attached to a plan; `plan_not_found`, or `feature_not_found` when it is not attached."""
    ctx.find("plan", plan_id)
    for row in features(ctx.db, plan_id):
        if row["feature_id"] == feature_id:
            return row
    raise missing("feature", feature_id, "feature of the plan")


def touch(ctx: Context, plan_id: str) -> None:
    """Writing a part of a plan counts as writing the plan (not documented; our choice)."""
    ctx.update("plan", plan_id, {})


def view(ctx: Context, plan: Row) -> JsonObject:
    return views(ctx, [plan])[0]


def views(ctx: Context, plans: Sequence[Row]) -> list[JsonObject]:
    """Whole plans; five queries, however many plans there are."""
    ids = json.dumps([row["id"] for row in plans])
    all_prices, regional_prices, all_features, overages, rates = (
        _grouped(ctx.db.all(query, ids), "plan_id")
        for query in (_PRICES, _REGIONAL_PRICES, _FEATURES, _REGIONAL_OVERAGES, _RATES)
    )
    return [
        _view(
            ctx,
            plan,
            {
                "features": _features(all_features[plan["id"]], overages[plan["id"]]),
                "prices": _prices(ctx, all_prices[plan["id"]], regional_prices[plan["id"]]),
                "exchangeRates": [
                    {"currency": rate["currency"], "exchangeRate": Decimal(rate["rate"])} for rate in rates[plan["id"]]
                ],
            },
        )
        for plan in plans
    ]


def _grouped(rows: Sequence[Row], column: str) -> _Grouped:
    groups: _Grouped = defaultdict(list)
    for row in rows:
        groups[row[column]].append(row)
    return groups


def _view(ctx: Context, row: Row, parts: JsonObject) -> JsonObject:
    values = {
        **picked(row, "id name code description consumption_model is_public"),
        # It cannot be written through the API of these versions.
        "isDefault": False,
        "isFree": bool(row["is_free"]),
        "blockOnExhaustion": bool(row["block_on_exhaustion"]),
        "sortOrder": row["sort_order"],
        "planGroupId": row["plan_group_id"],
        "metadata": None if row["metadata"] is None else wire.loads(row["metadata"]),
        **picked(row, "created_at updated_at"),
        **parts,
    }
    return ctx.tagged("plan", values)


def _prices(ctx: Context, rows: Sequence[Row], regional: Sequence[Row]) -> list[JsonObject]:
    """The old generation has no variants and gets none (not documented; our choice)."""
    by_price = _grouped(regional, "price_id")
    return [
        {
            # Price ids appear in plan reads only since 2026-07-24 (official SDKs 7.10.0 and 9.7.0).
            **({"id": row["id"]} if ctx.version.is_new else {}),
            **price_fields(ctx, row),
            "regionalPrices": [regional_price(ctx, item) for item in by_price[row["id"]]],
        }
        for row in rows
        if ctx.version.is_new or row["inherits_from"] is None
    ]


def price_fields(ctx: Context, row: Row) -> JsonObject:
    """The fields that a price has both within a plan and in the answer to a write of its own."""
    amount = row["base_price"] if row["price"] is None else row["price"]
    fields = {
        "billingInterval": row["billing_interval"],
        "price": ctx.amount_out(amount),
        **picked(row, "is_default trial_days"),
        "includedBalance": ctx.balance_out(row["included_balance"]),
        "includedCredits": row["included_credits"],
    }
    if not ctx.version.is_new:
        return {**fields, "introOffer": None if row["intro_offer"] is None else wire.loads(row["intro_offer"])}
    return {
        **fields,
        "offerId": row["offer_id"],
        "inheritsFromPriceId": row["inherits_from"],
        "metadata": wire.loads(row["metadata"]),
        "marketPrices": wire.loads(row["market_prices"]),
    }


def regional_price(ctx: Context, row: Row) -> JsonObject:
    return {
        "currency": row["currency"],
        "price": ctx.amount_out(row["price"], row["currency"]),
        "includedBalance": ctx.balance_out(row["included_balance"], row["currency"]),
        "autoSynced": bool(row["auto_synced"]),
    }


def _features(rows: Sequence[Row], overages: Sequence[Row]) -> list[JsonObject]:
    by_feature = _grouped(overages, "feature_id")
    return [_feature(row, by_feature[row["feature_id"]]) for row in rows]


def _feature(row: Row, overages: Sequence[Row]) -> JsonObject:
    """An attached feature; featureId, creditsPerUnit, pricingMode and margin cannot be read (official SDKs).

    When amounts are null is not documented: here for boolean features, and the overage price while it is disabled.
    """
    boolean, charged = row["type"] == "boolean", bool(row["overage_enabled"])
    overage = {
        "enabled": charged,
        "model": "per_unit" if charged else None,
        "unitPrice": row["overage_unit_price"] if charged else None,
    }
    return {
        **picked(row, "code name type unit_name"),
        "enabled": bool(row["enabled"]),
        "includedAmount": None if boolean else row["included_amount"],
        "unlimited": bool(row["unlimited"]),
        "overage": None if boolean and not charged else overage,
        "regionalPrices": [
            {
                "currency": item["currency"],
                "overageUnitPrice": item["unit_price"],
                "autoSynced": bool(item["auto_synced"]),
            }
            for item in overages
        ],
    }

"""The read model of plans: rows in, whole plans with prices, features and exchange rates out."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from commetctl.emulator import jsontext
from commetctl.emulator.context import Context
from commetctl.emulator.store import Row

_Grouped = Mapping[str, Sequence[Row]]

_PRICES = """
SELECT price.*, base.price AS base_price FROM price LEFT JOIN price base ON base.id = price.inherits_from
WHERE NOT price.deleted AND price.plan_id IN (SELECT value FROM json_each(?)) ORDER BY price.seq
"""
_REGIONAL_PRICES = """
SELECT regional_price.*, price.plan_id FROM regional_price JOIN price ON price.id = price_id
WHERE price.plan_id IN (SELECT value FROM json_each(?)) ORDER BY regional_price.rowid
"""
_FEATURES = """
SELECT p.*, f.code, f.name, f.type, f.unit_name FROM plan_feature p JOIN feature f ON f.id = p.feature_id
WHERE p.plan_id IN (SELECT value FROM json_each(?)) ORDER BY p.seq
"""
_REGIONAL_OVERAGES = "SELECT * FROM regional_overage WHERE plan_id IN (SELECT value FROM json_each(?)) ORDER BY rowid"
_RATES = "SELECT * FROM exchange_rate WHERE plan_id IN (SELECT value FROM json_each(?)) ORDER BY seq"


def views(ctx: Context, plans: Sequence[Row]) -> list[dict[str, Any]]:
    """Whole plans; five queries, however many plans there are."""
    ids = json.dumps([row["id"] for row in plans])
    prices = _grouped(ctx.db.all(_PRICES, ids))
    regional_prices = _grouped(ctx.db.all(_REGIONAL_PRICES, ids))
    features = _grouped(ctx.db.all(_FEATURES, ids))
    overages = _grouped(ctx.db.all(_REGIONAL_OVERAGES, ids))
    rates = _grouped(ctx.db.all(_RATES, ids))
    return [
        _view(
            ctx,
            row,
            prices=_prices(ctx, prices.get(row["id"], ()), regional_prices.get(row["id"], ())),
            features=_features(features.get(row["id"], ()), overages.get(row["id"], ())),
            rates=rates.get(row["id"], ()),
        )
        for row in plans
    ]


def view(ctx: Context, plan: Row) -> dict[str, Any]:
    return views(ctx, [plan])[0]


def _grouped(rows: Sequence[Row], column: str = "plan_id") -> _Grouped:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[column]].append(row)
    return groups


def _view(
    ctx: Context, row: Row, *, prices: list[dict[str, Any]], features: list[dict[str, Any]], rates: Sequence[Row]
) -> dict[str, Any]:
    values = {
        "id": row["id"],
        "name": row["name"],
        "code": row["code"],
        "description": row["description"],
        "consumptionModel": row["consumption_model"],
        "isPublic": bool(row["is_public"]),
        # Neither can be written through the API of these versions.
        "isDefault": False,
        "isFree": bool(row["is_free"]),
        "blockOnExhaustion": bool(row["block_on_exhaustion"]),
        "sortOrder": 0,
        "planGroupId": None,
        "metadata": None if row["metadata"] is None else jsontext.loads(row["metadata"]),
        "createdAt": row["created_at"],
        "updatedAt": row["updated_at"],
        "features": features,
        "prices": prices,
        "exchangeRates": [{"currency": rate["currency"], "exchangeRate": Decimal(rate["rate"])} for rate in rates],
    }
    return ctx.tagged("plan", values)


def _prices(ctx: Context, rows: Sequence[Row], regional: Sequence[Row]) -> list[dict[str, Any]]:
    """The old generation knows no variants and is not shown any (not documented; our choice)."""
    by_price = _grouped(regional, "price_id")
    return [
        {
            # Price ids appear in plan reads only since 2026-07-24 (official SDKs 7.10.0 and 9.7.0).
            **({"id": row["id"]} if ctx.contract.is_new else {}),
            **price_fields(ctx, row),
            "regionalPrices": [_regional_price(ctx, item) for item in by_price.get(row["id"], ())],
        }
        for row in rows
        if ctx.contract.is_new or row["inherits_from"] is None
    ]


def price_fields(ctx: Context, row: Row) -> dict[str, Any]:
    """The fields that a price has both within a plan and in the answer to a write of its own."""
    amount = row["base_price"] if row["price"] is None else row["price"]
    fields = {
        "billingInterval": row["billing_interval"],
        "price": ctx.amount_out(amount),
        "isDefault": bool(row["is_default"]),
        "trialDays": row["trial_days"],
        "includedBalance": ctx.balance_out(row["included_balance"]),
        "includedCredits": row["included_credits"],
    }
    if not ctx.contract.is_new:
        return {**fields, "introOffer": None if row["intro_offer"] is None else jsontext.loads(row["intro_offer"])}
    return {
        **fields,
        # An introductory offer can be placed in the dashboard only.
        "offerId": None,
        "inheritsFromPriceId": row["inherits_from"],
        "metadata": jsontext.loads(row["metadata"]),
        "marketPrices": jsontext.loads(row["market_prices"]),
    }


def _regional_price(ctx: Context, row: Row) -> dict[str, Any]:
    return {
        "currency": row["currency"],
        "price": ctx.amount_out(row["price"], row["currency"]),
        "includedBalance": ctx.balance_out(row["included_balance"], row["currency"]),
        "autoSynced": bool(row["auto_synced"]),
    }


def _features(rows: Sequence[Row], overages: Sequence[Row]) -> list[dict[str, Any]]:
    by_feature = _grouped(overages, "feature_id")
    return [_feature(row, by_feature.get(row["feature_id"], ())) for row in rows]


def _feature(row: Row, overages: Sequence[Row]) -> dict[str, Any]:
    """featureId, creditsPerUnit, pricingMode and margin are never read back (official SDKs, PlanFeaturesItem).

    When amounts are null is not documented: here for boolean features, and the overage price while it is disabled.
    """
    boolean, charged = row["type"] == "boolean", bool(row["overage_enabled"])
    overage = {
        "enabled": charged,
        "model": "per_unit" if charged else None,
        "unitPrice": row["overage_unit_price"] if charged else None,
    }
    return {
        "code": row["code"],
        "name": row["name"],
        "type": row["type"],
        "unitName": row["unit_name"],
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

"""Features attached to plans: limits, overage and credits."""

from collections.abc import Mapping
from typing import Any

from commetctl.emulator import lookup, regional
from commetctl.emulator.context import Context
from commetctl.emulator.errors import ApiError
from commetctl.emulator.store import Row
from commetctl.emulator.validate import INT32, Choice, Field, Fields, Flag, Integer, Record, Text
from commetctl.emulator.versions import Generation


def _overage(*, required: bool) -> Record:
    return Record({"enabled": Field(Flag(), required=required), "unitPrice": Field(Integer(), required=required)})


_COMMON: Fields = {
    "enabled": Field(Flag()),
    "includedAmount": Field(Integer()),
    "unlimited": Field(Flag()),
    "creditsPerUnit": Field(Integer(high=INT32), nullable=True),
}
ATTACH: Fields = {
    "featureId": Field(Text(low=1), required=True),
    **_COMMON,
    "pricingMode": Field(Choice(("fixed", "ai_model"))),
    "margin": Field(Integer(high=INT32), nullable=True),
}
# The old generation wants both keys of an overage at attachment (official SDK 7.10.0).
ATTACH_BY_GENERATION: Mapping[Generation, Fields] = {
    Generation.OLD: {**ATTACH, "overage": Field(_overage(required=True))},
    Generation.NEW: {**ATTACH, "overage": Field(_overage(required=False))},
}
UPDATE: Fields = {**_COMMON, "overage": Field(_overage(required=False))}

_COLUMNS = {
    "enabled": "enabled",
    "includedAmount": "included_amount",
    "unlimited": "unlimited",
    "creditsPerUnit": "credits_per_unit",
    "pricingMode": "pricing_mode",
    "margin": "margin",
}
_DEFAULTS: Mapping[str, Any] = {
    "enabled": True,
    "included_amount": 0,
    "unlimited": False,
    "overage_enabled": False,
    "overage_unit_price": 0,
    "credits_per_unit": None,
    "pricing_mode": "fixed",
    "margin": None,
}


def attach(ctx: Context, plan_id: str) -> dict[str, Any]:
    plan = lookup.plan(ctx, plan_id)
    body = ctx.body(ATTACH_BY_GENERATION[ctx.contract.generation])
    feature = lookup.feature(ctx, body["featureId"], by_code=False)
    taken = "SELECT 1 FROM plan_feature WHERE plan_id = ? AND feature_id = ?"
    if ctx.db.first(taken, plan["id"], feature["id"]) is not None:
        raise ApiError("feature_already_exists", f"feature {feature['code']!r} is already attached to this plan")
    state = {**_DEFAULTS, **_changes(body)}
    _check_rules(ctx, plan, feature, state)
    ctx.db.insert("plan_feature", {"plan_id": plan["id"], "feature_id": feature["id"], **state})
    return _written(ctx, plan, feature["id"])


def update(ctx: Context, plan_id: str, feature_id: str) -> dict[str, Any]:
    """A partial update; a partial overage keeps its other key (not documented; our choice)."""
    plan = lookup.plan(ctx, plan_id)
    row = lookup.plan_feature(ctx, plan["id"], feature_id)
    state = {column: row[column] for column in _DEFAULTS} | _changes(ctx.body(UPDATE))
    _check_rules(ctx, plan, row, state)
    changes = ", ".join(f"{column} = ?" for column in state)
    statement = f"UPDATE plan_feature SET {changes} WHERE seq = ?"  # noqa: S608 - the names are those of _DEFAULTS
    ctx.db.run(statement, *state.values(), row["seq"])
    return _written(ctx, plan, feature_id)


def detach(ctx: Context, plan_id: str, feature_id: str) -> dict[str, Any]:
    plan = lookup.plan(ctx, plan_id)
    row = lookup.plan_feature(ctx, plan["id"], feature_id)
    ctx.db.run("DELETE FROM plan_feature WHERE seq = ?", row["seq"])
    ctx.db.run("DELETE FROM regional_overage WHERE plan_id = ? AND feature_id = ?", plan["id"], feature_id)
    lookup.touch_plan(ctx, plan["id"])
    return ctx.tagged("plan_feature", {"id": feature_id, "removed": True})


def _changes(body: Mapping[str, Any]) -> dict[str, Any]:
    changes = {column: body[name] for name, column in _COLUMNS.items() if name in body}
    overage = body.get("overage", {})
    if "enabled" in overage:
        changes["overage_enabled"] = overage["enabled"]
    if "unitPrice" in overage:
        changes["overage_unit_price"] = overage["unitPrice"]
    return changes


def _check_rules(ctx: Context, plan: Row, feature: Row, state: Mapping[str, Any]) -> None:
    """Rules of the official configuration format and guides, which the API reference does not repeat."""
    model, charged = plan["consumption_model"], bool(state["overage_enabled"])
    limited = bool(state["unlimited"] or state["included_amount"] or charged)
    ctx.require(
        (
            feature["type"] == "usage" and model is None,
            "featureId",
            "is a usage feature, which needs a plan with a consumption model",
        ),
        (feature["type"] == "boolean" and limited, "featureId", "is a boolean feature, which can only be enabled"),
        (charged and bool(plan["is_free"]), "overage.enabled", "is not possible on a free plan"),
        (
            charged and model not in ("metered", "balance"),
            "overage.enabled",
            "needs a plan with the metered or balance consumption model",
        ),
        (bool(state["unlimited"]) and charged, "unlimited", "excludes overage"),
        (bool(state["unlimited"] and state["included_amount"]), "unlimited", "excludes an included amount"),
        (
            state["credits_per_unit"] is not None and model != "credits",
            "creditsPerUnit",
            "needs a plan with the credits consumption model",
        ),
        (
            state["pricing_mode"] == "ai_model" and model != "balance",
            "pricingMode",
            "ai_model needs a plan with the balance consumption model",
        ),
    )


def _written(ctx: Context, plan: Row, feature_id: str) -> dict[str, Any]:
    """What follows every write, and the answer: the only place where the write-only fields are seen."""
    regional.feature_changed(ctx, plan["id"], feature_id)
    lookup.touch_plan(ctx, plan["id"])
    row = lookup.plan_feature(ctx, plan["id"], feature_id)
    values = {
        "planId": plan["id"],
        "featureId": feature_id,
        "enabled": bool(row["enabled"]),
        "includedAmount": row["included_amount"],
        "unlimited": bool(row["unlimited"]),
        "overage": {"enabled": bool(row["overage_enabled"]), "unitPrice": row["overage_unit_price"]},
        "creditsPerUnit": row["credits_per_unit"],
        "pricingMode": row["pricing_mode"],
        "margin": row["margin"],
    }
    return ctx.tagged("plan_feature", values)

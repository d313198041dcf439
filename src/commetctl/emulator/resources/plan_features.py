"""Features attached to plans: limits, overage and credits."""

from commetctl.emulator.errors import conflict
from commetctl.emulator.resource import Context, Operation, Resource, columns, picked
from commetctl.emulator.resources import plan_view, regional_values
from commetctl.emulator.store import Row, Table
from commetctl.emulator.validate import INT32, Choice, Field, Fields, Flag, Integer, Record, Text
from commetctl.emulator.versions import NESTED, WRITES
from commetctl.emulator.wire import JsonObject


def _overage(*, required: bool) -> Field:
    fields = {"enabled": Field(Flag(), required=required), "unitPrice": Field(Integer(), required=required)}
    return Field(Record(fields), since=NESTED)


_PRICING_MODE, _MARGIN = Choice(("fixed", "ai_model")), Integer(high=INT32)
_COMMON: Fields = {
    "enabled": Field(Flag()),
    "includedAmount": Field(Integer()),
    "unlimited": Field(Flag()),
    "overageEnabled": Field(Flag(), until=WRITES),
    "overageUnitPrice": Field(Integer(), until=WRITES),
    "creditsPerUnit": Field(Integer(high=INT32), nullable=True),
}
_ATTACH: Fields = {
    "featureId": Field(Text(low=1), required=True),
    **_COMMON,
    "pricingMode": Field(_PRICING_MODE),
    "margin": Field(_MARGIN, nullable=True),
}
_UPDATE: Fields = {
    **_COMMON,
    "overage": _overage(required=False),
    "pricingMode": Field(_PRICING_MODE, until=WRITES),
    "margin": Field(_MARGIN, nullable=True, until=WRITES),
}

_DEFAULTS: JsonObject = {
    "enabled": True,
    "included_amount": 0,
    "unlimited": False,
    "overage_enabled": False,
    "overage_unit_price": 0,
    "credits_per_unit": None,
    "pricing_mode": "fixed",
    "margin": None,
}


def attach(ctx: Context, plan_id: str) -> JsonObject:
    plan = ctx.find("plan", plan_id)
    # The old generation requires both keys of an overage when a feature is attached (official SDK 7.10.0).
    body = ctx.body({**_ATTACH, "overage": _overage(required=not ctx.version.is_new)})
    feature = ctx.find("feature", body.pop("featureId"))
    taken = "SELECT 1 FROM plan_feature WHERE plan_id = ? AND feature_id = ?"
    if ctx.db.first(taken, plan_id, feature["id"]) is not None:
        raise conflict("feature_already_exists", f"feature {feature['code']!r} is already attached to this plan")
    state = {**_DEFAULTS, **_columns(body)}
    _check_rules(ctx, plan, feature, state)
    ctx.db.insert("plan_feature", {"plan_id": plan_id, "feature_id": feature["id"], **state})
    return _written(ctx, plan_id, feature["id"])


def update(ctx: Context, plan_id: str, feature_id: str) -> JsonObject:
    """A partial update; a partial overage keeps its other key (not documented; our choice)."""
    plan = ctx.find("plan", plan_id)
    row = plan_view.feature(ctx, plan_id, feature_id)
    state = {column: row[column] for column in _DEFAULTS} | _columns(ctx.body(_UPDATE))
    _check_rules(ctx, plan, row, state)
    ctx.db.update("plan_feature", row["seq"], state, by="seq")
    return _written(ctx, plan_id, feature_id)


def _detach(ctx: Context, plan_id: str, feature_id: str) -> JsonObject:
    row = plan_view.feature(ctx, plan_id, feature_id)
    ctx.db.run("DELETE FROM plan_feature WHERE seq = ?", row["seq"])
    ctx.db.run("DELETE FROM regional_overage WHERE plan_id = ? AND feature_id = ?", plan_id, feature_id)
    plan_view.touch(ctx, plan_id)
    return ctx.receipt("plan_feature", {"id": feature_id, "removed": True}, parent="plan")


def _columns(body: JsonObject) -> JsonObject:
    changes = {name: value for name, value in body.items() if name != "overage"}
    overage = {f"overage_{column}": value for column, value in columns(body.get("overage", {})).items()}
    return {**columns(changes), **overage}


def _check_rules(ctx: Context, plan: Row, feature: Row, state: JsonObject) -> None:
    """Rules of the official configuration format and guides, which the API reference does not repeat."""
    model, charged = plan["consumption_model"], bool(state["overage_enabled"])
    unlimited, included = bool(state["unlimited"]), bool(state["included_amount"])
    usage, boolean = feature["type"] == "usage", feature["type"] == "boolean"
    limited = unlimited or included or charged
    with_credits, ai_model = state["credits_per_unit"] is not None, state["pricing_mode"] == "ai_model"
    may_charge, needs = model in ("metered", "balance"), "needs a plan with the {} consumption model"
    ctx.require(
        (usage and not model, "featureId", "is a usage feature, which needs a plan with a consumption model"),
        (boolean and limited, "featureId", "is a boolean feature, which can only be enabled"),
        (charged and bool(plan["is_free"]), "overage.enabled", "is not possible on a free plan"),
        (charged and not may_charge, "overage.enabled", needs.format("metered or balance")),
        (unlimited and charged, "unlimited", "excludes overage"),
        (unlimited and included, "unlimited", "excludes an included amount"),
        (with_credits and model != "credits", "creditsPerUnit", needs.format("credits")),
        (ai_model and model != "balance", "pricingMode", f"ai_model {needs.format('balance')}"),
    )


def _written(ctx: Context, plan_id: str, feature_id: str) -> JsonObject:
    """What follows every write, and its answer, which alone has the fields that cannot be read."""
    regional_values.feature_changed(ctx, plan_id, feature_id)
    plan_view.touch(ctx, plan_id)
    row = plan_view.feature(ctx, plan_id, feature_id)
    nested = {"enabled": bool(row["overage_enabled"]), "unitPrice": row["overage_unit_price"]}
    overage = {"overageEnabled": nested["enabled"], "overageUnitPrice": nested["unitPrice"]}
    values = {
        **picked(row, "plan_id feature_id"),
        "enabled": bool(row["enabled"]),
        "includedAmount": row["included_amount"],
        "unlimited": bool(row["unlimited"]),
        **(overage if ctx.version.name < NESTED else {"overage": nested}),
        **picked(row, "credits_per_unit pricing_mode margin"),
    }
    return ctx.receipt("plan_feature", values, parent="plan")


_FEATURE = "/plans/<plan_id>/features/<feature_id>"
RESOURCE = Resource(
    "plan",
    (
        Operation("POST /plans/<plan_id>/features", attach),
        Operation(f"PATCH {_FEATURE}", update, old=f"PUT {_FEATURE}"),
        Operation(f"DELETE {_FEATURE}", _detach),
    ),
    (
        Table(
            "plan_feature",
            "seq INTEGER PRIMARY KEY, plan_id TEXT NOT NULL REFERENCES plan (id),"
            " feature_id TEXT NOT NULL REFERENCES feature (id), enabled INTEGER NOT NULL,"
            " included_amount INTEGER NOT NULL, unlimited INTEGER NOT NULL, overage_enabled INTEGER NOT NULL,"
            " overage_unit_price INTEGER NOT NULL, credits_per_unit INTEGER, pricing_mode TEXT NOT NULL,"
            " margin INTEGER",
            ("UNIQUE (plan_id, feature_id)",),
        ),
    ),
)

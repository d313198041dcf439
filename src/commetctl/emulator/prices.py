"""Plan prices: adding base prices and variants, updating, the default, and archiving."""

from collections.abc import Mapping, Sequence
from typing import Any

from commetctl.emulator import jsontext, lookup, plan_view, regional
from commetctl.emulator.context import Context, new_id
from commetctl.emulator.errors import ApiError, Problem, invalid
from commetctl.emulator.plans import merged
from commetctl.emulator.store import Row
from commetctl.emulator.validate import (
    INT32,
    Choice,
    Field,
    Fields,
    Flag,
    FreeObject,
    Integer,
    ListOf,
    Record,
    Text,
    VersionChoice,
)
from commetctl.emulator.versions import Generation

_MARKET_PRICE = {
    "marketGroupId": Field(Text(low=1), required=True),
    "currency": Field(VersionChoice("currencies"), required=True),
    "price": Field(Integer(), required=True),
}


def _intro_offer(*, required: bool) -> Record:
    return Record(
        {
            "enabled": Field(Flag(), required=required),
            "discountType": Field(Choice(("percentage", "amount"))),
            "discountValue": Field(Integer()),
            "durationCycles": Field(Integer(high=INT32)),
        }
    )


_INTRO_KEYS = ("enabled", "discountType", "discountValue", "durationCycles")

_COMMON: Fields = {
    "price": Field(Integer()),
    "trialDays": Field(Integer(high=INT32)),
    "isDefault": Field(Flag()),
    "includedBalance": Field(Integer(), nullable=True),
    "includedCredits": Field(Integer(high=INT32), nullable=True),
    "metadata": Field(FreeObject(), only=Generation.NEW),
    "marketPrices": Field(ListOf(Record(_MARKET_PRICE)), only=Generation.NEW),
}
ADD: Fields = {
    "billingInterval": Field(VersionChoice("intervals"), required=True),
    **_COMMON,
    "inheritsFromPriceId": Field(Text(), only=Generation.NEW),
    "introOffer": Field(_intro_offer(required=True), only=Generation.OLD),
}
UPDATE: Fields = {**_COMMON, "introOffer": Field(_intro_offer(required=False), only=Generation.OLD)}


def add(ctx: Context, plan_id: str) -> dict[str, Any]:
    """Add a base price, which has a price, or a variant, which has inheritsFromPriceId and marketPrices instead."""
    plan = lookup.plan(ctx, plan_id)
    body = ctx.body(ADD)
    siblings = lookup.prices(ctx, plan["id"])
    base = _base(ctx, plan["id"], body)
    if base is None:
        _refuse_second(siblings, body["billingInterval"])
    _check_rules(ctx, plan, body)
    is_default = body.get("isDefault", not siblings and ctx.quirks["default_price"] == "first")
    row = {
        "id": new_id("pp"),
        "plan_id": plan["id"],
        "billing_interval": body["billingInterval"],
        "price": ctx.amount_in(body.get("price"), "usd", "price"),
        "is_default": False,
        "trial_days": body.get("trialDays", 0),
        "included_balance": ctx.balance_in(body.get("includedBalance"), "usd", "includedBalance"),
        "included_credits": body.get("includedCredits"),
        "inherits_from": body.get("inheritsFromPriceId"),
        "metadata": jsontext.dumps(body.get("metadata", {})),
        "market_prices": jsontext.dumps(body.get("marketPrices", [])),
        "intro_offer": _merged_intro(None, body),
        "created_at": ctx.now,
        "updated_at": ctx.now,
    }
    ctx.db.insert("price", row)
    if is_default:
        _make_default(ctx, plan["id"], row["id"])
    regional.price_changed(ctx, lookup.price(ctx, plan["id"], row["id"]), added=True)
    lookup.touch_plan(ctx, plan["id"])
    return _answer(ctx, plan["id"], row["id"])


def update(ctx: Context, plan_id: str, price_id: str) -> dict[str, Any]:
    plan = lookup.plan(ctx, plan_id)
    row = lookup.price(ctx, plan["id"], price_id)
    body = ctx.body(UPDATE)
    if row["inherits_from"] is not None:
        ctx.require(("price" in body, "price", "is inherited from the base price"))
    _check_rules(ctx, plan, body)
    _check_markets(ctx, row, body)
    ctx.db.update("price", row["id"], {**_changes(ctx, row, body), "updated_at": ctx.now})
    if body.get("isDefault"):
        _make_default(ctx, plan["id"], row["id"])
    if "price" in body or "includedBalance" in body:
        regional.price_changed(ctx, lookup.price(ctx, plan["id"], row["id"]))
    lookup.touch_plan(ctx, plan["id"])
    return _answer(ctx, plan["id"], row["id"])


def set_default(ctx: Context, plan_id: str, price_id: str) -> dict[str, Any]:
    """The price; before 2026-07-24 only its id and the flag (official SDK 7.10.0, DefaultPlanPrice)."""
    row = lookup.price(ctx, lookup.plan(ctx, plan_id)["id"], price_id)
    _make_default(ctx, row["plan_id"], row["id"])
    lookup.touch_plan(ctx, row["plan_id"])
    if ctx.contract.is_new:
        return _answer(ctx, row["plan_id"], row["id"])
    return ctx.tagged("plan_price", {"id": row["id"], "isDefault": True})


def delete(ctx: Context, plan_id: str, price_id: str) -> dict[str, Any]:
    """Archive a price; refused while something depends on it (which things is not documented; our choice)."""
    row = lookup.price(ctx, lookup.plan(ctx, plan_id)["id"], price_id)
    others = [other for other in lookup.prices(ctx, row["plan_id"]) if other["id"] != row["id"]]
    if any(other["inherits_from"] == row["id"] for other in others):
        raise ApiError("price_in_use", "a variant inherits from this price")
    if row["is_default"] and others:
        raise ApiError("price_in_use", "this price is the plan's default; make another one the default first")
    ctx.db.update("price", row["id"], {"deleted": True, "updated_at": ctx.now})
    lookup.touch_plan(ctx, row["plan_id"])
    return ctx.tagged("plan_price", {"id": row["id"], "deleted": True})


def _answer(ctx: Context, plan_id: str, price_id: str) -> dict[str, Any]:
    row = ctx.db.one(
        "SELECT price.*, base.price AS base_price FROM price LEFT JOIN price base ON base.id = price.inherits_from"
        " WHERE price.id = ?",
        price_id,
    )
    values = {
        "id": row["id"],
        "planId": plan_id,
        **plan_view.price_fields(ctx, row),
        "createdAt": row["created_at"],
        "updatedAt": row["updated_at"],
    }
    return ctx.tagged("plan_price", values)


def _base(ctx: Context, plan_id: str, body: Mapping[str, Any]) -> Row | None:
    """The price that a variant inherits from; None for a base price, which must say what it costs."""
    if "inheritsFromPriceId" not in body:
        if "price" not in body:
            raise invalid(Problem("price", "is required"))
        return None
    base = lookup.price(ctx, plan_id, body["inheritsFromPriceId"])
    problems = [
        Problem(at, message)
        for broken, at, message in (
            (base["inherits_from"] is not None, "inheritsFromPriceId", "must name a base price"),
            (base["billing_interval"] != body["billingInterval"], "billingInterval", "must be the base price's"),
            ("price" in body, "price", "is inherited from the base price"),
            ("marketPrices" not in body, "marketPrices", "is required for a variant"),
            (not _markets(body) <= _stored_markets(base), "marketPrices", "must be markets of the base price"),
        )
        if broken
    ]
    if problems:
        raise invalid(*problems)
    return base


def _refuse_second(siblings: Sequence[Row], interval: str) -> None:
    """One base price per interval; documented for the official configuration format, assumed for the API."""
    if any(row["billing_interval"] == interval and row["inherits_from"] is None for row in siblings):
        raise ApiError("duplicate", f"the plan already has a base price for the interval {interval!r}")


def _check_rules(ctx: Context, plan: Row, body: Mapping[str, Any]) -> None:
    """Rules of the official configuration format, which the API reference does not repeat."""
    model = plan["consumption_model"]
    ctx.require(
        (bool(plan["is_free"]), "", "a free plan has no prices"),
        (
            body.get("includedBalance") is not None and model != "balance",
            "includedBalance",
            "needs a plan with the balance consumption model",
        ),
        (
            body.get("includedCredits") is not None and model != "credits",
            "includedCredits",
            "needs a plan with the credits consumption model",
        ),
    )


def _check_markets(ctx: Context, row: Row, body: Mapping[str, Any]) -> None:
    """A variant overrides markets of its base price only, and the base keeps those (API reference, plans)."""
    if "marketPrices" not in body:
        return
    for other in lookup.prices(ctx, row["plan_id"]):
        if other["id"] == row["inherits_from"] and not _markets(body) <= _stored_markets(other):
            raise invalid(Problem("marketPrices", "must be markets of the base price"))
        if other["inherits_from"] == row["id"] and not _stored_markets(other) <= _markets(body):
            raise ApiError("price_in_use", "a variant depends on a market override of this price")


def _markets(body: Mapping[str, Any]) -> set[str]:
    return {item["marketGroupId"] for item in body.get("marketPrices", [])}


def _stored_markets(row: Row) -> set[str]:
    return {item["marketGroupId"] for item in jsontext.loads(row["market_prices"])}


def _changes(ctx: Context, row: Row, body: Mapping[str, Any]) -> dict[str, Any]:
    plain = {"isDefault": "is_default", "trialDays": "trial_days", "includedCredits": "included_credits"}
    changes = {column: body[name] for name, column in plain.items() if name in body}
    if "price" in body:
        changes["price"] = ctx.amount_in(body["price"], "usd", "price")
    if "includedBalance" in body:
        changes["included_balance"] = ctx.balance_in(body["includedBalance"], "usd", "includedBalance")
    if "metadata" in body:
        changes["metadata"] = jsontext.dumps(merged(jsontext.loads(row["metadata"]), body["metadata"]))
    if "marketPrices" in body:
        changes["market_prices"] = jsontext.dumps(body["marketPrices"])
    if "introOffer" in body:
        changes["intro_offer"] = _merged_intro(row["intro_offer"], body)
    return changes


def _merged_intro(stored: str | None, body: Mapping[str, Any]) -> str | None:
    if "introOffer" not in body:
        return stored
    before = jsontext.loads(stored) if stored else {"enabled": False}
    return jsontext.dumps(dict.fromkeys(_INTRO_KEYS) | before | body["introOffer"])


def _make_default(ctx: Context, plan_id: str, price_id: str) -> None:
    ctx.db.run("UPDATE price SET is_default = (id = ?) WHERE plan_id = ?", price_id, plan_id)
    ctx.db.update("price", price_id, {"updated_at": ctx.now})

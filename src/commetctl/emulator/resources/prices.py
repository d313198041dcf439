"""Plan prices: adding base prices and variants, updating, the default, and archiving."""

from commetctl.emulator import wire
from commetctl.emulator.errors import Problem, conflict, invalid
from commetctl.emulator.resource import Context, Operation, Resource, columns, new_id, picked, refuse
from commetctl.emulator.resources import markets, plan_view, regional_values
from commetctl.emulator.resources.plans import merged
from commetctl.emulator.store import Row, Table
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
from commetctl.emulator.versions import FIRST_NEW, LAST_OLD, NESTED, WRITES
from commetctl.emulator.wire import JsonObject

_MARKET_PRICE = {
    "marketGroupId": Field(Text(low=1), required=True),
    "currency": Field(VersionChoice("currencies"), required=True),
    "price": Field(Integer(), required=True),
}
_COMMON: Fields = {
    "price": Field(Integer()),
    "trialDays": Field(Integer(high=INT32)),
    "isDefault": Field(Flag()),
    "includedBalance": Field(Integer(), nullable=True),
    "includedCredits": Field(Integer(high=INT32), nullable=True),
    # An introductory offer: four keys at first, one object from 2026-06-07 on.
    "introOfferEnabled": Field(Flag(), until=WRITES),
    "introOfferDiscountType": Field(Choice(("percentage", "amount")), nullable=True, until=WRITES),
    "introOfferDiscountValue": Field(Integer(), nullable=True, until=WRITES),
    "introOfferDurationCycles": Field(Integer(high=INT32), nullable=True, until=WRITES),
    "metadata": Field(FreeObject(), since=FIRST_NEW),
    "marketPrices": Field(ListOf(Record(_MARKET_PRICE), unique="marketGroupId"), since=FIRST_NEW),
}


def _intro_offer(*, required: bool) -> Field:
    fields = {
        "enabled": Field(Flag(), required=required),
        "discountType": Field(Choice(("percentage", "amount"))),
        "discountValue": Field(Integer()),
        "durationCycles": Field(Integer(high=INT32)),
    }
    return Field(Record(fields), since=NESTED, until=LAST_OLD)


_ADD: Fields = {
    "billingInterval": Field(VersionChoice("intervals"), required=True),
    **_COMMON,
    "inheritsFromPriceId": Field(Text(), since=FIRST_NEW),
    "introOffer": _intro_offer(required=True),
}
_UPDATE: Fields = {**_COMMON, "introOffer": _intro_offer(required=False)}
_FLAT = "introOffer"
_NO_INTRO_OFFER = {"enabled": False, "discountType": None, "discountValue": None, "durationCycles": None}


def add(ctx: Context, plan_id: str) -> JsonObject:
    """Add a base price, which has a price, or a variant, which has inheritsFromPriceId and marketPrices instead."""
    plan = ctx.find("plan", plan_id)
    body = _nested(ctx.body(_ADD))
    siblings = plan_view.prices(ctx, plan_id)
    _check_base(ctx, plan_id, body)
    if "inheritsFromPriceId" not in body and _has_base(siblings, body["billingInterval"]):
        message = f"the plan already has a base price for the interval {body['billingInterval']!r}"
        raise conflict("duplicate", message)
    _check_rules(ctx, plan, body)
    _require_markets(ctx, body)
    is_default = body.pop("isDefault", not siblings and ctx.quirks["default_price"] == "first")
    price_id = new_id("pp")
    defaults = {"is_default": False, "trial_days": 0, "metadata": "{}", "market_prices": "[]"}
    times = {"created_at": ctx.now, "updated_at": ctx.now}
    ctx.db.insert("price", {"id": price_id, "plan_id": plan_id, **defaults, **times, **_columns(ctx, body, None)})
    if is_default:
        _make_default(ctx, plan_id, price_id)
    regional_values.price_changed(ctx, plan_view.price(ctx, plan_id, price_id), added=True)
    plan_view.touch(ctx, plan_id)
    return _answer(ctx, plan_id, price_id)


def update(ctx: Context, plan_id: str, price_id: str) -> JsonObject:
    plan = ctx.find("plan", plan_id)
    row = plan_view.price(ctx, plan_id, price_id)
    body = _nested(ctx.body(_UPDATE))
    if row["inherits_from"] is not None:
        ctx.require(("price" in body, "price", "is inherited from the base price"))
    _check_rules(ctx, plan, body)
    _require_markets(ctx, body)
    if "marketPrices" in body:
        _check_markets(ctx, row, body)
    ctx.update("price", price_id, _columns(ctx, body, row))
    if body.get("isDefault"):
        _make_default(ctx, plan_id, price_id)
    if "price" in body or "includedBalance" in body:
        regional_values.price_changed(ctx, plan_view.price(ctx, plan_id, price_id))
    plan_view.touch(ctx, plan_id)
    return _answer(ctx, plan_id, price_id)


def set_default(ctx: Context, plan_id: str, price_id: str) -> JsonObject:
    """The price; before 2026-07-24 only its id and the flag (official SDK 7.10.0, DefaultPlanPrice)."""
    plan_view.price(ctx, plan_id, price_id)
    _make_default(ctx, plan_id, price_id)
    plan_view.touch(ctx, plan_id)
    if ctx.version.is_new:
        return _answer(ctx, plan_id, price_id)
    return _tagged(ctx, {"id": price_id, "isDefault": True})


def _delete(ctx: Context, plan_id: str, price_id: str) -> JsonObject:
    """Archive a price; refused while something depends on it (which things is not documented; our choice)."""
    row = plan_view.price(ctx, plan_id, price_id)
    others = [other for other in plan_view.prices(ctx, plan_id) if other["id"] != price_id]
    if any(other["inherits_from"] == price_id for other in others):
        raise conflict("price_in_use", "a variant inherits from this price")
    if row["is_default"] and others:
        raise conflict("price_in_use", "this price is the plan's default; make another one the default first")
    plan_view.touch(ctx, plan_id)
    return ctx.receipt("plan_price", ctx.delete("price", price_id), parent="plan")


def _answer(ctx: Context, plan_id: str, price_id: str) -> JsonObject:
    row = plan_view.price(ctx, plan_id, price_id)
    fields = plan_view.price_fields(ctx, row)
    if ctx.version.name < NESTED:
        offer = fields.pop("introOffer") or _NO_INTRO_OFFER
        fields |= {_FLAT + name[0].upper() + name[1:]: value for name, value in offer.items()}
    return _tagged(ctx, {**picked(row, "id plan_id"), **fields, **picked(row, "created_at updated_at")})


def _nested(body: JsonObject) -> JsonObject:
    """A body with its introductory offer as one object."""
    flat = {name: value for name, value in body.items() if name.startswith(_FLAT) and name != _FLAT}
    if not flat:
        return body
    offer = {name[len(_FLAT)].lower() + name[len(_FLAT) + 1 :]: value for name, value in flat.items()}
    return {**{name: value for name, value in body.items() if name not in flat}, "introOffer": offer}


def _tagged(ctx: Context, values: JsonObject) -> JsonObject:
    return ctx.tagged("plan_price", values, parent="plan")


def _check_base(ctx: Context, plan_id: str, body: JsonObject) -> None:
    """A base price needs a price; a variant needs a base price that it fits."""
    if "inheritsFromPriceId" not in body:
        refuse(("price" not in body, "price", "is required"))
        return
    base = plan_view.price(ctx, plan_id, body["inheritsFromPriceId"])
    refuse(
        (base["inherits_from"] is not None, "inheritsFromPriceId", "must name a base price"),
        (base["billing_interval"] != body["billingInterval"], "billingInterval", "must be the base price's"),
        ("price" in body, "price", "is inherited from the base price"),
        ("marketPrices" not in body, "marketPrices", "is required for a variant"),
        (not _markets(body) <= _stored_markets(base), "marketPrices", "must be markets of the base price"),
    )


def _has_base(prices: list[Row], interval: str) -> bool:
    """One base price per interval; documented for the official configuration format, assumed for the API."""
    return any(row["billing_interval"] == interval and row["inherits_from"] is None for row in prices)


def _check_rules(ctx: Context, plan: Row, body: JsonObject) -> None:
    """Rules of the official configuration format, which the API reference does not repeat."""
    model = plan["consumption_model"]
    balance, credits_ = body.get("includedBalance") is not None, body.get("includedCredits") is not None
    needs = "needs a plan with the {} consumption model"
    ctx.require(
        (bool(plan["is_free"]), "", "a free plan has no prices"),
        (balance and model != "balance", "includedBalance", needs.format("balance")),
        (credits_ and model != "credits", "includedCredits", needs.format("credits")),
    )


def _check_markets(ctx: Context, row: Row, body: JsonObject) -> None:
    """A variant overrides only markets of its base price, and the base price keeps those (API reference, plans)."""
    for other in plan_view.prices(ctx, row["plan_id"]):
        if other["id"] == row["inherits_from"] and not _markets(body) <= _stored_markets(other):
            raise invalid(Problem("marketPrices", "must be markets of the base price"))
        if other["inherits_from"] == row["id"] and not _stored_markets(other) <= _markets(body):
            raise conflict("price_in_use", "a variant depends on a market override of this price")


def _require_markets(ctx: Context, body: JsonObject) -> None:
    for item in body.get("marketPrices", []):
        markets.find(ctx, item["marketGroupId"])


def _markets(body: JsonObject) -> set[str]:
    return {item["marketGroupId"] for item in body.get("marketPrices", [])}


def _stored_markets(row: Row) -> set[str]:
    return _markets({"marketPrices": wire.loads(row["market_prices"])})


def _columns(ctx: Context, body: JsonObject, row: Row | None) -> JsonObject:
    """The columns that a body sets in a new row, or in a stored one whose metadata and offer it merges into."""
    values = dict(body)
    if "price" in body:
        values["price"] = ctx.amount_in(body["price"], "price")
    if "includedBalance" in body:
        values["includedBalance"] = ctx.balance_in(body["includedBalance"], "includedBalance")
    if "inheritsFromPriceId" in body:
        values["inheritsFrom"] = values.pop("inheritsFromPriceId")
    if "metadata" in body and row is not None:
        values["metadata"] = merged(row["metadata"], body["metadata"])
    if "introOffer" in body:
        stored = row["intro_offer"] if row is not None else None
        values["introOffer"] = {**(wire.loads(stored) if stored else _NO_INTRO_OFFER), **body["introOffer"]}
    return columns(values)


def _make_default(ctx: Context, plan_id: str, price_id: str) -> None:
    ctx.db.run("UPDATE price SET is_default = (id = ?) WHERE plan_id = ?", price_id, plan_id)
    ctx.update("price", price_id, {})


_PRICE = "/plans/<plan_id>/prices/<price_id>"
RESOURCE = Resource(
    "plan",
    (
        Operation("POST /plans/<plan_id>/prices", add),
        Operation(f"PATCH {_PRICE}", update, old=f"PUT {_PRICE}"),
        Operation(f"DELETE {_PRICE}", _delete),
        Operation(f"PUT {_PRICE}/default", set_default),
    ),
    (
        Table(
            "price",
            "seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, plan_id TEXT NOT NULL REFERENCES plan (id),"
            " billing_interval TEXT NOT NULL, price INTEGER, is_default INTEGER NOT NULL, trial_days INTEGER NOT NULL,"
            " included_balance INTEGER, included_credits INTEGER, inherits_from TEXT REFERENCES price (id),"
            " metadata TEXT NOT NULL, market_prices TEXT NOT NULL, intro_offer TEXT,"
            " created_at TEXT NOT NULL, updated_at TEXT NOT NULL, deleted INTEGER NOT NULL DEFAULT 0",
            looked_up_by="plan_id",
        ),
    ),
)

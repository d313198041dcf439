"""Plan versions, as far as they affect older API versions: with the quirk, subscriptions keep the terms they accepted.

The list of versions is read-only, in API version 2026-10-04. Each plan has one version, which stands for the terms in
use. Publishing and promoting versions, and moving subscriptions to another one, are not modelled.
"""

from collections.abc import Mapping

from commetctl.emulator import wire
from commetctl.emulator.errors import unavailable
from commetctl.emulator.resource import Context, Operation, Page, Resource, picked
from commetctl.emulator.resources import plan_view, pricing
from commetctl.emulator.store import Database, Row, Table
from commetctl.emulator.wire import JsonObject

_QUIRK = "plan_versions"
#: What a subscription accepts of its price.
_TERMS = ("base_price", "included_balance", "included_credits")
_NOT_ACCEPTED = """
SELECT s.id, s.plan_id, s.price_id, s.currency, s.market_id,
    COALESCE(price.price, base.price) AS base_price, price.included_balance, price.included_credits
FROM subscription s LEFT JOIN price ON price.id = s.price_id LEFT JOIN price base ON base.id = price.inherits_from
WHERE s.id NOT IN (SELECT subscription_id FROM accepted_terms)
"""
_PACKS = """
SELECT * FROM credit_pack WHERE livemode = ? AND NOT deleted AND id NOT IN (SELECT pack_id FROM pending_pack)
ORDER BY seq
"""
# Those that fit the plan (guide, add-ons).
_ADDONS = """
SELECT * FROM addon WHERE livemode = ? AND NOT deleted AND consumption_model IN ('boolean', ?)
AND id NOT IN (SELECT addon_id FROM pending_addon) ORDER BY seq
"""


def _list(ctx: Context, plan_id: str) -> Page:
    if not is_on(ctx):
        raise unavailable("GET /plans/{id}/versions", ctx.version.name)
    return Page([_main(ctx, ctx.find("plan", plan_id))])


def is_on(ctx: Context) -> bool:
    return ctx.quirks[_QUIRK] == "on"


def accept(db: Database) -> None:
    """Store the current terms of each subscription that has none stored yet."""
    for row in db.all(_NOT_ACCEPTED):
        terms = {name: row[name] for name in _TERMS} | {"features": features(db, row)}
        if row["price_id"] is not None:
            terms["charged"] = pricing.amount(db, row["price_id"], pricing.place_of(row))
        db.insert("accepted_terms", {"subscription_id": row["id"], "terms": wire.dumps(terms)})


def accepted(ctx: Context, subscription: Row) -> JsonObject:
    """A subscription with the terms that it accepted, or with those of the catalog where there are no versions."""
    terms = _kept(ctx, subscription) or {"features": features(ctx.db, subscription)}
    return {**dict(subscription), **terms}


def charged(ctx: Context, subscription: Row) -> pricing.Amount:
    """What a subscription with a price pays for a period: the price that it accepted, or that of the catalog.

    Terms that an earlier emulator stored have the price in US dollars alone.
    """
    terms = _kept(ctx, subscription)
    if terms is None:
        return pricing.amount(ctx.db, subscription["price_id"], pricing.place_of(subscription))
    return pricing.Amount(*terms.get("charged", (pricing.DOLLARS, terms["base_price"])))


def _kept(ctx: Context, subscription: Row) -> JsonObject | None:
    kept = ctx.db.first("SELECT terms FROM accepted_terms WHERE subscription_id = ?", subscription["id"])
    terms: JsonObject | None = wire.loads(kept["terms"]) if kept is not None and is_on(ctx) else None
    return terms


def features(db: Database, subscription: Row) -> list[JsonObject]:
    """The features of the plan of a subscription, as the catalog has them."""
    return [dict(row) for row in plan_view.features(db, subscription["plan_id"])]


#: What versions contain beside their plan, by the table that remembers which ones no version contains yet.
_PENDING = {"credit_pack": ("pending_pack", "pack_id"), "addon": ("pending_addon", "addon_id")}


def hold_back(ctx: Context, kind: str, item_id: str) -> None:
    """A new pack or add-on is in no version, and nobody can buy it."""
    if is_on(ctx):
        table, column = _PENDING[kind]
        ctx.db.insert(table, {column: item_id})


def is_held_back(ctx: Context, kind: str, item_id: str) -> bool:
    table, column = _PENDING[kind]
    return is_on(ctx) and ctx.db.first(f"SELECT 1 FROM {table} WHERE {column} = ?", item_id) is not None  # noqa: S608


def _main(ctx: Context, plan: Row) -> JsonObject:
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
            "blockOnExhaustion": view["blockOnExhaustion"],
            "freeIncludedCredits": None,
            "freeIncludedBalance": None,
            "prices": [_price(price) for price in view["prices"]],
            "features": [_feature(row) for row in plan_view.features(ctx.db, plan["id"])],
            "countries": [],
            "addons": [_addon(row) for row in ctx.db.all(_ADDONS, ctx.livemode, plan["consumption_model"])],
            "creditPacks": [_pack(row) for row in ctx.db.all(_PACKS, ctx.livemode)],
        },
    }
    return ctx.tagged("plan_version", values)


def _price(price: Mapping[str, object]) -> JsonObject:
    names = ("id", "billingInterval", "price", "isDefault", "includedBalance", "includedCredits")
    return {name: price[name] for name in (*names, "inheritsFromPriceId", "offerId")} | {"countries": []}


def _feature(row: Row) -> JsonObject:
    charged = bool(row["overage_enabled"])
    return {
        "featureId": row["feature_id"],
        "enabled": bool(row["enabled"]),
        "unlimited": bool(row["unlimited"]),
        "includedAmount": None if row["type"] == "boolean" else row["included_amount"],
        "overageEnabled": charged,
        "overageUnitPrice": row["overage_unit_price"] if charged else None,
        "overageModel": "per_unit" if charged else None,
        **picked(row, "credits_per_unit pricing_mode margin"),
        "discountType": None,
        "discountValue": None,
        "countries": [],
    }


def _addon(row: Row) -> JsonObject:
    price = {"currency": "usd", "price": row["base_price"], "overageRate": row["overage_rate"]}
    names = "id feature_id name consumption_model included_units credit_cost"
    return {**picked(row, names), "prices": [price]}


def _pack(row: Row) -> JsonObject:
    return {**picked(row, "id name credits"), "prices": [{"currency": "usd", "price": row["price"]}]}


RESOURCE = Resource(
    "plan",
    (Operation("GET /plans/<plan_id>/versions", _list, since="2026-10-04"),),
    (
        Table(
            "accepted_terms",
            "subscription_id TEXT PRIMARY KEY REFERENCES subscription (id), terms TEXT NOT NULL",
        ),
        Table("pending_addon", "addon_id TEXT PRIMARY KEY REFERENCES addon (id)"),
        Table("pending_pack", "pack_id TEXT PRIMARY KEY REFERENCES credit_pack (id)"),
    ),
    on_open=(_QUIRK, accept),
)

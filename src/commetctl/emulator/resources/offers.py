"""Offers, terms that change what a customer pays for a while; how customers get them is up to others."""

from commetctl.emulator import wire
from commetctl.emulator.errors import conflict, missing
from commetctl.emulator.paging import paged
from commetctl.emulator.resource import Context, Operation, Page, Resource, columns, new_id, picked, refuse
from commetctl.emulator.resources import offer_phases
from commetctl.emulator.store import Row, Table, object_table
from commetctl.emulator.validate import Choice, Field, Fields, Flag, FreeObject, ListOf, Text, Time
from commetctl.emulator.versions import FIRST_NEW
from commetctl.emulator.wire import JsonObject

_PURPOSES = ("introductory", "promotional")
# An update replaces the offer, although it is a PATCH (API reference, offers).
_FIELDS: Fields = {
    "name": Field(Text(low=1), required=True),
    # Which prices an offer is for was part of it in one version only (official SDK 8.0.1).
    "purpose": Field(Choice(_PURPOSES), required=True, since=FIRST_NEW, until=FIRST_NEW),
    "planPriceIds": Field(ListOf(Text(low=1)), required=True, since=FIRST_NEW, until=FIRST_NEW),
    "phases": offer_phases.PHASES,
    "metadata": Field(FreeObject()),
    "startsAt": Field(Time(), nullable=True),
    "endsAt": Field(Time(), nullable=True),
    "active": Field(Flag()),
}
_DEFAULTS: JsonObject = {"metadata": {}, "startsAt": None, "endsAt": None, "active": True}
_FILTERS = """
NOT deleted AND (? IS NULL OR is_active = ?) AND (? IS NULL OR purpose = ?)
AND (? IS NULL OR id IN (SELECT offer_id FROM offer_price WHERE price_id = ?))
"""
_PRICE = """
SELECT price.* FROM price JOIN plan ON plan.id = price.plan_id
WHERE plan.livemode = ? AND NOT plan.deleted AND NOT price.deleted AND price.id = ?
"""
_PLACED = """
SELECT price_id FROM offer_price JOIN price ON price.id = price_id JOIN plan ON plan.id = price.plan_id
WHERE offer_id = ? AND NOT price.deleted AND NOT plan.deleted ORDER BY offer_price.rowid
"""
_HOLDER = """
SELECT offer.name FROM offer_price JOIN offer ON offer.id = offer_id
WHERE price_id = ? AND purpose = 'introductory' AND NOT offer.deleted AND offer.id <> ?
"""


def insert(ctx: Context, name: str, phases: list[JsonObject]) -> str:
    """Add an offer of some phases; its id."""
    offer_id = new_id("ofr")
    ctx.insert("offer", offer_id, _columns({"name": name, "phases": phases}))
    return offer_id


def price_ids(ctx: Context, offer_id: str) -> list[str]:
    """The prices that an offer was placed on in 2026-07-24."""
    return [row["price_id"] for row in ctx.db.all(_PLACED, offer_id)]


def _list(ctx: Context) -> Page:
    """Filtered by `active`, and in 2026-07-24 by `purpose` and `planPriceId`."""
    active = ctx.query.get("active")
    placed = ctx.query if offer_phases.is_first(ctx) else {}
    purpose, price = placed.get("purpose"), placed.get("planPriceId")
    refuse(
        (active not in (None, "true", "false"), "active", "must be true or false"),
        (purpose not in (None, *_PURPOSES), "purpose", f"must be one of {', '.join(_PURPOSES)}"),
    )
    wanted = None if active is None else active == "true"
    return paged(ctx, "offer", _view, _FILTERS, wanted, wanted, purpose, purpose, price, price)


def _get(ctx: Context, offer_id: str) -> JsonObject:
    return _view(ctx, ctx.find("offer", offer_id))


def _create(ctx: Context) -> JsonObject:
    offer_id = new_id("ofr")
    body = ctx.body(_FIELDS)
    _check(ctx, offer_id, body, body.get("purpose"))
    ctx.insert("offer", offer_id, _columns(body))
    _place(ctx, offer_id, body)
    return _get(ctx, offer_id)


def _replace(ctx: Context, offer_id: str) -> JsonObject:
    """Give an offer the fields of the body; whatever is left out gets its default.

    Where an offer is placed stays as it is in the versions that do not have it (our choice).
    """
    row = ctx.find("offer", offer_id)
    body = ctx.body(_FIELDS)
    _check(ctx, offer_id, body, body.get("purpose", row["purpose"]))
    ctx.update("offer", offer_id, _columns(body))
    _place(ctx, offer_id, body)
    return _get(ctx, offer_id)


def _delete(ctx: Context, offer_id: str) -> JsonObject:
    """A soft deletion, which nothing prevents; the answer has no id (official SDK 9.7.0, DeletedOffer)."""
    ctx.find("offer", offer_id)
    ctx.delete("offer", offer_id)
    return ctx.tagged("offer", {"deleted": True})


def _columns(body: JsonObject) -> JsonObject:
    values = {**_DEFAULTS, **body}
    values["isActive"] = values.pop("active")
    values.pop("planPriceIds", None)
    return columns(values)


def _view(ctx: Context, row: Row) -> JsonObject:
    placement = (
        {"purpose": row["purpose"], "planPriceIds": price_ids(ctx, row["id"])} if offer_phases.is_first(ctx) else {}
    )
    values = {
        **picked(row, "id name"),
        **placement,
        "phases": [offer_phases.shown(ctx, phase) for phase in wire.loads(row["phases"])],
        "metadata": wire.loads(row["metadata"]),
        **picked(row, "starts_at ends_at"),
        "active": bool(row["is_active"]),
        **picked(row, "created_at updated_at"),
    }
    return ctx.tagged("offer", values)


def _check(ctx: Context, offer_id: str, body: JsonObject, purpose: str | None) -> None:
    refuse(*offer_phases.rules(ctx, body["phases"]))
    starts, ends = body.get("startsAt"), body.get("endsAt")
    ctx.require((bool(starts and ends and ends <= starts), "endsAt", "must be after startsAt"))
    if purpose == "introductory":
        refuse(*offer_phases.introductory_rules(body["phases"]))
        refuse((body.get("planPriceIds") == [], "planPriceIds", "an introductory offer needs a price"))
    for price_id in body.get("planPriceIds", []):
        _check_price(ctx, offer_id, price_id, purpose)


def _check_price(ctx: Context, offer_id: str, price_id: str, purpose: str | None) -> None:
    """An introductory offer is placed on base prices, each of which has one at most (guide, introductory offers)."""
    row = ctx.db.first(_PRICE, ctx.livemode, price_id)
    if row is None:
        raise missing("price", price_id)
    if purpose != "introductory":
        return
    refuse((row["inherits_from"] is not None, "planPriceIds", f"{price_id} is a variant, which inherits the offer"))
    holder = ctx.db.first(_HOLDER, price_id, offer_id)
    if holder is not None:
        message = f"price {price_id} has the introductory offer {holder['name']!r}"
        raise conflict("duplicate", message, param="planPriceIds")


def _place(ctx: Context, offer_id: str, body: JsonObject) -> None:
    if "planPriceIds" not in body:
        return
    ctx.db.run("DELETE FROM offer_price WHERE offer_id = ?", offer_id)
    for price_id in dict.fromkeys(body["planPriceIds"]):
        ctx.db.insert("offer_price", {"offer_id": offer_id, "price_id": price_id})


RESOURCE = Resource(
    "offer",
    (
        Operation("GET /offers", _list, since=FIRST_NEW),
        Operation("POST /offers", _create, since=FIRST_NEW),
        Operation("GET /offers/<offer_id>", _get, since=FIRST_NEW),
        Operation("PATCH /offers/<offer_id>", _replace, since=FIRST_NEW),
        Operation("DELETE /offers/<offer_id>", _delete, since=FIRST_NEW),
    ),
    (
        object_table(
            "offer",
            "name TEXT NOT NULL, purpose TEXT NOT NULL DEFAULT 'promotional', phases TEXT NOT NULL,"
            " metadata TEXT NOT NULL, starts_at TEXT, ends_at TEXT, is_active INTEGER NOT NULL",
        ),
        Table(
            "offer_price",
            "offer_id TEXT NOT NULL REFERENCES offer (id), price_id TEXT NOT NULL REFERENCES price (id)",
            ("PRIMARY KEY (offer_id, price_id)",),
            looked_up_by="price_id",
        ),
    ),
)

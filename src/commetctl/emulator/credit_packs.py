"""Credit packs: what customers on credits plans can buy; prices are US cents in every version."""

from typing import Any

from commetctl.emulator import plan_versions
from commetctl.emulator.context import Context, Page, missing, new_id, paged
from commetctl.emulator.errors import ApiError
from commetctl.emulator.store import Row
from commetctl.emulator.validate import Field, Fields, Flag, Integer, Text

_NAME, _DESCRIPTION = Text(low=1, high=100), Text(high=255)
_CREDITS, _PRICE = Integer(low=1), Integer()

CREATE: Fields = {
    "name": Field(_NAME, required=True),
    "description": Field(_DESCRIPTION),
    "credits": Field(_CREDITS, required=True),
    "price": Field(_PRICE, required=True),
    "isActive": Field(Flag()),
}
UPDATE: Fields = {
    "name": Field(_NAME),
    "description": Field(_DESCRIPTION),
    "credits": Field(_CREDITS),
    "price": Field(_PRICE),
    "isActive": Field(Flag()),
}


def list_active(ctx: Context) -> Page:
    rows = ctx.db.all(
        "SELECT * FROM credit_pack WHERE livemode = ? AND is_active AND NOT deleted ORDER BY seq", ctx.livemode
    )
    page, cursor = paged(ctx, rows)
    return Page([_item(ctx, row) for row in page], cursor)


def create(ctx: Context) -> dict[str, Any]:
    body = ctx.body(CREATE)
    _refuse_taken_name(ctx, body["name"])
    row = {
        "id": new_id("cpk"),
        "livemode": ctx.livemode,
        "name": body["name"],
        "description": body.get("description"),
        "credits": body["credits"],
        "price": body["price"],
        "is_active": body.get("isActive", True),
        "created_at": ctx.now,
        "updated_at": ctx.now,
    }
    ctx.db.insert("credit_pack", row)
    plan_versions.hold_back(ctx, row["id"])
    return _written(ctx, find(ctx, row["id"]))


def update(ctx: Context, pack_id: str) -> dict[str, Any]:
    row = find(ctx, pack_id)
    body = ctx.body(UPDATE)
    if body.get("name", row["name"]) != row["name"]:
        _refuse_taken_name(ctx, body["name"])
    changes = {"is_active" if name == "isActive" else name: value for name, value in body.items()}
    ctx.db.update("credit_pack", row["id"], {**changes, "updated_at": ctx.now})
    return _written(ctx, find(ctx, row["id"]))


def delete(ctx: Context, pack_id: str) -> dict[str, Any]:
    row = find(ctx, pack_id)
    ctx.db.update("credit_pack", row["id"], {"deleted": True, "updated_at": ctx.now})
    return ctx.tagged("credit_pack", {"id": row["id"], "deleted": True})


def find(ctx: Context, pack_id: str) -> Row:
    row = ctx.db.first("SELECT * FROM credit_pack WHERE livemode = ? AND id = ? AND NOT deleted", ctx.livemode, pack_id)
    if row is None:
        raise missing("credit_pack_not_found", "credit pack", pack_id)
    return row


def _item(ctx: Context, row: Row) -> dict[str, Any]:
    """A list item: since 2026-07-24 without isActive and times (official SDK 9.7.0, CreditPackListItem)."""
    return ctx.tagged(
        "credit_pack", {**_fields(row), "currency": "usd", **({} if ctx.contract.is_new else _state(row))}
    )


def _written(ctx: Context, row: Row) -> dict[str, Any]:
    """The answer to a write: since 2026-07-24 without the currency (official SDK 9.7.0, CreditPack)."""
    return ctx.tagged(
        "credit_pack", {**_fields(row), **({} if ctx.contract.is_new else {"currency": "usd"}), **_state(row)}
    )


def _fields(row: Row) -> dict[str, Any]:
    return {name: row[name] for name in ("id", "name", "description", "credits", "price")}


def _state(row: Row) -> dict[str, Any]:
    return {"isActive": bool(row["is_active"]), "createdAt": row["created_at"], "updatedAt": row["updated_at"]}


def _refuse_taken_name(ctx: Context, name: str) -> None:
    """Names are unique within the organization (guide, credit packs), inactive packs included."""
    reusable = ctx.quirks["code_reuse"] == "allowed"
    taken = ctx.db.first(
        "SELECT 1 FROM credit_pack WHERE livemode = ? AND name = ? AND NOT (deleted AND ?)",
        *(ctx.livemode, name, reusable),
    )
    if taken is not None:
        raise ApiError("duplicate", f"a credit pack named {name!r} already exists", param="name")

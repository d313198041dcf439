"""Credit packs, which customers on credits plans can buy; prices are US cents in every version."""

from commetctl.emulator.errors import conflict
from commetctl.emulator.resource import Context, Operation, Page, Resource, columns, new_id, picked
from commetctl.emulator.resources import plan_versions
from commetctl.emulator.store import Row, object_table
from commetctl.emulator.validate import Field, Fields, Flag, Integer, Text
from commetctl.emulator.versions import LAST_OLD, NESTED
from commetctl.emulator.wire import JsonObject


def _fields(*, required: bool) -> Fields:
    return {
        "name": Field(Text(low=1, high=100), required=required),
        "description": Field(Text(high=255)),
        "credits": Field(Integer(low=1), required=required),
        "price": Field(Integer(), required=required),
        "isActive": Field(Flag()),
    }


def _list(ctx: Context) -> Page:
    rows, cursor = ctx.page("credit_pack", "is_active AND NOT deleted")
    return Page([_item(ctx, row) for row in rows], cursor)


def _create(ctx: Context) -> JsonObject:
    body = ctx.body(_fields(required=True))
    _refuse_taken_name(ctx, body["name"])
    pack_id = new_id("cpk")
    ctx.insert("credit_pack", pack_id, {"is_active": True, **columns(body)})
    plan_versions.hold_back(ctx, "credit_pack", pack_id)
    return _written(ctx, pack_id)


def _update(ctx: Context, pack_id: str) -> JsonObject:
    row = ctx.find("credit_pack", pack_id)
    body = ctx.body(_fields(required=False))
    if body.get("name", row["name"]) != row["name"]:
        _refuse_taken_name(ctx, body["name"])
    ctx.update("credit_pack", pack_id, columns(body))
    return _written(ctx, pack_id)


def _delete(ctx: Context, pack_id: str) -> JsonObject:
    ctx.find("credit_pack", pack_id)
    return ctx.receipt("credit_pack", ctx.delete("credit_pack", pack_id))


_FIELDS = "id name description credits price"
_STATE = "is_active created_at updated_at"


def _item(ctx: Context, row: Row) -> JsonObject:
    """A list item, which has isActive and times only from 2026-06-07 to 2026-07-11 (official SDKs 5.5.0 and 9.7.0)."""
    state = picked(row, _STATE) if ctx.version.within(NESTED, LAST_OLD) else {}
    return ctx.tagged("credit_pack", {**picked(row, _FIELDS), "currency": "usd", **state})


def _written(ctx: Context, pack_id: str) -> JsonObject:
    """The answer to a write, which has the currency only from 2026-06-07 to 2026-07-11 (the same SDKs)."""
    row = ctx.find("credit_pack", pack_id)
    currency = {"currency": "usd"} if ctx.version.within(NESTED, LAST_OLD) else {}
    return ctx.tagged("credit_pack", {**picked(row, _FIELDS), **currency, **picked(row, _STATE)})


def _refuse_taken_name(ctx: Context, name: str) -> None:
    """Names are unique within the account (guide, credit packs); that inactive packs count is our choice."""
    where = "is_active" if ctx.quirks["inactive_names"] == "free" else "1"
    if ctx.quirks["pack_names"] == "unique" and ctx.is_taken("credit_pack", "name", name, where=where):
        raise conflict("duplicate", f"a credit pack named {name!r} already exists", param="name")


RESOURCE = Resource(
    "credit_pack",
    (
        Operation("GET /credit-packs", _list, since=""),
        Operation("POST /credit-packs", _create, old="POST /credit-packs/manage"),
        Operation("PATCH /credit-packs/<pack_id>", _update, old="PUT /credit-packs/<pack_id>"),
        Operation("DELETE /credit-packs/<pack_id>", _delete),
    ),
    (
        object_table(
            "credit_pack",
            "name TEXT NOT NULL, description TEXT, credits INTEGER NOT NULL, price INTEGER NOT NULL,"
            " is_active INTEGER NOT NULL",
        ),
    ),
)

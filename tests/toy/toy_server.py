"""Coupons, a kind of the emulator that only the tests have: one module, registered by `(*RESOURCES, COUPONS)`.

It has what the kinds of the catalog have not: a reference, a union, lists, a time, a name that reads and writes spell
differently, a PATCH that replaces the whole object, and deactivation instead of deletion.
"""

from commetctl.emulator import wire
from commetctl.emulator.errors import conflict
from commetctl.emulator.resource import Context, Operation, Page, Resource, columns, new_id, picked
from commetctl.emulator.store import Row, object_table
from commetctl.emulator.validate import (
    Field,
    Fields,
    Flag,
    Integer,
    ListOf,
    Record,
    Text,
    Time,
    Union,
    VersionChoice,
)
from commetctl.emulator.wire import JsonObject

SINCE = "2026-08-27"

_AMOUNT = {
    "currency": Field(VersionChoice("currencies"), required=True),
    # In minor units of the currency, and stored so.
    "amount": Field(Integer(), required=True),
}
_TERM = Union(
    "kind",
    {
        "percent": {"basisPoints": Field(Integer(high=10_000), required=True)},
        "amount": {"amounts": Field(ListOf(Record(_AMOUNT), unique="currency"), required=True)},
        "months": {"count": Field(Integer(), required=True)},
    },
)
_CODE = Text(pattern="[A-Z0-9_-]+")
_FIELDS: Fields = {
    "name": Field(Text(low=1), required=True),
    "featureId": Field(Text(), nullable=True),
    "active": Field(Flag()),
    "expiresAt": Field(Time(), nullable=True),
    "terms": Field(ListOf(_TERM)),
    "tags": Field(ListOf(Text(low=1))),
}
_CREATE: Fields = {"code": Field(_CODE, required=True), **_FIELDS}
# The code of a coupon can be left out of a replacement, and then stays as it is.
_REPLACE: Fields = {"code": Field(_CODE), **_FIELDS}
_DEFAULTS: JsonObject = {"featureId": None, "active": True, "expiresAt": None, "terms": [], "tags": []}


def _list(ctx: Context) -> Page:
    """All coupons, inactive ones included."""
    rows, cursor = ctx.page("coupon", "NOT deleted")
    return Page([_view(ctx, row) for row in rows], cursor)


def _get(ctx: Context, coupon_id: str) -> JsonObject:
    return _view(ctx, ctx.find("coupon", coupon_id))


def _create(ctx: Context) -> JsonObject:
    body = ctx.body(_CREATE)
    coupon_id = new_id("cpn")
    _refuse_taken(ctx, "code", body["code"])
    _refuse_taken(ctx, "name", body["name"])
    ctx.insert("coupon", coupon_id, _columns(ctx, body))
    return _get(ctx, coupon_id)


def _replace(ctx: Context, coupon_id: str) -> JsonObject:
    """Give a coupon the fields of the body; whatever is left out gets its default."""
    row = ctx.find("coupon", coupon_id)
    body = {"code": row["code"], **ctx.body(_REPLACE)}
    for column in ("code", "name"):
        if body[column] != row[column]:
            _refuse_taken(ctx, column, body[column])
    ctx.update("coupon", coupon_id, _columns(ctx, body))
    return _get(ctx, coupon_id)


def _deactivate(ctx: Context, coupon_id: str) -> JsonObject:
    ctx.find("coupon", coupon_id)
    ctx.update("coupon", coupon_id, {"is_active": False})
    return _get(ctx, coupon_id)


def _columns(ctx: Context, body: JsonObject) -> JsonObject:
    values = {**_DEFAULTS, **body}
    if values["featureId"] is not None:
        ctx.find("feature", values["featureId"])
    values["isActive"] = values.pop("active")
    return columns(values)


def _view(ctx: Context, row: Row) -> JsonObject:
    # Also one that was deleted since.
    feature = ctx.db.first("SELECT id, code FROM feature WHERE id = ?", row["feature_id"])
    values = {
        **picked(row, "id code name"),
        "feature": None if feature is None else picked(feature, "id code"),
        **picked(row, "is_active expires_at"),
        "terms": wire.loads(row["terms"]),
        "tags": wire.loads(row["tags"]),
        **picked(row, "created_at updated_at"),
    }
    return ctx.tagged("coupon", values)


def _refuse_taken(ctx: Context, column: str, value: str) -> None:
    if ctx.is_taken("coupon", column, value):
        raise conflict("duplicate", f"a coupon with the {column} {value!r} already exists", param=column)


COUPONS = Resource(
    "coupon",
    (
        Operation("GET /coupons", _list, since=SINCE),
        Operation("GET /coupons/<coupon_id>", _get, since=SINCE),
        Operation("POST /coupons", _create, since=SINCE),
        Operation("PATCH /coupons/<coupon_id>", _replace, since=SINCE),
        Operation("POST /coupons/<coupon_id>/deactivate", _deactivate, since=SINCE, creates=False),
    ),
    (
        object_table(
            "coupon",
            """
            code TEXT NOT NULL, name TEXT NOT NULL, feature_id TEXT REFERENCES feature (id),
            is_active INTEGER NOT NULL, expires_at TEXT, terms TEXT NOT NULL, tags TEXT NOT NULL
            """,
        ),
    ),
)

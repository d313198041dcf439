"""Customers, as far as subscriptions need them."""

from commetctl.emulator import wire
from commetctl.emulator.resource import Context, Operation, Page, Resource, columns, new_id, picked, refuse
from commetctl.emulator.store import Row, Table
from commetctl.emulator.validate import Field, Fields, FreeObject, Text
from commetctl.emulator.wire import JsonObject

_CREATE: Fields = {
    "email": Field(Text(low=3, pattern=r"\S+@\S+"), required=True),
    "id": Field(Text(low=1, high=200)),
    "externalId": Field(Text()),
    "fullName": Field(Text()),
    "taxDocument": Field(Text()),
    "timezone": Field(Text()),
    "metadata": Field(FreeObject()),
    # The reference accepts both, and no read answers them.
    "address": Field(FreeObject()),
    "addressId": Field(Text()),
}


def _list(ctx: Context) -> Page:
    """Unlike the lists of the catalog this one is always paged: 25 unless `limit` is given, at most 100."""
    limit = ctx.query.get("limit", "25")
    refuse((not (limit.isdecimal() and 1 <= int(limit) <= 100), "limit", "must be between 1 and 100"))
    external_id = ctx.query.get("externalId")
    rows, cursor = ctx.page("customer", "(? IS NULL OR external_id = ?)", external_id, external_id, size=int(limit))
    return Page([_view(ctx, row) for row in rows], cursor, always_paged=True)


def _create(ctx: Context) -> JsonObject:
    """Creating a customer with an id that exists answers the existing one (API reference, customers)."""
    body = ctx.body(_CREATE)
    rows = _found(ctx, body["id"]) if "id" in body else []
    return _view(ctx, rows[0] if rows else _insert(ctx, {"id": new_id("cus"), **body}))


def ensure(ctx: Context, customer_id: str) -> str:
    """The id of a customer, given by id or external id; an unknown one is created (our convenience, not the API's)."""
    known = "SELECT * FROM customer WHERE livemode = ? AND (id = ? OR external_id = ?)"
    row = ctx.db.first(known, ctx.livemode, customer_id, customer_id)
    return str((row or _insert(ctx, {"id": customer_id, "email": f"{customer_id}@example.invalid"}))["id"])


def _found(ctx: Context, customer_id: str) -> list[Row]:
    return ctx.db.all("SELECT * FROM customer WHERE livemode = ? AND id = ?", ctx.livemode, customer_id)


def _insert(ctx: Context, values: JsonObject) -> Row:
    stored = {name: value for name, value in values.items() if not name.startswith("address")}
    ctx.insert("customer", values["id"], columns(stored))
    return _found(ctx, values["id"])[0]


def _view(ctx: Context, row: Row) -> JsonObject:
    values = {
        **picked(row, "id external_id full_name email tax_document"),
        "documentType": None,
        "timezone": row["timezone"],
        "metadata": None if row["metadata"] is None else wire.loads(row["metadata"]),
        **picked(row, "created_at updated_at"),
    }
    return ctx.tagged("customer", values)


RESOURCE = Resource(
    "customer",
    (Operation("GET /customers", _list), Operation("POST /customers", _create)),
    (
        Table(
            "customer",
            "seq INTEGER PRIMARY KEY, id TEXT NOT NULL, livemode INTEGER NOT NULL,"
            " external_id TEXT, full_name TEXT, email TEXT NOT NULL, tax_document TEXT, timezone TEXT, metadata TEXT,"
            " created_at TEXT NOT NULL, updated_at TEXT NOT NULL",
            ("UNIQUE (livemode, id)",),
        ),
    ),
)

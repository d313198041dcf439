"""Customers, as far as subscriptions need them."""

from typing import Any

from commetctl.emulator import jsontext
from commetctl.emulator.context import Context, Page, new_id, rows_after
from commetctl.emulator.errors import Problem, invalid
from commetctl.emulator.store import Row
from commetctl.emulator.validate import Field, Fields, FreeObject, Text

CREATE: Fields = {
    "email": Field(Text(low=3, pattern=r"\S+@\S+"), required=True),
    "id": Field(Text(low=1, high=200)),
    "externalId": Field(Text()),
    "fullName": Field(Text()),
    "taxDocument": Field(Text()),
    "timezone": Field(Text()),
    "metadata": Field(FreeObject()),
    # Accepted by the reference and not read back.
    "address": Field(FreeObject()),
    "addressId": Field(Text()),
}


def list_all(ctx: Context) -> Page:
    """Unlike the catalog's lists this one is always paged: 25 unless `limit` says otherwise, at most 100."""
    limit = ctx.query.get("limit", "25")
    if not (limit.isdecimal() and 1 <= int(limit) <= 100):
        raise invalid(Problem("limit", "must be between 1 and 100"))
    external_id = ctx.query.get("externalId")
    rows = ctx.db.all(
        "SELECT * FROM customer WHERE livemode = ? AND (? IS NULL OR external_id = ?) ORDER BY seq",
        *(ctx.livemode, external_id, external_id),
    )
    page, cursor = rows_after(ctx, rows, int(limit))
    return Page([_view(ctx, row) for row in page], cursor, always_paged=True)


def create(ctx: Context) -> dict[str, Any]:
    """Creating one with an id that exists answers the existing one (API reference, customers)."""
    body = ctx.body(CREATE)
    row = _find(ctx, body["id"]) if "id" in body else None
    if row is None:
        row = _insert(ctx, {**body, "id": body.get("id", new_id("cus"))})
    return _view(ctx, row)


def ensure(ctx: Context, customer_id: str) -> str:
    """The id of a customer named by id or external id; an unknown one is created (our convenience, not the API's)."""
    row = ctx.db.first(
        "SELECT * FROM customer WHERE livemode = ? AND (id = ? OR external_id = ?)",
        *(ctx.livemode, customer_id, customer_id),
    )
    if row is None:
        row = _insert(ctx, {"id": customer_id, "email": f"{customer_id}@example.invalid"})
    return str(row["id"])


def _find(ctx: Context, customer_id: str) -> Row | None:
    return ctx.db.first("SELECT * FROM customer WHERE livemode = ? AND id = ?", ctx.livemode, customer_id)


def _insert(ctx: Context, values: dict[str, Any]) -> Row:
    row = {
        "id": values["id"],
        "livemode": ctx.livemode,
        "external_id": values.get("externalId"),
        "full_name": values.get("fullName"),
        "email": values["email"],
        "tax_document": values.get("taxDocument"),
        "timezone": values.get("timezone"),
        "metadata": jsontext.dumps(values["metadata"]) if "metadata" in values else None,
        "created_at": ctx.now,
        "updated_at": ctx.now,
    }
    ctx.db.insert("customer", row)
    return ctx.db.one("SELECT * FROM customer WHERE livemode = ? AND id = ?", ctx.livemode, values["id"])


def _view(ctx: Context, row: Row) -> dict[str, Any]:
    values = {
        "id": row["id"],
        "externalId": row["external_id"],
        "fullName": row["full_name"],
        "email": row["email"],
        "taxDocument": row["tax_document"],
        "documentType": None,
        "timezone": row["timezone"],
        "metadata": None if row["metadata"] is None else jsontext.loads(row["metadata"]),
        "createdAt": row["created_at"],
        "updatedAt": row["updated_at"],
    }
    return ctx.tagged("customer", values)

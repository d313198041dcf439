"""Customers, as far as subscriptions need them."""

import re

from commetctl.emulator import wire
from commetctl.emulator.errors import missing
from commetctl.emulator.paging import paged
from commetctl.emulator.resource import Context, Operation, Page, Resource, columns, new_id, picked, refuse
from commetctl.emulator.store import Row, Table
from commetctl.emulator.validate import Field, Fields, FreeObject, Text
from commetctl.emulator.versions import NESTED, WRITES
from commetctl.emulator.wire import JsonObject

_EMAIL = Text(low=3, pattern=r"\S+@\S+")
_CREATE: Fields = {
    "email": Field(_EMAIL, required=True, since=NESTED),
    "billingEmail": Field(_EMAIL, required=True, until=WRITES),
    "id": Field(Text(low=1, high=200)),
    "externalId": Field(Text()),
    "domain": Field(Text(), until=WRITES),
    "website": Field(Text(), until=WRITES),
    "language": Field(Text(), until=WRITES),
    "industry": Field(Text(), until=WRITES),
    "fullName": Field(Text()),
    "taxDocument": Field(Text()),
    "timezone": Field(Text()),
    "metadata": Field(FreeObject()),
    # The reference accepts both, and no read answers them. The country decides what a subscription pays.
    "address": Field(FreeObject()),
    "addressId": Field(Text()),
}


def _list(ctx: Context) -> Page:
    external_id = ctx.query.get("externalId")
    return paged(ctx, "customer", _view, "(? IS NULL OR external_id = ?)", external_id, external_id)


def _create(ctx: Context) -> JsonObject:
    """Creating a customer with an id that exists answers the existing one (API reference, customers)."""
    body = ctx.body(_CREATE)
    if "billingEmail" in body:
        body["email"] = body.pop("billingEmail")
    rows = _found(ctx, body["id"]) if "id" in body else []
    return _view(ctx, rows[0] if rows else _insert(ctx, {"id": new_id("cus"), **body}))


def _get(ctx: Context, customer_id: str) -> JsonObject:
    return _view(ctx, find(ctx, customer_id))


def named(ctx: Context) -> str:
    """The customer whom a query names."""
    refuse((not ctx.query.get("customerId"), "customerId", "is required"))
    return ctx.query["customerId"]


def find(ctx: Context, customer_id: str) -> Row:
    """A customer, by id or external id; `customer_not_found` when there is none."""
    row = _known(ctx, customer_id)
    if row is None:
        raise missing("customer", customer_id)
    return row


def ensure(ctx: Context, customer_id: str) -> str:
    """The id of a customer, given by id or external id; an unknown one is created (our convenience, not the API's)."""
    row = _known(ctx, customer_id)
    return str((row or _insert(ctx, {"id": customer_id, "email": f"{customer_id}@example.invalid"}))["id"])


def _known(ctx: Context, customer_id: str) -> Row | None:
    known = "SELECT * FROM customer WHERE livemode = ? AND (id = ? OR external_id = ?)"
    return ctx.db.first(known, ctx.livemode, customer_id, customer_id)


def _found(ctx: Context, customer_id: str) -> list[Row]:
    return ctx.db.all("SELECT * FROM customer WHERE livemode = ? AND id = ?", ctx.livemode, customer_id)


def _insert(ctx: Context, values: JsonObject) -> Row:
    stored = {name: value for name, value in values.items() if not name.startswith("address")}
    ctx.insert("customer", values["id"], {**columns(stored), "country": _country(values.get("address", {}))})
    return _found(ctx, values["id"])[0]


def _country(address: JsonObject) -> str | None:
    """The country of an address as ISO 3166 writes it; None for anything else."""
    country = address.get("country")
    is_code = isinstance(country, str) and re.fullmatch("[A-Za-z]{2}", country)
    return str(country).upper() if is_code else None


def _view(ctx: Context, row: Row) -> JsonObject:
    """A customer; the versions before 2026-06-07 have other keys, and the document came with 2026-06-10."""
    metadata = {"metadata": None if row["metadata"] is None else wire.loads(row["metadata"])}
    times = picked(row, "created_at updated_at")
    if ctx.version.name < NESTED:
        external = {"externalId": row["external_id"]} if ctx.version.name < WRITES else {}
        company = picked(row, "full_name domain website timezone language industry")
        identity = {"id": row["id"], "organizationId": ctx.organization, **external, "billingEmail": row["email"]}
        return ctx.tagged("customer", {**identity, **company, "employeeCount": None, **metadata, **times})
    document = {**picked(row, "tax_document"), "documentType": None} if ctx.version.name > NESTED else {}
    shared = picked(row, "id external_id full_name email timezone")
    return ctx.tagged("customer", {**shared, **document, **metadata, **times})


RESOURCE = Resource(
    "customer",
    (
        Operation("GET /customers", _list, since=""),
        Operation("POST /customers", _create, since=""),
        Operation("GET /customers/<customer_id>", _get, since=""),
    ),
    (
        Table(
            "customer",
            "seq INTEGER PRIMARY KEY, id TEXT NOT NULL, livemode INTEGER NOT NULL,"
            " external_id TEXT, full_name TEXT, email TEXT NOT NULL, tax_document TEXT, timezone TEXT, metadata TEXT,"
            " domain TEXT, website TEXT, language TEXT, industry TEXT,"
            " created_at TEXT NOT NULL, updated_at TEXT NOT NULL, country TEXT",
            ("UNIQUE (livemode, id)",),
        ),
    ),
)

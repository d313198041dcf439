"""Invoices: one for each billing period that begins when a clock is moved, with its base price and its discount.

Amounts are stored in minor units.
"""

from typing import NamedTuple

from commetctl.emulator import wire
from commetctl.emulator.paging import paged
from commetctl.emulator.resource import Context, Operation, Page, Resource, new_id, picked, refuse
from commetctl.emulator.resources import charges
from commetctl.emulator.store import Row, object_table
from commetctl.emulator.versions import LAST_OLD, NESTED
from commetctl.emulator.wire import JsonObject

_STATUSES = ("draft", "outstanding", "paid", "void", "uncollectible")
_LAST = "SELECT number FROM invoice WHERE livemode = ? ORDER BY seq DESC LIMIT 1"


class Issued(NamedTuple):
    """The id and the number of an invoice."""

    id: str
    number: str


def issue(ctx: Context, subscription: Row, period_end: str) -> Issued:
    """Bill the period of a subscription that begins now: the price as it is now, less the discount that runs now."""
    charge = charges.of(ctx, subscription)
    last = ctx.db.first(_LAST, ctx.livemode)
    number = last["number"] + 1 if last is not None else 1
    base = {"lineType": "plan_base", "description": subscription["plan_name"], "amount": charge.subtotal}
    values = {
        "number": number,
        "customer_id": subscription["customer_id"],
        "subscription_id": subscription["id"],
        "plan_name": subscription["plan_name"],
        "currency": charge.currency,
        "subtotal": charge.subtotal,
        "discount_amount": charge.discount,
        "period_start": ctx.now,
        "period_end": period_end,
        "line_items": wire.dumps([base, charge.reduction] if charge.reduction else [base]),
    }
    invoice_id = new_id("inv")
    ctx.insert("invoice", invoice_id, values)
    return Issued(invoice_id, _spelled(number))


def _list(ctx: Context) -> Page:
    status = ctx.query.get("status")
    refuse((status is not None and status not in _STATUSES, "status", f"must be one of {', '.join(_STATUSES)}"))
    customer, subscription = ctx.query.get("customerId"), ctx.query.get("subscriptionId")
    where = "(? IS NULL OR customer_id = ?) AND (? IS NULL OR subscription_id = ?) AND (? IS NULL OR ? = 'paid')"
    values = (customer, customer, subscription, subscription, status, status)
    return paged(ctx, "invoice", _listed, where, *values)


def _get(ctx: Context, invoice_id: str) -> JsonObject:
    return _whole(ctx, ctx.find("invoice", invoice_id))


def _listed(ctx: Context, row: Row) -> JsonObject:
    """An item of a list: a whole invoice from 2026-06-07 to 2026-07-11, else one without its lines (official SDKs)."""
    return _whole(ctx, row) if ctx.version.within(NESTED, LAST_OLD) else ctx.tagged("invoice", _summary(ctx, row))


def _summary(ctx: Context, row: Row) -> JsonObject:
    def sent(amount: int) -> int | None:
        return ctx.amount_out(wire.from_minor(amount, row["currency"]), row["currency"])

    return {
        **picked(row, "id customer_id subscription_id"),
        "invoiceNumber": _spelled(row["number"]),
        "status": "paid",
        "invoiceType": "recurring",
        **picked(row, "currency"),
        "subtotal": sent(row["subtotal"]),
        "discountAmount": sent(row["discount_amount"]),
        "taxAmount": 0,
        "total": sent(row["subtotal"] - row["discount_amount"]),
        **picked(row, "period_start period_end"),
        "issueDate": row["created_at"],
        "dueDate": row["created_at"],
        "memo": None,
        "metadata": {},
        **picked(row, "created_at updated_at"),
    }


def _whole(ctx: Context, row: Row) -> JsonObject:
    more = {
        "creditApplied": 0,
        **picked(row, "plan_name"),
        "poNumber": None,
        "reference": None,
        "lineItems": [_line(ctx, line, row["currency"]) for line in wire.loads(row["line_items"])],
    }
    return ctx.tagged("invoice", {**_summary(ctx, row), **more})


def _line(ctx: Context, line: JsonObject, currency: str) -> JsonObject:
    amount = ctx.amount_out(wire.from_minor(line["amount"], currency), currency)
    empty = ("includedAmount", "usedAmount", "overageAmount", "discountType", "discountValue", "discountName")
    return {
        "lineType": line["lineType"],
        "featureName": None,
        "description": line["description"],
        "quantity": 1,
        "unitAmount": amount,
        "amount": amount,
        **{name: line.get(name) for name in empty},
        "chargeType": "standard",
    }


def _spelled(number: int) -> str:
    return f"INV-{number:06}"


RESOURCE = Resource(
    "invoice",
    (Operation("GET /invoices", _list), Operation("GET /invoices/<invoice_id>", _get)),
    (
        object_table(
            "invoice",
            "number INTEGER NOT NULL, customer_id TEXT NOT NULL, subscription_id TEXT NOT NULL,"
            " plan_name TEXT NOT NULL, currency TEXT NOT NULL, subtotal INTEGER NOT NULL,"
            " discount_amount INTEGER NOT NULL, period_start TEXT NOT NULL, period_end TEXT NOT NULL,"
            " line_items TEXT NOT NULL",
        ),
    ),
)

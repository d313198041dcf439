"""What subscriptions accepted of offers: phases with their dates, which no later change of the offer touches."""

from datetime import datetime, timedelta
from typing import NamedTuple

from commetctl.emulator import wire
from commetctl.emulator.resource import Context, new_id, picked
from commetctl.emulator.resources import pricing
from commetctl.emulator.resources.offer_selection import Selection
from commetctl.emulator.store import Row, Table
from commetctl.emulator.wire import JsonObject, stamp

_OF_SUBSCRIPTION = "SELECT * FROM offer_application WHERE subscription_id = ? ORDER BY seq"
# The first version whose applications have expiresAt (official SDK 9.4.0).
_EXPIRING = "2026-08-27"
_REDEEM = "UPDATE promo_code SET redemption_count = redemption_count + 1 WHERE id = ?"


def record(
    ctx: Context, subscription: Row, chosen: Selection, start: datetime | None, expires: str | None = None
) -> None:
    """Keep the terms of an offer as a subscription accepts them, from a start on; quoted as long as it has none."""
    currency = subscription["currency"]
    phases = [_of_currency(phase, currency) for phase in chosen.phases]
    phases = _dated(phases, start, subscription["billing_interval"])
    price = pricing.amount(ctx.db, subscription["price_id"], pricing.place_of(subscription))
    subtotal = wire.to_minor(price.value, price.currency)
    total = _total(subtotal, phases)
    values = {
        "id": new_id("oap"),
        "subscription_id": subscription["id"],
        "price_id": subscription["price_id"],
        "currency": currency,
        "offer_id": chosen.offer_id,
        "promo_code_id": chosen.code_id,
        "name": chosen.name,
        "source": chosen.source,
        "status": "quoted" if start is None else "applied",
        "subtotal": subtotal,
        "discount_amount": max(0, subtotal - total),
        "total": total,
        "phases": wire.dumps(phases),
        "quoted_at": ctx.now,
        "expires_at": expires,
        "applied_at": None if start is None else ctx.now,
    }
    ctx.db.insert("offer_application", values)
    if chosen.code_id is not None:
        ctx.db.run(_REDEEM, chosen.code_id)


def views(ctx: Context, subscription: Row) -> list[JsonObject]:
    """The offers of a subscription, as the versions from 2026-07-31 on have them."""
    return [_view(ctx, row) for row in _rows(ctx, subscription)]


def discount(ctx: Context, subscription: Row) -> JsonObject | None:
    """The discount of a subscription, as the versions until 2026-07-24 have it: the first one that is not over.

    The unit of its value is not documented; here basis points, or US cents.
    """
    for row in _rows(ctx, subscription):
        for phase in _running(ctx, row):
            is_share = phase["type"] == "percentage"
            off = row["subtotal"] - _charged(row["subtotal"], phase)
            kind, value = ("percentage", phase["percentage"]) if is_share else ("amount", off)
            return {"type": kind, "value": value, "name": row["name"], "endsAt": phase["endsAt"]}
    return None


class Discount(NamedTuple):
    """A phase of an offer that changes what a subscription is charged, with the name and the source of the offer."""

    name: str
    source: str
    phase: JsonObject

    @property
    def is_share(self) -> bool:
        return bool(self.phase["type"] == "percentage")

    def charged(self, price: int) -> int:
        """What it makes of a price, both in minor units."""
        return _charged(price, self.phase)


def current(ctx: Context, subscription: Row) -> Discount | None:
    """The discount of a subscription for a period that begins now."""
    for row in _rows(ctx, subscription):
        for phase in _running(ctx, row):
            if phase["startsAt"] <= ctx.now:
                return Discount(row["name"], row["source"], phase)
    return None


def is_running(ctx: Context, subscription: Row) -> bool:
    """Whether a subscription has a discount that is not over."""
    return any(_running(ctx, row) for row in _rows(ctx, subscription))


def _rows(ctx: Context, subscription: Row) -> list[Row]:
    return ctx.db.all(_OF_SUBSCRIPTION, subscription["id"]) if subscription["has_offer"] else []


def _running(ctx: Context, row: Row) -> list[JsonObject]:
    """The discounts of an application that was applied, without those that are over."""
    phases = wire.loads(row["phases"]) if row["status"] == "applied" else []
    discounts = [phase for phase in phases if phase["type"] != "free_trial"]
    return [phase for phase in discounts if phase["endsAt"] is None or phase["endsAt"] > ctx.now]


def _dated(phases: list[JsonObject], start: datetime | None, interval: str) -> list[JsonObject]:
    """Phases one after the other."""
    dated, begin = [], start
    for phase in phases:
        end = _end(phase, begin, interval)
        dates = {"startsAt": stamp(begin) if begin else None, "endsAt": stamp(end) if end else None}
        dated.append({**phase, **dates})
        begin = end
    return dated


def _of_currency(phase: JsonObject, currency: str) -> JsonObject:
    """A phase with the one amount that counts for a subscription, that in its currency."""
    names = {"amounts": "amount", "prices": "price"}
    fields = {name: value for name, value in phase.items() if name not in names}
    for many, one in names.items():
        for item in phase.get(many, []):
            if item["currency"] == currency:
                fields[one] = item["amount"]
    return {"durationInterval": None, **fields}


def _end(phase: JsonObject, begin: datetime | None, interval: str) -> datetime | None:
    """The end of a phase; None when it is open, when nothing recurs, and after the year 9999."""
    if begin is None:
        return None
    try:
        if phase["type"] == "free_trial":
            return begin + timedelta(days=phase["durationDays"])
        if phase["durationCycles"] is None:
            return None
        return wire.period_end(begin, phase.get("durationInterval") or interval, phase["durationCycles"])
    except (OverflowError, ValueError):
        return None


def _total(subtotal: int, phases: list[JsonObject]) -> int:
    """What the first period that is paid costs; that this is the total of an application is our choice."""
    paid = [phase for phase in phases if phase["type"] != "free_trial"]
    return _charged(subtotal, paid[0]) if paid else subtotal


def _charged(subtotal: int, phase: JsonObject) -> int:
    """A price with a discount, rounded half up."""
    if phase["type"] == "percentage":
        return (subtotal * (10_000 - int(phase["percentage"])) + 5_000) // 10_000
    return int(phase["price"]) if phase["type"] == "fixed_price" else max(0, subtotal - int(phase["amount"]))


def _view(ctx: Context, row: Row) -> JsonObject:
    expiry = picked(row, "expires_at") if ctx.version.name >= _EXPIRING else {}
    return {
        **picked(row, "id name"),
        "appliesTo": {"type": "plan_price", "id": row["price_id"]},
        **picked(row, "offer_id source status"),
        **picked(row, "currency subtotal discount_amount total"),
        "phases": [_phase(ctx, phase) for phase in wire.loads(row["phases"])],
        **picked(row, "quoted_at"),
        **expiry,
        **picked(row, "applied_at"),
    }


def _phase(ctx: Context, phase: JsonObject) -> JsonObject:
    """Unlike the phase of an offer, the trial of an application has an interval too (official SDK 9.7.0)."""
    interval = {"durationInterval": phase["durationInterval"]} if ctx.version.name >= _EXPIRING else {}
    return {**{name: value for name, value in phase.items() if name != "durationInterval"}, **interval}


TABLE = Table(
    "offer_application",
    "seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, subscription_id TEXT NOT NULL REFERENCES subscription (id),"
    " price_id TEXT NOT NULL REFERENCES price (id), offer_id TEXT REFERENCES offer (id),"
    " promo_code_id TEXT REFERENCES promo_code (id), name TEXT NOT NULL, source TEXT NOT NULL, status TEXT NOT NULL,"
    " subtotal INTEGER NOT NULL, discount_amount INTEGER NOT NULL, total INTEGER NOT NULL, phases TEXT NOT NULL,"
    " quoted_at TEXT NOT NULL, expires_at TEXT, applied_at TEXT, currency TEXT NOT NULL DEFAULT 'usd'",
    looked_up_by="subscription_id",
)

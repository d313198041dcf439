"""Subscriptions: creating, reading, and buying credit packs; without billing, checkout or usage."""

from datetime import datetime, timedelta

from commetctl.emulator.errors import Problem, conflict, invalid, missing
from commetctl.emulator.resource import Context, Operation, Page, Resource, new_id, refuse
from commetctl.emulator.resources import (
    customers,
    entitlements,
    offer_applications,
    offer_selection,
    plan_versions,
    plan_view,
    pricing,
    subscription_view,
)
from commetctl.emulator.resources.offer_selection import Priced, Selection
from commetctl.emulator.store import Row, Table
from commetctl.emulator.validate import INT32, Field, Fields, Flag, FreeObject, Integer, Text, Time, VersionChoice
from commetctl.emulator.versions import FIRST_NEW, LAST_OLD, NESTED
from commetctl.emulator.wire import JsonObject, parse_time, period_at, period_end, recurs, stamp

_CREATE: Fields = {
    "customerId": Field(Text(low=1, high=200), required=True),
    "planId": Field(Text()),
    "planCode": Field(Text()),
    "billingInterval": Field(VersionChoice("intervals")),
    "priceId": Field(Text(), since=FIRST_NEW),
    "name": Field(Text()),
    "startDate": Field(Time()),
    "skipTrial": Field(Flag()),
    "customTrialDays": Field(Integer(high=INT32)),
    "cancelAtPeriodEnd": Field(Flag(), since=FIRST_NEW),
    "offerId": Field(Text(), since=FIRST_NEW),
    "cardPromotionId": Field(Text(), since=FIRST_NEW),
    "promoCode": Field(Text()),
    # Settings of a checkout or an invoice, neither of which the emulator has.
    "initialSeats": Field(FreeObject()),
    "provider": Field(Text()),
    "successUrl": Field(Text()),
    "prepaidPeriods": Field(Integer(high=INT32), since=FIRST_NEW),
    "introOffer": Field(FreeObject(), until=LAST_OLD),
}
_PURCHASE: Fields = {"creditPackId": Field(Text(), required=True)}


def _list(ctx: Context) -> Page:
    """Filtered by customer and status; see `listed` for what the versions list."""
    customer, status, statuses = ctx.query.get("customerId"), ctx.query.get("status"), ctx.version.statuses
    refuse((status is not None and status not in statuses, "status", f"must be one of {', '.join(statuses)}"))
    where = "(? IS NULL OR subscription.customer_id = ?) AND (? IS NULL OR subscription.status = ?)"
    rows, cursor = ctx.page("subscription", where, customer, customer, status, status, select=subscription_view.SELECT)
    return Page([subscription_view.listed(ctx, row) for row in rows], cursor)


def _get(ctx: Context, subscription_id: str) -> JsonObject:
    return subscription_view.full(ctx, find(ctx, subscription_id))


def _get_active(ctx: Context) -> JsonObject | None:
    """The newest subscription of a customer that is neither over nor waiting for a payment, or null.

    Which statuses count as active is our choice.
    """
    customer = customers.find(ctx, customers.named(ctx))
    where = "WHERE subscription.livemode = ? AND customer_id = ? AND status IN ('trialing', 'active', 'past_due')"
    newest = f"{subscription_view.SELECT} {where} ORDER BY subscription.seq DESC"
    row = ctx.db.first(newest, ctx.livemode, customer["id"])
    return None if row is None else subscription_view.active(ctx, row)


def _create(ctx: Context) -> JsonObject:
    """Active at once, or trialing: the emulator takes no payment, so nothing stays pending."""
    body = ctx.body(_CREATE)
    given = offer_selection.named(ctx, body)
    plan = _plan(ctx, body)
    price = _price(ctx, plan, body)
    interval = price["billing_interval"] if price else None
    customer_id = customers.ensure(ctx, body["customerId"])
    place = pricing.place(ctx, price, customer_id)
    chosen = offer_selection.selected(ctx, given, Priced(price, place.currency), customer_id, body)
    start = body.get("startDate") or parse_time(ctx.now)
    trial_end = _trial_end(start, price, body, chosen)
    begun, end = _first_period(start, trial_end, interval, parse_time(ctx.now))
    subscription_id = new_id("sub")
    row = {
        "customer_id": customer_id,
        "plan_id": plan["id"],
        "price_id": price["id"] if price else None,
        "name": body.get("name", plan["name"]),
        "status": "trialing" if trial_end and trial_end == end else "active",
        "billing_interval": interval,
        "trial_ends_at": stamp(trial_end) if trial_end else None,
        "start_date": stamp(start),
        "period_start": stamp(begun),
        "period_end": stamp(end) if end else None,
        "cancel_at_period_end": body.get("cancelAtPeriodEnd", False),
        **place._asdict(),
    }
    ctx.insert("subscription", subscription_id, row)
    inserted = find(ctx, subscription_id)
    if chosen is not None and price is not None:
        begin = start if chosen.trial_days is not None else trial_end or start
        offer_applications.record(ctx, inserted, chosen, begin)
    entitlements.begin(ctx, inserted)
    if plan_versions.is_on(ctx):
        plan_versions.accept(ctx.db)
    return subscription_view.created(ctx, find(ctx, subscription_id))


def _purchase_credits(ctx: Context, subscription_id: str) -> JsonObject:
    """Add the credits of an active pack; packs are for plans with the credits model only (guide, credit packs)."""
    row = find(ctx, subscription_id)
    pack = ctx.find("credit_pack", ctx.body(_PURCHASE)["creditPackId"])
    if not pack["is_active"] or plan_versions.is_held_back(ctx, "credit_pack", pack["id"]):
        raise missing("credit_pack", pack["id"], "active credit pack")
    needs = "needs a subscription to a plan with the credits consumption model"
    refuse((row["consumption_model"] != "credits", "creditPackId", needs))
    ctx.update("subscription", subscription_id, {"purchased_credits": row["purchased_credits"] + pack["credits"]})
    return ctx.receipt("credit_grant", {"credits": pack["credits"]}, parent="subscription")


def find(ctx: Context, subscription_id: str) -> Row:
    """A subscription of the account, with what its plan and its price say; `subscription_not_found` without one."""
    where = "WHERE subscription.livemode = ? AND subscription.id = ?"
    row = ctx.db.first(f"{subscription_view.SELECT} {where}", ctx.livemode, subscription_id)
    if row is None:
        raise missing("subscription", subscription_id)
    return row


def _plan(ctx: Context, body: JsonObject) -> Row:
    refuse((("planId" in body) == ("planCode" in body), "planId", "exactly one of planId and planCode is required"))
    if "planId" in body:
        return ctx.find("plan", body["planId"])
    return ctx.find("plan", body["planCode"], by=("code",))


def _price(ctx: Context, plan: Row, body: JsonObject) -> Row | None:
    """The price that a body names, or the price of its interval, or the default; a free plan has none."""
    if plan["is_free"]:
        return None
    if "priceId" in body:
        return plan_view.price(ctx, plan["id"], body["priceId"])
    prices = [row for row in plan_view.prices(ctx, plan["id"]) if row["inherits_from"] is None]
    if not prices:
        raise conflict("no_prices_configured", f"plan {plan['code']!r} has no price")
    interval = body.get("billingInterval")
    if interval is None:
        return next((row for row in prices if row["is_default"]), prices[0])
    for row in prices:
        if row["billing_interval"] == interval:
            return row
    raise missing("price", interval, "price for the interval")


def _first_period(
    start: datetime, trial_end: datetime | None, interval: str | None, now: datetime
) -> tuple[datetime, datetime | None]:
    """Start and end of the period in which a subscription is when it is created.

    It is the first one, or the trial. Where that is over, since the start is in the past, it is the one that ends
    next, and those before are not billed (our choice).
    """
    end = trial_end or period_end(start, interval)
    if end is None or end >= now:
        return start, end
    anchor = trial_end or start
    return period_at(anchor, interval, now) if interval and recurs(interval) else (anchor, None)


def _trial_end(start: datetime, price: Row | None, body: JsonObject, chosen: Selection | None) -> datetime | None:
    """The end of the trial that an offer has, or else of that of the price, but for one that the request asks for."""
    days = chosen.trial_days if chosen else None
    if days is None and not (offer_selection.skips_trial(body) or (chosen and chosen.source == "direct")):
        days = body.get("customTrialDays", price["trial_days"] if price else 0)
    if not days:
        return None
    try:
        return start + timedelta(days=days)
    except OverflowError as error:
        field = "offerId" if chosen and chosen.source != "custom" else "customTrialDays"
        raise invalid(Problem(field, "ends after the year 9999")) from error


RESOURCE = Resource(
    "subscription",
    (
        Operation("GET /subscriptions", _list),
        Operation("POST /subscriptions", _create, since=""),
        Operation("GET /subscriptions/active", _get_active, since=""),
        Operation("GET /subscriptions/<subscription_id>", _get, since=NESTED),
        Operation("POST /subscriptions/<subscription_id>/credits", _purchase_credits),
    ),
    (
        Table(
            "subscription",
            "seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, livemode INTEGER NOT NULL, customer_id TEXT NOT NULL,"
            " plan_id TEXT NOT NULL REFERENCES plan (id), price_id TEXT REFERENCES price (id), name TEXT NOT NULL,"
            " status TEXT NOT NULL, billing_interval TEXT, trial_ends_at TEXT, start_date TEXT NOT NULL,"
            " period_end TEXT, cancel_at_period_end INTEGER NOT NULL, purchased_credits INTEGER NOT NULL DEFAULT 0,"
            " created_at TEXT NOT NULL, updated_at TEXT NOT NULL, period_start TEXT, ended_at TEXT,"
            " currency TEXT NOT NULL DEFAULT 'usd', market_id TEXT",
        ),
        entitlements.TABLE,
    ),
)

"""Subscriptions: creating, reading, and buying credit packs; without billing, checkout or usage."""

from datetime import datetime, timedelta

from commetctl.emulator.errors import Problem, conflict, invalid, missing
from commetctl.emulator.resource import Context, Operation, Page, Resource, new_id, picked, refuse
from commetctl.emulator.resources import customers, plan_versions, plan_view
from commetctl.emulator.store import Row, Table
from commetctl.emulator.validate import INT32, Field, Fields, Flag, FreeObject, Integer, Text, Time, VersionChoice
from commetctl.emulator.versions import ApiVersion, Generation
from commetctl.emulator.wire import JsonObject, parse_time, period_end, stamp

_CREATE: Fields = {
    "customerId": Field(Text(low=1, high=200), required=True),
    "planId": Field(Text()),
    "planCode": Field(Text()),
    "billingInterval": Field(VersionChoice("intervals")),
    "priceId": Field(Text(), only=Generation.NEW),
    "name": Field(Text()),
    "startDate": Field(Time()),
    "skipTrial": Field(Flag()),
    "customTrialDays": Field(Integer(high=INT32)),
    "cancelAtPeriodEnd": Field(Flag(), only=Generation.NEW),
    # There are no offers or promo codes here, so naming one is an error.
    "offerId": Field(Text(), only=Generation.NEW),
    "cardPromotionId": Field(Text(), only=Generation.NEW),
    "promoCode": Field(Text()),
    # Settings of a checkout or an invoice, neither of which the emulator has.
    "initialSeats": Field(FreeObject()),
    "provider": Field(Text()),
    "successUrl": Field(Text()),
    "prepaidPeriods": Field(Integer(high=INT32), only=Generation.NEW),
    "introOffer": Field(FreeObject(), only=Generation.OLD),
}
_PURCHASE: Fields = {"creditPackId": Field(Text(), required=True)}
_NEVER_FOUND = {"offerId": "offer", "cardPromotionId": "offer", "promoCode": "promo_code"}
# The statuses in which the end of a period is the next billing date; that the others have none is our choice.
_BILLED = ("active", "trialing", "past_due")
_SELECT = """
SELECT subscription.*, p.name AS plan_name, p.consumption_model, COALESCE(price.price, base.price) AS base_price,
    price.included_balance, price.included_credits
FROM subscription JOIN plan p ON p.id = subscription.plan_id LEFT JOIN price ON price.id = subscription.price_id
LEFT JOIN price base ON base.id = price.inherits_from
"""


def _statuses(version: ApiVersion) -> tuple[str, ...]:
    paused = ("paused",) if version.name >= "2026-08-27" else ()
    return ("draft", "pending_payment", "trialing", "active", "past_due", "canceled", *paused)


def _list(ctx: Context) -> Page:
    """Filtered by customer and status; since 2026-07-24 summaries without features, credits and balance."""
    customer, status, statuses = ctx.query.get("customerId"), ctx.query.get("status"), _statuses(ctx.version)
    refuse((status is not None and status not in statuses, "status", f"must be one of {', '.join(statuses)}"))
    where = "(? IS NULL OR subscription.customer_id = ?) AND (? IS NULL OR subscription.status = ?)"
    rows, cursor = ctx.page("subscription", where, customer, customer, status, status, select=_SELECT)
    view = _summary if ctx.version.is_new else _full
    return Page([view(ctx, row) for row in rows], cursor)


def _get(ctx: Context, subscription_id: str) -> JsonObject:
    return _full(ctx, _find(ctx, subscription_id))


def _create(ctx: Context) -> JsonObject:
    """Active at once, or trialing: the emulator takes no payment, so nothing stays pending."""
    body = ctx.body(_CREATE)
    for name, kind in _NEVER_FOUND.items():
        if name in body:
            raise missing(kind, body[name])
    plan = _plan(ctx, body)
    price = _price(ctx, plan, body)
    interval = price["billing_interval"] if price else None
    start = body.get("startDate") or parse_time(ctx.now)
    trial_end = _trial_end(start, price, body)
    end = trial_end or period_end(start, interval)
    subscription_id = new_id("sub")
    row = {
        "customer_id": customers.ensure(ctx, body["customerId"]),
        "plan_id": plan["id"],
        "price_id": price["id"] if price else None,
        "name": body.get("name", plan["name"]),
        "status": "trialing" if trial_end else "active",
        "billing_interval": interval,
        "trial_ends_at": stamp(trial_end) if trial_end else None,
        "start_date": stamp(start),
        "period_end": stamp(end) if end else None,
        "cancel_at_period_end": body.get("cancelAtPeriodEnd", False),
    }
    ctx.insert("subscription", subscription_id, row)
    if plan_versions.is_on(ctx):
        plan_versions.accept(ctx.db)
    created = _find(ctx, subscription_id)
    return {**_summary(ctx, created), "checkoutProvider": None} if ctx.version.is_new else _full(ctx, created)


def _purchase_credits(ctx: Context, subscription_id: str) -> JsonObject:
    """Add the credits of an active pack; packs are for plans with the credits model only (guide, credit packs)."""
    row = _find(ctx, subscription_id)
    pack = ctx.find("credit_pack", ctx.body(_PURCHASE)["creditPackId"])
    if not pack["is_active"] or plan_versions.is_held_back(ctx, pack["id"]):
        raise missing("credit_pack", pack["id"], "active credit pack")
    needs = "needs a subscription to a plan with the credits consumption model"
    refuse((row["consumption_model"] != "credits", "creditPackId", needs))
    ctx.update("subscription", subscription_id, {"purchased_credits": row["purchased_credits"] + pack["credits"]})
    return ctx.tagged("credit_grant", {"credits": pack["credits"]}, parent="subscription")


def _find(ctx: Context, subscription_id: str) -> Row:
    where = "WHERE subscription.livemode = ? AND subscription.id = ?"
    row = ctx.db.first(f"{_SELECT} {where}", ctx.livemode, subscription_id)
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


def _trial_end(start: datetime, price: Row | None, body: JsonObject) -> datetime | None:
    days = body.get("customTrialDays", price["trial_days"] if price else 0)
    if not days or body.get("skipTrial"):
        return None
    try:
        return start + timedelta(days=days)
    except OverflowError as error:
        raise invalid(Problem("customTrialDays", "ends after the year 9999")) from error


def _summary(ctx: Context, row: Row) -> JsonObject:
    """What lists and creations answer since 2026-07-24 (official SDK 9.7.0, SubscriptionSummary)."""
    fields = {**_shared(ctx, row), "plan": {"id": row["plan_id"], "name": row["plan_name"]}}
    return ctx.tagged("subscription", {**fields, "offerApplications": [], "pause": None, "priceId": row["price_id"]})


def _full(ctx: Context, row: Row) -> JsonObject:
    """A whole subscription. The unit of basePrice is not documented; here that of plan prices."""
    terms, plan = plan_versions.accepted(ctx, row), {"id": row["plan_id"], "name": row["plan_name"]}
    fields = {
        **_shared(ctx, row),
        "plan": {**plan, "basePrice": ctx.amount_out(terms["base_price"]) or 0},
        "consumptionModel": row["consumption_model"],
        "features": [_feature(ctx, item) for item in terms["features"]],
        "credits": _credits(terms),
        "balance": _balance(terms),
    }
    if ctx.version.is_new:
        newer = {"offerApplications": [], "pause": None, "planGrant": None, "priceId": row["price_id"]}
        return ctx.tagged("subscription", {**fields, **newer})
    return ctx.tagged("subscription", {**fields, "discount": None, "checkoutProvider": None})


def _shared(ctx: Context, row: Row) -> JsonObject:
    goes_on = row["status"] in _BILLED and not row["cancel_at_period_end"]
    return {
        **picked(row, "id customer_id name"),
        "description": None,
        **picked(row, "status billing_interval trial_ends_at"),
        "currentPeriod": _period(ctx, row),
        "cancellation": None,
        "cancelAtPeriodEnd": bool(row["cancel_at_period_end"]),
        "scheduledPlanChange": None,
        "startDate": row["start_date"],
        "endDate": None,
        "billingDayOfMonth": parse_time(row["start_date"]).day if row["period_end"] else None,
        "nextBillingDate": row["period_end"] if goes_on else None,
        "checkoutUrl": None,
        **picked(row, "created_at updated_at"),
    }


def _period(ctx: Context, row: Row) -> JsonObject | None:
    if row["period_end"] is None:
        return None
    left = parse_time(row["period_end"]) - parse_time(ctx.now)
    return {"start": row["start_date"], "end": row["period_end"], "daysRemaining": max(0, left.days)}


def _feature(ctx: Context, row: JsonObject) -> JsonObject:
    """A feature of a subscription, without any usage; in the old generation every type has every key."""
    feature = {"code": row["code"], "name": row["name"], "type": row["type"]}
    enabled = {"enabled": bool(row["enabled"])}
    usage = {"current": 0, "included": row["included_amount"], "overageQuantity": 0}
    if row["overage_enabled"] or not ctx.version.is_new:
        usage["overageUnitPrice"] = row["overage_unit_price"] if row["overage_enabled"] else None
    if row["type"] == "boolean":
        return {**feature, **enabled, **({} if ctx.version.is_new else {"usage": None})}
    if ctx.version.is_new:
        return {**feature, "usage": {**usage, "unlimited": bool(row["unlimited"])}}
    return {**feature, **enabled, "usage": usage}


def _credits(row: JsonObject) -> dict[str, int] | None:
    if row["consumption_model"] != "credits":
        return None
    included, purchased = row["included_credits"] or 0, row["purchased_credits"]
    return {"remaining": included + purchased, "included": included, "purchased": purchased}


def _balance(row: JsonObject) -> JsonObject | None:
    if row["consumption_model"] != "balance":
        return None
    # In rate scale whatever the unit of prices, like the balance in the webhooks (webhooks.openapi.json).
    included = row["included_balance"] or 0
    return {"remaining": included, "included": included, "currency": "usd"}


RESOURCE = Resource(
    "subscription",
    (
        Operation("GET /subscriptions", _list),
        Operation("POST /subscriptions", _create),
        Operation("GET /subscriptions/<subscription_id>", _get),
        Operation("POST /subscriptions/<subscription_id>/credits", _purchase_credits),
    ),
    (
        Table(
            "subscription",
            "seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, livemode INTEGER NOT NULL, customer_id TEXT NOT NULL,"
            " plan_id TEXT NOT NULL REFERENCES plan (id), price_id TEXT REFERENCES price (id), name TEXT NOT NULL,"
            " status TEXT NOT NULL, billing_interval TEXT, trial_ends_at TEXT, start_date TEXT NOT NULL,"
            " period_end TEXT, cancel_at_period_end INTEGER NOT NULL, purchased_credits INTEGER NOT NULL DEFAULT 0,"
            " created_at TEXT NOT NULL, updated_at TEXT NOT NULL",
        ),
    ),
)

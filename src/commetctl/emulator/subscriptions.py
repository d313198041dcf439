"""Subscriptions: creating, reading, and buying credit packs; there is no billing, checkout or usage behind them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from commetctl.emulator import clock, credit_packs, customers, lookup, plan_versions
from commetctl.emulator.context import Context, Page, missing, new_id, page_size, place
from commetctl.emulator.errors import ApiError, Problem, invalid
from commetctl.emulator.store import Row
from commetctl.emulator.validate import INT32, Field, Fields, Flag, FreeObject, Integer, Text, VersionChoice
from commetctl.emulator.versions import Generation

CREATE: Fields = {
    "customerId": Field(Text(low=1, high=200), required=True),
    "planId": Field(Text()),
    "planCode": Field(Text()),
    "billingInterval": Field(VersionChoice("intervals")),
    "priceId": Field(Text(), only=Generation.NEW),
    "name": Field(Text()),
    "startDate": Field(Text()),
    "skipTrial": Field(Flag()),
    "customTrialDays": Field(Integer(high=INT32)),
    "cancelAtPeriodEnd": Field(Flag(), only=Generation.NEW),
    # No offers or promo codes exist here, so naming one is an error.
    "offerId": Field(Text(), only=Generation.NEW),
    "cardPromotionId": Field(Text(), only=Generation.NEW),
    "promoCode": Field(Text()),
    # These shape a checkout or an invoice, neither of which the emulator has.
    "initialSeats": Field(FreeObject()),
    "provider": Field(Text()),
    "successUrl": Field(Text()),
    "prepaidPeriods": Field(Integer(high=INT32), only=Generation.NEW),
    "introOffer": Field(FreeObject(), only=Generation.OLD),
}
PURCHASE: Fields = {"creditPackId": Field(Text(), required=True)}
_NOTHING_CALLED = {
    "offerId": ("offer_not_found", "offer"),
    "cardPromotionId": ("offer_not_found", "offer"),
    "promoCode": ("promo_code_not_found", "promo code"),
}
# In which a period ends with the next one being billed; that the others tell no next billing date is our choice.
_BILLED = ("active", "trialing", "past_due")
_SELECT = """
SELECT s.*, p.name AS plan_name, p.consumption_model, COALESCE(price.price, base.price) AS base_price,
    price.included_balance, price.included_credits
FROM subscription s JOIN plan p ON p.id = s.plan_id LEFT JOIN price ON price.id = s.price_id
LEFT JOIN price base ON base.id = price.inherits_from
WHERE s.livemode = ?
"""


def list_all(ctx: Context) -> Page:
    """Filtered by customer and status; since 2026-07-24 summaries without features, credits and balance."""
    status = ctx.query.get("status")
    if status is not None and status not in ctx.contract.subscription_statuses:
        raise invalid(Problem("status", f"must be one of {', '.join(ctx.contract.subscription_statuses)}"))
    customer = ctx.query.get("customerId")
    size = page_size(ctx)
    rows = ctx.db.all(
        f"{_SELECT} AND (? IS NULL OR s.customer_id = ?) AND (? IS NULL OR s.status = ?) AND s.seq > ?"
        " ORDER BY s.seq LIMIT ?",
        # Not with `paged`, which takes all of them: there may be a hundred thousand.
        *(ctx.livemode, customer, customer, status, status, place(ctx, "subscription"), size + 1 if size else -1),
    )
    page = rows[:size]
    view = _summary if ctx.contract.is_new else _full
    return Page([view(ctx, row) for row in page], page[-1]["id"] if len(rows) > len(page) else None)


def get(ctx: Context, subscription_id: str) -> dict[str, Any]:
    return _full(ctx, _find(ctx, subscription_id))


def create(ctx: Context) -> dict[str, Any]:
    """Active at once, or trialing: the emulator takes no payment, so nothing stays pending."""
    body = ctx.body(CREATE)
    for name, (code, what) in _NOTHING_CALLED.items():
        if name in body:
            raise missing(code, what, body[name])
    plan = _plan(ctx, body)
    price = _price(ctx, plan, body)
    start = _start(ctx, body)
    trial_end = _trial_end(start, price, body)
    end = trial_end or clock.period_end(start, price["billing_interval"] if price else None)
    row = {
        "id": new_id("sub"),
        "livemode": ctx.livemode,
        "customer_id": customers.ensure(ctx, body["customerId"]),
        "plan_id": plan["id"],
        "price_id": price["id"] if price else None,
        "name": body.get("name", plan["name"]),
        "status": "trialing" if trial_end else "active",
        "billing_interval": price["billing_interval"] if price else None,
        "trial_ends_at": clock.stamp(trial_end) if trial_end else None,
        "start_date": clock.stamp(start),
        "period_end": clock.stamp(end) if end else None,
        "cancel_at_period_end": body.get("cancelAtPeriodEnd", False),
        "created_at": ctx.now,
        "updated_at": ctx.now,
    }
    ctx.db.insert("subscription", row)
    if plan_versions.is_on(ctx.quirks):
        plan_versions.accept(ctx.db)
    created = _find(ctx, row["id"])
    return {**_summary(ctx, created), "checkoutProvider": None} if ctx.contract.is_new else _full(ctx, created)


def purchase_credits(ctx: Context, subscription_id: str) -> dict[str, Any]:
    """Add an active pack's credits; packs are for plans with the credits model only (guide, credit packs)."""
    row = _find(ctx, subscription_id)
    pack = credit_packs.find(ctx, ctx.body(PURCHASE)["creditPackId"])
    if not pack["is_active"] or plan_versions.is_held_back(ctx, pack["id"]):
        raise missing("credit_pack_not_found", "active credit pack", pack["id"])
    if row["consumption_model"] != "credits":
        raise invalid(Problem("creditPackId", "needs a subscription to a plan with the credits consumption model"))
    purchased = row["purchased_credits"] + pack["credits"]
    ctx.db.update("subscription", row["id"], {"purchased_credits": purchased, "updated_at": ctx.now})
    return ctx.tagged("credit_grant", {"credits": pack["credits"]})


def _find(ctx: Context, subscription_id: str) -> Row:
    row = ctx.db.first(f"{_SELECT} AND s.id = ?", ctx.livemode, subscription_id)
    if row is None:
        raise missing("subscription_not_found", "subscription", subscription_id)
    return row


def _plan(ctx: Context, body: Mapping[str, Any]) -> Row:
    if ("planId" in body) == ("planCode" in body):
        raise invalid(Problem("planId", "exactly one of planId and planCode is required"))
    if "planId" in body:
        return lookup.plan(ctx, body["planId"])
    row = lookup.plan(ctx, body["planCode"], by_code=True)
    if row["code"] != body["planCode"]:
        raise missing("plan_not_found", "plan", body["planCode"])
    return row


def _price(ctx: Context, plan: Row, body: Mapping[str, Any]) -> Row | None:
    """The named price, or the one of the named interval, or the default; a free plan has none."""
    if plan["is_free"]:
        return None
    if "priceId" in body:
        return lookup.price(ctx, plan["id"], body["priceId"])
    prices = [row for row in lookup.prices(ctx, plan["id"]) if row["inherits_from"] is None]
    if not prices:
        raise ApiError("no_prices_configured", f"plan {plan['code']!r} has no price")
    interval = body.get("billingInterval")
    if interval is None:
        return next((row for row in prices if row["is_default"]), prices[0])
    for row in prices:
        if row["billing_interval"] == interval:
            return row
    raise missing("price_not_found", "price for the interval", interval)


def _start(ctx: Context, body: Mapping[str, Any]) -> datetime:
    try:
        start = clock.parse(body.get("startDate", ctx.now))
    except ValueError as error:
        raise invalid(Problem("startDate", "must be an ISO 8601 date or time")) from error
    if not 2000 <= start.year < 3000:
        raise invalid(Problem("startDate", "must be within this millennium"))
    return start


def _trial_end(start: datetime, price: Row | None, body: Mapping[str, Any]) -> datetime | None:
    days = body.get("customTrialDays", price["trial_days"] if price else 0)
    if not days or body.get("skipTrial"):
        return None
    try:
        return start + timedelta(days=days)
    except OverflowError as error:
        raise invalid(Problem("customTrialDays", "ends after the year 9999")) from error


def _summary(ctx: Context, row: Row) -> dict[str, Any]:
    """What lists and creation answer since 2026-07-24 (official SDK 9.7.0, SubscriptionSummary)."""
    fields = {**_shared(ctx, row), "plan": {"id": row["plan_id"], "name": row["plan_name"]}}
    return ctx.tagged("subscription", {**fields, "offerApplications": [], "pause": None, "priceId": row["price_id"]})


def _full(ctx: Context, row: Row) -> dict[str, Any]:
    """A whole subscription. The unit of basePrice is not documented; it is given like plan prices."""
    terms = plan_versions.accepted(ctx, row)
    fields = {
        **_shared(ctx, row),
        "plan": {
            "id": row["plan_id"],
            "name": row["plan_name"],
            "basePrice": ctx.amount_out(terms["base_price"]) or 0,
        },
        "consumptionModel": row["consumption_model"],
        "features": [_feature(ctx, item) for item in terms["features"]],
        "credits": _credits(terms),
        "balance": _balance(terms),
    }
    if ctx.contract.is_new:
        newer = {"offerApplications": [], "pause": None, "planGrant": None, "priceId": row["price_id"]}
        return ctx.tagged("subscription", {**fields, **newer})
    return ctx.tagged("subscription", {**fields, "discount": None, "checkoutProvider": None})


def _shared(ctx: Context, row: Row) -> dict[str, Any]:
    start = clock.parse(row["start_date"])
    goes_on = row["status"] in _BILLED and not row["cancel_at_period_end"]
    return {
        "id": row["id"],
        "customerId": row["customer_id"],
        "name": row["name"],
        "description": None,
        "status": row["status"],
        "billingInterval": row["billing_interval"],
        "trialEndsAt": row["trial_ends_at"],
        "currentPeriod": _period(ctx, row),
        "cancellation": None,
        "cancelAtPeriodEnd": bool(row["cancel_at_period_end"]),
        "scheduledPlanChange": None,
        "startDate": row["start_date"],
        "endDate": None,
        "billingDayOfMonth": start.day if row["period_end"] else None,
        "nextBillingDate": row["period_end"] if goes_on else None,
        "checkoutUrl": None,
        "createdAt": row["created_at"],
        "updatedAt": row["updated_at"],
    }


def _period(ctx: Context, row: Row) -> dict[str, Any] | None:
    if row["period_end"] is None:
        return None
    left = clock.parse(row["period_end"]) - clock.parse(ctx.now)
    return {"start": row["start_date"], "end": row["period_end"], "daysRemaining": max(0, left.days)}


def _feature(ctx: Context, row: Mapping[str, Any] | Row) -> dict[str, Any]:
    """A feature as a subscriber has it, never used; the old generation gives every key to every type."""
    feature = {"code": row["code"], "name": row["name"], "type": row["type"]}
    enabled = {"enabled": bool(row["enabled"])}
    usage = {"current": 0, "included": row["included_amount"], "overageQuantity": 0}
    if row["overage_enabled"] or not ctx.contract.is_new:
        usage["overageUnitPrice"] = row["overage_unit_price"] if row["overage_enabled"] else None
    if row["type"] == "boolean":
        return {**feature, **enabled, **({} if ctx.contract.is_new else {"usage": None})}
    if ctx.contract.is_new:
        return {**feature, "usage": {**usage, "unlimited": bool(row["unlimited"])}}
    return {**feature, **enabled, "usage": usage}


def _credits(row: Mapping[str, Any]) -> dict[str, int] | None:
    if row["consumption_model"] != "credits":
        return None
    included, purchased = row["included_credits"] or 0, row["purchased_credits"]
    return {"remaining": included + purchased, "included": included, "purchased": purchased}


def _balance(row: Mapping[str, Any]) -> dict[str, Any] | None:
    if row["consumption_model"] != "balance":
        return None
    # In rate scale whatever the unit of prices, as the webhooks say of what a customer has (webhooks.openapi.json).
    included = row["included_balance"] or 0
    return {"remaining": included, "included": included, "currency": "usd"}

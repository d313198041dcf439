"""Subscriptions as the API answers them; what they have depends on the version, and there is no usage.

Before 2026-06-07 lists and creations name the plan by two keys, and only the active subscription has its parts
(`@commet/node` 5.5.1). From 2026-07-24 on, lists and creations have summaries (official SDK 9.7.0).
"""

from datetime import datetime

from commetctl.emulator.resource import Context, picked
from commetctl.emulator.resources import entitlements, offer_applications
from commetctl.emulator.store import Row
from commetctl.emulator.versions import FIRST_NEW, LAST_OLD, NESTED, WRITES
from commetctl.emulator.wire import JsonObject, parse_time

# The statuses in which the end of a period is the next billing date; that the others have none is our choice.
_BILLED = ("active", "trialing", "past_due")
#: A subscription with what its plan and its price say; a WHERE clause follows.
SELECT = """
SELECT subscription.*, p.name AS plan_name, p.consumption_model, COALESCE(price.price, base.price) AS base_price,
    price.included_balance, price.included_credits,
    EXISTS (SELECT 1 FROM offer_application WHERE subscription_id = subscription.id) AS has_offer
FROM subscription JOIN plan p ON p.id = subscription.plan_id LEFT JOIN price ON price.id = subscription.price_id
LEFT JOIN price base ON base.id = price.inherits_from
"""


def listed(ctx: Context, row: Row) -> JsonObject:
    """An item of the list of subscriptions."""
    if ctx.version.name < NESTED:
        # There, endDate is a text and never null, so that a subscription without an end has none.
        end = {"endDate": row["ended_at"]} if row["ended_at"] else {}
        fields = {**_named(row), **picked(row, "name status start_date"), **end, **_dates(row)}
        return ctx.tagged("subscription", fields)
    return _summary(ctx, row) if ctx.version.is_new else full(ctx, row)


def created(ctx: Context, row: Row) -> JsonObject:
    """The answer to a creation."""
    if ctx.version.is_new:
        return {**_summary(ctx, row), "checkoutProvider": None}
    return full(ctx, row) if ctx.version.name >= NESTED else _thin(ctx, row)


def active(ctx: Context, row: Row) -> JsonObject:
    """The active subscription of a customer: a whole one, in which the plan has the interval before 2026-06-07."""
    if ctx.version.name >= NESTED:
        return full(ctx, row)
    whole = full(ctx, row)
    plan = {**whole["plan"], "billingInterval": whole.pop("billingInterval")}
    del whole["cancelAtPeriodEnd"]
    return {**whole, "plan": plan}


def full(ctx: Context, row: Row) -> JsonObject:
    """A whole subscription. The unit of basePrice is not documented; here that of plan prices."""
    terms, plan = entitlements.of(ctx, row), {"id": row["plan_id"], "name": row["plan_name"]}
    fields = {
        **_shared(ctx, row),
        "plan": {**plan, "basePrice": ctx.amount_out(terms["base_price"]) or 0},
        "consumptionModel": row["consumption_model"],
        "features": [_feature(ctx, item) for item in terms["features"]],
        "credits": _credits(terms),
        "balance": _balance(terms),
        **_since(ctx, "2026-08-27", planGrant=None),
    }
    return ctx.tagged("subscription", fields)


def _summary(ctx: Context, row: Row) -> JsonObject:
    fields = {**_shared(ctx, row), "plan": {"id": row["plan_id"], "name": row["plan_name"]}}
    return ctx.tagged("subscription", fields)


def _thin(ctx: Context, row: Row) -> JsonObject:
    period = {"currentPeriodStart": period_start(row), "currentPeriodEnd": row["period_end"]}
    fields = {
        **_named(row),
        **picked(row, "name status billing_interval trial_ends_at start_date"),
        **(period if row["period_end"] else dict.fromkeys(period)),
        "endDate": row["ended_at"],
        "checkoutUrl": None,
        **_dates(row),
        **_since(ctx, WRITES, introOfferEndsAt=None, introOfferDiscountType=None, introOfferDiscountValue=None),
    }
    return ctx.tagged("subscription", fields)


def _named(row: Row) -> JsonObject:
    return picked(row, "id customer_id plan_id plan_name")


def _dates(row: Row) -> JsonObject:
    return {"billingDayOfMonth": anchor(row).day, **picked(row, "created_at updated_at")}


def anchor(row: Row) -> datetime:
    """The time from which the billing periods of a subscription are counted: its start, or the end of its trial."""
    return parse_time(row["trial_ends_at"] or row["start_date"])


def period_start(row: Row) -> str:
    """The start of the running period; in the databases of an earlier emulator, which had one period, of that one."""
    return str(row["period_start"] or row["start_date"])


def _since(ctx: Context, since: str, until: str = "", **values: object) -> JsonObject:
    """Keys that only some versions have."""
    return values if ctx.version.within(since, until) else {}


def _shared(ctx: Context, row: Row) -> JsonObject:
    goes_on = row["status"] in _BILLED and not row["cancel_at_period_end"]
    return {
        **picked(row, "id customer_id name"),
        "description": None,
        **picked(row, "status billing_interval trial_ends_at"),
        "currentPeriod": _period(ctx, row),
        "cancellation": None,
        "cancelAtPeriodEnd": bool(row["cancel_at_period_end"]),
        **_since(ctx, "2026-06-10", scheduledPlanChange=None),
        "startDate": row["start_date"],
        "endDate": row["ended_at"],
        "billingDayOfMonth": anchor(row).day if row["period_end"] else None,
        "nextBillingDate": row["period_end"] if goes_on else None,
        "checkoutUrl": None,
        **picked(row, "created_at updated_at"),
        **(_discount(ctx, row) if ctx.version.within(WRITES, FIRST_NEW) else _offers(ctx, row)),
        **_since(ctx, LAST_OLD, LAST_OLD, checkoutProvider=None),
        **_since(ctx, FIRST_NEW, priceId=row["price_id"]),
        **_since(ctx, "2026-08-27", pause=None),
    }


def _discount(ctx: Context, row: Row) -> JsonObject:
    return {"discount": offer_applications.discount(ctx, row)}


def _offers(ctx: Context, row: Row) -> JsonObject:
    return _since(ctx, "2026-07-31", offerApplications=offer_applications.views(ctx, row))


def _period(ctx: Context, row: Row) -> JsonObject | None:
    if row["period_end"] is None:
        return None
    left = parse_time(row["period_end"]) - parse_time(ctx.now)
    return {"start": period_start(row), "end": row["period_end"], "daysRemaining": max(0, left.days)}


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
    return {"remaining": included, "included": included, "currency": row["balance_currency"]}

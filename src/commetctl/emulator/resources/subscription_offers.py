"""The offer of a subscription that exists: applying one, and taking back the one that a checkout quotes.

No request leaves a subscription waiting for its payment here, so a checkout is one that was written into the file.
"""

from commetctl.emulator.errors import conflict, missing
from commetctl.emulator.resource import Context, Operation, Resource
from commetctl.emulator.resources import offer_applications, offer_selection, subscription_view, subscriptions
from commetctl.emulator.resources.offer_selection import Priced, Selection, inapplicable
from commetctl.emulator.store import Row
from commetctl.emulator.validate import Field, Fields, Text, Time
from commetctl.emulator.wire import JsonObject, parse_time, stamp

_APPLY: Fields = {"offerId": Field(Text(low=1), required=True), "expiresAt": Field(Time())}
_SINCE, _PATH = "2026-07-31", "/subscriptions/<subscription_id>/offer"
# Also one that was archived since.
_PRICE = """
SELECT price.*, base.price AS base_price FROM price LEFT JOIN price base ON base.id = price.inherits_from
WHERE price.id = ?
"""
_UNQUOTE = "DELETE FROM offer_application WHERE subscription_id = ? AND source = 'direct' AND status = 'quoted'"
_QUOTED = "SELECT 1 FROM offer_application WHERE subscription_id = ? AND source = 'direct' AND status = 'quoted'"


def _apply(ctx: Context, subscription_id: str) -> JsonObject:
    """Apply an offer from the next billing date on, or quote it in a checkout, without a trial in either case.

    That a subscription on trial counts as active is our choice.
    """
    row = subscriptions.find(ctx, subscription_id)
    body = ctx.body(_APPLY)
    offer = ctx.find("offer", body["offerId"])
    waits = row["status"] == "pending_payment"
    if not waits and row["status"] not in ("active", "trialing"):
        raise conflict("invalid_subscription_status", f"the subscription is {row['status']}")
    price = ctx.db.first(_PRICE, row["price_id"])
    if price is None:
        raise inapplicable("offerId", "the plan of the subscription has no price")
    chosen = offer_selection.direct(ctx, offer, Priced(price, row["currency"]))
    _refuse_inapplicable(ctx, row, chosen, waits=waits)
    if waits:
        ctx.db.run(_UNQUOTE, subscription_id)
    start = None if waits else parse_time(row["period_end"])
    expires = body.get("expiresAt") if waits else None
    offer_applications.record(ctx, row, chosen, start, stamp(expires) if expires else None)
    return _touched(ctx, subscription_id)


def _remove(ctx: Context, subscription_id: str) -> JsonObject:
    row = subscriptions.find(ctx, subscription_id)
    if row["status"] != "pending_payment":
        raise conflict("invalid_subscription_status", "only the offer of a checkout can be removed")
    if ctx.db.first(_QUOTED, subscription_id) is None:
        raise missing("offer", subscription_id, "quoted offer of the subscription")
    ctx.db.run(_UNQUOTE, subscription_id)
    return _touched(ctx, subscription_id)


def _refuse_inapplicable(ctx: Context, row: Row, chosen: Selection, *, waits: bool) -> None:
    for is_broken, why in (
        (chosen.trial_days is not None, "a trial cannot be applied to an existing subscription"),
        (not waits and row["period_end"] is None, "the subscription has no next billing date"),
        (not waits and offer_applications.is_running(ctx, row), "another offer applies to the subscription"),
    ):
        if is_broken:
            raise inapplicable("offerId", why)


def _touched(ctx: Context, subscription_id: str) -> JsonObject:
    ctx.update("subscription", subscription_id, {})
    return subscription_view.full(ctx, subscriptions.find(ctx, subscription_id))


RESOURCE = Resource(
    "subscription",
    (Operation(f"PUT {_PATH}", _apply, since=_SINCE), Operation(f"DELETE {_PATH}", _remove, since=_SINCE)),
    (offer_applications.TABLE,),
)

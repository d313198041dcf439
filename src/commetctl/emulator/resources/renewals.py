"""Renewals: what is due at the end of the period of a subscription, once a clock was moved past it.

The emulator takes no payment, so every invoice is paid. A subscription that was to end is canceled instead.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from commetctl.emulator import wire
from commetctl.emulator.resource import Context
from commetctl.emulator.resources import entitlements, invoices, subscription_view
from commetctl.emulator.store import Row
from commetctl.emulator.wire import parse_time, stamp

_DUE = """
SELECT period_end, seq, id FROM subscription
WHERE livemode = ? AND status IN ('trialing', 'active', 'past_due') AND period_end < ?
"""
_CUSTOMER = "SELECT full_name FROM customer WHERE livemode = ? AND id = ?"
#: What became of a subscription: see `Done`.
RENEWED, TRIAL_ENDED, CANCELED = "renewed", "trial_ended", "canceled"


class Done(NamedTuple):
    """A deadline that was processed: when it was due, what became of the subscription, and its invoice if any."""

    due: str
    outcome: str
    subscription_id: str
    customer_name: str | None
    invoice: invoices.Issued | None


def run(ctx: Context, until: datetime) -> list[Done]:
    """Process every deadline of the account that is due before a time, in the order of their times.

    One that is due at that very time is left to the next run (official SDK 9.7.0, test clock: "due before").
    """
    limit, done = stamp(until), []
    queue = [tuple(row) for row in ctx.db.all(_DUE, ctx.livemode, limit)]
    heapify(queue)
    while queue:
        due, seq, subscription_id = heappop(queue)
        at_due = replace(ctx, now=due)
        (row,) = ctx.db.all(f"{subscription_view.SELECT} WHERE subscription.id = ?", subscription_id)
        end = None if row["cancel_at_period_end"] else _next_end(row)
        done.append(_processed(at_due, row, end))
        if end is not None and end < limit:
            heappush(queue, (end, seq, subscription_id))
    return done


def _processed(ctx: Context, row: Row, end: str | None) -> Done:
    customer = ctx.db.first(_CUSTOMER, ctx.livemode, row["customer_id"])
    name = customer["full_name"] if customer is not None else None
    if row["cancel_at_period_end"]:
        ctx.update("subscription", row["id"], {"status": "canceled", "ended_at": ctx.now})
        return Done(ctx.now, CANCELED, row["id"], name, None)
    was_trial = row["status"] == "trialing"
    status = "active" if was_trial else row["status"]
    ctx.update("subscription", row["id"], {"status": status, "period_start": ctx.now, "period_end": end})
    entitlements.begin(ctx, row)
    # A free plan has no price.
    issued = None if row["price_id"] is None else invoices.issue(ctx, row, end or ctx.now)
    return Done(ctx.now, TRIAL_ENDED if was_trial else RENEWED, row["id"], name, issued)


def _next_end(row: Row) -> str | None:
    """The end of the period that follows; None where nothing recurs."""
    if not wire.recurs(row["billing_interval"]):
        return None
    after = parse_time(row["period_end"]) + timedelta(milliseconds=1)
    _, end = wire.period_at(subscription_view.anchor(row), row["billing_interval"], after)
    return stamp(end)

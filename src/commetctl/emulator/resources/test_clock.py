"""The test clock of the sandbox: it stands still at the time that it was moved to, and a move does what is due.

A move is done at once here, where Commet takes a while. Runs are answered since 2026-08-27 (official SDK 9.4.0).
"""

from dataclasses import replace
from datetime import datetime, timedelta

from commetctl.emulator import clock, wire
from commetctl.emulator.errors import ApiError, Problem, invalid
from commetctl.emulator.resource import Context, Operation, Resource, new_id, refuse
from commetctl.emulator.resources import renewals
from commetctl.emulator.store import Table
from commetctl.emulator.validate import INT32, Field, Fields, Integer, Time
from commetctl.emulator.versions import NESTED
from commetctl.emulator.wire import JsonObject, parse_time, stamp

_RUNS = "2026-08-27"
_ADVANCE: Fields = {"advanceDays": Field(Integer(low=1, high=INT32)), "frozenTime": Field(Time())}
_LATEST = "SELECT run FROM test_clock_run WHERE livemode = ? ORDER BY seq DESC LIMIT 1"


def _get(ctx: Context) -> JsonObject:
    _require_sandbox(ctx)
    return _view(ctx)


def _advance(ctx: Context) -> JsonObject:
    """Move the clock and process what is due before the target; before 2026-08-27 the answer is the clock."""
    _require_sandbox(ctx)
    started, target = ctx.now, _target(ctx)
    clock.set_test(ctx.db, target, livemode=ctx.livemode)
    items = [_item(done) for done in renewals.run(ctx, target)]
    counts = {"estimatedDeadlineCount": len(items), "completedDeadlineCount": len(items), "failedDeadlineCount": 0}
    times = {"startedAtTime": started, "targetTime": stamp(target)}
    run = {"id": new_id("tcr"), "status": "completed", **times, **counts, "error": None, "items": items}
    ctx.db.insert("test_clock_run", {"livemode": ctx.livemode, "run": wire.dumps(run)})
    if ctx.version.name >= _RUNS:
        return ctx.tagged("test_clock_run", run)
    return _view(replace(ctx, now=stamp(target)))


def _process(ctx: Context) -> JsonObject:
    """Retired: a move does it (guide, testing)."""
    message = "POST /test-clock moves the clock and processes what is due"
    raise ApiError("not_found_error", "endpoint_deprecated", message, status=410)


def _target(ctx: Context) -> datetime:
    body = ctx.body(_ADVANCE)
    refuse((len(body) != 1, "", "exactly one of advanceDays and frozenTime is required"))
    ((field, value),) = body.items()
    now = parse_time(ctx.now)
    try:
        moved = value if field == "frozenTime" else now + timedelta(days=value)
    except OverflowError as error:
        raise invalid(Problem(field, "ends after this millennium")) from error
    # To the millisecond, as times are written.
    target = parse_time(stamp(moved))
    refuse(
        (target <= now, field, f"must be after {ctx.now}, the time of the clock: it only moves forward"),
        (not clock.is_possible(target), field, "ends after this millennium"),
    )
    return target


def _view(ctx: Context) -> JsonObject:
    """The clock of the account; one that the emulator's own clock moved counts as simulated too."""
    is_active = clock.is_simulated(ctx.db, parse_time(ctx.now), livemode=ctx.livemode)
    values = {"simulatedTime": ctx.now if is_active else None, "isActive": is_active, "now": ctx.now}
    if ctx.version.name >= _RUNS:
        row = ctx.db.first(_LATEST, ctx.livemode)
        values["latestRun"] = None if row is None else wire.loads(row["run"])
    return ctx.tagged("test_clock", values)


def _item(done: renewals.Done) -> JsonObject:
    return {
        "kind": "billing_cycle",
        "status": "completed",
        "dueAt": done.due,
        "subscriptionId": done.subscription_id,
        "customerName": done.customer_name,
        "invoiceNumber": done.invoice.number if done.invoice else None,
        "invoiceId": done.invoice.id if done.invoice else None,
        "outcome": done.outcome,
        "detail": None,
        "error": None,
    }


def _require_sandbox(ctx: Context) -> None:
    if ctx.livemode:
        raise ApiError("authentication_error", "sandbox_only", "only a sandbox has a test clock", status=403)


RESOURCE = Resource(
    "test_clock",
    (
        Operation("GET /test-clock", _get, since=NESTED),
        Operation("POST /test-clock", _advance, since=NESTED, creates=False, accepted_since=_RUNS),
        Operation("POST /test-clock/process-billing", _process, since=NESTED),
    ),
    (Table("test_clock_run", "seq INTEGER PRIMARY KEY, livemode INTEGER NOT NULL, run TEXT NOT NULL"),),
)

"""Finding rows of the caller's organisation, or answering that they do not exist."""

from commetctl.emulator.context import Context, missing
from commetctl.emulator.store import Row


def feature(ctx: Context, name: str, *, by_code: bool = True) -> Row:
    """A feature by its id, and where the API allows it by its code."""
    row = ctx.db.first(
        "SELECT * FROM feature WHERE livemode = ? AND NOT deleted AND (id = ? OR (? AND code = ?))",
        *(ctx.livemode, name, by_code, name),
    )
    if row is None:
        raise missing("feature_not_found", "feature", name)
    return row


def plan(ctx: Context, name: str, *, by_code: bool = False) -> Row:
    """A plan by its id; reading accepts its code too (API reference, get plan)."""
    row = ctx.db.first(
        "SELECT * FROM plan WHERE livemode = ? AND NOT deleted AND (id = ? OR (? AND code = ?))",
        *(ctx.livemode, name, by_code, name),
    )
    if row is None:
        raise missing("plan_not_found", "plan", name)
    return row


def price(ctx: Context, plan_id: str, price_id: str) -> Row:
    row = ctx.db.first("SELECT * FROM price WHERE plan_id = ? AND id = ? AND NOT deleted", plan_id, price_id)
    if row is None:
        raise missing("price_not_found", "price", price_id)
    return row


def prices(ctx: Context, plan_id: str) -> list[Row]:
    return ctx.db.all("SELECT * FROM price WHERE plan_id = ? AND NOT deleted ORDER BY seq", plan_id)


def plan_feature(ctx: Context, plan_id: str, feature_id: str) -> Row:
    """A feature attached to a plan, with the catalog feature's code, name, type and unit."""
    row = ctx.db.first(
        "SELECT p.*, f.code, f.name, f.type, f.unit_name FROM plan_feature p JOIN feature f ON f.id = p.feature_id"
        " WHERE p.plan_id = ? AND p.feature_id = ?",
        *(plan_id, feature_id),
    )
    if row is None:
        raise missing("feature_not_found", "feature of the plan", feature_id)
    return row


def touch_plan(ctx: Context, plan_id: str) -> None:
    """Writing a part of a plan counts as writing the plan (not documented; our choice)."""
    ctx.db.update("plan", plan_id, {"updated_at": ctx.now})

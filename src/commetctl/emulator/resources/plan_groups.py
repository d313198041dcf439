"""Plan groups: plans between which customers can switch, in the order of their upgrade path."""

from collections.abc import Sequence

from commetctl.emulator.errors import conflict, missing
from commetctl.emulator.paging import paged
from commetctl.emulator.resource import Context, Operation, Page, Resource, columns, new_id, picked, refuse
from commetctl.emulator.resources import regional_values
from commetctl.emulator.store import Row, object_table
from commetctl.emulator.validate import INT32, Field, Fields, Flag, Integer, ListOf, Text
from commetctl.emulator.versions import LAST_OLD, NESTED
from commetctl.emulator.wire import JsonObject

_CREATE: Fields = {
    "name": Field(Text(low=1), required=True),
    "description": Field(Text()),
    "isPublic": Field(Flag()),
}
_UPDATE: Fields = {
    "name": Field(Text(low=1)),
    "description": Field(Text(), nullable=True),
    "isPublic": Field(Flag()),
}
_ADD: Fields = {"planId": Field(Text(low=1), required=True), "sortOrder": Field(Integer(high=INT32))}
_REORDER: Fields = {"planIds": Field(ListOf(Text(low=1)), required=True)}
# The default of isPublic is not documented; that of plans.
_DEFAULTS = {"is_public": True}
# Plans that share a position are in the order of their creation (not documented; our choice).
_MEMBERS = "SELECT * FROM plan WHERE plan_group_id = ? AND NOT deleted ORDER BY sort_order, seq"


def _list(ctx: Context) -> Page:
    return paged(ctx, "plan_group", _view, "NOT deleted")


def _get(ctx: Context, group_id: str) -> JsonObject:
    return _detail(ctx, ctx.find("plan_group", group_id))


def _create(ctx: Context) -> JsonObject:
    group_id = new_id("plg")
    ctx.insert("plan_group", group_id, {**_DEFAULTS, **columns(ctx.body(_CREATE))})
    return _view(ctx, ctx.find("plan_group", group_id))


def _update(ctx: Context, group_id: str) -> JsonObject:
    ctx.find("plan_group", group_id)
    ctx.update("plan_group", group_id, columns(ctx.body(_UPDATE)))
    return _view(ctx, ctx.find("plan_group", group_id))


def _delete(ctx: Context, group_id: str) -> JsonObject:
    """Its plans are unlinked, not deleted (API reference, plan groups)."""
    ctx.find("plan_group", group_id)
    for plan in _members(ctx, group_id):
        ctx.update("plan", plan["id"], {"plan_group_id": None})
    return ctx.receipt("plan_group", ctx.delete("plan_group", group_id))


def _add(ctx: Context, group_id: str) -> JsonObject:
    ctx.find("plan_group", group_id)
    body = ctx.body(_ADD)
    plan = ctx.find("plan", body["planId"])
    if plan["plan_group_id"] is not None:
        raise conflict("duplicate", f"plan {plan['code']!r} is in a plan group already", param="planId")
    _refuse_other_currencies(ctx, group_id, plan)
    join(ctx, group_id, plan["id"], "planId", at=body.get("sortOrder"))
    return _changed(ctx, group_id, "plan_group_membership", {"success": True})


def join(ctx: Context, group_id: str, plan_id: str, field: str, *, at: int | None = None) -> None:
    """Put a plan that is in no group into a group, at a place, or else last; the other plans keep theirs.

    `plan_group_not_found` when there is no such group; a validation error, which names the `field`, when its plans have
    another consumption model.
    """
    ctx.find("plan_group", group_id)
    plan, others = ctx.find("plan", plan_id), _members(ctx, group_id)
    models = {other["consumption_model"] for other in others}
    has_other = bool(models) and models != {plan["consumption_model"]}
    ctx.require((has_other, field, "would give the group plans with different consumption models"))
    last = max((other["sort_order"] for other in others), default=-1)
    ctx.update("plan", plan_id, {"plan_group_id": group_id, "sort_order": last + 1 if at is None else at})


def _remove(ctx: Context, group_id: str, plan_id: str) -> JsonObject:
    """The plan keeps its sortOrder (not documented; our choice)."""
    ctx.find("plan_group", group_id)
    if plan_id not in [plan["id"] for plan in _members(ctx, group_id)]:
        raise missing("plan", plan_id, "plan of the group")
    ctx.update("plan", plan_id, {"plan_group_id": None})
    ctx.update("plan_group", group_id, {})
    return ctx.receipt("plan_group_membership", {"id": plan_id, "removed": True}, parent="plan_group")


def _reorder(ctx: Context, group_id: str) -> JsonObject:
    """Number the plans from 0 on; all of them have to be listed (API reference, plan groups)."""
    ctx.find("plan_group", group_id)
    ids, members = ctx.body(_REORDER)["planIds"], [plan["id"] for plan in _members(ctx, group_id)]
    refuse((not ids or sorted(ids) != sorted(members), "planIds", "must list every plan of the group once"))
    for position, plan_id in enumerate(ids):
        ctx.update("plan", plan_id, {"sort_order": position})
    return _changed(ctx, group_id, "plan_group_order", {"reordered": True})


def _changed(ctx: Context, group_id: str, kind: str, values: JsonObject) -> JsonObject:
    """The answer to a change of the members; before 2026-06-07 the group and its plans (official SDK 5.5.0)."""
    ctx.update("plan_group", group_id, {})
    return _get(ctx, group_id) if ctx.version.name < NESTED else ctx.receipt(kind, values, parent="plan_group")


def _members(ctx: Context, group_id: str) -> Sequence[Row]:
    return ctx.db.all(_MEMBERS, group_id)


def _view(ctx: Context, row: Row) -> JsonObject:
    """A group in lists and writes, where it has its plans from 2026-06-07 to 2026-07-11 alone (official SDKs)."""
    return _detail(ctx, row) if ctx.version.within(NESTED, LAST_OLD) else ctx.tagged("plan_group", _fields(row))


def _detail(ctx: Context, row: Row) -> JsonObject:
    """A group with its plans, which have a code before 2026-06-07 alone (`@commet/node` 5.5.1)."""
    names = "id code name sort_order" if ctx.version.name < NESTED else "id name sort_order"
    plans = [picked(plan, names) for plan in _members(ctx, row["id"])]
    return ctx.tagged("plan_group", {**_fields(row), "plans": plans})


def _fields(row: Row) -> JsonObject:
    return picked(row, "id name description is_public created_at updated_at")


def _refuse_other_currencies(ctx: Context, group_id: str, plan: Row) -> None:
    """All plans of a group support the same currencies (guide, plan groups), but for those without a price.

    Only adding a plan is checked: a currency comes to the plans of a group one by one, and so could never be added.
    The code of the refusal is our choice.
    """
    supported = _currencies(ctx, plan)
    others = [_currencies(ctx, other) for other in _members(ctx, group_id)] if supported else []
    differs = any(other not in (set(), supported) for other in others)
    checked = ctx.quirks["group_currencies"] == "checked"
    refuse((checked and differs, "planId", "would give the group plans with different currencies"))


def _currencies(ctx: Context, plan: Row) -> set[str]:
    """The currencies in which a plan can be paid; none while it has no price, such as a free plan."""
    has_price = "SELECT 1 FROM price WHERE plan_id = ? AND NOT deleted"
    if ctx.db.first(has_price, plan["id"]) is None:
        return set()
    return {"usd", *regional_values.currencies(ctx, plan["id"])}


_ONE, _PLANS = "/plan-groups/<group_id>", "/plan-groups/<group_id>/plans"
RESOURCE = Resource(
    "plan_group",
    (
        Operation("GET /plan-groups", _list),
        Operation("POST /plan-groups", _create),
        Operation(f"GET {_ONE}", _get),
        Operation(f"PATCH {_ONE}", _update, old=f"PUT {_ONE}"),
        Operation(f"DELETE {_ONE}", _delete),
        Operation(f"POST {_PLANS}", _add),
        Operation(f"DELETE {_PLANS}/<plan_id>", _remove),
        Operation(f"PUT {_PLANS}/reorder", _reorder),
    ),
    (object_table("plan_group", "name TEXT NOT NULL, description TEXT, is_public INTEGER NOT NULL"),),
)

"""Plans: listing, reading, creating, updating, visibility and deletion."""

from collections.abc import Mapping

from commetctl.emulator import wire
from commetctl.emulator.errors import conflict
from commetctl.emulator.resource import Context, Operation, Page, Resource, columns, new_id, refuse
from commetctl.emulator.resources import plan_groups, plan_view, thin_plans
from commetctl.emulator.resources.features import CODE
from commetctl.emulator.store import object_table
from commetctl.emulator.validate import Choice, Field, Flag, FreeObject, Text
from commetctl.emulator.versions import NESTED
from commetctl.emulator.wire import JsonObject

_CREATE = {
    "name": Field(Text(low=1), required=True),
    "code": Field(CODE, required=True),
    "description": Field(Text()),
    "consumptionModel": Field(Choice(("metered", "credits", "balance"))),
    "isPublic": Field(Flag()),
    "isFree": Field(Flag()),
    "blockOnExhaustion": Field(Flag()),
    "planGroupId": Field(Text()),
    "metadata": Field(FreeObject()),
}
_UPDATE = {
    "name": Field(Text(low=1)),
    "description": Field(Text(), nullable=True),
    "metadata": Field(FreeObject()),
    "isPublic": Field(Flag()),
}
_VISIBILITY = {"isPublic": Field(Flag(), required=True)}
# The default of isPublic is not documented; the official CLI treats a missing one as public.
_DEFAULTS = {"is_public": True, "is_free": False, "block_on_exhaustion": False}
_EXACT = {"": False, "false": False, "true": True}
#: What includePrivate can be, by the quirk `include_private`.
_SPELLINGS = {
    "true": _EXACT,
    "truthy": {**_EXACT, "0": False, "no": False, "off": False, "1": True, "yes": True, "on": True},
}


def _list(ctx: Context) -> Page:
    spellings, private = _SPELLINGS[ctx.quirks["include_private"]], ctx.query.get("includePrivate", "")
    if ctx.quirks["include_private"] == "truthy":
        private = private.lower()
    refuse((private not in spellings, "includePrivate", "must be true or false"))
    rows, cursor = ctx.page("plan", "NOT deleted AND (is_public OR ?)", spellings[private])
    plans = plan_view.views(ctx, rows)
    return Page(plans if ctx.version.name >= NESTED else [thin_plans.listed(ctx, plan) for plan in plans], cursor)


def _get(ctx: Context, plan_id: str) -> JsonObject:
    """Unlike writes, reading accepts the code of a plan as well (API reference, get plan)."""
    plan = plan_view.view(ctx, ctx.find("plan", plan_id, by=("id", "code")))
    return plan if ctx.version.name >= NESTED else thin_plans.read(ctx, plan)


def create(ctx: Context) -> JsonObject:
    body = ctx.body(_CREATE)
    _refuse_taken(ctx, "code", body["code"])
    _refuse_taken(ctx, "name", body["name"])
    plan_id, group_id = new_id("pln"), body.pop("planGroupId", None)
    ctx.insert("plan", plan_id, {**_DEFAULTS, **columns(body)})
    if group_id is not None:
        plan_groups.join(ctx, group_id, plan_id, "planGroupId")
    return _written(ctx, plan_id)


def update(ctx: Context, plan_id: str) -> JsonObject:
    row = ctx.find("plan", plan_id)
    body = ctx.body(_UPDATE)
    if body.get("name", row["name"]) != row["name"]:
        _refuse_taken(ctx, "name", body["name"])
    if "metadata" in body and ctx.quirks["plan_metadata"] == "merge":
        body["metadata"] = merged(row["metadata"], body["metadata"])
    ctx.update("plan", plan_id, columns(body))
    return _written(ctx, plan_id)


def _set_visibility(ctx: Context, plan_id: str) -> JsonObject:
    """The whole plan; before 2026-07-24 only its id and visibility (official SDK 7.10.0, PlanVisibility)."""
    ctx.find("plan", plan_id)
    body = ctx.body(_VISIBILITY)
    ctx.update("plan", plan_id, columns(body))
    if ctx.version.is_new:
        return plan_view.view(ctx, ctx.find("plan", plan_id))
    return ctx.tagged("plan", {"id": plan_id, **body})


def _delete(ctx: Context, plan_id: str) -> JsonObject:
    """A soft deletion: subscriptions keep the plan, lists and reads do not (API reference, delete plan)."""
    ctx.find("plan", plan_id)
    return ctx.receipt("plan", ctx.delete("plan", plan_id))


def _written(ctx: Context, plan_id: str) -> JsonObject:
    """The answer to a write: the whole plan, and before 2026-06-07 the plan without its parts."""
    plan = plan_view.view(ctx, ctx.find("plan", plan_id))
    return plan if ctx.version.name >= NESTED else thin_plans.written(plan)


def _refuse_taken(ctx: Context, column: str, value: str) -> None:
    """Codes are unique; names only with the quirk `plan_names`, since no page of the reference mentions them."""
    if column == "name" and ctx.quirks["plan_names"] == "free":
        return
    if ctx.is_taken("plan", column, value, reuse=f"{column}_reuse"):
        raise conflict("duplicate", f"a plan with the {column} {value!r} already exists", param=column)


def merged(stored: str | None, sent: Mapping[str, object]) -> JsonObject:
    """Stored metadata with the sent keys merged in; a null deletes its key (not documented; our choice)."""
    before = wire.loads(stored) if stored else {}
    return {key: value for key, value in {**before, **sent}.items() if value is not None}


RESOURCE = Resource(
    "plan",
    (
        Operation("GET /plans", _list, since=""),
        Operation("GET /plans/<plan_id>", _get, since=""),
        Operation("POST /plans", create, old="POST /plans/manage"),
        Operation("PATCH /plans/<plan_id>", update, old="PUT /plans/<plan_id>/manage"),
        Operation("DELETE /plans/<plan_id>", _delete, old="DELETE /plans/<plan_id>/manage"),
        Operation("PUT /plans/<plan_id>/visibility", _set_visibility),
    ),
    (
        object_table(
            "plan",
            "name TEXT NOT NULL, code TEXT NOT NULL, description TEXT, consumption_model TEXT,"
            " is_public INTEGER NOT NULL, is_free INTEGER NOT NULL, block_on_exhaustion INTEGER NOT NULL,"
            " metadata TEXT, sort_order INTEGER NOT NULL DEFAULT 0,"
            " plan_group_id TEXT REFERENCES plan_group (id)",
        ),
    ),
)

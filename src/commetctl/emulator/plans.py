"""Plans: listing, reading, creating, updating, visibility and soft deletion."""

from collections.abc import Mapping
from typing import Any

from commetctl.emulator import jsontext, lookup, plan_view
from commetctl.emulator.context import Context, Page, missing, new_id, paged
from commetctl.emulator.errors import ApiError, Problem, invalid
from commetctl.emulator.features import CODE
from commetctl.emulator.validate import Choice, Field, Flag, FreeObject, Text

CREATE = {
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
UPDATE = {
    "name": Field(Text(low=1)),
    "description": Field(Text(), nullable=True),
    "metadata": Field(FreeObject()),
    "isPublic": Field(Flag()),
}
VISIBILITY = {"isPublic": Field(Flag(), required=True)}
_COLUMNS = {"name": "name", "description": "description", "isPublic": "is_public"}
_BOOLEANS = {None: False, "": False, "false": False, "true": True}


def list_all(ctx: Context) -> Page:
    private = ctx.query.get("includePrivate")
    if private not in _BOOLEANS:
        raise invalid(Problem("includePrivate", "must be true or false"))
    rows = ctx.db.all(
        "SELECT * FROM plan WHERE livemode = ? AND NOT deleted AND (is_public OR ?) ORDER BY seq",
        *(ctx.livemode, _BOOLEANS[private]),
    )
    page, cursor = paged(ctx, rows)
    return Page(plan_view.views(ctx, page), cursor)


def get(ctx: Context, plan_id: str) -> dict[str, Any]:
    return plan_view.view(ctx, lookup.plan(ctx, plan_id, by_code=True))


def create(ctx: Context) -> dict[str, Any]:
    body = ctx.body(CREATE)
    _refuse_taken_code(ctx, body["code"])
    if "planGroupId" in body:
        # There are no plan groups here, so no id can name one.
        raise missing("plan_group_not_found", "plan group", body["planGroupId"])
    row = {
        "id": new_id("pln"),
        "livemode": ctx.livemode,
        "name": body["name"],
        "code": body["code"],
        "description": body.get("description"),
        "consumption_model": body.get("consumptionModel"),
        # The default of isPublic is not documented; the official CLI treats a missing one as public.
        "is_public": body.get("isPublic", True),
        "is_free": body.get("isFree", False),
        "block_on_exhaustion": body.get("blockOnExhaustion", False),
        "metadata": jsontext.dumps(body["metadata"]) if "metadata" in body else None,
        "created_at": ctx.now,
        "updated_at": ctx.now,
    }
    ctx.db.insert("plan", row)
    return plan_view.view(ctx, lookup.plan(ctx, row["id"]))


def update(ctx: Context, plan_id: str) -> dict[str, Any]:
    row = lookup.plan(ctx, plan_id)
    body = ctx.body(UPDATE)
    changes = {_COLUMNS[name]: value for name, value in body.items() if name != "metadata"}
    if "metadata" in body:
        stored = jsontext.loads(row["metadata"]) if row["metadata"] else {}
        merge = ctx.quirks["plan_metadata"] == "merge"
        changes["metadata"] = jsontext.dumps(merged(stored, body["metadata"]) if merge else body["metadata"])
    ctx.db.update("plan", row["id"], {**changes, "updated_at": ctx.now})
    return plan_view.view(ctx, lookup.plan(ctx, row["id"]))


def set_visibility(ctx: Context, plan_id: str) -> dict[str, Any]:
    """The whole plan; before 2026-07-24 only its id and visibility (official SDK 7.10.0, PlanVisibility)."""
    row = lookup.plan(ctx, plan_id)
    public = ctx.body(VISIBILITY)["isPublic"]
    ctx.db.update("plan", row["id"], {"is_public": public, "updated_at": ctx.now})
    if ctx.contract.is_new:
        return plan_view.view(ctx, lookup.plan(ctx, row["id"]))
    return ctx.tagged("plan", {"id": row["id"], "isPublic": public})


def delete(ctx: Context, plan_id: str) -> dict[str, Any]:
    """A soft deletion: subscriptions keep the plan, the catalog does not (API reference, delete plan)."""
    row = lookup.plan(ctx, plan_id)
    ctx.db.update("plan", row["id"], {"deleted": True, "updated_at": ctx.now})
    return ctx.tagged("plan", {"id": row["id"], "deleted": True})


def merged(stored: Mapping[str, Any], sent: Mapping[str, Any]) -> dict[str, Any]:
    """Metadata merged by key; a null deletes its key (that part is not documented; our choice)."""
    return {key: value for key, value in {**stored, **sent}.items() if value is not None}


def _refuse_taken_code(ctx: Context, code: str) -> None:
    reusable = ctx.quirks["code_reuse"] == "allowed"
    taken = ctx.db.first(
        "SELECT 1 FROM plan WHERE livemode = ? AND code = ? AND NOT (deleted AND ?)", ctx.livemode, code, reusable
    )
    if taken is not None:
        raise ApiError("duplicate", f"a plan with the code {code!r} already exists", param="code")

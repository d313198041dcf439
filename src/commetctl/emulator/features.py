"""The feature catalog."""

from typing import Any

from commetctl.emulator import lookup
from commetctl.emulator.context import Context, Page, new_id, paged
from commetctl.emulator.errors import ApiError, Problem, invalid
from commetctl.emulator.store import Row
from commetctl.emulator.validate import Choice, Field, Text

CODE = Text(low=1, pattern="[a-z0-9_]+")
TYPES = ("boolean", "usage", "seats", "quota")

CREATE = {
    "name": Field(Text(low=1), required=True),
    "code": Field(CODE, required=True),
    "type": Field(Choice(TYPES), required=True),
    "description": Field(Text()),
    "unitName": Field(Text()),
}
UPDATE = {
    "name": Field(Text(low=1)),
    "description": Field(Text(), nullable=True),
    "unitName": Field(Text(), nullable=True),
}
_COLUMNS = {"name": "name", "description": "description", "unitName": "unit_name"}


def view(ctx: Context, row: Row) -> dict[str, Any]:
    values = {
        "id": row["id"],
        "name": row["name"],
        "code": row["code"],
        "type": row["type"],
        "description": row["description"],
        "unitName": row["unit_name"],
        "createdAt": row["created_at"],
        "updatedAt": row["updated_at"],
    }
    return ctx.tagged("feature", values)


def list_all(ctx: Context) -> Page:
    rows = ctx.db.all("SELECT * FROM feature WHERE livemode = ? AND NOT deleted ORDER BY seq", ctx.livemode)
    page, cursor = paged(ctx, rows)
    return Page([view(ctx, row) for row in page], cursor)


def get(ctx: Context, code: str) -> dict[str, Any]:
    return view(ctx, lookup.feature(ctx, code))


def create(ctx: Context) -> dict[str, Any]:
    body = ctx.body(CREATE)
    _refuse_taken(ctx, "code", body["code"], deleted_too=ctx.quirks["code_reuse"] == "refused")
    _refuse_taken(ctx, "name", body["name"])
    row = {
        "id": new_id("ftr"),
        "livemode": ctx.livemode,
        "name": body["name"],
        "code": body["code"],
        "type": body["type"],
        "description": body.get("description"),
        "unit_name": body.get("unitName"),
        "created_at": ctx.now,
        "updated_at": ctx.now,
    }
    ctx.db.insert("feature", row)
    return get(ctx, row["id"])


def update(ctx: Context, code: str) -> dict[str, Any]:
    row = lookup.feature(ctx, code)
    body = ctx.body(UPDATE)
    if not body:
        raise invalid(Problem("", "at least one field must be provided"))
    if body.get("name", row["name"]) != row["name"]:
        _refuse_taken(ctx, "name", body["name"])
    changes = {_COLUMNS[name]: value for name, value in body.items()}
    ctx.db.update("feature", row["id"], {**changes, "updated_at": ctx.now})
    return get(ctx, row["id"])


def delete(ctx: Context, code: str) -> dict[str, Any]:
    """Refused while an undeleted plan has the feature (API reference, delete feature)."""
    row = lookup.feature(ctx, code)
    user = ctx.db.first(
        "SELECT plan.code FROM plan_feature JOIN plan ON plan.id = plan_id WHERE feature_id = ? AND NOT deleted",
        row["id"],
    )
    if user is not None:
        raise ApiError("feature_in_use", f"feature {row['code']!r} is attached to plan {user['code']!r}")
    ctx.db.update("feature", row["id"], {"deleted": True, "updated_at": ctx.now})
    return ctx.tagged("feature", {"id": row["id"], "deleted": True})


def _refuse_taken(ctx: Context, column: str, value: str, *, deleted_too: bool = False) -> None:
    """Codes and names are both unique (official SDK 9.7.0, feature_already_exists)."""
    rows = ctx.db.all("SELECT code, name, deleted FROM feature WHERE livemode = ?", ctx.livemode)
    if any(row[column] == value and (deleted_too or not row["deleted"]) for row in rows):
        raise ApiError("feature_already_exists", f"a feature with the {column} {value!r} already exists", param=column)

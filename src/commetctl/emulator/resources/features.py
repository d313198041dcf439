"""Features, which plans attach."""

from commetctl.emulator.errors import Problem, conflict, invalid
from commetctl.emulator.resource import Context, Operation, Page, Resource, columns, new_id, picked
from commetctl.emulator.store import Row, object_table
from commetctl.emulator.validate import Choice, Field, Text
from commetctl.emulator.wire import JsonObject

CODE = Text(low=1, pattern="[a-z0-9_]+")

_CREATE = {
    "name": Field(Text(low=1), required=True),
    "code": Field(CODE, required=True),
    "type": Field(Choice(("boolean", "usage", "seats", "quota")), required=True),
    "description": Field(Text()),
    "unitName": Field(Text()),
}
_UPDATE = {
    "name": Field(Text(low=1)),
    "description": Field(Text(), nullable=True),
    "unitName": Field(Text(), nullable=True),
}
_USERS = """
SELECT 'attached to plan ' || plan.code AS use FROM plan_feature JOIN plan ON plan.id = plan_id
WHERE feature_id = ?1 AND NOT deleted
UNION ALL SELECT 'assigned to add-on ' || slug FROM addon WHERE feature_id = ?1 AND NOT deleted
"""


def _list(ctx: Context) -> Page:
    rows, cursor = ctx.page("feature", "NOT deleted")
    return Page([_view(ctx, row) for row in rows], cursor)


def _get(ctx: Context, code: str) -> JsonObject:
    return _view(ctx, ctx.find("feature", code, by=("id", "code")))


def create(ctx: Context) -> JsonObject:
    body = ctx.body(_CREATE)
    _refuse_taken(ctx, "code", body["code"])
    _refuse_taken(ctx, "name", body["name"])
    feature_id = new_id("ftr")
    ctx.insert("feature", feature_id, columns(body))
    return _view(ctx, ctx.find("feature", feature_id))


def update(ctx: Context, code: str) -> JsonObject:
    row = ctx.find("feature", code, by=("id", "code"))
    body = ctx.body(_UPDATE)
    if not body:
        raise invalid(Problem("", "at least one field must be provided"))
    if body.get("name", row["name"]) != row["name"]:
        _refuse_taken(ctx, "name", body["name"])
    ctx.update("feature", row["id"], columns(body))
    return _get(ctx, row["id"])


def _delete(ctx: Context, code: str) -> JsonObject:
    """Refused while a plan or an add-on that is not deleted has the feature (API reference, delete feature)."""
    row = ctx.find("feature", code, by=("id", "code"))
    user = ctx.db.first(_USERS, row["id"])
    if user is not None:
        raise conflict("feature_in_use", f"feature {row['code']!r} is {user['use']}")
    return ctx.receipt("feature", ctx.delete("feature", row["id"]))


def _view(ctx: Context, row: Row) -> JsonObject:
    return ctx.tagged("feature", picked(row, "id name code type description unit_name created_at updated_at"))


def _refuse_taken(ctx: Context, column: str, value: str) -> None:
    """Codes and names are both unique (official SDK 9.7.0, feature_already_exists)."""
    if column == "name" and ctx.quirks["feature_names"] == "free":
        return
    if ctx.is_taken("feature", column, value, reuse=f"{column}_reuse"):
        message = f"a feature with the {column} {value!r} already exists"
        raise conflict("feature_already_exists", message, param=column)


RESOURCE = Resource(
    "feature",
    (
        Operation("GET /features", _list, since="2026-06-10"),
        Operation("GET /features/<code>", _get, since="2026-06-10"),
        Operation("POST /features", create, old="POST /features/manage"),
        Operation("PATCH /features/<code>", update, old="PUT /features/<code>/manage"),
        Operation("DELETE /features/<code>", _delete, old="DELETE /features/<code>/manage"),
    ),
    (
        object_table(
            "feature", "name TEXT NOT NULL, code TEXT NOT NULL, type TEXT NOT NULL, description TEXT, unit_name TEXT"
        ),
    ),
)

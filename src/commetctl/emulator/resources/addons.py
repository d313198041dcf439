"""Add-ons, features that customers can buy beside their plan; base prices are US cents in every version."""

import re

from commetctl.emulator.errors import conflict
from commetctl.emulator.paging import paged
from commetctl.emulator.resource import Context, Operation, Page, Resource, columns, new_id, picked, refuse
from commetctl.emulator.resources import plan_versions
from commetctl.emulator.store import Row, object_table
from commetctl.emulator.validate import INT32, Choice, Field, Fields, Integer, Text
from commetctl.emulator.wire import JsonObject

# Rates are in rate scale in every version, and stored as sent.
_UNITS_OR_RATE, _COST = Field(Integer(), required=True), Field(Integer(high=INT32), required=True)
#: What an add-on has beside the common fields, by its consumption model (API reference, add-ons).
_VARIANTS: dict[str, Fields] = {
    "boolean": {},
    "metered": {"includedUnits": _UNITS_OR_RATE, "overageRate": _UNITS_OR_RATE},
    "credits": {"creditCost": _COST},
    "balance": {"overageRate": _UNITS_OR_RATE},
}
_CREATE: Fields = {
    "name": Field(Text(low=1, high=100), required=True),
    "description": Field(Text(high=255)),
    "basePrice": Field(Integer(), required=True),
    "featureId": Field(Text(low=1), required=True),
    "consumptionModel": Field(Choice(tuple(_VARIANTS)), required=True),
}
_UPDATE: Fields = {
    "name": Field(Text(low=1, high=100)),
    "description": Field(Text(high=255)),
    "basePrice": Field(Integer()),
    "includedUnits": Field(Integer()),
    "overageRate": Field(Integer()),
}
#: An add-on with what its feature says; a WHERE clause follows.
SELECT = """
SELECT addon.*, f.code AS feature_code, f.name AS feature_name, f.type AS feature_type
FROM addon JOIN feature f ON f.id = addon.feature_id
"""


def find(ctx: Context, name: str, *, by: tuple[str, ...] = ("id",)) -> Row:
    """An add-on of the account, with its feature; `addon_not_found` when there is none."""
    row: Row = ctx.db.all(f"{SELECT} WHERE addon.id = ?", ctx.find("addon", name, by=by)["id"])[0]
    return row


def _list(ctx: Context) -> Page:
    return paged(ctx, "addon", _view, "NOT addon.deleted", select=SELECT)


def _get(ctx: Context, addon_id: str) -> JsonObject:
    """Unlike writes, reading accepts the slug of an add-on as well (API reference, add-ons)."""
    return _view(ctx, find(ctx, addon_id, by=("id", "slug")))


def _create(ctx: Context) -> JsonObject:
    body = ctx.body({**_CREATE, **_variant(ctx)})
    # By id or code (API reference, add-ons).
    feature = ctx.find("feature", body.pop("featureId"), by=("id", "code"))
    # Deleted add-ons do not count. The code of the refusal is that of features attached to a plan (error reference).
    if ctx.is_taken("addon", "feature_id", feature["id"], where="NOT deleted"):
        message = f"feature {feature['code']!r} is assigned to another add-on"
        raise conflict("feature_already_exists", message, param="featureId")
    addon_id = new_id("adn")
    ctx.insert("addon", addon_id, {"feature_id": feature["id"], "slug": _slug(ctx, body["name"]), **columns(body)})
    plan_versions.hold_back(ctx, "addon", addon_id)
    return _view(ctx, find(ctx, addon_id))


def _update(ctx: Context, addon_id: str) -> JsonObject:
    """A partial update. That the slug stays, and what the consumption model lacks is refused, is our choice."""
    model = find(ctx, addon_id)["consumption_model"]
    body = ctx.body(_UPDATE)
    lacking = {"includedUnits", "overageRate"} - _VARIANTS[model].keys()
    refuse(
        *(
            (name in body, name, f"is not a field of an add-on with the consumption model {model}")
            for name in sorted(lacking)
        )
    )
    ctx.update("addon", addon_id, columns(body))
    return _view(ctx, find(ctx, addon_id))


def _delete(ctx: Context, addon_id: str) -> JsonObject:
    """A soft deletion, refused while the add-on is active on a subscription (API reference, add-ons)."""
    find(ctx, addon_id)
    user = "SELECT 1 FROM subscription_addon WHERE addon_id = ? AND deactivated_at IS NULL"
    if ctx.db.first(user, addon_id) is not None:
        raise conflict("addon_has_activations", "the add-on is active on a subscription")
    return ctx.receipt("addon", ctx.delete("addon", addon_id))


def _variant(ctx: Context) -> Fields:
    """The fields of the consumption model that a body names, if it names one."""
    model = ctx.payload.get("consumptionModel") if isinstance(ctx.payload, dict) else None
    return _VARIANTS.get(model, {}) if isinstance(model, str) else {}


def _slug(ctx: Context, name: str) -> str:
    """A slug made of a name, with a number if another add-on has it. How slugs are made is not documented."""
    slug = first = re.sub("[^a-z0-9]+", "-", name.lower()).strip("-") or "addon"
    number = 1
    while ctx.is_taken("addon", "slug", slug, where="NOT deleted"):
        number += 1
        slug = f"{first}-{number}"
    return slug


def _view(ctx: Context, row: Row) -> JsonObject:
    """An add-on as lists, reads and writes have it, without the id of its feature."""
    common = "id name slug description base_price consumption_model feature_code feature_name"
    return ctx.tagged("addon", picked(row, f"{common} included_units overage_rate credit_cost created_at updated_at"))


RESOURCE = Resource(
    "addon",
    (
        Operation("GET /addons", _list),
        Operation("POST /addons", _create),
        Operation("GET /addons/<addon_id>", _get),
        Operation("PATCH /addons/<addon_id>", _update, old="PUT /addons/<addon_id>"),
        Operation("DELETE /addons/<addon_id>", _delete),
    ),
    (
        object_table(
            "addon",
            "name TEXT NOT NULL, slug TEXT NOT NULL, description TEXT, base_price INTEGER NOT NULL,"
            " feature_id TEXT NOT NULL REFERENCES feature (id), consumption_model TEXT NOT NULL,"
            " included_units INTEGER, overage_rate INTEGER, credit_cost INTEGER",
        ),
    ),
)

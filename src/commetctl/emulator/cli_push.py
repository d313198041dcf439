"""`commet push`: a configuration becomes features and plans, by the operations of the API.

Features and plans are matched by code, prices by interval. What the configuration does not name stays as it is, and
nothing is ever deleted (github commet-labs/commet, packages/cli/src/utils/diff.ts).
"""

from collections.abc import Callable
from dataclasses import replace

from commetctl.emulator.cli_config import is_strict
from commetctl.emulator.errors import ApiError, Problem, conflict, invalid
from commetctl.emulator.resource import Context
from commetctl.emulator.resources import features, plan_features, plan_view, plans, prices
from commetctl.emulator.store import Row
from commetctl.emulator.wire import JsonObject

_Apply = Callable[[Context, str, JsonObject], str]


class _Undone(Exception):
    """What a configuration that is applied as a whole would have done, had nothing of it failed."""


def push(ctx: Context, config: JsonObject) -> JsonObject:
    """Apply a valid configuration; what happened, by kind, as lists of codes.

    The strict form is applied as a whole or not at all, the older one as far as it goes.
    """
    outcome: JsonObject = {}
    try:
        with ctx.db.undone_on_error():
            for kind, apply in _KINDS.items():
                outcome[kind] = _each(ctx, kind, config[kind], apply, strict=is_strict(config))
            failed = any(part["errors"] for part in outcome.values())
            if failed and is_strict(config):
                raise _Undone
    except _Undone:
        undone = {kind: {"created": [], "updated": [], "errors": part["errors"]} for kind, part in outcome.items()}
        return {"success": False, **undone}
    return {"success": not failed, **outcome}


def _each(ctx: Context, kind: str, definitions: JsonObject, apply: _Apply, *, strict: bool) -> JsonObject:
    part: dict[str, list[object]] = {"created": [], "updated": [], "errors": []}
    for code, definition in definitions.items():
        try:
            with ctx.db.undone_on_error():
                verdict = apply(ctx, code, definition)
        except ApiError as error:
            place = {"code": error.code, "path": f"config.{kind}.{code}"} if strict else {"code": code}
            part["errors"].append({**place, "message": str(error)})
        else:
            if verdict != "unchanged":
                part[verdict].append(code)
    return part


def _feature(ctx: Context, code: str, definition: JsonObject) -> str:
    row = _existing(ctx, "feature", code)
    if row is None:
        features.create(_with(ctx, {**definition, "code": code}))
        return "created"
    if row["type"] != definition["type"]:
        raise conflict("type_change_blocked", "Feature type changes must be done in the dashboard")
    stored = {"name": row["name"], "unitName": row["unit_name"], "description": row["description"]}
    changes = _changes(stored, definition)
    if not changes:
        return "unchanged"
    features.update(_with(ctx, changes), row["id"])
    return "updated"


_SETTABLE, _FIXED = ("name", "description", "isPublic"), ("consumptionModel", "isFree")


def _plan(ctx: Context, code: str, definition: JsonObject) -> str:
    row = _existing(ctx, "plan", code)
    before = None if row is None else plan_view.view(ctx, row)
    if before is None:
        body = {name: definition[name] for name in (*_SETTABLE, *_FIXED) if name in definition}
        before = plans.create(_with(ctx, {**body, "code": code}))
    plan_id = before["id"]
    for name in _FIXED:
        if name in definition and definition[name] != before[name]:
            raise conflict("plan_immutable", f"{name} cannot be changed after a plan was created", param=name)
    changes = _changes({name: before[name] for name in _SETTABLE}, definition)
    if changes:
        plans.update(_with(ctx, changes), plan_id)
    if "sortOrder" in definition and definition["sortOrder"] != before["sortOrder"]:
        ctx.update("plan", plan_id, {"sort_order": definition["sortOrder"]})
    for price in definition["prices"]:
        _price(ctx, plan_id, price)
    _default(ctx, plan_id, definition.get("defaultInterval"))
    for feature, value in definition.get("features", {}).items():
        _plan_feature(ctx, plan_id, feature, value)
    after = plan_view.view(ctx, ctx.find("plan", plan_id))
    same = {**after, "updatedAt": before["updatedAt"]} == before
    return "created" if row is None else "unchanged" if same else "updated"


def _price(ctx: Context, plan_id: str, definition: JsonObject) -> None:
    body = {"price": _cents(definition), **_changes({"trialDays": None}, definition)}
    stored = _base_prices(ctx, plan_id).get(definition["interval"])
    if stored is None:
        prices.add(_with(ctx, {**body, "billingInterval": definition["interval"]}), plan_id)
    elif changes := _changes({"price": ctx.amount_out(stored["price"]), "trialDays": stored["trial_days"]}, body):
        prices.update(_with(ctx, changes), plan_id, stored["id"])


def _cents(price: JsonObject) -> int:
    """The amount of a price in cents; the older form has it in rate scale, where 10000 is $1.00."""
    if "amountInCents" in price:
        return int(price["amountInCents"])
    if price["amount"] % 100:
        raise invalid(Problem("amount", "must be a multiple of 100, a cent in rate scale"))
    return int(price["amount"]) // 100


def _default(ctx: Context, plan_id: str, interval: str | None) -> None:
    price = _base_prices(ctx, plan_id).get(interval or "")
    if price is not None and not price["is_default"]:
        prices.set_default(ctx, plan_id, price["id"])


def _plan_feature(ctx: Context, plan_id: str, code: str, value: bool | JsonObject) -> None:
    feature = ctx.find("feature", code, by=("code",))
    body: JsonObject = {"enabled": value is not False}
    if isinstance(value, dict):
        body |= _changes({"unlimited": None}, value)
        if "included" in value:
            body["includedAmount"] = value["included"]
        if "overage" in value:
            body["overage"] = {"enabled": True, "unitPrice": value["overage"]["unitPrice"]}
    attached = {row["feature_id"] for row in plan_view.features(ctx.db, plan_id)}
    if feature["id"] in attached:
        plan_features.update(_with(ctx, body), plan_id, feature["id"])
    else:
        plan_features.attach(_with(ctx, {**body, "featureId": feature["id"]}), plan_id)


def _with(ctx: Context, body: JsonObject) -> Context:
    return replace(ctx, payload=body)


def _existing(ctx: Context, kind: str, code: str) -> Row | None:
    try:
        return ctx.find(kind, code, by=("code",))
    except ApiError:
        return None


def _base_prices(ctx: Context, plan_id: str) -> dict[str, Row]:
    return {row["billing_interval"]: row for row in plan_view.prices(ctx, plan_id) if row["inherits_from"] is None}


def _changes(stored: JsonObject, definition: JsonObject) -> JsonObject:
    """The values of a definition that are not what is stored, as far as it has them."""
    return {
        name: definition[name] for name, value in stored.items() if name in definition and definition[name] != value
    }


_KINDS: dict[str, _Apply] = {"features": _feature, "plans": _plan}

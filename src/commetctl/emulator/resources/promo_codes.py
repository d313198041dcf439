"""Promo codes, by which customers get an offer; before 2026-07-24 a code has a discount of its own.

There is one store for both generations: a code of the older one is a code and an offer, named like the code, which
`GET /offers` lists (our choice). Percentages are basis points and amounts US cents in every version; the page of
2026-05-25, which has percents and rate scale, is contradicted by everything else.
"""

from commetctl.emulator import wire
from commetctl.emulator.errors import ApiError, conflict, missing
from commetctl.emulator.paging import paged
from commetctl.emulator.resource import Context, Operation, Page, Resource, columns, new_id, picked, refuse
from commetctl.emulator.resources import offers
from commetctl.emulator.store import Row, object_table
from commetctl.emulator.validate import INT32, Choice, Field, Fields, Flag, Integer, ListOf, Text, Time, VersionChoice
from commetctl.emulator.versions import FIRST_NEW, LAST_OLD, NESTED
from commetctl.emulator.wire import JsonObject

_COUNT = Integer(low=1, high=INT32)
_SHARED: Fields = {
    "billingInterval": Field(VersionChoice("intervals"), nullable=True, since=LAST_OLD),
    # Written, and never read back.
    "planIds": Field(ListOf(Text(low=1))),
}
_CREATE: Fields = {
    # Stored in upper case.
    "code": Field(Text(low=1, pattern="[A-Za-z0-9-]+"), required=True),
    "offerId": Field(Text(low=1), required=True, since=FIRST_NEW),
    "discountType": Field(Choice(("percentage", "amount")), required=True, until=LAST_OLD),
    "discountValue": Field(Integer(low=1), required=True, until=LAST_OLD),
    "durationCycles": Field(_COUNT, nullable=True, until=LAST_OLD),
    "maxRedemptions": Field(_COUNT),
    "expiresAt": Field(Time()),
    **_SHARED,
}
# Code and terms cannot be changed, so that other keys are those that the operation does not have.
_UPDATE: Fields = {
    "maxRedemptions": Field(_COUNT, nullable=True),
    "expiresAt": Field(Time(), nullable=True),
    "active": Field(Flag()),
    **_SHARED,
}
_SELECT = "SELECT promo_code.*, offer.phases FROM promo_code JOIN offer ON offer.id = promo_code.offer_id"
# What the older generation can show: a code whose first phase is a discount (guide, promo codes). That the discount
# has to have an amount in US dollars, the only ones of that generation, is our choice.
_HAS_DISCOUNT = """(
    json_extract(offer.phases, '$[0].type') = 'percentage' OR EXISTS (
        SELECT 1 FROM json_each(offer.phases, '$[0].amounts') WHERE json_extract(value, '$.currency') = 'usd'
    )
)"""


def named(ctx: Context, code: str) -> Row:
    """The code that a customer entered, in any case, with the phases of its offer; `promo_code_not_found` if none."""
    return _found(ctx, "code", code.upper(), code)


def _list(ctx: Context) -> Page:
    return paged(ctx, "promo_code", _item, _shown(ctx), select=_SELECT)


def _get(ctx: Context, code_id: str) -> JsonObject:
    return _view(ctx, _find(ctx, code_id))


def _create(ctx: Context) -> JsonObject:
    """Add a code; one that exists, inactive or hidden from this version, is a duplicate."""
    body = ctx.body(_CREATE)
    body["code"] = body["code"].upper()
    _check_plans(ctx, body)
    if ctx.is_taken("promo_code", "code", body["code"]):
        raise conflict("duplicate", f"a promo code {body['code']!r} already exists", param="code")
    if ctx.version.is_new:
        _check_offer(ctx, body["offerId"])
    else:
        body = _with_offer(ctx, body)
    code_id = new_id("promo")
    ctx.insert("promo_code", code_id, {"plan_ids": "[]", **columns(body)})
    return _item(ctx, _found(ctx, "id", code_id, code_id))


def _update(ctx: Context, code_id: str) -> JsonObject:
    """Change the fields of the body, and no others; an empty list of plans lifts the restriction (our choice)."""
    _find(ctx, code_id)
    body = ctx.body(_UPDATE)
    _check_plans(ctx, body)
    if "active" in body:
        body["isActive"] = body.pop("active")
    ctx.update("promo_code", code_id, columns(body))
    return _get(ctx, code_id)


def _find(ctx: Context, code_id: str) -> Row:
    return _found(ctx, "id", code_id, code_id, _shown(ctx))


def _found(ctx: Context, column: str, value: str, name: str, where: str = "1") -> Row:
    found = f"{_SELECT} WHERE promo_code.livemode = ? AND promo_code.{column} = ? AND {where}"
    row = ctx.db.first(found, ctx.livemode, value)
    if row is None:
        raise missing("promo_code", name)
    return row


def _shown(ctx: Context) -> str:
    """The codes that this version has, as a condition."""
    return "1" if ctx.version.is_new else _HAS_DISCOUNT


def _check_plans(ctx: Context, body: JsonObject) -> None:
    for plan_id in body.get("planIds", []):
        ctx.find("plan", plan_id)


def _check_offer(ctx: Context, offer_id: str) -> None:
    """A code needs a discount, which a trial may precede (guide, promo codes); the refusal's code is our choice."""
    if not has_discount(wire.loads(ctx.find("offer", offer_id)["phases"])):
        message = "a promo code needs an offer with a discount, not with a trial alone"
        raise ApiError("validation_error", "offer_not_applicable", message, param="offerId")


def has_discount(phases: list[JsonObject]) -> bool:
    """Whether phases are more than a trial."""
    return any(phase["type"] != "free_trial" for phase in phases)


def _with_offer(ctx: Context, body: JsonObject) -> JsonObject:
    """The body of the older generation with an offer in place of its discount, which is less than 100 percent."""
    kind, value, cycles = body.pop("discountType"), body.pop("discountValue"), body.pop("durationCycles", None)
    is_share = kind == "percentage"
    refuse((is_share and value >= 10_000, "discountValue", "must be less than 10000 basis points"))
    terms = {"percentage": value} if is_share else {"amounts": [{"currency": "usd", "amount": value}]}
    phase = {"type": "percentage" if is_share else "amount_off", "durationCycles": cycles, **terms}
    return {**body, "offerId": offers.insert(ctx, body["code"], [phase])}


def _item(ctx: Context, row: Row) -> JsonObject:
    """An item of the list, and the answer to a creation: before 2026-06-07 without updatedAt (official SDK 5.5.0)."""
    view = _view(ctx, row)
    if ctx.version.name < NESTED:
        del view["updatedAt"]
    return view


def _view(ctx: Context, row: Row) -> JsonObject:
    terms = {"offerId": row["offer_id"]} if ctx.version.is_new else _discount(wire.loads(row["phases"])[0])
    values = {
        **picked(row, "id code"),
        **terms,
        **(picked(row, "billing_interval") if ctx.version.name >= LAST_OLD else {}),
        **picked(row, "max_redemptions expires_at"),
        "active" if ctx.version.name < NESTED else "isActive": bool(row["is_active"]),
        **picked(row, "redemption_count created_at updated_at"),
    }
    return ctx.tagged("promo_code", values)


def _discount(phase: JsonObject) -> JsonObject:
    """The first phase of an offer, as the older generation has it."""
    cycles = {"durationCycles": phase["durationCycles"]}
    if phase["type"] == "percentage":
        return {"discountType": "percentage", "discountValue": phase["percentage"], **cycles}
    amounts = {item["currency"]: item["amount"] for item in phase["amounts"]}
    return {"discountType": "amount", "discountValue": amounts["usd"], **cycles}


RESOURCE = Resource(
    "promo_code",
    (
        Operation("GET /promo-codes", _list),
        Operation("POST /promo-codes", _create),
        Operation("GET /promo-codes/<code_id>", _get),
        Operation("PATCH /promo-codes/<code_id>", _update, old="PUT /promo-codes/<code_id>"),
    ),
    (
        object_table(
            "promo_code",
            "code TEXT NOT NULL, offer_id TEXT NOT NULL REFERENCES offer (id), billing_interval TEXT,"
            " max_redemptions INTEGER, expires_at TEXT, is_active INTEGER NOT NULL DEFAULT 1,"
            " redemption_count INTEGER NOT NULL DEFAULT 0, plan_ids TEXT NOT NULL",
        ),
    ),
)

"""Markets, groups of countries for which prices can have an amount of their own; market groups in 2026-07-24."""

from collections.abc import Callable

from commetctl.emulator import wire
from commetctl.emulator.errors import conflict, missing
from commetctl.emulator.resource import Context, Operation, Page, Payload, Resource, columns, new_id, picked
from commetctl.emulator.store import Row, object_table
from commetctl.emulator.validate import Field, FreeObject, ListOf, Text
from commetctl.emulator.versions import FIRST_NEW
from commetctl.emulator.wire import JsonObject

# An update replaces the market, although it is a PATCH (API reference, markets). Our choice: countries as ISO 3166.
_FIELDS = {
    "name": Field(Text(low=1), required=True),
    "countryCodes": Field(ListOf(Text(pattern="[A-Z]{2}")), required=True),
    "metadata": Field(FreeObject()),
}
# Subscriptions keep an archived price, and the price of a deleted plan, until they are over.
_USER = """
SELECT 1 FROM price JOIN plan ON plan.id = price.plan_id, json_each(price.market_prices)
WHERE json_extract(value, '$.marketGroupId') = ? AND (
    NOT (price.deleted OR plan.deleted)
    OR EXISTS (SELECT 1 FROM subscription WHERE price_id = price.id AND status NOT IN ('canceled', 'expired'))
)
"""


def find(ctx: Context, market_id: str) -> Row:
    """A market of the account; `market_not_found`, or `market_group_not_found` in 2026-07-24, when there is none."""
    known = "SELECT * FROM market WHERE livemode = ? AND id = ? AND NOT deleted"
    row = ctx.db.first(known, ctx.livemode, market_id)
    if row is None:
        raise missing(_tag(ctx), market_id)
    return row


def _list(ctx: Context) -> Page:
    rows, cursor = ctx.page("market", "NOT deleted")
    return Page([_view(ctx, row) for row in rows], cursor)


def _get(ctx: Context, market_id: str) -> JsonObject:
    return _view(ctx, find(ctx, market_id))


def _create(ctx: Context) -> JsonObject:
    market_id = new_id("pmg")
    body = ctx.body(_FIELDS)
    _refuse_taken_countries(ctx, market_id, body["countryCodes"])
    ctx.insert("market", market_id, {"metadata": "{}", **columns(body)})
    return _get(ctx, market_id)


def _replace(ctx: Context, market_id: str) -> JsonObject:
    find(ctx, market_id)
    body = ctx.body(_FIELDS)
    _refuse_taken_countries(ctx, market_id, body["countryCodes"])
    ctx.update("market", market_id, {"metadata": "{}", **columns(body)})
    return _get(ctx, market_id)


def _delete(ctx: Context, market_id: str) -> JsonObject:
    """Refused while a price has an amount for the market, or a subscription such a price (API reference, markets)."""
    find(ctx, market_id)
    if ctx.db.first(_USER, market_id) is not None:
        raise conflict(f"{_tag(ctx)}_in_use", "a price, or the price of a subscription, has an amount for this market")
    return ctx.tagged(_tag(ctx), ctx.delete("market", market_id))


def _view(ctx: Context, row: Row) -> JsonObject:
    lists = {"countryCodes": wire.loads(row["country_codes"]), "metadata": wire.loads(row["metadata"])}
    return ctx.tagged(_tag(ctx), {**picked(row, "id name"), **lists, **picked(row, "created_at updated_at")})


def _tag(ctx: Context) -> str:
    return "market_group" if ctx.version.name == FIRST_NEW else "market"


def _refuse_taken_countries(ctx: Context, market_id: str, countries: list[str]) -> None:
    """A country belongs to one market at most (guide, markets)."""
    others = "SELECT * FROM market WHERE livemode = ? AND NOT deleted AND id <> ?"
    for row in ctx.db.all(others, ctx.livemode, market_id):
        if taken := set(countries) & set(wire.loads(row["country_codes"])):
            message = f"{', '.join(sorted(taken))} is in the market {row['name']!r}"
            raise conflict("duplicate", message, param="countryCodes")


_SERVED: tuple[tuple[str, str, Callable[..., Payload]], ...] = (
    ("GET", "", _list),
    ("POST", "", _create),
    ("GET", "/<market_id>", _get),
    ("PATCH", "/<market_id>", _replace),
    ("DELETE", "/<market_id>", _delete),
)
RESOURCE = Resource(
    "market_group",
    (
        *(Operation(f"{verb} /markets{rest}", serve, since="2026-07-31") for verb, rest, serve in _SERVED),
        *(
            Operation(f"{verb} /pricing/market-groups{rest}", serve, since=FIRST_NEW, until=FIRST_NEW)
            for verb, rest, serve in _SERVED
        ),
    ),
    (object_table("market", "name TEXT NOT NULL, country_codes TEXT NOT NULL, metadata TEXT NOT NULL"),),
)

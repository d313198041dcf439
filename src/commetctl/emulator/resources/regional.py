"""Regional prices: the overrides of one price, and one currency of a whole plan."""

from commetctl.emulator.errors import conflict
from commetctl.emulator.resource import Context, Operation, Resource
from commetctl.emulator.resources import plan_view, regional_values
from commetctl.emulator.validate import Choice, Field, Integer, ListOf, Rate, Record, Text, VersionChoice
from commetctl.emulator.versions import LAST_OLD, NESTED
from commetctl.emulator.wire import JsonObject

_AMOUNTS = {"price": Field(Integer(), required=True), "includedBalance": Field(Integer(), since=NESTED)}
# A free string in the reference. Its examples have both cases; stored in lower case (our choice).
_OVERRIDE = {"currency": Field(Text(pattern="[A-Za-z]{3}", lower=True), required=True), **_AMOUNTS}
_PRICE = {"priceId": Field(Text(), required=True), **_AMOUNTS}
_FEATURE = {"featureId": Field(Text(), required=True), "overageUnitPrice": Field(Integer(), required=True)}
# Accepted and never read back (official SDK 7.10.0), so there is nothing to store.
_INTRO_OFFER = {
    "priceId": Field(Text(), required=True),
    "discountType": Field(Choice(("percentage", "amount")), required=True),
    "discountValue": Field(Integer(), required=True),
    "durationCycles": Field(Integer(), required=True),
}
_PUT_PRICE = {"overrides": Field(ListOf(Record(_OVERRIDE), unique="currency"), required=True)}
_PUT_PLAN = {
    "currency": Field(VersionChoice("currencies"), required=True),
    "exchangeRate": Field(Rate(), required=True),
    "prices": Field(ListOf(Record(_PRICE), unique="priceId")),
    "features": Field(ListOf(Record(_FEATURE), unique="featureId")),
    "introOffers": Field(ListOf(Record(_INTRO_OFFER)), until=LAST_OLD),
}
_USER = """
SELECT id FROM subscription WHERE price_id = ? AND status IN ('trialing', 'active', 'past_due', 'paused')
"""


def _put_price(ctx: Context, plan_id: str, price_id: str) -> JsonObject:
    """Set overrides of one price; the quirk `regional_put` decides whether currencies that are not listed stay."""
    plan_view.price(ctx, plan_id, price_id)
    overrides = ctx.body(_PUT_PRICE)["overrides"]
    if ctx.quirks["regional_put"] == "replace":
        ctx.db.run("DELETE FROM regional_price WHERE price_id = ?", price_id)
    balances = {row["currency"]: row["included_balance"] for row in regional_values.overrides(ctx, price_id)}
    for index, item in enumerate(overrides):
        currency = item["currency"]
        regional_values.store_listed(
            ctx, price_id, currency, f"overrides.{index}", item, balance=balances.get(currency)
        )
    _touch_price(ctx, plan_id, price_id)
    return _tagged(ctx, {"priceId": price_id, "overrides": _explicit(ctx, price_id)})


def _clear_price(ctx: Context, plan_id: str, price_id: str) -> JsonObject:
    """Remove all overrides of a price, unless billable subscriptions depend on one (API reference, plans).

    The API does not say which subscriptions depend on an override; here those bound to the price (our choice).
    """
    plan_view.price(ctx, plan_id, price_id)
    if regional_values.overrides(ctx, price_id) and ctx.db.first(_USER, price_id) is not None:
        raise conflict("price_in_use", "billable subscriptions depend on the regional overrides of this price")
    ctx.db.run("DELETE FROM regional_price WHERE price_id = ?", price_id)
    _touch_price(ctx, plan_id, price_id)
    # The id is there because the official SDK 5.5.0 fails without it.
    return _tagged(ctx, {**({"id": price_id} if ctx.version.name < NESTED else {}), "deleted": True})


def _put_plan(ctx: Context, plan_id: str) -> JsonObject:
    """Configure one currency of a plan: listed values are explicit, others derived from the exchange rate.

    The quirk `regional_omitted` decides whether explicit values of an earlier call stay when they are not listed.
    """
    ctx.find("plan", plan_id)
    body = ctx.body(_PUT_PLAN)
    _check_entries(ctx, plan_id, body)
    currency, rate = body["currency"], body["exchangeRate"]
    stored = {"plan_id": plan_id, "currency": currency, "rate": str(rate)}
    ctx.db.insert("exchange_rate", stored, or_update="plan_id, currency")
    values = {
        "planId": plan_id,
        "currency": currency,
        "exchangeRate": rate,
        "pricesConfigured": regional_values.configure_prices(ctx, plan_id, body),
        "featuresConfigured": regional_values.configure_features(ctx, plan_id, body),
    }
    plan_view.touch(ctx, plan_id)
    return _tagged(ctx, values)


def _explicit(ctx: Context, price_id: str) -> list[JsonObject]:
    """The explicit overrides as the write answers them: without autoSynced, the balance only when there is one."""
    rows = (row for row in regional_values.overrides(ctx, price_id) if not row["auto_synced"])
    views = (plan_view.regional_price(ctx, row) for row in rows)
    hidden = {"autoSynced"} if ctx.version.name >= NESTED else {"autoSynced", "includedBalance"}
    return [{name: value for name, value in view.items() if name not in hidden and value is not None} for view in views]


def _check_entries(ctx: Context, plan_id: str, body: JsonObject) -> None:
    """Every price and feature in a body must belong to the plan."""
    for item in (*body.get("prices", []), *body.get("introOffers", [])):
        plan_view.price(ctx, plan_id, item["priceId"])
    features = [plan_view.feature(ctx, plan_id, item["featureId"]) for item in body.get("features", [])]
    ctx.require(
        *(
            (not row["overage_enabled"], f"features.{index}.featureId", "is a feature without overage")
            for index, row in enumerate(features)
        )
    )


def _touch_price(ctx: Context, plan_id: str, price_id: str) -> None:
    ctx.update("price", price_id, {})
    plan_view.touch(ctx, plan_id)


def _tagged(ctx: Context, values: JsonObject) -> JsonObject:
    return ctx.receipt("plan_regional_pricing", values, parent="plan")


_ONE = "/plans/<plan_id>/prices/<price_id>/regional"
RESOURCE = Resource(
    "plan",
    (
        Operation(f"PUT {_ONE}", _put_price),
        Operation(f"DELETE {_ONE}", _clear_price),
        Operation("PUT /plans/<plan_id>/regional", _put_plan, since=NESTED),
    ),
    regional_values.TABLES,
)

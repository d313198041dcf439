"""Regional prices: explicit overrides, values derived from an exchange rate, and keeping those in step."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from commetctl.emulator import lookup, money
from commetctl.emulator.context import Context, fitting
from commetctl.emulator.errors import ApiError, Problem, invalid
from commetctl.emulator.store import Row
from commetctl.emulator.validate import Choice, Field, Integer, ListOf, Rate, Record, Text, VersionChoice
from commetctl.emulator.versions import Generation

_OVERRIDE = {
    # A free string in the reference. Its examples have both cases; stored in lower case (our choice).
    "currency": Field(Text(pattern="[A-Za-z]{3}"), required=True),
    "price": Field(Integer(), required=True),
    "includedBalance": Field(Integer()),
}
_PRICE = {
    "priceId": Field(Text(), required=True),
    "price": Field(Integer(), required=True),
    "includedBalance": Field(Integer()),
}
_FEATURE = {"featureId": Field(Text(), required=True), "overageUnitPrice": Field(Integer(), required=True)}
# Accepted and never read back (official SDK 7.10.0), so there is nothing to store.
_INTRO_OFFER = {
    "priceId": Field(Text(), required=True),
    "discountType": Field(Choice(("percentage", "amount")), required=True),
    "discountValue": Field(Integer(), required=True),
    "durationCycles": Field(Integer(), required=True),
}

PUT_PRICE = {"overrides": Field(ListOf(Record(_OVERRIDE)), required=True)}
PUT_PLAN = {
    "currency": Field(VersionChoice("currencies"), required=True),
    "exchangeRate": Field(Rate(), required=True),
    "prices": Field(ListOf(Record(_PRICE))),
    "features": Field(ListOf(Record(_FEATURE))),
    "introOffers": Field(ListOf(Record(_INTRO_OFFER)), only=Generation.OLD),
}
_BILLABLE = "('trialing', 'active', 'past_due', 'paused')"


def put_price(ctx: Context, plan_id: str, price_id: str) -> dict[str, Any]:
    """Set overrides of one price; whether unlisted currencies stay is the `regional_put` quirk."""
    price = lookup.price(ctx, lookup.plan(ctx, plan_id)["id"], price_id)
    overrides = ctx.body(PUT_PRICE)["overrides"]
    _refuse_repeats("overrides", "currency", [{"currency": item["currency"].lower()} for item in overrides])
    if ctx.quirks["regional_put"] == "replace":
        ctx.db.run("DELETE FROM regional_price WHERE price_id = ?", price["id"])
    before = {row["currency"]: row for row in _overrides(ctx, price["id"])}
    for index, item in enumerate(overrides):
        currency, at = item["currency"].lower(), f"overrides.{index}"
        balance = ctx.balance_in(item.get("includedBalance"), currency, f"{at}.includedBalance")
        if balance is None and currency in before:
            balance = before[currency]["included_balance"]
        _store_price(
            ctx, price["id"], currency, ctx.amount_in(item["price"], currency, f"{at}.price"), balance, synced=False
        )
    _touch_price(ctx, price)
    return ctx.tagged("plan_regional_pricing", {"priceId": price["id"], "overrides": _explicit(ctx, price["id"])})


def clear_price(ctx: Context, plan_id: str, price_id: str) -> dict[str, Any]:
    """Remove all overrides of a price, unless billable subscriptions depend on one (API reference, plans).

    Which subscriptions depend on one is not visible in the API; here those bound to the price (our choice).
    """
    price = lookup.price(ctx, lookup.plan(ctx, plan_id)["id"], price_id)
    user = ctx.db.first(
        f"SELECT id FROM subscription WHERE price_id = ? AND status IN {_BILLABLE}",  # noqa: S608 - a constant
        price["id"],
    )
    if user is not None and _overrides(ctx, price["id"]):
        raise ApiError("price_in_use", "billable subscriptions depend on the regional overrides of this price")
    ctx.db.run("DELETE FROM regional_price WHERE price_id = ?", price["id"])
    _touch_price(ctx, price)
    return ctx.tagged("plan_regional_pricing", {"deleted": True})


def put_plan(ctx: Context, plan_id: str) -> dict[str, Any]:
    """Configure one currency of a plan: listed values are explicit, others derived from the exchange rate.

    Whether explicit values of an earlier call stay when they are not listed is the `regional_omitted` quirk.
    """
    plan = lookup.plan(ctx, plan_id)
    body = ctx.body(PUT_PLAN)
    currency, rate = body["currency"], body["exchangeRate"]
    prices, features = body.get("prices", []), body.get("features", [])
    _refuse_repeats("prices", "priceId", prices)
    _refuse_repeats("features", "featureId", features)
    _check_entries(ctx, plan["id"], body)
    _store_rate(ctx, plan["id"], currency, rate)
    listed = {item["priceId"]: (index, item) for index, item in enumerate(prices)}
    priced = [row for row in lookup.prices(ctx, plan["id"]) if row["inherits_from"] is None or row["id"] in listed]
    keeps = ctx.quirks["regional_omitted"] == "kept"
    for row in priced:
        if row["id"] in listed or not (keeps and _is_explicit(_overrides(ctx, row["id"]), currency)):
            _configure_price(ctx, row, currency, rate, listed.get(row["id"]))
    unit_prices = {item["featureId"]: item["overageUnitPrice"] for item in features}
    charged = _charged_features(ctx, plan["id"])
    for row in charged:
        listed_price = unit_prices.get(row["feature_id"])
        if listed_price is not None or not (keeps and _is_explicit(_overages(ctx, row), currency)):
            _configure_feature(ctx, row, currency, rate, listed_price)
    lookup.touch_plan(ctx, plan["id"])
    values = {
        "planId": plan["id"],
        "currency": currency,
        "exchangeRate": rate,
        "pricesConfigured": len(priced),
        "featuresConfigured": len(charged),
    }
    return ctx.tagged("plan_regional_pricing", values)


def price_changed(ctx: Context, price: Row, *, added: bool = False) -> None:
    """Bring the derived values of a price in step with its US dollar values.

    A new price gets one for every currency of the plan; a changed one only refreshes those it has, and only while
    the `auto_sync` quirk is on. The flag's name suggests so; it is not documented.
    """
    if price["inherits_from"] is not None or not (added or ctx.quirks["auto_sync"] == "on"):
        return
    present = {row["currency"]: row["auto_synced"] for row in _overrides(ctx, price["id"])}
    for currency, rate in _rates(ctx, price["plan_id"]).items():
        if added or present.get(currency):
            _configure_price(ctx, price, currency, rate, None)


def feature_changed(ctx: Context, plan_id: str, feature_id: str) -> None:
    """The same for the unit price of an overage; it has no regional values while the overage is disabled."""
    row = lookup.plan_feature(ctx, plan_id, feature_id)
    if not row["overage_enabled"]:
        ctx.db.run("DELETE FROM regional_overage WHERE plan_id = ? AND feature_id = ?", plan_id, feature_id)
        return
    present = {item["currency"]: item["auto_synced"] for item in _overages(ctx, row)}
    follows = ctx.quirks["auto_sync"] == "on"
    for currency, rate in _rates(ctx, plan_id).items():
        if currency not in present or (present[currency] and follows):
            _configure_feature(ctx, row, currency, rate, None)


def _configure_price(
    ctx: Context, price: Row, currency: str, rate: Decimal, listed: tuple[int, Mapping[str, Any]] | None
) -> None:
    """Store one currency of a price, explicit when listed; a balance that is not listed is derived."""
    unit = money.minor_unit(currency)
    balance = _derived(price["included_balance"], rate, unit)
    if listed is None:
        _store_price(ctx, price["id"], currency, _derived(price["price"], rate, unit), balance, synced=True)
        return
    index, item = listed
    at = f"prices.{index}"
    if "includedBalance" in item:
        balance = ctx.balance_in(item["includedBalance"], currency, f"{at}.includedBalance")
    amount = ctx.amount_in(item["price"], currency, f"{at}.price")
    _store_price(ctx, price["id"], currency, amount, balance, synced=False)


def _configure_feature(ctx: Context, row: Row, currency: str, rate: Decimal, explicit: int | None) -> None:
    """Overage unit prices are in rate scale in every version, so they are stored as sent."""
    values = {
        "plan_id": row["plan_id"],
        "feature_id": row["feature_id"],
        "currency": currency,
        "unit_price": _derived(row["overage_unit_price"], rate, 1) if explicit is None else explicit,
        "auto_synced": explicit is None,
    }
    ctx.db.insert("regional_overage", values, or_update="plan_id, feature_id, currency")


def _derived(dollars: int | None, rate: Decimal, unit: int) -> int | None:
    return None if dollars is None else fitting(money.derive(dollars, rate, unit), "exchangeRate")


def _store_price(
    ctx: Context, price_id: str, currency: str, price: int | None, balance: int | None, *, synced: bool
) -> None:
    values = {
        "price_id": price_id,
        "currency": currency,
        "price": price,
        "included_balance": balance,
        "auto_synced": synced,
    }
    ctx.db.insert("regional_price", values, or_update="price_id, currency")


def _store_rate(ctx: Context, plan_id: str, currency: str, rate: Decimal) -> None:
    values = {"plan_id": plan_id, "currency": currency, "rate": str(rate)}
    ctx.db.insert("exchange_rate", values, or_update="plan_id, currency")


def _rates(ctx: Context, plan_id: str) -> dict[str, Decimal]:
    rows = ctx.db.all("SELECT currency, rate FROM exchange_rate WHERE plan_id = ? ORDER BY seq", plan_id)
    return {row["currency"]: Decimal(row["rate"]) for row in rows}


def _overrides(ctx: Context, price_id: str) -> list[Row]:
    return ctx.db.all("SELECT * FROM regional_price WHERE price_id = ? ORDER BY rowid", price_id)


def _overages(ctx: Context, feature: Row) -> list[Row]:
    return ctx.db.all(
        "SELECT * FROM regional_overage WHERE plan_id = ? AND feature_id = ?", feature["plan_id"], feature["feature_id"]
    )


def _is_explicit(rows: list[Row], currency: str) -> bool:
    return any(row["currency"] == currency and not row["auto_synced"] for row in rows)


def _explicit(ctx: Context, price_id: str) -> list[dict[str, Any]]:
    """The explicit overrides as the write answers them: without autoSynced, the balance only when there is one."""
    overrides = []
    for row in _overrides(ctx, price_id):
        if row["auto_synced"]:
            continue
        item = {"currency": row["currency"], "price": ctx.amount_out(row["price"], row["currency"])}
        if row["included_balance"] is not None:
            item["includedBalance"] = ctx.balance_out(row["included_balance"], row["currency"])
        overrides.append(item)
    return overrides


def _charged_features(ctx: Context, plan_id: str) -> list[Row]:
    return ctx.db.all("SELECT * FROM plan_feature WHERE plan_id = ? AND overage_enabled ORDER BY seq", plan_id)


def _check_entries(ctx: Context, plan_id: str, body: Mapping[str, Any]) -> None:
    """Every price and feature that is named must be one of the plan's."""
    for name in ("prices", "introOffers"):
        for item in body.get(name, []):
            lookup.price(ctx, plan_id, item["priceId"])
    features = [lookup.plan_feature(ctx, plan_id, item["featureId"]) for item in body.get("features", [])]
    ctx.require(
        *(
            (not row["overage_enabled"], f"features.{index}.featureId", "is a feature without overage")
            for index, row in enumerate(features)
        )
    )


def _refuse_repeats(at: str, key: str, items: list[dict[str, Any]]) -> None:
    seen = set()
    for index, item in enumerate(items):
        if item[key] in seen:
            raise invalid(Problem(f"{at}.{index}.{key}", "is listed twice"))
        seen.add(item[key])


def _touch_price(ctx: Context, price: Row) -> None:
    ctx.db.update("price", price["id"], {"updated_at": ctx.now})
    lookup.touch_plan(ctx, price["plan_id"])

"""Regional values: explicit ones, ones derived from an exchange rate, and keeping the derived ones up to date."""

from collections.abc import Sequence
from decimal import Decimal

from commetctl.emulator import wire
from commetctl.emulator.resource import Context, fitting
from commetctl.emulator.resources import plan_view
from commetctl.emulator.store import Row, Table
from commetctl.emulator.wire import JsonObject

TABLES = (
    Table(
        "regional_price",
        "price_id TEXT NOT NULL REFERENCES price (id), currency TEXT NOT NULL, price INTEGER NOT NULL,"
        " included_balance INTEGER, auto_synced INTEGER NOT NULL",
        ("PRIMARY KEY (price_id, currency)",),
    ),
    Table(
        "regional_overage",
        "plan_id TEXT NOT NULL REFERENCES plan (id), feature_id TEXT NOT NULL REFERENCES feature (id),"
        " currency TEXT NOT NULL, unit_price INTEGER NOT NULL, auto_synced INTEGER NOT NULL",
        ("PRIMARY KEY (plan_id, feature_id, currency)",),
    ),
    Table(
        "exchange_rate",
        "seq INTEGER PRIMARY KEY, plan_id TEXT NOT NULL REFERENCES plan (id), currency TEXT NOT NULL,"
        " rate TEXT NOT NULL",
        ("UNIQUE (plan_id, currency)",),
    ),
)


def price_changed(ctx: Context, price: Row, *, added: bool = False) -> None:
    """Update the derived values of a price after a change of its US dollar values.

    A new price gets a value for every currency of the plan. A changed price only updates the derived values that it
    has, and only while the quirk `auto_sync` is on. The name of the flag suggests that; it is not documented.
    """
    if price["inherits_from"] is not None or not (added or ctx.quirks["auto_sync"] == "on"):
        return
    derived = {row["currency"] for row in overrides(ctx, price["id"]) if row["auto_synced"]}
    for currency, rate in _rates(ctx, price["plan_id"]).items():
        if added or currency in derived:
            _derive_price(ctx, price, currency, rate)


def feature_changed(ctx: Context, plan_id: str, feature_id: str) -> None:
    """The same for the unit price of an overage, which has no regional values while the overage is disabled."""
    row = plan_view.feature(ctx, plan_id, feature_id)
    if not row["overage_enabled"]:
        ctx.db.run("DELETE FROM regional_overage WHERE plan_id = ? AND feature_id = ?", plan_id, feature_id)
        return
    present = {item["currency"]: item["auto_synced"] for item in _overages(ctx, row)}
    follows = ctx.quirks["auto_sync"] == "on"
    for currency, rate in _rates(ctx, plan_id).items():
        if currency not in present or (present[currency] and follows):
            _configure_feature(ctx, row, currency, rate, None)


def configure_prices(ctx: Context, plan_id: str, body: JsonObject) -> int:
    """Store one currency of the prices of a plan; how many prices have it."""
    currency, rate = body["currency"], body["exchangeRate"]
    listed = {item["priceId"]: (f"prices.{index}", item) for index, item in enumerate(body.get("prices", []))}
    rows = [row for row in plan_view.prices(ctx, plan_id) if row["inherits_from"] is None or row["id"] in listed]
    for row in rows:
        if row["id"] in listed:
            balance = _derived(row["included_balance"], rate, currency)
            store_listed(ctx, row["id"], currency, *listed[row["id"]], balance=balance)
        elif not _is_kept(ctx, overrides(ctx, row["id"]), currency):
            _derive_price(ctx, row, currency, rate)
    return len(rows)


def configure_features(ctx: Context, plan_id: str, body: JsonObject) -> int:
    """Store one currency of the overage prices of a plan; how many features have it."""
    currency, rate = body["currency"], body["exchangeRate"]
    listed = {item["featureId"]: item["overageUnitPrice"] for item in body.get("features", [])}
    rows = [row for row in plan_view.features(ctx.db, plan_id) if row["overage_enabled"]]
    for row in rows:
        if row["feature_id"] in listed or not _is_kept(ctx, _overages(ctx, row), currency):
            _configure_feature(ctx, row, currency, rate, listed.get(row["feature_id"]))
    return len(rows)


def _is_kept(ctx: Context, rows: Sequence[Row], currency: str) -> bool:
    explicit = any(row["currency"] == currency and not row["auto_synced"] for row in rows)
    return explicit and ctx.quirks["regional_omitted"] == "kept"


def store_listed(ctx: Context, price_id: str, currency: str, at: str, item: JsonObject, *, balance: int | None) -> None:
    """Store one currency of a price as a request lists it; `balance` stands in for one that is not listed."""
    if "includedBalance" in item:
        balance = ctx.balance_in(item["includedBalance"], f"{at}.includedBalance", currency)
    price = ctx.amount_in(item["price"], f"{at}.price", currency)
    _store_price(ctx, price_id, currency, price, balance, synced=False)


def _derive_price(ctx: Context, price: Row, currency: str, rate: Decimal) -> None:
    amount, balance = (_derived(price[name], rate, currency) for name in ("price", "included_balance"))
    _store_price(ctx, price["id"], currency, amount, balance, synced=True)


def _store_price(
    ctx: Context, price_id: str, currency: str, price: int | None, balance: int | None, *, synced: bool
) -> None:
    amounts = {"price": price, "included_balance": balance}
    values = {"price_id": price_id, "currency": currency, **amounts, "auto_synced": synced}
    ctx.db.insert("regional_price", values, or_update="price_id, currency")


def _configure_feature(ctx: Context, row: Row, currency: str, rate: Decimal, explicit: int | None) -> None:
    """Overage unit prices are in rate scale in every version, so they are stored as sent."""
    values = {
        "plan_id": row["plan_id"],
        "feature_id": row["feature_id"],
        "currency": currency,
        "unit_price": _derived(row["overage_unit_price"], rate) if explicit is None else explicit,
        "auto_synced": explicit is None,
    }
    ctx.db.insert("regional_overage", values, or_update="plan_id, feature_id, currency")


def _derived(dollars: int | None, rate: Decimal, currency: str | None = None) -> int | None:
    """A US dollar amount in another currency, rounded to its minor unit when one is given."""
    unit = wire.minor_unit(currency) if currency else 1
    return None if dollars is None else fitting(wire.derive(dollars, rate, unit), "exchangeRate")


def _rates(ctx: Context, plan_id: str) -> dict[str, Decimal]:
    rows = ctx.db.all("SELECT currency, rate FROM exchange_rate WHERE plan_id = ? ORDER BY seq", plan_id)
    return {row["currency"]: Decimal(row["rate"]) for row in rows}


def currencies(ctx: Context, plan_id: str) -> set[str]:
    """The currencies other than US dollars that a plan supports: those of its exchange rates and of its overrides."""
    overridden = ctx.db.all(
        "SELECT DISTINCT currency FROM regional_price JOIN price ON price.id = price_id"
        " WHERE plan_id = ? AND NOT deleted",
        plan_id,
    )
    return {*_rates(ctx, plan_id), *(row["currency"] for row in overridden)}


def overrides(ctx: Context, price_id: str) -> list[Row]:
    return ctx.db.all("SELECT * FROM regional_price WHERE price_id = ? ORDER BY rowid", price_id)


def _overages(ctx: Context, feature: Row) -> list[Row]:
    query = "SELECT * FROM regional_overage WHERE plan_id = ? AND feature_id = ?"
    return ctx.db.all(query, feature["plan_id"], feature["feature_id"])

"""The currency and the market of a subscription, and what its price is there.

Commet takes both from the country of the buyer at checkout (guide, markets and regional pricing). Here the country of
the customer's address stands for it, when the subscription is created (our choice).
"""

from typing import NamedTuple

from commetctl.emulator import wire
from commetctl.emulator.resource import Context
from commetctl.emulator.store import Database, Row

_EURO = "AT BE BG HR CY EE FI FR DE GR IE IT LV LT LU MT NL PT SK SI ES"
_OTHERS = (
    "AR ars, BO bob, BR brl, CA cad, CL clp, CN cny, CO cop, GB gbp, HK hkd, IN inr, JP jpy, KR krw, MX mxn, PE pen,"
    " PY pyg, SG sgd, TH thb, TW twd, UY uyu"
)
#: By country, the currencies that Commet has; all other countries pay US dollars.
CURRENCIES = {**dict.fromkeys(_EURO.split(), "eur"), **dict(pair.split() for pair in _OTHERS.split(", "))}
DOLLARS = "usd"

# Also one that was archived since; a variant has no price of its own.
_PRICE = """
SELECT price.id, price.inherits_from, price.market_prices, base.market_prices AS base_market_prices,
    COALESCE(price.price, base.price) AS dollars
FROM price LEFT JOIN price base ON base.id = price.inherits_from WHERE price.id = ?
"""
_REGIONAL = """
SELECT price FROM regional_price WHERE currency = ? AND price_id IN (?, ?) ORDER BY price_id <> ? LIMIT 1
"""
_MARKET = """
SELECT market.id FROM market, json_each(country_codes)
WHERE livemode = ? AND NOT deleted AND json_each.value = ? LIMIT 1
"""
_COUNTRY = "SELECT country FROM customer WHERE livemode = ? AND id = ?"


class Place(NamedTuple):
    """What decides which of the amounts of a price a subscription pays: its currency, and its market if any."""

    currency: str
    market_id: str | None


class Amount(NamedTuple):
    """An amount of money, in rate scale."""

    currency: str
    value: int


def place(ctx: Context, price: Row | None, customer_id: str) -> Place:
    """Where a customer buys a price: in a market that it has a price for, else in the currency of the country."""
    customer = ctx.db.first(_COUNTRY, ctx.livemode, customer_id)
    country = customer["country"] if customer is not None else None
    if price is None or country is None:
        return Place(DOLLARS, None)
    market = ctx.db.first(_MARKET, ctx.livemode, country)
    if market is not None:
        found = _in_market(_row(ctx.db, price["id"]), market["id"])
        if found is not None:
            return Place(found.currency, market["id"])
    wanted = Place(CURRENCIES.get(country, DOLLARS), None)
    return Place(amount(ctx.db, price["id"], wanted).currency, None)


def place_of(subscription: Row) -> Place:
    return Place(subscription["currency"], subscription["market_id"])


def amount(db: Database, price_id: str, at: Place) -> Amount:
    """What a price is at a place now: that of the market, else of the currency, else in US dollars.

    A variant has the market prices that it overrides, and those of its base price. That a subscription whose market or
    regional price is gone pays the next one is our choice.
    """
    row = _row(db, price_id)
    found = _in_market(row, at.market_id)
    if found is not None:
        return found
    regional = db.first(_REGIONAL, at.currency, price_id, row["inherits_from"], price_id)
    return Amount(DOLLARS, row["dollars"]) if regional is None else Amount(at.currency, regional["price"])


def _row(db: Database, price_id: str) -> Row:
    (row,) = db.all(_PRICE, price_id)
    return row


def _in_market(row: Row, market_id: str | None) -> Amount | None:
    for column in ("market_prices", "base_market_prices"):
        for item in wire.loads(row[column] or "[]"):
            if item["marketGroupId"] == market_id:
                return Amount(item["currency"], wire.from_minor(item["price"], item["currency"]))
    return None

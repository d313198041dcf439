"""Which of the prices that a plan is listed with are base prices, and what hangs on each.

Variants, market prices, and introductory offers, which the file cannot declare: a price with one is not deleted, which
would delete it too. (API reference 2026-08-27, plan prices; add price for the introductory offers of older versions)
"""

from collections.abc import Mapping, Sequence

from commetctl.core.contract import Contract, Row, Rows
from commetctl.core.resource import Address
from commetctl.kinds.plans import addresses
from commetctl.kinds.sides import Obstacle
from commetctl.kinds.wire import part

_ORPHAN = Obstacle(
    "has a variant of a price that does not exist; a catalog cannot declare it, so it stays as it is",
    "remove it in the dashboard first",
    own=False,
    unknown=True,
)


def bases(prices: Sequence[Row]) -> list[Row]:
    """The prices that are no variants; a variant shares the interval of the one that it inherits from."""
    return [row for row in prices if row.get("inheritsFromPriceId") is None]


def variants(base: Row, prices: Sequence[Row]) -> list[Row]:
    """The variants of a price."""
    return [row for row in prices if row.get("inheritsFromPriceId") is not None and _inherits(row, base)]


def _inherits(row: Row, base: Row) -> bool:
    return bool(base.get("id")) and row["inheritsFromPriceId"] == base.get("id")


def orphans(prices: Sequence[Row]) -> Obstacle | None:
    """Variants whose base is not among the prices."""
    known = {row.get("id") for row in bases(prices) if isinstance(row.get("id"), str)}
    inherited = [row["inheritsFromPriceId"] for row in prices if row.get("inheritsFromPriceId") is not None]
    lost = [id_ for id_ in inherited if not isinstance(id_, str) or id_ not in known]
    return _ORPHAN if lost else None


def market_prices(row: Row) -> list[Row] | None:
    """The rows of the market prices of a price; None where there is a list in a form that is not known."""
    found = row.get("marketPrices")
    if found is None:
        return []
    return found if isinstance(found, list) and all(isinstance(item, Mapping) for item in found) else None


def has_offer(row: Row) -> bool:
    """Whether a price has an introductory offer, which no file can say."""
    older = row.get("introOffer")
    enabled = older.get("enabled") is not False if isinstance(older, Mapping) else older is not None
    return row.get("offerId") is not None or enabled


def written_in(prices: Sequence[Row], contract: Contract) -> frozenset[str]:
    """The currencies in which prices that cannot be declared have amounts that Commet does not derive."""
    base = {id(row) for row in bases(prices) if row.get("billingInterval") in contract.intervals}
    return frozenset(
        str(regional.get("currency")).lower()
        for row in prices
        if id(row) not in base
        for regional in _list(row, "regionalPrices")
        if regional.get("autoSynced") is not True
    )


def _list(row: Row, name: str) -> list[Row]:
    found = row.get(name)
    return [item for item in found if isinstance(item, Mapping)] if isinstance(found, list) else []


def has_market_prices(answers: Sequence[Rows | None]) -> bool:
    """Whether any price in the lists of plans has amounts for markets."""
    prices = (price for rows in answers for plan in rows or () for price in _list(plan, "prices"))
    return any(price.get("marketPrices") for price in prices)


def unread(rows: Rows, newer: Rows | None) -> frozenset[Address]:
    """The base prices that may have market prices, themselves or in a variant, which nobody understands.

    `newer` are the rows of the newer generation, the only one that tells; where it could not be read, all may.
    """
    found = rows if newer is None else newer
    return frozenset(
        addresses.price(part(plan["code"]), part(base["billingInterval"]))
        for plan in found
        for base in bases(_list(plan, "prices"))
        if newer is None or any(map(_is_odd, [base, *variants(base, _list(plan, "prices"))]))
    )


def _is_odd(row: Row) -> bool:
    listed = market_prices(row)
    return listed is None or not all(isinstance(item.get("marketGroupId"), str) for item in listed)

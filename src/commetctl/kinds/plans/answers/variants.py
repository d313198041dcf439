"""What stands beside the prices that a file can declare: variants, market prices, and introductory offers.

The file cannot declare them. They are counted and reported, and their price is not deleted, which would delete them
too. (API reference 2026-08-27, plan prices; add price for the introductory offers of older versions)
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from commetctl.core.contract import Contract, Row, Rows
from commetctl.core.money import EXPONENTS, Money, Scale
from commetctl.core.resource import Address, Beside, Markets
from commetctl.kinds import obstacles
from commetctl.kinds.codecs import whole
from commetctl.kinds.plans import addresses
from commetctl.kinds.sides import Obstacle
from commetctl.kinds.wire import part

_ORPHAN = Obstacle(
    "has a variant of a price that is not there; the file cannot say that, and it stays as it is",
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


def addresses_of(code: str, base: Row, prices: Sequence[Row]) -> tuple[Address, ...]:
    """What belongs to a price and is no resource: its variants, then its market prices."""
    return (*_variants(code, base, prices), *_markets(code, base))


def _variants(code: str, base: Row, prices: Sequence[Row]) -> Iterator[Address]:
    for row in variants(base, prices):
        metadata = row.get("metadata")
        name = metadata.get("name") if isinstance(metadata, Mapping) else None
        yield Address(addresses.VARIANT, f"{code}/{base['billingInterval']}/{name or row.get('id')}")


def _markets(code: str, base: Row) -> Iterator[Address]:
    for row in _list(base, "marketPrices"):
        market = row.get("marketGroupId")
        yield Address(addresses.MARKET_PRICE, f"{code}/{base['billingInterval']}/{market}")


def obstacle(base: Row, aside: Sequence[Address]) -> Obstacle | None:
    """What stands beside a price, in the way of deleting it."""
    kinds = [address.kind for address in aside]
    counts = {"variant": kinds.count(addresses.VARIANT), "market price": kinds.count(addresses.MARKET_PRICE)}
    said = [f"{count} {noun}{'s' if count > 1 else ''}" for noun, count in counts.items() if count]
    if _has_offer(base):
        said.append("an introductory offer")
    if _odd(base.get("marketPrices")):
        said.append("market prices in a form that this version does not know")
    return obstacles.beside(" and ".join(said)) if said else None


def _has_offer(base: Row) -> bool:
    older = base.get("introOffer")
    enabled = older.get("enabled") is not False if isinstance(older, Mapping) else older is not None
    return base.get("offerId") is not None or enabled


def _odd(value: object) -> bool:
    if value is None:
        return False
    return not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value)


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
    prices = (price for rows in answers for plan in rows or () for price in _prices(plan))
    return any(price.get("marketPrices") for price in prices)


_UNREAD = Beside(Markets(unknown=True))


def beside(rows: Rows, newer: Rows | None) -> dict[Address, Beside]:
    """The base prices of `rows` that have market prices or variants, by address.

    `newer` are the rows of the newer generation, the only one that tells; where it could not be read, every price may
    have some.
    """
    if newer is None:
        return {address: _UNREAD for plan in rows for address, _ in _base_prices(plan)}
    found = {address: _of(plan, price) for plan in newer for address, price in _base_prices(plan)}
    return {address: item for address, item in found.items() if item.markets or item.variants}


def _base_prices(plan: Row) -> Iterator[tuple[Address, Row]]:
    for price in _prices(plan):
        if price.get("inheritsFromPriceId") is None:
            yield addresses.price(part(plan["code"]), part(price["billingInterval"])), price


def _prices(plan: Row) -> list[Row]:
    return [price for price in plan.get("prices") or () if isinstance(price, Mapping)]


def _of(plan: Row, base: Row) -> Beside:
    variants = {
        str(price.get("id")): _priced_in_markets(price.get("marketPrices"))
        for price in _prices(plan)
        if price.get("inheritsFromPriceId") is not None and price.get("inheritsFromPriceId") == base.get("id")
    }
    return Beside(_priced_in_markets(base.get("marketPrices")), variants)


def _priced_in_markets(rows: Any) -> Markets:
    """Market prices are in minor units in every version that tells them. (Schemas, PlanPricesItem.)"""
    if not isinstance(rows, list | tuple):
        return Markets(unknown=bool(rows))
    amounts = [_amount(row) for row in rows]
    return Markets(tuple(amount for amount in amounts if amount), unknown=None in amounts)


def _amount(row: Any) -> Money | None:
    try:
        currency = part(row["currency"]).lower()
        return Money.from_wire(whole(row["price"]), currency, Scale.MINOR) if currency in EXPONENTS else None
    except (KeyError, TypeError, ValueError):
        return None

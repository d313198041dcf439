"""From the rows of a listing: what each base price has that the file cannot declare."""

from collections.abc import Iterator, Mapping
from typing import Any

from commetctl.core.contract import Row, Rows
from commetctl.core.money import EXPONENTS, Money, Scale
from commetctl.core.resource import Address, Beside, Markets
from commetctl.kinds.plans import addresses
from commetctl.kinds.wire import part, whole

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
        str(price.get("id")): _markets(price.get("marketPrices"))
        for price in _prices(plan)
        if price.get("inheritsFromPriceId") is not None and price.get("inheritsFromPriceId") == base.get("id")
    }
    return Beside(_markets(base.get("marketPrices")), variants)


def _markets(rows: Any) -> Markets:
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

"""Titles: what plans and their parts are called on a page that people read."""

from commetctl.core.resource import Address
from commetctl.kinds.kind import Naming
from commetctl.kinds.plans import addresses

#: The name of each interval, the shortest first, and what a price of it is for.
_INTERVALS = {
    "weekly": ("Weekly", "per week"),
    "monthly": ("Monthly", "per month"),
    "quarterly": ("Quarterly", "per quarter"),
    "semiannual": ("Half-yearly", "per half-year"),
    "yearly": ("Yearly", "per year"),
    "one_time": ("One time", "once"),
}


def interval_name(interval: str) -> str:
    """`Monthly`"""
    return _INTERVALS.get(interval, (interval, ""))[0]


def interval_per(interval: str) -> str:
    """`per month`"""
    return _INTERVALS.get(interval, ("", f"per {interval}"))[1]


def interval_position(interval: str) -> tuple[int, str]:
    """The position of an interval among all, the shortest first; unknown ones come last."""
    order = list(_INTERVALS)
    return (order.index(interval) if interval in order else len(order), interval)


def plan(_: Address, __: Naming) -> str:
    """`Plan`, which is named by the card that it stands on."""
    return "Plan"


def price(address: Address, _: Naming) -> str:
    """`Monthly price`, `Monthly price in EUR`"""
    interval, *currencies = address.key.split("/")[1:]
    return f"{interval_name(interval)} price" + "".join(f" in {currency.upper()}" for currency in currencies)


def market_price(address: Address, _: Naming) -> str:
    """`Monthly price in the market brazil`, `Monthly variant experiment_b, price in the market brazil`"""
    interval, *variants, market = address.key.split("/")[1:]
    of = f"{interval_name(interval)} variant {variants[0]}," if variants else interval_name(interval)
    return f"{of} price in the market {market}"


def variant(address: Address, _: Naming) -> str:
    """`Monthly variant experiment_b`"""
    interval, name = address.key.split("/")[1:]
    return f"{interval_name(interval)} variant {name}"


def feature(address: Address, naming: Naming) -> str:
    """`API calls`"""
    return naming(addresses.catalog_feature(addresses.last(address)))


def unit_price(address: Address, naming: Naming) -> str:
    """`API calls, unit price in BRL`"""
    _, code, currency = address.key.split("/")
    return f"{naming(addresses.catalog_feature(code))}, unit price in {currency.upper()}"


def exchange_rate(address: Address, _: Naming) -> str:
    """`Exchange rate of BRL`"""
    return f"Exchange rate of {addresses.last(address).upper()}"

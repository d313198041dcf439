"""Moves of market prices: what customers in the countries of a market pay, before and after."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from commetctl.core.amount_move import AmountMove, Sense, currency_of, field_move, moved
from commetctl.core.money import Money
from commetctl.core.resource import Address, Resource, ResourceSet, Value
from commetctl.kinds.plans import addresses


def market_moves(before: ResourceSet, after: ResourceSet) -> Iterator[AmountMove]:
    """Every market price that is another one after than before, of a price or a variant that is there in both.

    Where there is none on one side, customers pay the price in the currency, or else in US dollars.
    """
    for resource in _of_both(after, before):
        if was := before.get(resource.address):
            yield from field_move(was, resource, "price")
        else:
            yield from _new(resource, before)
    for was in _of_both(before, after):
        if was.address not in after:
            yield from _gone(was, before, after)


def _of_both(side: ResourceSet, other: ResourceSet) -> Iterator[Resource]:
    for resource in side.values():
        if resource.address.kind in addresses.IN_MARKETS and resource.parent in other:
            yield resource


def _new(resource: Resource, before: ResourceSet) -> Iterator[AmountMove]:
    """A price that is new in a market: it may be any, but a slip shows."""
    amount = resource.fields["price"]
    old = next((value for value in _instead(resource, before) if currency_of(value) == currency_of(amount)), None)
    if old is None and isinstance(base := _field(before, addresses.base_of(resource.address), "price"), Money):
        old = _converted(base, resource, currency_of(amount), before)
    if old is not None:
        meaning = f"the market price is new; without it, customers there pay {old}"
        for move in moved(resource.address, "price", old, amount):
            yield replace(move, sense=Sense.NEW_CURRENCY, meaning=meaning)


def _gone(was: Resource, before: ResourceSet, after: ResourceSet) -> Iterator[AmountMove]:
    """Customers in a market that goes have what takes its place."""
    old, found = was.fields["price"], [value for value in _instead(was, after) if value is not None]
    new = next((value for value in found if currency_of(value) == currency_of(old)), found[-1] if found else None)
    compared = _converted(new, was, currency_of(old), before)
    for move in moved(was.address, "price", old, new, compared):
        yield replace(move, meaning="customers in this market pay the price that applies outside of markets")


def _instead(resource: Resource, side: ResourceSet) -> Iterator[Value]:
    """What customers pay in place of a market price, whichever there is first: in any market, currency, or dollars."""
    base = addresses.base_of(resource.address)
    if resource.address.kind == addresses.VARIANT_PRICE:
        yield _field(side, addresses.market_price(base, addresses.last(resource.address)), "price")
    currency = currency_of(resource.fields["price"])
    yield _field(side, Address(addresses.REGIONAL_PRICE, f"{base.key}/{currency}"), "price")
    yield _field(side, base, "price")


def _converted(amount: Value, of: Resource, currency: str | None, side: ResourceSet) -> Money | None:
    """An amount in another currency, where the plan has an exchange rate for it."""
    rate = _field(side, addresses.exchange_rate(addresses.plan_of(of.address).key, str(currency)), "rate")
    if not isinstance(amount, Money) or amount.currency == currency or not isinstance(rate, Decimal) or not currency:
        return None
    return amount.converted(rate, currency)


def _field(side: ResourceSet, address: Address, name: str) -> Value:
    found = side.get(address)
    return found.fields.get(name) if found else None

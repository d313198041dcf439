"""What subscriptions pay: for what each is on, every amount that it may be, today and once it has renewed.

Commet does not say what a subscription pays, or in which currency, so each has options, one of which is true.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from commetctl.core.amount_move import currency_of
from commetctl.core.contract import PER_MONTH
from commetctl.core.impact import Doubt, Option, Use
from commetctl.core.money import Derived, Money
from commetctl.core.resource import Address, Resource, ResourceSet, Value
from commetctl.kinds.plans import addresses
from commetctl.kinds.sides import Live

_NOTHING = Fraction(0)


def variant_ids(price: Address, live: Live, resources: ResourceSet) -> frozenset[str]:
    """The ids of the variants of a price, which a subscription names in its place."""
    found = (live.ids.get(variant.address) for variant in resources.children(price, addresses.VARIANT))
    return frozenset(id_ for id_ in found if id_)


@dataclass(frozen=True)
class Paid:
    """Everything that subscriptions may pay for the prices of an account, before and after the changes."""

    before: ResourceSet
    after: ResourceSet
    live: Live

    def options(self, use: Use) -> tuple[Option, ...]:
        """What a subscription may pay; nothing where it is on no price that is listed, such as an archived one."""
        if use not in self._known:
            self._known[use] = tuple(self._found(use))
        return self._known[use]

    def doubts(self, use: Use) -> frozenset[Doubt]:
        """Why there are several options."""
        options = self.options(use)
        found = set()
        if len({option.price for option in options}) > 1:
            found.add(Doubt.PRICE)
        prices = {option.price for option in options}
        if any(price in self.live.unread or list(self._markets(use, price)) for price in prices):
            found.add(Doubt.MARKET)
        if any(self._is_regional(price) for price in prices):
            found.add(Doubt.CURRENCY)
        return frozenset(found)

    @cached_property
    def _known(self) -> dict[Use, tuple[Option, ...]]:
        return {}

    @cached_property
    def _plans(self) -> dict[str, Address]:
        return {found: address for address, found in self.live.ids.items() if address.kind == addresses.PLAN}

    def _found(self, use: Use) -> Iterator[Option]:
        for price in self._prices(use):
            yield from self._amounts(price)
            for row in self._markets(use, price):
                yield from self._market_amount(price, row)
            if price in self.live.unread:
                yield Option(price, "", _NOTHING, _NOTHING)

    def _prices(self, use: Use) -> list[Address]:
        """The base prices that a subscription may be on: one, or all where it names none."""
        plan = self._plans.get(use.plan)
        prices = [item.address for item in self.before.children(plan, addresses.PRICE)] if plan else []
        return [price for price in prices if self._may_be_on(use, price)]

    def _may_be_on(self, use: Use, price: Address) -> bool:
        known = self.live.ids.get(price)
        if use.price and known:
            return use.price == known or use.price in variant_ids(price, self.live, self.before)
        return use.interval in (addresses.last(price), None)

    def _markets(self, use: Use, price: Address) -> Iterator[Resource]:
        """The market prices that may take the place of a price: those of its base, and those of the variant."""
        yield from self.before.children(price, addresses.MARKET_PRICE)
        if use.price and use.price == self.live.ids.get(price):
            return
        for variant in self.before.children(price, addresses.VARIANT):
            if use.price in (None, self.live.ids.get(variant.address)):
                yield from self.before.children(variant.address, addresses.VARIANT_PRICE)

    def _market_amount(self, price: Address, row: Resource) -> Iterator[Option]:
        """A market price, in its currency; in two where it moves to another."""
        after = self.after.get(row.address) or row
        was, becomes = (currency_of(side.fields.get("price")) for side in (row, after))
        if was and becomes and was != becomes:
            per_month = PER_MONTH.get(addresses.last(price), _NOTHING)
            today, then = (self._amount(side, self.before) or _NOTHING for side in (row, after))
            yield Option(price, was, today * per_month, _NOTHING, amount=row.address)
            yield Option(price, becomes, _NOTHING, then * per_month, amount=row.address)
        else:
            yield self._option(price, row.address, was or "")

    def _amounts(self, price: Address) -> Iterator[Option]:
        """The price itself, and in each currency in which it can be paid today.

        Subscriptions to a price that is archived go on paying it; no subscription pays a new one yet.
        """
        yield self._option(price, price, "usd")
        rows = self.before.children(price, addresses.REGIONAL_PRICE)
        for row in rows:
            yield self._option(price, row.address, addresses.last(row.address))
        rates = self.before.children(addresses.plan_of(price), addresses.EXCHANGE_RATE)
        listed = {addresses.last(row.address) for row in rows}
        for currency in {addresses.last(rate.address) for rate in rates} - listed:
            yield Option(price, currency, _NOTHING, _NOTHING)

    def _option(self, price: Address, address: Address, currency: str) -> Option:
        per_month = PER_MONTH.get(addresses.last(price), _NOTHING)
        before, after = self.before[address], self.after.get(address)
        today = self._amount(before, self.before)
        then = self._amount(after, self.after) if after else today
        if today is None or then is None:
            return Option(price, currency, _NOTHING, _NOTHING, amount=address)
        estimated = any(isinstance(side.fields.get("price"), Derived) for side in (before, after) if side)
        return Option(price, currency, today * per_month, then * per_month, estimated, address)

    def _amount(self, row: Resource, side: ResourceSet) -> Fraction | None:
        value: Value = row.fields.get("price")
        if isinstance(value, Derived):
            value = self._derived(row, side) or value.about
        return Fraction(value.amount) if isinstance(value, Money) else None

    def _derived(self, row: Resource, side: ResourceSet) -> Money | None:
        """What Commet derives on one side, at the rate and from the price of that side."""
        currency = addresses.last(row.address)
        base = side.get(row.parent) if row.parent else None
        rate = side.get(addresses.exchange_rate(addresses.plan_of(row.address).key, currency))
        amount, by = (base.fields.get("price") if base else None), (rate.fields.get("rate") if rate else None)
        return amount.converted(by, currency) if isinstance(amount, Money) and isinstance(by, Decimal) else None

    def _is_regional(self, price: Address) -> bool:
        plan = addresses.plan_of(price)
        regional = self.before.children(price, addresses.REGIONAL_PRICE)
        return bool(regional or self.before.children(plan, addresses.EXCHANGE_RATE))

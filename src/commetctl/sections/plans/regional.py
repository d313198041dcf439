"""The calls that change regional prices: one for a price's own overrides, one for a currency with an exchange rate.

A currency that has an exchange rate in the file is always sent whole, because what becomes of entries that a later
call leaves out is not documented. For the same reason a price's overrides are always sent whole, and what has a rate is
sent again after them: they may replace every currency of the price, or only those they name.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from commetctl.core.address import Address
from commetctl.core.call import ApiCall, Body, Ref
from commetctl.core.change import Change, Delete, Update
from commetctl.core.money import Derived, Money, UnitPrice
from commetctl.core.resource import Resource
from commetctl.core.step import Step
from commetctl.sections.plans import addresses, ledger
from commetctl.sections.plans.work import Work, currency_entry
from commetctl.sections.wire import price, unit_price

_REGIONAL = (addresses.EXCHANGE_RATE, addresses.REGIONAL_PRICE, addresses.REGIONAL_UNIT_PRICE)


@dataclass(frozen=True)
class RegionalSteps:
    """The steps for the changes of a plan's regional prices, regional unit prices and exchange rates."""

    work: Work

    def steps(self) -> Iterator[Step]:
        """First the overrides of each price, then each currency that has a rate."""
        own = list(self._by_price())
        yield from own
        yield from self._by_currency(own)

    @cached_property
    def _rates(self) -> Mapping[str, Resource]:
        declared = self.work.wanted(addresses.EXCHANGE_RATE, self.work.plan)
        return {addresses.last(resource.address): resource for resource in declared}

    @cached_property
    def _changes(self) -> list[Change]:
        return [change for kind in _REGIONAL for change in self.work.of(kind) if self._sends(change)]

    def _sends(self, change: Change) -> bool:
        # Protection is kept in the ledger, and is no business of these calls.
        return not isinstance(change, Update) or not change.names <= ledger.OWN

    def _by_price(self) -> Iterator[Step]:
        for resource in self.work.wanted(addresses.PRICE, self.work.plan):
            changes = [
                change
                for change in self._changes
                if change.address.kind == addresses.REGIONAL_PRICE
                and _parent(change) == resource.address
                and addresses.last(change.address) not in self._rates
            ]
            if changes:
                yield self._overrides(resource.address, changes)

    def _overrides(self, price_address: Address, changes: list[Change]) -> Step:
        calls: list[ApiCall] = []
        note = ""
        at = Ref(price_address)
        rest = [
            self._override(resource)
            for resource in self.work.wanted(addresses.REGIONAL_PRICE, price_address)
            if addresses.last(resource.address) not in self._rates
        ]
        if any(_takes_away(change) for change in changes):
            calls.append(self.work.contract.call("delete_regional_prices", plan=self.work.ref, price=at))
            note = _window(price_address, [str(entry["currency"]) for entry in rest] + sorted(self._rates))
        if rest:
            calls.append(
                self.work.contract.call("set_regional_prices", {"overrides": rest}, plan=self.work.ref, price=at)
            )
        covers = tuple(change.address for change in changes)
        return Step(f"regional_prices.{price_address.key}", covers, tuple(calls), note=note)

    def _override(self, resource: Resource) -> Mapping[str, Body]:
        return currency_entry(addresses.last(resource.address), **self._amounts(resource))

    def _amounts(self, resource: Resource) -> dict[str, Body]:
        amounts = {"price": resource.fields["price"], "includedBalance": resource.fields["included_balance"]}
        return {wire: price(value, self.work.contract) for wire, value in amounts.items() if isinstance(value, Money)}

    def _by_currency(self, own: list[Step]) -> Iterator[Step]:
        for currency, rate in self._rates.items():
            covers = tuple(c.address for c in self._changes if addresses.last(c.address) == currency)
            # After a price's own overrides were sent, whatever has a rate is sent again and so belongs to them too.
            covers = covers or tuple(address for step in own for address in step.covers)
            if covers:
                call = self.work.contract.call(
                    "set_regional_pricing", self._pricing(currency, rate), plan=self.work.ref
                )
                yield Step(str(rate.address), covers, (call,), self._before(own, currency))

    def _before(self, own: list[Step], currency: str) -> frozenset[str]:
        """What a currency is derived from has to be right first: the base prices and the overages that change too."""
        parents = (_parent(change) for change in self._changes if addresses.last(change.address) == currency)
        return frozenset([step.name for step in own] + [str(parent) for parent in parents if parent])

    def _pricing(self, currency: str, rate: Resource) -> dict[str, Body]:
        prices: list[Body] = []
        features: list[Body] = []
        for resource in self.work.wanted(addresses.PRICE, self.work.plan):
            written = self._written(resource, addresses.REGIONAL_PRICE, currency)
            prices += [{"priceId": Ref(resource.address), **self._amounts(regional)} for regional in written]
        for resource in self.work.wanted(addresses.FEATURE, self.work.plan):
            for regional in self._written(resource, addresses.REGIONAL_UNIT_PRICE, currency):
                value = regional.fields["unit_price"]
                if isinstance(value, UnitPrice):
                    feature = Ref(addresses.catalog_feature(addresses.last(resource.address)))
                    features.append({"featureId": feature, "overageUnitPrice": unit_price(value, self.work.contract)})
        body: dict[str, Body] = {"currency": currency, "exchangeRate": _number(str(rate.fields["rate"]))}
        return body | ({"prices": prices} if prices else {}) | ({"features": features} if features else {})

    def _written(self, parent: Resource, kind: str, currency: str) -> Iterator[Resource]:
        for resource in self.work.wanted(kind, parent.address):
            derived = any(isinstance(value, Derived) for value in resource.fields.values())
            if addresses.last(resource.address) == currency and not derived:
                yield resource


def _number(rate: str) -> int | float:
    """The JSON number of a rate: at 15 digits at most, which the file is held to, a float gives it back exactly."""
    number = float(rate)
    return int(number) if number.is_integer() else number


def _parent(change: Change) -> Address | None:
    return change.before.parent if isinstance(change, Delete) else change.after.parent


def _takes_away(change: Change) -> bool:
    """Whether a change needs more than an upsert: a currency goes, or its included balance does."""
    match change:
        case Delete():
            return True
        case Update(after=after, names=names):
            return "included_balance" in names and after.fields["included_balance"] is None
        case _:
            return False


def _window(price_address: Address, kept: list[str]) -> str:
    if not kept:
        return f"clears the regional prices of {price_address}: they were all that it had"
    return (
        f"the API can only clear all regional prices of {price_address} at once: for a moment {', '.join(kept)} "
        "customers see the US dollar price, until the next call writes the rest back"
    )

"""The calls that change regional prices: one for a price's own overrides, one for a currency with an exchange rate.

A list of overrides is always sent whole, because what becomes of entries that a call leaves out is not documented. What
is sent beside the changes of the run is taken from the account as it will be: each neighbour as Commet has it. After
the overrides of a price, every currency with an exchange rate is sent again: the overrides may have replaced them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from commetctl.core.call import ApiCall, Body, Ref, Step
from commetctl.core.change import Change, Create, Delete, Update
from commetctl.core.contract import Route
from commetctl.core.footprint import Cleared, Either, Footprint, Put
from commetctl.core.money import Derived, Money, UnitPrice
from commetctl.core.resource import Address, Resource
from commetctl.kinds.codecs import balance, price, unit_price
from commetctl.kinds.plans import addresses, ledger, wire
from commetctl.kinds.plans.calls.derive import derived, is_written, leaves_open
from commetctl.kinds.plans.calls.work import Work, currency_entry

#: How the address of an amount in a currency is made: from plan, interval or feature, and currency.
_Named = Callable[[str, str, str], Address]

_REGIONAL = (addresses.EXCHANGE_RATE, addresses.REGIONAL_PRICE, addresses.REGIONAL_UNIT_PRICE)


@dataclass(frozen=True)
class RegionalSteps:
    """The steps for the changes of a plan's regional prices, regional unit prices and exchange rates."""

    work: Work

    def steps(self) -> Iterator[Step]:
        """First the overrides of each price, then each currency that has a rate.

        To take one amount away, the API has to clear all of a price. That waits until all that the plan gets is there.
        """
        setting, taking = list(self._setting()), list(self._taking())
        come = list(self._by_currency(setting, adding=True)) if taking else []
        new = frozenset(step.name for step in (*setting, *come))
        taking = [replace(step, replaced_by=new) for step in taking]
        yield from (*setting, *come, *taking)
        yield from self._by_currency([*setting, *come, *taking])

    @cached_property
    def _rates(self) -> Mapping[str, Resource]:
        found = self.work.after(addresses.EXCHANGE_RATE, self.work.plan)
        return {addresses.last(resource.address): resource for resource in found}

    @cached_property
    def _changes(self) -> list[Change]:
        return [change for kind in _REGIONAL for change in self.work.of(kind) if self._sends(change)]

    def _sends(self, change: Change) -> bool:
        # Protection is kept in the ledger and is not part of these calls.
        return not isinstance(change, Update) or not change.names <= ledger.OWN

    @cached_property
    def _by_price(self) -> Mapping[Address, list[Change]]:
        """The changes that are made by the overrides of a price."""
        found: dict[Address, list[Change]] = {}
        for change in self._changes:
            parent = _parent(change)
            own = change.address.kind == addresses.REGIONAL_PRICE and addresses.last(change.address) not in self._rates
            if own and parent and parent in self.work.sides.after:
                found.setdefault(parent, []).append(change)
        return {
            r.address: found[r.address] for r in self.work.after(addresses.PRICE, self.work.plan) if r.address in found
        }

    def _setting(self) -> Iterator[Step]:
        """The overrides of each price that gets one, or gets another amount; what is to go is still there."""
        for price_address, changes in self._by_price.items():
            going = [c for c in changes if not isinstance(c, Create) and _takes_away(c)]
            coming = tuple(change.address for change in changes if not _takes_away(change))
            if any(isinstance(change, Create) for change in changes) or not going:
                stay = {change.address: change.before for change in going}
                rest = [stay.pop(r.address, r) for r in self._overrides(price_address)]
                rest += [resource for resource in stay.values() if is_written(resource)]
                name = f"{_step_name(price_address)} (adding)" if going else _step_name(price_address)
                yield Step(name, coming, (self._set(price_address, rest),))

    def _taking(self) -> Iterator[Step]:
        """For each price that loses an override: all of them are cleared, and the others are written back."""
        for price_address, changes in self._by_price.items():
            if any(_takes_away(change) for change in changes):
                rest = self._overrides(price_address)
                calls = [self._clear(price_address), *([self._set(price_address, rest)] if rest else [])]
                note = _window(price_address, [addresses.last(r.address) for r in rest] + sorted(self._rates))
                covers = tuple(change.address for change in changes)
                yield Step(_step_name(price_address), covers, tuple(calls), note=note)

    def _overrides(self, price_address: Address) -> list[Resource]:
        """The amounts of a price, as they will be, that its own overrides have to name."""
        return [
            resource
            for resource in self.work.after(addresses.REGIONAL_PRICE, price_address)
            if addresses.last(resource.address) not in self._rates and is_written(resource)
        ]

    def _clear(self, price_address: Address) -> ApiCall:
        leaves = (Cleared(price_address, addresses.REGIONAL_PRICE),)
        return self._of_price(wire.DELETE_REGIONAL_PRICES, price_address, None, leaves)

    def _set(self, price_address: Address, rest: Iterable[Resource]) -> ApiCall:
        leaves: dict[Address, Footprint] = {r.address: Put(self.work.as_read(r)) for r in rest}
        for other in self.work.ever(addresses.REGIONAL_PRICE, price_address):
            # What is not named may stay or go.
            leaves.setdefault(other.address, Either(other.address, (None,), or_as_it_was=True))
        body: dict[str, Body] = {"overrides": [self._override(resource) for resource in rest]}
        return self._of_price(wire.SET_REGIONAL_PRICES, price_address, body, leaves.values())

    def _of_price(
        self, route: Route, price_address: Address, body: Mapping[str, Body] | None, leaves: Iterable[Footprint]
    ) -> ApiCall:
        marks = addresses.marks(price_address)
        return self.work.contract.call(
            route, body, leaves=leaves, marks=marks, plan=self.work.ref, price=Ref(price_address)
        )

    def _override(self, resource: Resource) -> Mapping[str, Body]:
        return currency_entry(addresses.last(resource.address), **self._amounts(resource))

    def _amounts(self, resource: Resource) -> dict[str, Body]:
        amount = resource.fields["price"]
        amounts = (
            # A derived price beside a written balance has to be sent too.
            ("price", amount.about if isinstance(amount, Derived) else amount, price),
            ("includedBalance", resource.fields["included_balance"], balance),
        )
        contract = self.work.contract
        return {wire: encoded(value, contract) for wire, value, encoded in amounts if isinstance(value, Money)}

    def _by_currency(self, own: list[Step], *, adding: bool = False) -> Iterator[Step]:
        """The step of each currency that has a rate; with `adding`, of those only in which there is something new."""
        for currency, rate in self._rates.items():
            changes = [change for change in self._changes if addresses.last(change.address) == currency]
            if adding and not any(isinstance(change, Create) for change in changes):
                continue
            # After a price's own overrides were sent, or a US dollar amount, whatever has a rate is sent again.
            covers = tuple(change.address for change in changes) or tuple(a for step in own for a in step.covers)
            opened = self._opened(currency)
            value = rate.fields["rate"]
            if (covers or opened) and isinstance(value, Decimal) and self._can_be_sent(currency):
                call = self._pricing(currency, rate, value)
                after = self._before(own, currency) | {str(address) for address in opened}
                first = f"{rate.address} (adding)"
                again = not covers or first in after
                yield Step(first if adding else str(rate.address), covers or opened, (call,), after, closing=again)

    def _can_be_sent(self, currency: str) -> bool:
        """Whether this version knows the currency: in another one, no amount could be repeated."""
        return currency in self.work.contract.currencies

    def _opened(self, currency: str) -> tuple[Address, ...]:
        """The changes whose writes leave open what Commet derives in a currency, until its own call says so."""
        bases = (*self.work.of(addresses.PRICE), *self.work.of(addresses.FEATURE))
        return tuple(change.address for change in bases if leaves_open(self.work, change, currency))

    def _before(self, own: list[Step], currency: str) -> frozenset[str]:
        """What a currency is derived from has to be right first: the base prices and the overages that change too."""
        parents = (_parent(change) for change in self._changes if addresses.last(change.address) == currency)
        return frozenset([step.name for step in own] + [str(parent) for parent in parents if parent])

    def _pricing(self, currency: str, rate: Resource, value: Decimal) -> ApiCall:
        prices: list[Body] = []
        features: list[Body] = []
        leaves: list[Footprint] = [Put(rate)]
        for base in self.work.ever(addresses.PRICE, self.work.plan):
            regional = self._written(base, addresses.regional_price, currency)
            leaves.append(self._settled(base, regional, currency, value))
            if regional:
                prices.append({"priceId": Ref(base.address), **self._amounts(regional)})
        for base in self.work.ever(addresses.FEATURE, self.work.plan):
            if base.fields["overage"] is None:
                continue
            regional = self._written(base, addresses.regional_unit_price, currency)
            leaves.append(self._settled(base, regional, currency, value))
            amount = regional.fields["unit_price"] if regional else None
            if isinstance(amount, UnitPrice):
                feature = Ref(addresses.catalog_feature(addresses.last(base.address)))
                features.append({"featureId": feature, "overageUnitPrice": unit_price(amount, self.work.contract)})
        body: dict[str, Body] = {"currency": currency, "exchangeRate": _number(str(value))}
        body |= ({"prices": prices} if prices else {}) | ({"features": features} if features else {})
        marks = addresses.marks(self.work.plan)
        return self.work.contract.call(wire.SET_REGIONAL_PRICING, body, leaves=leaves, marks=marks, plan=self.work.ref)

    def _written(self, base: Resource, named: _Named, currency: str) -> Resource | None:
        """The amounts in a currency that are written out, as they will be; None where Commet is to derive them."""
        address = named(self.work.code, addresses.last(base.address), currency)
        # An amount that is deleted with its price or feature still exists now, and is deleted after this call.
        side = self.work.sides.after if base.address in self.work.sides.after else self.work.sides.live.resources
        found = side.get(address)
        return found if found and is_written(found) else None

    def _settled(self, base: Resource, regional: Resource | None, currency: str, rate: Decimal) -> Footprint:
        """How the call for a currency leaves one amount: as written out, or as Commet derives it."""
        made = derived(self.work, base, currency, rate)
        if regional:
            # A balance that is not written out is derived, and from then on stands as if it were written out.
            known = {name: v for name, v in regional.fields.items() if v is not None and not isinstance(v, Derived)}
            fields = {name: v.about if isinstance(v, Derived) else v for name, v in {**made.fields, **known}.items()}
            return Put(self.work.as_read(Resource(regional.address, fields, made.refs, made.parent)))
        before = self.work.sides.live.resources.get(made.address)
        if before and is_written(before):
            # Whether what was written out becomes derived when a later call does not name it is not documented.
            return Either(made.address, (made, before))
        return Put(made)


def _number(rate: str) -> int | float:
    """The JSON number of a rate: at 15 digits at most, which the file is held to, a float keeps it exactly."""
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


def _step_name(price_address: Address) -> str:
    return f"regional_prices.{price_address.key}"


def _window(price_address: Address, kept: list[str]) -> str:
    if not kept:
        return f"clears all regional prices of {price_address}"
    return (
        f"the API can only clear all regional prices of {price_address} at once: for a moment {', '.join(kept)} "
        "customers see the US dollar price, until the next request writes the other prices back"
    )

"""The calls that change market prices and variants: one list for each price and for each variant, always sent whole.

What is sent beside the changes of the run is taken from the account as it will be. A variant has only markets of its
base price, so the base gets a market before the variant does, and loses it after the variant has. (Reference, prices.)
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from commetctl.core.call import ApiCall, Body, Ref, Step
from commetctl.core.change import Change, Create, Delete, Update
from commetctl.core.footprint import Footprint, Gone, Put
from commetctl.core.money import Money
from commetctl.core.resource import Address, Resource
from commetctl.kinds.codecs import market_price
from commetctl.kinds.plans import addresses, ledger, wire
from commetctl.kinds.plans.calls.work import Work


def priced(work: Work, prices: Iterable[Resource]) -> list[Body]:
    """The list that names some market prices."""
    return [entry for resource in prices if (entry := _entry(work, resource))]


def placed(work: Work, prices: Iterable[Resource]) -> Iterator[Put]:
    """The footprints of the market prices in a list."""
    return (Put(work.as_read(resource)) for resource in prices)


def archiving(work: Work, variants: Iterable[Address]) -> Iterator[ApiCall]:
    """The calls that archive variants."""
    for variant in variants:
        yield work.contract.call(
            wire.DELETE_PRICE,
            leaves=(Gone(variant),),
            subject=variant,
            marks=addresses.marks(variant),
            plan=work.ref,
            price=Ref(variant),
        )


def companions(change: Change, changes: Iterable[Change]) -> Iterator[Address]:
    """The market prices without which a variant is not made, and those that keep it from having none."""
    variant = change.address if change.address.kind == addresses.VARIANT else None
    if isinstance(change, Delete) and change.address.kind == addresses.VARIANT_PRICE:
        variant = change.before.parent
    if variant and not (isinstance(change, Delete) and change.address == variant):
        yield from (other.address for other in changes if isinstance(other, Create) and other.after.parent == variant)


@dataclass(frozen=True)
class MarketSteps:
    """The steps for the changes of a plan's market prices and variants, on prices that stay."""

    work: Work

    def steps(self) -> Iterator[Step]:
        """For each price: the markets that it gets, its variants, and the markets that it loses."""
        for price in self.work.after(addresses.PRICE, self.work.plan):
            if price.address in self._created:
                # The call that adds the price has them.
                yield from self._variants(price.address)
                continue
            changes = self._of(addresses.MARKET_PRICE, price.address)
            yield from self._lists(price.address, changes)
            yield from self._variants(price.address)

    @cached_property
    def _created(self) -> frozenset[Address]:
        return frozenset(change.address for change in self.work.changes if isinstance(change, Create))

    def _of(self, kind: str, parent: Address) -> list[Change]:
        """The changes below a parent that a call makes: protection is kept in the ledger."""
        return [change for change in self.work.of(kind) if _parent(change) == parent and not _is_own(change)]

    def _lists(self, price: Address, changes: list[Change]) -> Iterator[Step]:
        """One call, or two where a variant still has a market that goes, and may need one that comes."""
        going = [change for change in changes if isinstance(change, Delete)]
        coming = [change for change in changes if not isinstance(change, Delete)]
        name, rest = f"market_prices.{price.key}", self.work.after(addresses.MARKET_PRICE, price)
        if coming and any(map(self._is_in_variant, going)):
            adding = f"{name} (adding)"
            yield self._list(adding, coming, price, [*rest, *(change.before for change in going)])
            yield self._list(name, going, price, rest, after=frozenset({adding}))
        elif changes:
            yield self._list(name, changes, price, rest)

    def _is_in_variant(self, change: Delete) -> bool:
        """Whether a variant has the market of a market price before the run."""
        live = self.work.sides.live.resources
        variants = live.children(addresses.base_of(change.address), addresses.VARIANT)
        market = addresses.last(change.address)
        return any(addresses.market_price(variant.address, market) in live for variant in variants)

    def _list(
        self,
        name: str,
        changes: Iterable[Change],
        of: Address,
        prices: list[Resource],
        after: frozenset[str] = frozenset(),
    ) -> Step:
        """The step that writes the list of a price or a variant."""
        kind = addresses.VARIANT_PRICE if of.kind == addresses.VARIANT else addresses.MARKET_PRICE
        kept = {resource.address for resource in prices}
        leaves: list[Footprint] = [*placed(self.work, prices)]
        leaves += (Gone(other.address) for other in self.work.ever(kind, of) if other.address not in kept)
        call = self.work.contract.call(
            wire.UPDATE_PRICE,
            {"marketPrices": priced(self.work, prices)},
            leaves=leaves,
            subject=of,
            marks=addresses.marks(of),
            plan=self.work.ref,
            price=Ref(of),
        )
        return Step(name, tuple(change.address for change in changes), (call,), after)

    def _variants(self, price: Address) -> Iterator[Step]:
        for change in self.work.of(addresses.VARIANT):
            if _parent(change) != price:
                continue
            prices = self.work.after(addresses.VARIANT_PRICE, change.address)
            if isinstance(change, Delete):
                calls = tuple(archiving(self.work, [change.address]))
                yield Step(str(change.address), (change.address,), calls)
            elif isinstance(change, Create) and prices:
                covers = (change.address, *(resource.address for resource in prices))
                yield Step(str(change.address), covers, (self._add(change.after, prices),))
        for variant in self.work.after(addresses.VARIANT, price):
            changes = self._of(addresses.VARIANT_PRICE, variant.address)
            prices = self.work.after(addresses.VARIANT_PRICE, variant.address)
            # One without any market price would be its base price again, and no file could say it.
            if changes and prices and variant.address not in self._created:
                yield self._list(f"market_prices.{variant.address.key}", changes, variant.address, prices)

    def _add(self, variant: Resource, prices: list[Resource]) -> ApiCall:
        base = addresses.base_of(variant.address)
        body: dict[str, Body] = {
            "billingInterval": addresses.last(base),
            "inheritsFromPriceId": Ref(base),
            "marketPrices": priced(self.work, prices),
            "metadata": {"name": addresses.last(variant.address)},
        }
        return self.work.contract.call(
            wire.ADD_PRICE,
            body,
            leaves=(Put(self.work.as_read(variant)), *placed(self.work, prices)),
            creates=variant.address,
            marks=addresses.marks(variant.address),
            plan=self.work.ref,
        )


def _entry(work: Work, resource: Resource) -> dict[str, Body] | None:
    """One entry of a list; None where the amount or the market is not known, which blocks every write of the list."""
    amount, market = resource.fields["price"], addresses.market_of(resource.refs)
    if not isinstance(amount, Money) or market is None:
        return None
    return {
        "marketGroupId": Ref(market),
        "currency": amount.currency,
        "price": market_price(amount, work.contract),
    }


def _parent(change: Change) -> Address | None:
    return change.before.parent if isinstance(change, Delete) else change.after.parent


def _is_own(change: Change) -> bool:
    return isinstance(change, Update) and change.names <= ledger.OWN

"""What the step builders of a plan share: its changes by kind, both sides to look things up in, and its ledger."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from commetctl.core.call import Body, Ref
from commetctl.core.change import Change
from commetctl.core.contract import Contract
from commetctl.core.footprint import Set
from commetctl.core.money import Derived
from commetctl.core.resource import Address, Resource, ResourceSet, Value
from commetctl.kinds import memory
from commetctl.kinds.plans import addresses, ledger
from commetctl.kinds.plans.calls.replacing import replacements, step_names
from commetctl.kinds.sides import Sides

#: How the keys in a ledger begin of what a version without markets does not know.
_WITH_MARKETS = tuple(f"{kind}/" for kind in addresses.WITH_MARKETS)


@dataclass(frozen=True)
class Work:
    """The changes of one plan and of what belongs to it.

    `replacements` are, for each change that takes something away, those that put something in its place.
    """

    plan: Address
    changes: Sequence[Change]
    sides: Sides
    feature_types: Mapping[str, object]
    replacements: Mapping[Address, Sequence[Address]]

    @property
    def code(self) -> str:
        """The plan's code."""
        return self.plan.key

    @property
    def contract(self) -> Contract:
        """The contract in force."""
        return self.sides.contract

    @property
    def ref(self) -> Ref:
        """The plan's id."""
        return Ref(self.plan)

    def of(self, kind: str) -> list[Change]:
        """The changes of a kind."""
        return [change for change in self.changes if change.address.kind == kind]

    def replaced_by(self, change: Change) -> frozenset[str]:
        """The names of the steps that replace what a change removes."""
        return step_names(self.replacements.get(change.address, ()))

    def after(self, kind: str, parent: Address) -> list[Resource]:
        """The resources of a kind that are below `parent` when the run is over."""
        return self.sides.after.children(parent, kind)

    def ever(self, kind: str, parent: Address) -> list[Resource]:
        """The resources of a kind that are below `parent` at any time of the run, each as it is in the end."""
        before = self.sides.live.resources.children(parent, kind)
        return list({resource.address: resource for resource in (*before, *self.after(kind, parent))}.values())

    @cached_property
    def live_rates(self) -> Mapping[str, Decimal]:
        """The exchange rates that the plan has before the run, by currency; without currencies that are not known."""
        found = self.sides.live.resources.children(self.plan, addresses.EXCHANGE_RATE)
        rates = ((addresses.last(resource.address), resource.fields["rate"]) for resource in found)
        known = self.contract.currencies
        return {currency: rate for currency, rate in rates if currency in known and isinstance(rate, Decimal)}

    def followers(self, base: Address) -> Mapping[str, Resource]:
        """The derived amounts of a price or an overage before the run, by currency."""
        kind = addresses.REGIONAL_PRICE if base.kind == addresses.PRICE else addresses.REGIONAL_UNIT_PRICE
        found = {addresses.last(child.address): child for child in self.sides.live.resources.children(base, kind)}
        return {
            currency: child
            for currency, child in found.items()
            if currency in self.live_rates and any(isinstance(value, Derived) for value in child.fields.values())
        }

    @cached_property
    def ledger_now(self) -> memory.Entries:
        """What the ledger holds before the run."""
        return dict(self.sides.live.memory.get(self.plan, {}))

    @cached_property
    def ledger_between(self) -> memory.Entries:
        """What it holds while the run is under way: nothing that a change of the run makes untrue."""
        return ledger.before(self.ledger_now, self.changes)

    @cached_property
    def ledger_after(self) -> memory.Entries:
        """What it holds once the run is over, all of it confirmed by then."""
        wanted = ledger.wanted(self.plan, self.sides.after, self.feature_types)
        if self.contract.market_prices:
            return wanted
        # A version without markets does not know whose entries these are.
        unknown = {key: fields for key, fields in self.ledger_now.items() if key.startswith(_WITH_MARKETS)}
        return {**unknown, **wanted}

    def unread(self, address: Address) -> tuple[str, ...]:
        """The fields of a resource of which a read knows only what the ledger says."""
        if address.kind != addresses.FEATURE:
            return ()
        plan = self.sides.after.get(self.plan) or self.sides.live.resources[self.plan]
        return ledger.unread_fields(plan.fields["consumption_model"], self.feature_types.get(addresses.last(address)))

    def as_read(self, resource: Resource) -> Resource:
        """A resource as a read gives it while the run is under way."""
        return replace(resource, fields={**resource.fields, **self._remembered(resource, self.ledger_between)})

    def ledger_written(self, old: memory.Entries, new: memory.Entries) -> Iterator[Set]:
        """What a read knows of each resource once the ledger holds the new entries instead of the old."""
        every = {r.address: r for side in (self.sides.live.resources, self.sides.after) for r in self._all(side)}
        for address, resource in every.items():
            if ledger.entry(old, address, resource.refs) != ledger.entry(new, address, resource.refs):
                yield Set(address, self._remembered(resource, new))
        # An amount that only the calls of the run derive may be remembered from an earlier life.
        known = {ledger.key(address, resource.refs) for address, resource in every.items()}
        for key in sorted({*old, *new} - known):
            if key.startswith(f"{addresses.REGIONAL_PRICE}/") and old.get(key) != new.get(key):
                address = Address(addresses.REGIONAL_PRICE, f"{self.code}/{key.partition('/')[2]}")
                yield Set(address, {"protect": bool(new.get(key, {}).get("protect"))})

    def _all(self, side: ResourceSet) -> Iterator[Resource]:
        if self.plan in side:
            yield side[self.plan]
            yield from side.below(self.plan)

    def _remembered(self, resource: Resource, entries: memory.Entries) -> dict[str, Value]:
        remembered = ledger.entry(entries, resource.address, resource.refs)
        fields = ledger.recall(remembered, self.unread(resource.address))
        return fields | ({"protect": bool(remembered.get("protect"))} if "protect" in resource.fields else {})


def by_plan(changes: Sequence[Change], sides: Sides) -> Iterator[Work]:
    """The changes, plan by plan, in the order in which the plans first appear."""
    plans: dict[Address, list[Change]] = {}
    for change in changes:
        plans.setdefault(addresses.plan_of(change.address), []).append(change)
    # What is true after the run counts before what was true until now.
    types = feature_types([*sides.live.resources.values(), *sides.after.values()])
    replaced = replacements(changes)
    for plan, own in plans.items():
        yield Work(plan, own, sides, types, replaced)


def feature_types(resources: Iterable[Resource]) -> Mapping[str, object]:
    """The types of the features among some resources, by code; of two of one code, the last counts."""
    return {r.address.key: r.fields.get("type") for r in resources if r.address.kind == "feature"}


def currency_entry(currency: str, **values: Body) -> dict[str, Body]:
    """One entry of a list of regional overrides."""
    return {"currency": currency, **{name: value for name, value in values.items() if value is not None}}

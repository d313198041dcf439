"""The section of plans and all that belongs to them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from commetctl.core.amount_move import AmountMove
from commetctl.core.call import Step
from commetctl.core.change import Change, Create, Delete, Update, narrowed
from commetctl.core.changeset import Notice
from commetctl.core.contract import V2026_08_27, Contract, Listing, Rows
from commetctl.core.resource import Address, Resource, ResourceSet
from commetctl.core.values import KeyPath
from commetctl.kinds import memory
from commetctl.kinds.plans import addresses, ledger, wire
from commetctl.kinds.plans.answers import foreign, markets
from commetctl.kinds.plans.answers.older import OlderPlans
from commetctl.kinds.plans.answers.read import Reading
from commetctl.kinds.plans.answers.variants import has_market_prices, unread
from commetctl.kinds.plans.calls.derive import companions
from commetctl.kinds.plans.calls.plan import PlanSteps
from commetctl.kinds.plans.calls.replacing import replacements
from commetctl.kinds.plans.calls.work import by_plan, feature_types
from commetctl.kinds.plans.entries.collapse import Collapsing
from commetctl.kinds.plans.entries.expand import Expansion
from commetctl.kinds.plans.entries.rules import PlanRules
from commetctl.kinds.plans.kinds import KINDS
from commetctl.kinds.plans.lint import LINT, LINT_CHANGES
from commetctl.kinds.plans.meaning.market_moves import market_moves
from commetctl.kinds.plans.meaning.moves import moves
from commetctl.kinds.plans.meaning.paid import Paid, variant_ids
from commetctl.kinds.plans.price_spec import regional_price_in_full
from commetctl.kinds.plans.spec import PlanSpec, plan_feature_in_full
from commetctl.kinds.section import Collapsed, Entries, Finding, Section, Sheet, bad_keys
from commetctl.kinds.sides import Found, Known, Ledgers, Live, Payments, Read, Sides, Users
from commetctl.kinds.wire import named, within

#: Kinds that only subscriptions in one currency use.
_IN_CURRENCY = (addresses.REGIONAL_PRICE, addresses.REGIONAL_UNIT_PRICE, addresses.EXCHANGE_RATE)
#: Kinds that only subscriptions to one price use.
_PRICED = (addresses.PRICE, addresses.REGIONAL_PRICE, *addresses.WITH_MARKETS)


class Plans(Section):
    """The `plans` key of the file."""

    name = "plans"
    about = "Billing plans, by code. A code never changes."
    kinds = KINDS
    spec = PlanSpec
    uses = ("features", addresses.MARKETS)
    objects = frozenset({"prices", "regional_prices", "market_prices", "variants", "features", "exchange_rates"})
    lint = LINT
    lint_changes = LINT_CHANGES

    def in_full(self, path: KeyPath, value: Any) -> Any:
        """A regional price is its amount alone, or a feature a word."""
        match path:
            case (_, "features", _):
                return plan_feature_in_full(value)
            case (_, "prices", _, "regional_prices", _) if value is not None:
                return regional_price_in_full(value)
            case _:
                return value

    def check(self, sheet: Sheet) -> Iterator[Finding]:
        """The rules of each plan."""
        yield from bad_keys(sheet, self)
        for code, spec in sheet.sections[self.name].items():
            yield from PlanRules(code, spec, sheet).findings()

    def expand(self, sheet: Sheet) -> Iterator[Resource]:
        """The plans, each with its prices, regional prices, features and exchange rates."""
        for code, spec in sheet.sections[self.name].items():
            yield from Expansion(code, spec, sheet).resources()

    def collapse(self, resources: ResourceSet, entries: Entries) -> Collapsed:
        """The plans with their prices, features and exchange rates."""
        return Collapsing(resources, entries).collapsed()

    def applied(self, entries: Entries, desired: ResourceSet) -> Known:
        """The ledger of each plan."""
        types = feature_types(desired.values())
        plans = (address for address in desired if address.kind == addresses.PLAN)
        return Known(memory={plan: ledger.wanted(plan, desired, types) for plan in plans})

    def adopt(self, entries: Entries, desired: ResourceSet, live: Live) -> tuple[Live, tuple[Notice, ...]]:
        """Nothing to match but the keys of markets; metadata that the file cannot declare is set aside, to be kept."""
        live = markets.adopted(live, desired)
        resources, kept = dict(live.resources), {}
        for address in [a for a in resources if a.kind == addresses.PLAN and a in desired]:
            labels, declared = resources[address].fields["metadata"], desired[address].fields["metadata"]
            if isinstance(labels, Mapping) and isinstance(declared, Mapping):
                kept[address] = {k: v for k, v in foreign.unsayable(labels).items() if k not in declared}
                left = {key: value for key, value in labels.items() if key not in kept[address]}
                fields = {**resources[address].fields, "metadata": left}
                resources[address] = replace(resources[address], fields=fields)
        return replace(live, resources=ResourceSet(resources.values()), foreign=kept), ()

    def listings(self, contract: Contract) -> tuple[Listing, ...]:
        """The list of plans; where it names no price ids, also as the newer version answers it."""
        # Without the query, the API hides private plans, and each would be created again.
        own = Listing(wire.LIST_PLANS, {"includePrivate": "true"})
        return (own,) if contract.price_ids else (own, replace(own, version=V2026_08_27.version))

    def refers(self, answers: Sequence[Rows | None]) -> Collection[str]:
        """Features; markets only where a price has amounts for some."""
        return self.uses if has_market_prices(answers) else ("features",)

    def read(self, answers: Sequence[Rows | None], contract: Contract, ids: Mapping[str, Address]) -> Read:
        """What the listed plans stand for, and their ledgers."""
        rows, proven = answers[0] or (), None
        newer = rows if contract.price_ids else answers[1] if len(answers) > 1 else None
        if not contract.price_ids:
            older = OlderPlans(rows, answers[1] if len(answers) > 1 else None, contract)
            rows, proven = older.with_price_ids(), older.prove_scale()
        readings = [Reading(row, contract, memory.parse(row.get("metadata") or {}), ids) for row in rows]
        found: list[Found] = []
        for number, reading in enumerate(readings, 1):
            with within(named(number, reading.row)):
                found += reading.found()
        notices = (foreign.notice(reading.code, reading.row.get("metadata")) for reading in readings)
        remembered = {reading.plan: reading.remembered for reading in readings}
        told = tuple(notice for notice in notices if notice)
        return Read(tuple(found), remembered, proven, told, unread(rows, newer))

    def steps(self, changes: Sequence[Change], sides: Sides) -> Iterator[Step]:
        """The steps of each plan that changes."""
        for work in by_plan(changes, sides):
            yield from PlanSteps(work).steps()

    def ledgers(self, rows: Rows) -> Ledgers:
        """Those in the metadata of plans."""
        return memory.ledgers(rows, lambda row: addresses.plan(str(row.get("code"))))

    def users(self, address: Address, live: Live) -> Users | None:
        """Those of the plan, or of the price."""
        plan, keys = addresses.plan_of(address), address.key.split("/")
        if plan not in live.ids:
            return None
        if address.kind not in _PRICED:
            return Users(plan, currency=keys[-1] if address.kind in _IN_CURRENCY else "")
        price, in_market = addresses.price(*keys[:2]), address.kind in addresses.IN_MARKETS
        if address.kind in (addresses.VARIANT, addresses.VARIANT_PRICE):
            only = live.ids.get(addresses.variant(price, keys[2]))
            return Users(plan, price, in_market=in_market, only=only) if only else None
        currency = keys[-1] if address.kind in _IN_CURRENCY else ""
        return Users(plan, price, currency, in_market, variant_ids(price, live, live.resources))

    def payments(self, before: ResourceSet, after: ResourceSet, live: Live) -> Payments:
        """What they pay for prices, in each currency."""
        return Paid(before, after, live)

    def moves(self, before: ResourceSet, after: ResourceSet) -> Iterator[AmountMove]:
        """Every amount and exchange rate, in every form."""
        yield from moves(before, after)
        yield from market_moves(before, after)

    def companions(self, change: Change, changes: Mapping[Address, Change]) -> Iterator[Address]:
        """What an amount is derived from, the overage that a unit price goes with, the next default price."""
        yield from companions(change, changes)

    def replacements(self, changes: Sequence[Change]) -> Mapping[Address, Sequence[Address]]:
        """For a plan, the plans that become public; for a part of one, what the same plan gets of that sort."""
        return replacements(changes)

    def as_dependency(self, change: Change, *, begun: bool) -> Change | None:
        """A plan that only something else needs is created, or gives up its name; it is not published."""
        if change.address.kind != addresses.PLAN:
            return change
        match change:
            case Create(after):
                return Create(replace(after, fields={**after.fields, "visibility": "private"}))
            case Update(names=names):
                return narrowed(change, names - {"visibility"} if begun else self.top.unique)
            case Delete():
                return change


PLANS = Plans()

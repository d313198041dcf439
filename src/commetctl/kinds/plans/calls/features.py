"""The calls that change what a plan includes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from commetctl.core.call import ApiCall, Body, Ref, Step
from commetctl.core.change import Change, Create, Delete, Update, halves
from commetctl.core.contract import Route
from commetctl.core.footprint import Cleared, Footprint, Gone, Put, Set
from commetctl.core.resource import Address, Resource
from commetctl.kinds.plans import addresses, ledger, wire
from commetctl.kinds.plans.calls.derive import followed, newly_derived
from commetctl.kinds.plans.calls.work import Work
from commetctl.kinds.wire import encode

_DEFAULTS = {"included_amount": 0, "unlimited": False, "overage": None, "credits_per_unit": None}


@dataclass(frozen=True)
class FeatureSteps:
    """The steps for the changes of a plan's features."""

    work: Work

    def steps(self) -> Iterator[Step]:
        """One step for each feature, with two calls where it is replaced; what goes waits for what comes."""
        for change in self.work.of(addresses.FEATURE):
            if calls := tuple(filter(None, map(self._call, halves(change)))):
                covers = (change.address, *self._implied(change))
                yield Step(str(change.address), covers, calls, replaced_by=self.work.replaced_by(change))

    def _implied(self, change: Change) -> tuple[Address, ...]:
        """Regional unit prices that go because the overage goes."""
        if not isinstance(change, Update) or change.after.fields["overage"] is not None:
            return ()
        gone = self.work.of(addresses.REGIONAL_UNIT_PRICE)
        return tuple(c.address for c in gone if isinstance(c, Delete) and c.before.parent == change.address)

    def _call(self, change: Change) -> ApiCall | None:
        match change:
            case Create(after):
                return self._attach(after)
            case Update():
                return self._update(change)
            case Delete():
                return self._on(wire.REMOVE_PLAN_FEATURE, change.address, (Gone(change.address),))

    def _attach(self, after: Resource) -> ApiCall:
        unread = self.work.unread(after.address)
        names = {name for name, value in _DEFAULTS.items() if after.fields[name] != value}
        names |= {"enabled"} | {name for name in wire.AT_ATTACH.intersection(unread) if after.fields[name] is not None}
        body: dict[str, Body] = {"featureId": Ref(self._feature(after.address))}
        body |= encode(wire.FEATURE, names, after.fields, self.work.contract)
        leaves: list[Footprint] = [Put(self.work.as_read(after))]
        leaves += newly_derived(self.work, after) if after.fields["overage"] is not None else ()
        return self.work.contract.call(
            wire.ADD_PLAN_FEATURE,
            body,
            leaves=leaves,
            unread=self._confirmed(after),
            marks=addresses.marks(after.address),
            plan=self.work.ref,
        )

    def _update(self, change: Update) -> ApiCall | None:
        changed = change.names - ledger.OWN
        if not changed:
            return None
        # The fields that the API fixes when a feature is attached are unknown here; else the change would be
        # blocked. The answer to any write reveals them.
        body = encode(wire.FEATURE, changed - wire.AT_ATTACH or {"enabled"}, change.after.fields, self.work.contract)
        leaves = self._leaves(change, changed)
        return self._on(wire.UPDATE_PLAN_FEATURE, change.address, leaves, body, self._confirmed(change.after))

    def _leaves(self, change: Update, changed: Iterable[str]) -> Iterator[Footprint]:
        after, unread = change.after, self.work.unread(change.address)
        yield Set(change.address, {name: after.fields[name] for name in changed if name not in unread})
        if "overage" not in changed:
            return
        if after.fields["overage"] is None:
            yield Cleared(change.address, addresses.REGIONAL_UNIT_PRICE)
        elif change.before.fields["overage"] is None:
            yield from newly_derived(self.work, after)
        else:
            yield from followed(self.work, after)

    def _confirmed(self, resource: Resource) -> Mapping[str, Body] | None:
        names = self.work.unread(resource.address)
        return encode(wire.FEATURE, names, resource.fields, self.work.contract) or None

    def _on(
        self,
        route: Route,
        address: Address,
        leaves: Iterable[Footprint],
        body: Mapping[str, Body] | None = None,
        unread: Mapping[str, Body] | None = None,
    ) -> ApiCall:
        return self.work.contract.call(
            route,
            body,
            leaves=leaves,
            unread=unread,
            marks=addresses.marks(address),
            plan=self.work.ref,
            feature=Ref(self._feature(address)),
        )

    def _feature(self, address: Address) -> Address:
        return addresses.catalog_feature(addresses.last(address))

"""The calls that change what a plan includes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from commetctl.core.address import Address
from commetctl.core.call import ApiCall, Body, Ref
from commetctl.core.change import Change, Create, Delete, Update
from commetctl.core.resource import Resource
from commetctl.core.step import Step
from commetctl.sections.plans import addresses, ledger, tables
from commetctl.sections.plans.work import Work
from commetctl.sections.wire import encode

#: What the API takes when a feature is attached and in no later call.
_AT_ATTACH = frozenset({"pricing_mode", "margin_percent"})
_DEFAULTS = {"included_amount": 0, "unlimited": False, "overage": None, "credits_per_unit": None}


@dataclass(frozen=True)
class FeatureSteps:
    """The steps for the changes of a plan's features."""

    work: Work

    def steps(self) -> Iterator[Step]:
        """One step with one call for each feature."""
        for change in self.work.of(addresses.FEATURE):
            if call := self._call(change):
                yield Step(str(change.address), (change.address, *self._implied(change)), (call,))

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
                return self._on("remove_plan_feature", change.address)

    def _attach(self, after: Resource) -> ApiCall:
        unread = self._unread(after)
        names = {name for name, value in _DEFAULTS.items() if after.fields[name] != value}
        names |= {"enabled"} | {name for name in _AT_ATTACH & unread.keys() if after.fields[name] is not None}
        body: dict[str, Body] = {"featureId": Ref(self._feature(after.address))}
        body |= encode(tables.FEATURE, names, after.fields, self.work.contract)
        call = self.work.contract.call("add_plan_feature", body, plan=self.work.ref)
        return replace(call, unread=self._confirmed(after, unread))

    def _update(self, change: Update) -> ApiCall | None:
        changed = change.names - ledger.OWN
        if not changed:
            return None
        # What the API fixes when a feature is attached is unknown here, or the change were blocked: sending a field
        # as it stands brings an answer that reveals it.
        body = encode(tables.FEATURE, changed - _AT_ATTACH or {"enabled"}, change.after.fields, self.work.contract)
        call = self._on("update_plan_feature", change.address)
        return replace(call, body=body, unread=self._confirmed(change.after, self._unread(change.after)))

    def _unread(self, resource: Resource) -> Mapping[str, object]:
        model = self.work.world.desired[self.work.plan].fields["consumption_model"]
        names = ledger.unread_fields(model, self.work.feature_types.get(addresses.last(resource.address)))
        return {name: resource.fields[name] for name in names}

    def _confirmed(self, resource: Resource, unread: Mapping[str, object]) -> Mapping[str, Body] | None:
        return encode(tables.FEATURE, unread, resource.fields, self.work.contract) or None

    def _on(self, operation: str, address: Address) -> ApiCall:
        return self.work.contract.call(operation, plan=self.work.ref, feature=Ref(self._feature(address)))

    def _feature(self, address: Address) -> Address:
        return addresses.catalog_feature(addresses.last(address))

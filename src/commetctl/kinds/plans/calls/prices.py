"""The calls that change a plan's prices, and move its default before the old default goes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from commetctl.core.call import ApiCall, Body, Ref, Step
from commetctl.core.change import Change, Create, Delete, Update
from commetctl.core.contract import Route
from commetctl.core.footprint import Footprint, Gone, Put, Set
from commetctl.core.resource import Address, Resource
from commetctl.kinds.plans import addresses, ledger, wire
from commetctl.kinds.plans.calls.derive import followed, newly_derived
from commetctl.kinds.plans.calls.markets import archiving, placed, priced
from commetctl.kinds.plans.calls.replacing import new_default
from commetctl.kinds.plans.calls.work import Work
from commetctl.kinds.wire import encode, present


@dataclass(frozen=True)
class PriceSteps:
    """The steps for the changes of a plan's prices."""

    work: Work

    def steps(self) -> Iterator[Step]:
        """One step a price: the new default first, then the others, then what is archived, a default last."""
        changes = self.work.of(addresses.PRICE)
        lead = new_default(changes)
        made: list[str] = []
        for change in sorted(changes, key=lambda c: c is not lead):
            if isinstance(change, Delete) or (step := self._write(change, lead)) is None:
                continue
            if change is lead:
                yield replace(step, covers=(step.covers + self._former_defaults(changes, lead)))
            else:
                yield replace(step, after=frozenset(made[:1]) if lead else frozenset())
            made.append(step.name)
        for change in changes:
            if isinstance(change, Delete):
                call = self._call(wire.DELETE_PRICE, change.address, (Gone(change.address),))
                after = frozenset(made) | self.work.replaced_by(change)
                # A price is not archived before its variants are.
                found = self.work.sides.live.resources.children(change.address, addresses.VARIANT)
                first = archiving(self.work, [variant.address for variant in found])
                yield Step(str(change.address), (change.address,), (*first, call), after)

    def _former_defaults(self, changes: list[Change], lead: Change) -> tuple[Address, ...]:
        # Making a price the default ends that of the previous one, without a call of its own.
        return tuple(
            change.address
            for change in changes
            if change is not lead and isinstance(change, Update) and "is_default" in change.names
        )

    def _write(self, change: Change, lead: Change | None) -> Step | None:
        call = self._add(change) if isinstance(change, Create) else self._update(change, lead)
        if call is None:
            return None
        unproven = not self.work.sides.live.scale_proven and "price" in (call.body or {})
        covers = (change.address, *(r.address for r in self._markets(change.address) if isinstance(change, Create)))
        return Step(str(change.address), covers, (call,), proves_scale=unproven)

    def _markets(self, price: Address) -> list[Resource]:
        return self.work.after(addresses.MARKET_PRICE, price)

    def _add(self, change: Create) -> ApiCall:
        fields = change.after.fields
        names = {*present(fields), "is_default"} - ledger.OWN
        if not fields["trial_days"]:
            names.discard("trial_days")
        body: dict[str, Body] = {
            "billingInterval": addresses.last(change.address),
            **encode(wire.PRICE, names, fields, self.work.contract),
        }
        markets = self._markets(change.address)
        body |= {"marketPrices": priced(self.work, markets)} if markets else {}
        leaves: list[Footprint] = [Put(self.work.as_read(change.after)), *placed(self.work, markets)]
        leaves += self._unmarked(change.address) if fields["is_default"] else ()
        leaves += newly_derived(self.work, change.after)
        return self.work.contract.call(
            wire.ADD_PRICE,
            body,
            leaves=leaves,
            creates=change.address,
            marks=addresses.marks(change.address),
            plan=self.work.ref,
        )

    def _update(self, change: Change, lead: Change | None) -> ApiCall | None:
        if not isinstance(change, Update):
            return None
        names = change.names - ledger.OWN
        if lead is not None and change is not lead:
            names -= {"is_default"}
        if not names:
            return None
        leaves: list[Footprint] = [Set(change.address, {name: change.after.fields[name] for name in names})]
        leaves += self._unmarked(change.address) if change is lead else ()
        if change is lead and names == {"is_default"}:
            return self._call(wire.SET_DEFAULT_PRICE, change.address, leaves)
        if names & {"price", "included_balance"}:
            leaves += followed(self.work, change.after)
        body = encode(wire.PRICE, names, change.after.fields, self.work.contract)
        return self._call(wire.UPDATE_PRICE, change.address, leaves, body)

    def _unmarked(self, default: Address) -> Iterator[Set]:
        """The other prices of the plan, none of which is the default any more."""
        for resource in self.work.ever(addresses.PRICE, self.work.plan):
            if resource.address != default:
                yield Set(resource.address, {"is_default": False})

    def _call(
        self, route: Route, price: Address, leaves: Iterable[Footprint], body: Mapping[str, Body] | None = None
    ) -> ApiCall:
        return self.work.contract.call(
            route,
            body,
            leaves=leaves,
            subject=price,
            marks=addresses.marks(price),
            plan=self.work.ref,
            price=Ref(price),
        )

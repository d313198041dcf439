"""The calls that change a plan's prices, and move its default before the old default goes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from commetctl.core.address import Address
from commetctl.core.call import ApiCall, Ref
from commetctl.core.change import Change, Create, Delete, Update
from commetctl.core.step import Step
from commetctl.sections.plans import addresses, ledger, tables
from commetctl.sections.plans.work import Work
from commetctl.sections.wire import encode, present


@dataclass(frozen=True)
class PriceSteps:
    """The steps for the changes of a plan's prices."""

    work: Work

    def steps(self) -> Iterator[Step]:
        """One step a price: the new default first, then the others, then what is archived."""
        changes = self.work.of(addresses.PRICE)
        lead = self._new_default(changes)
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
                call = self._call("delete_price", change.address)
                yield Step(str(change.address), (change.address,), (call,), frozenset(made))

    def _new_default(self, changes: list[Change]) -> Change | None:
        for change in changes:
            match change:
                case Create(after) if after.fields["is_default"]:
                    return change
                case Update(after=after, names=names) if "is_default" in names and after.fields["is_default"]:
                    return change
                case _:
                    pass
        return None

    def _former_defaults(self, changes: list[Change], lead: Change) -> tuple[Address, ...]:
        # Making a price the default takes the mark from the one that had it: no call of its own.
        return tuple(
            change.address
            for change in changes
            if change is not lead and isinstance(change, Update) and "is_default" in change.names
        )

    def _write(self, change: Change, lead: Change | None) -> Step | None:
        call = self._add(change) if isinstance(change, Create) else self._update(change, lead)
        if call is None:
            return None
        unproven = not self.work.world.live.scale_proven and "price" in (call.body or {})
        return Step(str(change.address), (change.address,), (call,), proves_scale=unproven)

    def _add(self, change: Create) -> ApiCall:
        fields = change.after.fields
        names = {*present(fields), "is_default"} - ledger.OWN
        if not fields["trial_days"]:
            names.discard("trial_days")
        body = {
            "billingInterval": addresses.last(change.address),
            **encode(tables.PRICE, names, fields, self.work.contract),
        }
        return self.work.contract.call("add_price", body, creates=change.address, plan=self.work.ref)

    def _update(self, change: Change, lead: Change | None) -> ApiCall | None:
        if not isinstance(change, Update):
            return None
        names = change.names - ledger.OWN
        if lead is not None and change is not lead:
            names -= {"is_default"}
        if not names:
            return None
        if change is lead and names == {"is_default"}:
            return self._call("set_default_price", change.address)
        body = encode(tables.PRICE, names, change.after.fields, self.work.contract)
        return replace(self._call("update_price", change.address), body=body)

    def _call(self, operation: str, price: Address) -> ApiCall:
        return self.work.contract.call(operation, plan=self.work.ref, price=Ref(price))

"""The calls that change a plan itself: what must come before its parts change, and what must come after."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from commetctl.core.call import ApiCall, Body, Step
from commetctl.core.change import Change, Create, Delete, Update
from commetctl.core.contract import Route
from commetctl.core.footprint import Footprint, Gone, Put, Set
from commetctl.core.resource import Address, Resource
from commetctl.core.values import as_json
from commetctl.kinds import memory
from commetctl.kinds.plans import addresses, ledger, wire
from commetctl.kinds.plans.calls.features import FeatureSteps
from commetctl.kinds.plans.calls.markets import MarketSteps
from commetctl.kinds.plans.calls.prices import PriceSteps
from commetctl.kinds.plans.calls.regional import RegionalSteps
from commetctl.kinds.plans.calls.replacing import closing
from commetctl.kinds.plans.calls.work import Work
from commetctl.kinds.wire import encode, present

_NOT_IN_TABLE = ledger.OWN | {"metadata"}


@dataclass(frozen=True)
class PlanSteps:
    """The steps for one plan and all that belongs to it.

    A plan is opened, its parts are changed, and it is closed. Opening creates the plan hidden, or hides it, or changes
    its own fields, and takes out of the ledger what is about to become untrue. Closing shows the plan and writes into
    the ledger what is now true. Where another plan takes its place, it is hidden in a step of its own, once that is
    public: the other one may take its name before.
    """

    work: Work

    def steps(self) -> Iterator[Step]:
        """All steps of the plan; the closing one waits for every other."""
        if isinstance(self._change, Delete):
            leaves = (Gone(self.work.plan),)
            call = self._call(wire.DELETE_PLAN, None, leaves)
            replaced_by = self.work.replaced_by(self._change)
            yield Step(str(self.work.plan), (self.work.plan,), (call,), replaced_by=replaced_by)
            return
        parts = list(self._parts())
        if not parts and not self._hides_last and not isinstance(self._change, Create):
            yield from self._at_once()
            return
        opening = list(self._opening())
        yield from opening
        yield from (self._opened(part, opening) for part in parts)
        yield from self._hiding(opening)
        yield from self._closing(frozenset(step.name for step in (*opening, *parts)))

    def _parts(self) -> Iterator[Step]:
        """The steps of what belongs to the plan; what goes is there until the regional amounts are right."""
        regional, markets = list(RegionalSteps(self.work).steps()), list(MarketSteps(self.work).steps())
        going = {change.address for change in self.work.changes if isinstance(change, Delete)}
        waits = frozenset(step.name for step in regional)
        for step in (*PriceSteps(self.work).steps(), *FeatureSteps(self.work).steps(), *markets):
            yield replace(step, after=step.after | waits) if step.covers[0] in going else step
        yield from regional

    def _opened(self, part: Step, opening: Sequence[Step]) -> Step:
        """A part that waits for the opening, if that prepares what the part changes."""
        before = {step.name for step in opening if set(step.covers) & set(part.covers)}
        return replace(part, after=part.after | before)

    @cached_property
    def _change(self) -> Change | None:
        return next(iter(self.work.of(addresses.PLAN)), None)

    @cached_property
    def _names(self) -> frozenset[str]:
        return self._change.names if isinstance(self._change, Update) else frozenset()

    @property
    def _after(self) -> Resource:
        return self.work.sides.after[self.work.plan]

    @property
    def _shows(self) -> bool:
        """Whether the plan becomes public."""
        appears = isinstance(self._change, Create) or "visibility" in self._names
        return appears and self._after.fields["visibility"] == "public"

    @property
    def _hides_last(self) -> bool:
        """Whether the plan becomes private, and waits for what takes its place."""
        return "visibility" in self._names and self.work.plan in self.work.replacements

    def _at_once(self) -> Iterator[Step]:
        """One call, because nothing of the plan but its own fields changes."""
        old, new = self.work.ledger_now, self.work.ledger_after
        body, leaves = self._own_fields(self._names)
        if "metadata" in self._names or new != old:
            body |= {"metadata": self._metadata(new)}
            leaves += self._metadata_leaves(old, new)
        covers = (change.address for change in self.work.changes)
        yield from self._write(str(self.work.plan), covers, body, leaves)

    def _opening(self) -> Iterator[Step]:
        if isinstance(self._change, Create):
            yield self._create(self._change.after)
            return
        old, new = self.work.ledger_now, self.work.ledger_between
        body, leaves = self._own_fields(self._names - ({"visibility"} if self._shows or self._hides_last else set()))
        covers = {self.work.plan} if body else set()
        if "metadata" in self._names or new != old:
            body |= {"metadata": self._metadata(new)}
            leaves += self._metadata_leaves(old, new)
            covers |= {self.work.plan} if "metadata" in self._names else set()
            covers |= self._touched(old, new) if new != old else set()
        yield from self._write(str(self.work.plan), covers, body, leaves)

    def _create(self, after: Resource) -> Step:
        names = set(present(after.fields)) - _NOT_IN_TABLE
        # Hidden until all of its parts exist.
        hidden = replace(after, fields={**after.fields, "visibility": "private"})
        body: dict[str, Body] = {
            "code": self.work.code,
            **encode(wire.PLAN, names, hidden.fields, self.work.contract),
        }
        if metadata := after.fields["metadata"]:
            body["metadata"] = _body(metadata)
        leaves = (Put(self.work.as_read(hidden)),)
        plan = self.work.plan
        call = self.work.contract.call(wire.CREATE_PLAN, body, leaves=leaves, creates=plan, marks=addresses.marks(plan))
        return Step(str(self.work.plan), (self.work.plan,), (call,))

    def _hiding(self, opening: Sequence[Step]) -> Iterator[Step]:
        if self._change and self._hides_last:
            after, replaced_by = frozenset(step.name for step in opening), self.work.replaced_by(self._change)
            for step in self._write(f"{self.work.plan} (hiding)", (self.work.plan,), *self._own_fields(["visibility"])):
                yield replace(step, after=after, replaced_by=replaced_by, closing=True)

    def _closing(self, after: frozenset[str]) -> Iterator[Step]:
        old, new = self.work.ledger_between, self.work.ledger_after
        body, leaves = self._own_fields({"visibility"} if self._shows else ())
        covers = {self.work.plan} if self._shows else set()
        if new != old:
            body |= {"metadata": self._metadata(new)}
            leaves += self._metadata_leaves(old, new)
            covers |= self._touched(old, new)
        for step in self._write(closing(self.work.plan), covers, body, leaves):
            yield replace(step, after=after, closing=True)

    def _own_fields(self, names: Iterable[str]) -> tuple[dict[str, Body], list[Footprint]]:
        """What sets some of the plan's own fields, and how that leaves the plan."""
        sent = frozenset(names) - _NOT_IN_TABLE
        body = encode(wire.PLAN, sent, self._after.fields, self.work.contract)
        fields = {name: value for name, value in self._after.fields.items() if name in sent}
        return body, [Set(self.work.plan, fields)] if sent else []

    def _metadata_leaves(self, old: memory.Entries, new: memory.Entries) -> Iterator[Footprint]:
        yield Set(self.work.plan, {"metadata": self._after.fields["metadata"]})
        yield from self.work.ledger_written(old, new)

    def _write(
        self, name: str, covers: Iterable[Address], body: Mapping[str, Body], leaves: Iterable[Footprint]
    ) -> Iterator[Step]:
        if not body:
            return
        # The endpoint for visibility alone; anything more is an update of the plan.
        route = wire.SET_VISIBILITY if body.keys() == {"isPublic"} else wire.UPDATE_PLAN
        yield Step(name, tuple(sorted(covers)), (self._call(route, body, leaves),))

    def _call(self, route: Route, body: Mapping[str, Body] | None, leaves: Iterable[Footprint]) -> ApiCall:
        plan = self.work.plan
        marks = addresses.marks(plan)
        return self.work.contract.call(route, body, leaves=leaves, subject=plan, marks=marks, plan=self.work.ref)

    def _touched(self, old: memory.Entries, new: memory.Entries) -> set[Address]:
        """The changes that a ledger write is for."""
        changed = {key for key in {*old, *new} if old.get(key) != new.get(key)}
        found = {c.address for c in self.work.changes if ledger.key_of(c) in changed}
        # A stale entry of an object that is not there belongs to no change; the plan's own write removes it.
        return found or {change.address for change in self.work.changes}

    def _metadata(self, entries: memory.Entries) -> dict[str, Body]:
        """The whole map to send: right whether the API replaces the map or merges it.

        A key that goes is sent as null: a merge by key removes it or keeps it as null, a replacement keeps it as
        null until the next one; a key that is null reads as absent.
        """
        declared = self._after.fields["metadata"]
        live = self.work.sides.live.resources.get(self.work.plan)
        gone = dict.fromkeys((_body(live.fields["metadata"]) if live else {}).keys() - _body(declared).keys())
        written = memory.dump(entries)
        mine = {memory.KEY: written} if written or self.work.ledger_now else {}
        kept = _body(as_json(self.work.sides.live.foreign.get(self.work.plan, {})))
        return {**_body(declared), **kept, **gone, **mine}


def _body(metadata: object) -> dict[str, Body]:
    return dict(metadata) if isinstance(metadata, Mapping) else {}

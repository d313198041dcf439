"""The draft: the calls for chosen changes, in order, and the account that these calls lead to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from graphlib import CycleError

from commetctl.core.call import Ref, Step, refs
from commetctl.core.change import Change, Delete, Update, applied, is_replaced
from commetctl.core.footprint import Account, Gone
from commetctl.core.resource import Address, Resource, ResourceSet
from commetctl.core.values import same
from commetctl.kinds.section import Section
from commetctl.kinds.sides import Sides, World
from commetctl.planning.blockers import BlockingRules, Why
from commetctl.planning.diff import Difference, diff
from commetctl.planning.needs import Ordering
from commetctl.planning.turns import Turns, in_turn

_SWAP = Why(
    "it would swap a unique value with another object, and Commet makes one change at a time",
    "give one of them a third value first, apply, then swap",
)

_IN_BETWEEN = "this takes two requests, and the object does not exist in between"


@dataclass(frozen=True)
class Draft:
    """The steps for the chosen changes, and the account that their calls lead to.

    `stuck` are chosen changes that no call can be made for. `touched` are the addresses that each step changes.
    """

    chosen: Mapping[Address, Change]
    desired: ResourceSet
    world: World
    turns: Turns
    stuck: Mapping[Address, Why]
    account: Account
    touched: Mapping[str, frozenset[Address]]

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps, in turn."""
        return self.turns.steps

    @cached_property
    def expected(self) -> ResourceSet:
        """The account after all calls, in the order of the file."""
        return in_order(self.account.resources(), self.desired)

    @cached_property
    def shown(self) -> Difference:
        """Everything that the calls change, whether it was chosen or is a side effect."""
        found = diff(self.expected, self.world.live.resources, prune=True)
        return replace(found, changes=tuple(map(self._as_chosen, found.changes)))

    def _as_chosen(self, change: Change) -> Change:
        """A change with the mark of the chosen one that it is made for, if that is made by replacing."""
        chosen = self.chosen.get(change.address)
        if isinstance(change, Update) and isinstance(chosen, Update):
            return replace(change, replaced=chosen.replaced)
        return change

    @property
    def idle(self) -> Iterator[Address]:
        """The chosen changes that the calls do not make, not even in part."""
        shown = {change.address for change in self.shown.changes}
        along = {address for addresses in self.shown.along.values() for address in addresses}
        return (address for address in self.chosen if address not in shown and address not in along)

    def refused(self, rules: BlockingRules) -> dict[Address, Why]:
        """The chosen changes that cannot be made: there is no call for them, or their calls would do harm."""
        if self.stuck:
            return dict(self.stuck)
        found: dict[Address, Why] = {}
        for address, why in self._harm(rules):
            steps = [step for step in self.steps if address in self.touched[step.name]]
            causes = {covered for step in steps for covered in step.covers if covered in self.chosen}
            # If no chosen change is known to be the cause, none of them is made: harm is never planned.
            found |= dict.fromkeys(causes or self.chosen, why)
        return found

    def _harm(self, rules: BlockingRules) -> Iterator[tuple[Address, Why]]:
        """The side effects of the calls that are not permitted."""
        for change in self._possible():
            if change.address not in self.chosen and (why := rules.why_not(change)):
                yield change.address, Why(f"its requests would also change {change.address}: {why.reason}", why.way_out)

    def _possible(self) -> Iterator[Change]:
        """What the calls change, and what they may delete where the documentation leaves that open."""
        yield from self.shown.changes
        for address, states in self.account.unsure.items():
            before = self.world.live.resources.get(address)
            if before and None in states:
                yield Delete(before)

    def with_every_cover(self) -> "Draft":
        """The same draft, in which each step also covers its side effects."""
        covered = {address for step in self.steps for address in step.covers}
        more = [change.address for change in self.shown.changes if change.address not in covered]
        if not more:
            return self
        steps = tuple(
            replace(step, covers=(*step.covers, *(a for a in more if a in self.touched[step.name])))
            for step in self.steps
        )
        return replace(self, turns=replace(self.turns, steps=steps))


def drafted(
    chosen: Mapping[Address, Change], desired: ResourceSet, world: World, sections: Sequence[Section], order: Ordering
) -> Draft:
    """The draft for the chosen changes, which are some of those in `order`."""
    live = world.live
    if not chosen:
        return Draft(chosen, desired, world, Turns((), {}, {}), {}, Account(live.resources), {})
    sides = Sides(live, in_order(applied(live.resources, chosen.values(), order.along), desired), world.contract)
    steps = [_noted(s, chosen) for section in sections for s in section.steps(_of(section, chosen), sides)]
    stuck = _unresolved(steps, world)
    turns = Turns(tuple(steps), {}, {})
    if not stuck:
        try:
            turns = in_turn(steps, replace(order, steps=steps, changes=chosen).needs(), chosen)
        except CycleError as error:
            stuck = {a: _SWAP for step in steps if step.name in error.args[1] for a in step.covers}
    account = Account(live.resources)
    touched = {
        step.name: frozenset().union(*(account.carry_out(call.leaves) for call in step.calls)) for step in turns.steps
    }
    return Draft(chosen, desired, world, turns, stuck, account, touched).with_every_cover()


def in_order(resources: ResourceSet, desired: ResourceSet) -> ResourceSet:
    """Resources in the order of the file, with their places in it, then the resources that it does not declare."""
    mine = (_placed(resources[address], declared) for address, declared in desired.items() if address in resources)
    rest = (resource for address, resource in resources.items() if address not in desired)
    return ResourceSet([*mine, *rest])


def _placed(resource: Resource, declared: Resource) -> Resource:
    if same(resource.fields, declared.fields):
        return declared
    return replace(resource, origin=declared.origin)


def _noted(step: Step, chosen: Mapping[Address, Change]) -> Step:
    """A step with a note if it deletes an object that it creates again."""
    gone = {left.address for call in step.calls for left in call.leaves if isinstance(left, Gone)}
    if not any(is_replaced(chosen.get(address)) for address in gone):
        return step
    return replace(step, note="; ".join(filter(None, (step.note, _IN_BETWEEN))))


def _of(section: Section, chosen: Mapping[Address, Change]) -> list[Change]:
    return [change for change in chosen.values() if change.address.kind in section.kinds]


def _unresolved(steps: Sequence[Step], world: World) -> dict[Address, Why]:
    """The changes whose calls need an id that is not known and that no step creates."""
    created = {call.creates for step in steps for call in step.calls}
    known = created | world.live.ids.keys()
    found: dict[Address, Why] = {}
    for step in steps:
        missing = next((ref for call in step.calls for ref in refs(call) if ref.address not in known), None)
        if missing:
            found |= dict.fromkeys(step.covers, _why_missing(missing, world))
    return found


def _why_missing(ref: Ref, world: World) -> Why:
    address = ref.address
    if obstacle := world.live.obstacles.get(address):
        return Why(*obstacle.said)
    if address in world.desired:
        return Why(f"it needs {address}, which is itself blocked", "")
    return Why(f"it needs {address}, which does not exist in Commet", f"declare it under `{address.kind}s:`")

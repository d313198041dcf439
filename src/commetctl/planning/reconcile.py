"""Reconciling: from a catalog and an account to the one changeset that a run may carry out."""

from collections import defaultdict, deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from commetctl.core.change import Change, Create, Update, is_replaced
from commetctl.core.changeset import Blocked, Changeset, Notice
from commetctl.core.resource import UNKNOWN, Address, Resource, ResourceSet
from commetctl.kinds.section import Section
from commetctl.kinds.sides import World
from commetctl.planning.blockers import BlockingRules, Why
from commetctl.planning.diff import Difference, diff
from commetctl.planning.draft import Draft, drafted
from commetctl.planning.names import Names
from commetctl.planning.needs import Ordering, Targeting
from commetctl.planning.replacing import Replacing
from commetctl.planning.unlisted import may_exist

_ALONE = Why("the API makes this change only together with other changes", "apply without `--target`")


@dataclass(frozen=True)
class Options:
    """What the user chose: whether to delete what the file does not declare, and which objects to limit the run to.

    Those in `replace` may be deleted and created again, because a field of theirs is fixed at creation.

    The others come from interrupted runs of the same command. `restore` are objects that it cleared as a side effect
    and did not write back, `reached` are changes that it may have made already, `begun` are those that it began to make
    in full, because they are targets or for the sake of one, and `replaced` are objects that it has replaced.
    """

    prune: bool = False
    targets: tuple[Address, ...] = ()
    replace: tuple[Address, ...] = ()
    restore: Mapping[Address, Resource] = field(default_factory=dict)
    reached: frozenset[Address] = frozenset()
    begun: frozenset[Address] = frozenset()
    replaced: frozenset[Address] = frozenset()


def reconcile(
    world: World, sections: Sequence[Section], notices: Sequence[Notice] = (), options: Options | None = None
) -> Changeset:
    """The changeset that turns the live side of `world` into the desired one.

    Only the kinds of `sections` are compared. The changes are the difference between the account and the account that
    the calls lead to; anything else that the file declares differently is blocked. Raises CommetctlError for a target
    that does not exist.
    """
    return _Reconciler(world, sections, tuple(notices), options or Options()).changeset()


@dataclass
class _Reconciler:
    world: World
    sections: Sequence[Section]
    notices: tuple[Notice, ...]
    options: Options
    blocked: dict[Address, Blocked] = field(default_factory=dict)

    def changeset(self) -> Changeset:
        targeting = self._targeting
        targeting.check(self.options.reached)
        free = self._permitted()
        draft = self._settled(targeting.chosen(free))
        shown, version = draft.shown, self.world.contract.version
        self._block_left_out({change.address for change in shown.changes})
        return Changeset(
            changes=shown.changes,
            steps=draft.turns.steps,
            needs=draft.turns.needs,
            follows=draft.turns.follows,
            blocked=tuple(item for address, item in self.blocked.items() if targeting.includes(address)),
            unmanaged=self._difference.unmanaged,
            notices=(
                *self.notices,
                *self._names.notices(self._changes),
                *may_exist(shown.changes, version),
            ),
            along={**shown.along, **self._along_replaced(shown.changes)},
            expected=draft.expected,
            whole=frozenset(a for a, c in draft.chosen.items() if isinstance(c, Create) or c == self._changes[a]),
        )

    @cached_property
    def _aim(self) -> Targeting:
        """What the targets include, whatever the changes need."""
        return Targeting(self.options.targets, self.world.desired, Ordering((), {}, self.world.live.resources, {}))

    def _along_replaced(self, changes: Sequence[Change]) -> Mapping[Address, tuple[Address, ...]]:
        """The parts that are deleted and written again with each object that is replaced."""
        live = self.world.live.resources
        going = [change.address for change in changes if is_replaced(change)]
        return {address: tuple(part.address for part in live.below(address)) for address in going}

    @cached_property
    def _wanted(self) -> ResourceSet:
        """What the file declares, and what an interrupted run still has to write back."""
        live = self.world.live.resources
        missing = {a: r for a, r in self.options.restore.items() if a not in live and not self._aim.includes(a)}
        every = {**self.world.desired, **missing}
        return ResourceSet(_left_open(resource, live.get(address)) for address, resource in every.items())

    @cached_property
    def _order(self) -> Ordering:
        return Ordering((), self._changes, self.world.live.resources, self._difference.along, self._names)

    @cached_property
    def _targeting(self) -> Targeting:
        targets = self.options.targets and (*self.options.targets, *self.options.restore)
        return Targeting(targets, self._wanted, self._order, self.options.begun)

    @cached_property
    def _difference(self) -> Difference:
        kinds = {kind for section in self.sections for kind in section.kinds}
        live = ResourceSet(r for r in self.world.live.resources.values() if r.address.kind in kinds)
        found = diff(self._wanted, live, prune=self.options.prune, kept=self._kept)
        replacing = Replacing(self.options.replace, self._wanted, live, self.options.reached, self.options.replaced)
        told = [change for change in found.changes if not self._is_open(change)]
        return replace(found, changes=replacing.marked(told, self._aim))

    def _is_open(self, change: Change) -> bool:
        """Whether no read tells that there is anything to change: it goes with another change, or with a target."""
        if not isinstance(change, Update) or not change.names <= change.before.open:
            return False
        aimed = self.options.targets and self._aim.includes(change.address)
        return not aimed and change.address not in self.options.begun

    @property
    def _kept(self) -> frozenset[Address]:
        """Objects that the file cannot declare, themselves or because they refer to such an object."""
        live = self.world.live
        own = {address for address, obstacle in live.obstacles.items() if obstacle.kept and address not in self._wanted}
        return frozenset(own | {r.address for r in live.resources.values() if own.intersection(r.refs)})

    @cached_property
    def _changes(self) -> Mapping[Address, Change]:
        return {change.address: change for change in self._difference.changes}

    @cached_property
    def _names(self) -> Names:
        return Names(replace(self.world, desired=self._wanted))

    @cached_property
    def _rules(self) -> BlockingRules:
        return BlockingRules(self.world, self.sections, self._difference)

    def _permitted(self) -> dict[Address, Change]:
        """The changes that may be planned; the others are noted as blocked."""
        free: dict[Address, Change] = {}
        for change in self._difference.changes:
            if why := self._rules.why_not(change):
                self._block(change, why)
            elif not self._rules.tied_to(change):
                # A deletion that depends on a blocked one is reported with that one.
                free[change.address] = change
        return free

    def _settled(self, chosen: dict[Address, Change]) -> Draft:
        """The draft for as many of the chosen changes as can be made without harm to anything else."""
        while True:
            if not (refused := self._names.blocked(chosen, self._changes)):
                draft = drafted(chosen, self._wanted, self.world, self.sections, self._order)
                refused = draft.refused(self._rules) or self._not_carried_out(draft) or self._not_replaced(chosen)
                if not refused:
                    return draft
            refused |= self._needing(chosen, refused)
            for address, why in refused.items():
                self._block(chosen[address], why)
            chosen = {address: change for address, change in chosen.items() if address not in refused}

    def _needing(self, chosen: Mapping[Address, Change], refused: Mapping[Address, Why]) -> dict[Address, Why]:
        """The chosen changes that need a refused one, directly or through others."""
        needed_by = defaultdict[Address, list[Address]](list)
        for address, change in chosen.items():
            for other in self._order.waits_for(change):
                needed_by[other].append(address)
        found: dict[Address, Why] = {}
        waiting = deque(refused)
        while waiting:
            other = waiting.popleft()
            for address in needed_by[other]:
                if address not in refused and address not in found:
                    found[address] = Why(f"it needs {other}, which is itself blocked", "")
                    waiting.append(address)
        return found

    def _not_carried_out(self, draft: Draft) -> dict[Address, Why]:
        """Chosen changes that no call makes, because they need a blocked change or cannot be made alone."""
        found: dict[Address, Why] = {}
        for address in draft.idle:
            change = self._changes[address]
            others = [other for other in self._targeting.needs(change) if other in self.blocked]
            if others:
                found[address] = Why(f"it needs {others[0]}, which is itself blocked", "")
            elif self.options.targets:
                found[address] = _ALONE
            else:
                # A change that no call makes must never look as if it were applied.
                raise AssertionError(f"no step for {address}")
        return found

    def _not_replaced(self, chosen: Mapping[Address, Change]) -> dict[Address, Why]:
        """Chosen changes that delete what a blocked change was to replace."""
        found: dict[Address, Why] = {}
        for address in chosen:
            others = (other for other in self._replacements.get(address, ()) if other in self.blocked)
            if other := next(others, None):
                found[address] = Why(f"it waits for {other}, which is itself blocked", "")
        return found

    @cached_property
    def _replacements(self) -> Mapping[Address, Collection[Address]]:
        """What replaces what, if nothing was blocked."""
        wanted = self._targeting.chosen(self._changes).values()
        found: dict[Address, Collection[Address]] = {}
        for section in self.sections:
            found |= section.replacements([change for change in wanted if change.address.kind in section.kinds])
        return found

    def _block(self, change: Change, why: Why) -> None:
        self.blocked.setdefault(change.address, Blocked(self._changes[change.address], *why))

    def _block_left_out(self, shown: set[Address]) -> None:
        """Block the differences of a target of which nothing is done: they must not read as if there were none."""
        for target in self.options.targets:
            mine = replace(self._targeting, targets=(target,))
            under = [change for address, change in self._changes.items() if mine.includes(address)]
            if not any(change.address in shown or change.address in self.blocked for change in under):
                for change in under:
                    self._block(change, self._why_left_out(change))

    def _why_left_out(self, change: Change) -> Why:
        """Why nothing is done about a change that a target includes."""
        for other in self._rules.tied_to(change):
            reason, way_out = self._rules.why_not(self._changes[other]) or ("", "")
            return Why(f"it is only possible together with {other}: {reason}", way_out)
        return _ALONE


def _left_open(wanted: Resource, live: Resource | None) -> Resource:
    """What the file leaves out stays as it is where nobody knows what it is."""
    names = [name for name in (live.open if live else ()) if wanted.fields[name] is None]
    return replace(wanted, fields={**wanted.fields, **dict.fromkeys(names, UNKNOWN)}) if names else wanted

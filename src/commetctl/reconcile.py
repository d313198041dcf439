"""Two sets of resources to one changeset: what to do, in which order, and what cannot be done."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from graphlib import CycleError

from commetctl.blocking import BlockingRules
from commetctl.core.address import Address
from commetctl.core.call import Ref, refs
from commetctl.core.change import Change, Create
from commetctl.core.changeset import Blocked, Changeset, Notice
from commetctl.core.resource import ResourceSet
from commetctl.core.step import Step
from commetctl.diff import Difference, diff
from commetctl.errors import CommetctlError
from commetctl.order import Ordering, Unique
from commetctl.sections.section import Section, World


@dataclass(frozen=True)
class Options:
    """What the user chose: whether to delete what the file does not declare, and what to keep to."""

    prune: bool = False
    targets: tuple[Address, ...] = ()


def reconcile(
    world: World, sections: Sequence[Section], notices: Sequence[Notice] = (), options: Options | None = None
) -> Changeset:
    """The changeset that turns the live side of `world` into the desired one.

    Only the kinds of `sections` are compared. Raises a CommetctlError for a target that names nothing.
    """
    return _Reconciler(world, sections, tuple(notices), options or Options()).changeset()


@dataclass
class _Reconciler:
    world: World
    sections: Sequence[Section]
    notices: tuple[Notice, ...]
    options: Options
    blocked: list[Blocked] = field(default_factory=list)

    def changeset(self) -> Changeset:
        rules = BlockingRules(self.world, self.sections, self._difference)
        free = [change for change in self._difference.changes if rules.permit(change)]
        self.blocked.extend(rules.blocked)
        ordered, needs = self._ordered(self._resolvable(self._steps(free)))
        steps = self._targeted(ordered, needs)
        doing = {address for step in steps for address in step.covers}
        blocked = [item for item in self.blocked if self._is_targeted(item.change.address)]
        return Changeset(
            changes=tuple(change for change in self._difference.changes if change.address in doing),
            steps=steps,
            needs={step.name: needs[step.name] for step in steps},
            blocked=tuple(blocked),
            unmanaged=self._difference.unmanaged,
            notices=(*self.notices, *self._same_names()),
            along=self._difference.along,
        )

    @cached_property
    def _difference(self) -> Difference:
        kinds = {kind for section in self.sections for kind in section.kinds}
        live = ResourceSet(r for r in self.world.live.resources.values() if r.address.kind in kinds)
        return diff(self.world.desired, live, prune=self.options.prune)

    @cached_property
    def _changes(self) -> Mapping[Address, Change]:
        return {change.address: change for change in self._difference.changes}

    @cached_property
    def _unique(self) -> Unique:
        return {kind: names for section in self.sections for kind, names in section.unique.items()}

    def _same_names(self) -> Iterator[Notice]:
        """New objects that are called like one that is not in the file: perhaps the same one under another code."""
        for change in self._difference.changes:
            if not isinstance(change, Create):
                continue
            for address in self._difference.unmanaged:
                other = self.world.live.resources[address]
                same = [
                    n
                    for n in self._unique.get(change.address.kind, ())
                    if other.fields.get(n) == change.after.fields[n]
                ]
                if same and address.kind == change.address.kind:
                    yield Notice(
                        "same_name",
                        f"{address}, which is not in the file, has the same name",
                        "a code cannot be changed: if this is to replace it, hide or delete the old one as well",
                        change.address,
                    )

    def _steps(self, changes: Sequence[Change]) -> list[Step]:
        steps: list[Step] = []
        for section in self.sections:
            mine = [change for change in changes if change.address.kind in section.kinds]
            steps.extend(section.steps(mine, self.world))
        done = {address for step in steps for address in step.covers}
        forgotten = [str(change.address) for change in changes if change.address not in done]
        if forgotten:
            # A change that no call carries out must never look as if it were applied.
            raise AssertionError("no step for " + ", ".join(forgotten))
        return steps

    def _resolvable(self, steps: list[Step]) -> list[Step]:
        """The steps whose ids are known or come from a step before; the others become blocked changes."""
        while True:
            created = {call.creates for step in steps for call in step.calls}
            known = created | self.world.live.ids.keys()
            stuck = {step.name: ref for step in steps if (ref := self._missing(step, known))}
            if not stuck:
                return steps
            for step in steps:
                if step.name in stuck:
                    self._block_all(step.covers, *self._why_missing(stuck[step.name].address))
            steps = [step for step in steps if not self._is_blocked(step)]

    def _missing(self, step: Step, known: set[Address | None]) -> Ref | None:
        return next((ref for call in step.calls for ref in refs(call) if ref.address not in known), None)

    def _why_missing(self, address: Address) -> tuple[str, str]:
        if obstacle := self.world.live.obstacles.get(address):
            return obstacle
        if address in self.world.desired:
            return f"it needs {address}, which is blocked itself", ""
        return f"it needs {address}, which Commet does not have", f"declare it under `{address.kind}s:`"

    def _block_all(self, addresses: Sequence[Address], reason: str, hint: str) -> None:
        known = {item.change.address for item in self.blocked}
        self.blocked.extend(Blocked(self._changes[a], reason, hint) for a in addresses if a not in known)

    def _is_blocked(self, step: Step) -> bool:
        known = {item.change.address for item in self.blocked}
        return any(address in known for address in step.covers)

    def _ordered(self, steps: list[Step]) -> tuple[tuple[Step, ...], dict[str, frozenset[str]]]:
        while True:
            ordering = Ordering(steps, self._changes, self.world.live.resources, self._difference.along, self._unique)
            try:
                needs = ordering.needs()
                return ordering.sorted(needs), needs
            except CycleError as error:
                cycle = set(error.args[1])
                for step in steps:
                    if step.name in cycle:
                        self._block_all(
                            step.covers,
                            "it takes a name that another object lets go of only after it",
                            "give one of them a name of its own first, apply, then swap",
                        )
                steps = [step for step in steps if not self._is_blocked(step)]

    def _targeted(self, steps: tuple[Step, ...], needs: Mapping[str, frozenset[str]]) -> tuple[Step, ...]:
        """The steps that the targets need: theirs, those that finish the same changes, and those before them."""
        if not self.options.targets:
            return steps
        self._check_targets()
        chosen: set[str] = set()
        wanted = {a for a in self._changes if self._is_targeted(a)}
        while True:
            more = {step.name for step in steps if wanted & set(step.covers)} - chosen
            more |= {name for chosen_name in chosen | more for name in needs[chosen_name]} - chosen
            if not more:
                return tuple(step for step in steps if step.name in chosen)
            chosen |= more
            wanted |= {address for step in steps if step.name in chosen for address in step.covers}

    def _is_targeted(self, address: Address) -> bool:
        """Whether an address is a target, or belongs to one."""
        if not self.options.targets or address in self.options.targets:
            return True
        resource = self.world.desired.get(address) or self.world.live.resources.get(address)
        return bool(resource and resource.parent and self._is_targeted(resource.parent))

    def _check_targets(self) -> None:
        for target in self.options.targets:
            if target not in self.world.desired and target not in self.world.live.resources:
                known = [str(address) for address in (*self.world.desired, *self.world.live.resources)]
                near = get_close_matches(str(target), known, 1)
                hint = f"did you mean `{near[0]}`?" if near else "use an address as `commetctl plan` prints it"
                raise CommetctlError(
                    f"`{target}` is neither in the file nor in Commet",
                    hint,
                    code="unknown_target",
                )

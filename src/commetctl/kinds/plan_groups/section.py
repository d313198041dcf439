"""The section of plan groups: one object of the API each, known by its name, and the plans in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from pydantic import Field

from commetctl.core.call import Step
from commetctl.core.change import Change
from commetctl.core.changeset import Notice
from commetctl.core.contract import Contract, Rows
from commetctl.core.contract import Row as Answer
from commetctl.core.resource import Address, ResourceSet
from commetctl.kinds.codecs import prose, public, read_public
from commetctl.kinds.kind import Kind
from commetctl.kinds.named import Named, given_id, not_sent, previous_name
from commetctl.kinds.named.spec import Id
from commetctl.kinds.obstacles import unread_list
from commetctl.kinds.plan_groups import calls, meaning
from commetctl.kinds.plan_groups.members import declared, misfits, read
from commetctl.kinds.plans import addresses
from commetctl.kinds.scalars import Name, Protectable, Text
from commetctl.kinds.section import Entries, Finding, Sheet, shared_items
from commetctl.kinds.sides import Found, Live, Obstacle, Read, Sides
from commetctl.kinds.wire import WireField

#: What is remembered of a group beside its resource: the position of its last plan.
_LAST = "last"


class PlanGroupSpec(Protectable):
    """A group of plans between which customers can switch on their own, in upgrade order."""

    name: Name = Field(
        description="Your name for the group, by which Commet identifies it. Unique in the catalog.",
        examples=["Main plans"],
    )
    description: Text | None = Field(
        default=None, description="Text beside the name.", examples=["Everything for teams"]
    )
    visibility: Literal["public", "private"] = Field(
        default="private", description="Whether the group is public.", examples=["public"]
    )
    plans: list[Name] = Field(
        default_factory=list,
        description="The codes of its plans, lowest first: an upgrade is charged at once, a downgrade waits until "
        "the period ends. A plan can be in only one group. All need the same consumption model; those with a price "
        "need the same currencies.",
        examples=["[starter, pro, business]"],
    )
    previous_name: Name | None = previous_name("plan group", "Plans")
    id: Id | None = given_id("plan group", "plg_01")


class _PlanGroups(Named):
    def check(self, sheet: Sheet) -> Iterator[Finding]:
        """Names, references, plans that are in two places, and plans that do not go together."""
        yield from super().check(sheet)
        for path, message, hint in shared_items(sheet, self, "plans", ("plan", "group")):
            yield Finding(path, "plan_twice", message, hint)
        plans = sheet.sections.get("plans", {})
        for key, spec in sheet.sections[self.name].items():
            at = (self.name, key, "plans")
            terms = {code: declared(plans[code]) for code in spec.plans if code in plans}
            for misfit in misfits(spec.plans, terms):
                yield Finding((*at, str(misfit.position)), misfit.code, misfit.message, misfit.hint, misfit.lacks)

    def read(self, answers: Sequence[Rows | None], contract: Contract, ids: Mapping[str, Address]) -> Read:
        """The groups, and the last position in each."""
        read = super().read(answers, contract, ids)
        last = {self.address(str(row.get("name"))): {_LAST: _last(row.get("plans"))} for row in answers[0] or ()}
        return replace(read, memory=last)

    def found(self, row: Answer, contract: Contract, ids: Mapping[str, Address]) -> Found:
        """A group with its plans in order."""
        plans = row.get("plans")
        if not isinstance(plans, list):
            found = super().found({**row, "plans": []}, contract, ids)
            return replace(found, obstacle=unread_list("plans"))
        return super().found({**row, "plans": sorted(plans, key=_position)}, contract, ids)

    def adopt(self, entries: Entries, desired: ResourceSet, live: Live) -> tuple[Live, tuple[Notice, ...]]:
        """Match groups, and hold plans that only the account has to what the plans of a group have in common."""
        live, notices = super().adopt(entries, desired, live)
        obstacles = dict(live.obstacles)
        if not any(address.kind == addresses.PLAN for address in desired):
            for spec in entries.values():
                known = ((code, read(addresses.plan(code), live.resources)) for code in spec.plans)
                found = list(misfits(spec.plans, {code: terms for code, terms in known if terms}))
                for misfit in found[:1]:
                    obstacles.setdefault(self.address(spec.name), Obstacle(misfit.message, misfit.hint))
        return replace(live, obstacles=obstacles), notices

    def steps(self, changes: Sequence[Change], sides: Sides) -> Iterator[Step]:
        """One step for each group."""
        own = [column for column in self.kind.table if column.name != "plans"]
        for change in changes:
            last = sides.live.memory.get(change.address, {}).get(_LAST, -1)
            yield calls.step(change, own, sides.contract, last)


def _last(plans: Any) -> int:
    return max(map(_position, plans), default=-1) if isinstance(plans, list) else -1


def _position(plan: Any) -> int:
    position = plan.get("sortOrder") if isinstance(plan, Mapping) else None
    return position if isinstance(position, int) else 0


PLAN_GROUPS = _PlanGroups(
    name="plan_groups",
    about="Groups of plans between which customers can switch on their own, by a key of your choice.",
    kind=Kind(
        "plan_group",
        "A group of plans between which customers can switch on their own, in upgrade order.",
        "plan_groups.KEY",
        "NAME",
        "Main plans",
        PlanGroupSpec,
        words=("plan_groups", "group", "groups"),
        table=(
            WireField("name", "name", needed=True),
            WireField("description", "description", decode=prose),
            WireField("visibility", "isPublic", public, read_public),
            WireField("plans", "plans", ref="plan", many=True, cleared=[]),
        ),
        returned=not_sent("plan group"),
        unique=("name",),
        exclusive=("plans",),
        effects=meaning.EFFECTS,
        givens=meaning.givens,
        details=meaning.details,
    ),
    spec=PlanGroupSpec,
    routes=calls.ROUTES,
    uses=("plans",),
    noun="plan group",
)

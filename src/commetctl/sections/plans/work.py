"""What the step builders of a plan share: the plan's changes, sorted by kind, and both sides to look things up in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from commetctl.core.address import Address
from commetctl.core.call import Body, Ref
from commetctl.core.change import Change
from commetctl.core.contract import Contract
from commetctl.core.resource import Resource
from commetctl.sections.plans import addresses
from commetctl.sections.section import World


@dataclass(frozen=True)
class Work:
    """The changes of one plan and of what belongs to it."""

    plan: Address
    changes: Sequence[Change]
    world: World
    feature_types: Mapping[str, object]

    @property
    def code(self) -> str:
        """The plan's code."""
        return self.plan.key

    @property
    def contract(self) -> Contract:
        """The contract in force."""
        return self.world.contract

    @property
    def ref(self) -> Ref:
        """The plan's id."""
        return Ref(self.plan)

    def of(self, kind: str) -> list[Change]:
        """The changes of a kind."""
        return [change for change in self.changes if change.address.kind == kind]

    def wanted(self, kind: str, parent: Address) -> list[Resource]:
        """The declared resources of a kind below `parent`."""
        return self.world.desired.children(parent, kind)


def by_plan(changes: Sequence[Change], world: World) -> Iterator[Work]:
    """The changes, plan by plan, in the order in which the plans first appear."""
    plans: dict[Address, list[Change]] = {}
    for change in changes:
        plans.setdefault(addresses.plan_of(change.address), []).append(change)
    types = _feature_types(world)
    for plan, own in plans.items():
        yield Work(plan, own, world, types)


def _feature_types(world: World) -> Mapping[str, object]:
    """The types of features by code; the file's word counts before the account's."""
    both = [*world.live.resources.values(), *world.desired.values()]
    return {r.address.key: r.fields.get("type") for r in both if r.address.kind == "feature"}


def currency_entry(currency: str, **values: Body) -> dict[str, Body]:
    """One entry of a list of regional overrides."""
    return {"currency": currency, **{name: value for name, value in values.items() if value is not None}}

"""What the step builders of a plan share: the plan's changes, sorted by kind, and both sides to look things up in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    # The file's word counts before the account's.
    types = feature_types([*world.live.resources.values(), *world.desired.values()])
    for plan, own in plans.items():
        yield Work(plan, own, world, types)


def feature_types(resources: Iterable[Resource]) -> Mapping[str, object]:
    """The types of the features among some resources, by code; of two of one code, the last counts."""
    return {r.address.key: r.fields.get("type") for r in resources if r.address.kind == "feature"}


def currency_entry(currency: str, **values: Body) -> dict[str, Body]:
    """One entry of a list of regional overrides."""
    return {"currency": currency, **{name: value for name, value in values.items() if value is not None}}

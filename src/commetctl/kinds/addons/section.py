"""The section of add-ons: one object of the API each, identified by its feature."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from commetctl.core.amount_move import AmountMove, field_move
from commetctl.core.contract import V2026_07_11, Contract
from commetctl.core.contract import Row as Answer
from commetctl.core.money import Money, UnitPrice
from commetctl.core.resource import Address, Resource, Value
from commetctl.kinds.addons.rules import addon_without_plan, findings, odd_cents
from commetctl.kinds.addons.spec import MODELS, AddonSpec
from commetctl.kinds.codecs import addon_price, count, prose, read_addon_price, read_unit_price, unit_price
from commetctl.kinds.crud import Crud
from commetctl.kinds.effects import (
    ANY,
    GONE,
    NEW,
    NEW_ONLY,
    NONE,
    PLAN_VERSIONS,
    REPLACED,
    SILENT,
    UNDOCUMENTED,
    VERSIONS,
    Row,
    quiet,
)
from commetctl.kinds.kind import Kind, Replacement
from commetctl.kinds.named.keys import keys_of
from commetctl.kinds.obstacles import unknown_word
from commetctl.kinds.routes import routes
from commetctl.kinds.section import Entries, Finding, Sheet
from commetctl.kinds.sides import Obstacle
from commetctl.kinds.wire import WireField

#: The fields whose amounts customers pay or get, and that can change.
_MOVING = ("base_price", "overage_rate", "included_units")


class _Addons(Crud):
    def values(self, key: str, spec: AddonSpec) -> tuple[str, Mapping[str, Value]]:
        """The feature, and the fields of an entry."""
        return spec.feature, super().values(key, spec)[1]

    def entry_keys(self, found: Sequence[Resource], entries: Entries) -> Mapping[Address, str]:
        """The keys that the file has for the add-ons; for a new one, the code of its feature."""
        known = {self.address(spec.feature): key for key, spec in entries.items()}
        return keys_of([resource.address for resource in found], known, self.kind)

    def check(self, sheet: Sheet) -> Iterator[Finding]:
        """References, one add-on a feature, the fields of each model, and amounts."""
        yield from super().check(sheet)
        yield from findings(sheet, self.name)

    def doubts(self, row: Answer) -> Iterator[Obstacle]:
        """A model that the file has no way to say."""
        model = row.get("consumptionModel")
        if isinstance(model, str) and model not in MODELS:
            yield unknown_word("consumption model of an add-on", model)

    def moves_of(self, was: Resource, becomes: Resource) -> Iterator[AmountMove]:
        """What an add-on costs, and what it includes."""
        for name in _MOVING:
            yield from field_move(was, becomes, name)


def _made_rate(value: Any) -> Value:
    return None if value is None else UnitPrice(value)


def _read_rate(value: Any, contract: Contract) -> Value:
    return None if value is None else read_unit_price(value, contract)


_GUIDE = "guide, add-ons"
_WHO_HAS_IT = "whether customers who have it {} too, and from when; customers who activate it from now on do"
_OLD_VERSIONS = "whether existing plan versions get the change"
_CHANGES = {
    "base_price": "pay the new price",
    "overage_rate": "pay the new rate",
    "included_units": "get the new amount",
}

_EFFECTS = (
    Row("", NEW, NONE, "customers on a plan that can have it can activate it", _GUIDE, counts=False),
    Row(
        "",
        GONE,
        NONE,
        "customers can no longer activate it; Commet refuses the deletion while a subscription has it",
        "reference, delete an add-on; addon_has_activations",
        counts=False,
    ),
    Row(
        "",
        REPLACED,
        NONE,
        "no customer has it: Commet refuses to delete an add-on that a subscription has",
        "reference, delete an add-on; addon_has_activations",
        counts=False,
    ),
    *(
        Row(name, ANY, UNDOCUMENTED, _WHO_HAS_IT.format(words), SILENT, counts=False)
        for name, words in _CHANGES.items()
    ),
    *quiet("name", "description"),
    Row(
        "",
        NEW,
        NEW_ONLY,
        "customers can activate it only once a plan version contains it, and commetctl does not publish plan versions",
        VERSIONS,
        counts=False,
        given=PLAN_VERSIONS,
    ),
    *(
        Row(name, way, UNDOCUMENTED, _OLD_VERSIONS, VERSIONS, counts=False, given=PLAN_VERSIONS)
        for name, way in (("", GONE), ("", REPLACED), *((name, ANY) for name in _CHANGES))
    ),
)

_OLDER = V2026_07_11.version
_ANOTHER = (
    "remove the add-on, apply with `--prune`, and add it again with the value you want; Commet refuses to delete an "
    "add-on that a subscription has"
)

ADDONS = _Addons(
    name="addons",
    about="Features that customers can add to a subscription, for a price of their own, by a key of your choice.",
    kind=Kind(
        "addon",
        "A feature that customers can add to a subscription, for a price of its own.",
        "addons.KEY",
        "FEATURE",
        "storage_gb",
        AddonSpec,
        words=("addons", "add-on", "add-ons"),
        table=(
            WireField("name", "name", needed=True),
            # The description of an add-on cannot be null on update (API reference), so it is emptied.
            WireField("description", "description", decode=prose, cleared=""),
            WireField("feature", "featureId", read="featureCode", ref="feature", keyed=True, needed=True),
            WireField("consumption_model", "consumptionModel", needed=True),
            WireField("base_price", "basePrice", addon_price, read_addon_price, needed=True, make=Money),
            WireField("included_units", "includedUnits", decode=count),
            WireField("overage_rate", "overageRate", unit_price, _read_rate, make=_made_rate),
            WireField("credit_cost", "creditCost", decode=count),
        ),
        fixed={
            "feature": "declare an add-on for the other feature; `--prune` deletes this one",
            "consumption_model": _ANOTHER,
            "credit_cost": _ANOTHER,
        },
        replacement=Replacement(
            frozenset({"consumption_model", "credit_cost"}), "deleted and created again with another id"
        ),
        counts=frozenset({"included_units", "credit_cost"}),
        effects=_EFFECTS,
        title=lambda address, naming: f"Add-on {naming(address)}",
    ),
    spec=AddonSpec,
    routes=routes("/addons", in_older=True, paged=True),
    key="featureCode",
    keys=None,
    uses=("features",),
    named="feature",
    lint={"addon_without_plan": addon_without_plan, "odd_cents": odd_cents},
)

"""Features: what a plan can include, identified by a code that never changes."""

from dataclasses import dataclass
from typing import Any, Literal

from commetctl.core.address import Address
from commetctl.core.call import Ref
from commetctl.core.contract import Contract
from commetctl.core.resource import Resource
from commetctl.sections.crud import Crud
from commetctl.sections.lifecycle import Protectable
from commetctl.sections.values import Name, Text
from commetctl.sections.wire import WireField, text


class FeatureSpec(Protectable):
    """A feature that plans may include."""

    name: Name
    type: Literal["boolean", "usage", "seats", "quota"]
    description: Text | None = None
    unit_name: Name | None = None


@dataclass(frozen=True)
class _Features(Crud):
    def creation(self, after: Resource, contract: Contract) -> dict[str, Any]:
        return {"code": after.address.key, **super().creation(after, contract)}

    def path_id(self, address: Address) -> str | Ref:
        # The API takes the code in the paths of features, in every version.
        return address.key


FEATURES = _Features(
    name="features",
    singular="feature",
    spec=FeatureSpec,
    table=(
        WireField("name", "name"),
        WireField("type", "type"),
        WireField("description", "description", decode=text),
        WireField("unit_name", "unitName", decode=text),
    ),
    key="code",
    fixed={
        "feature": {
            "type": "declare a new feature under a new code, move the plans to it, then remove this one",
        },
    },
    unique={"feature": ("name",)},
)

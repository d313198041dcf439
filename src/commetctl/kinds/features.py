"""Features: what a plan can include, identified by a code that never changes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from pydantic import Field

from commetctl.core.call import Ref
from commetctl.core.contract import Contract
from commetctl.core.resource import Address, Resource
from commetctl.kinds.crud import Crud
from commetctl.kinds.lifecycle import Protectable
from commetctl.kinds.obstacles import unknown_word
from commetctl.kinds.section import Finding, Obstacle, Read, Row, Rows, Sheet
from commetctl.kinds.values import Name, Text
from commetctl.kinds.wire import WireField, text

#: How the codes of features begin that stand for a lock; they belong to no catalog.
LOCK = "commetctl_lock_"


class FeatureSpec(Protectable):
    """A feature that plans may include."""

    name: Name = Field(description="What customers read. Unique in the file.", examples=["API calls"])
    type: Literal["boolean", "usage", "seats", "quota"] = Field(
        description="What there is to count: `boolean` nothing, a plan has it or not; `usage` what is used up; `seats` "
        "people; `quota` what is held, such as storage.",
        examples=["usage"],
    )
    description: Text | None = Field(
        default=None, description="What customers read beside the name.", examples=["Requests to the public API"]
    )
    unit_name: Name | None = Field(default=None, description="What one unit of it is called.", examples=["call"])


#: The types that this version knows; the API may add more.
TYPES: tuple[str, ...] = get_args(FeatureSpec.model_fields["type"].annotation)


@dataclass(frozen=True)
class _Features(Crud):
    def check(self, sheet: Sheet) -> Iterator[Finding]:
        yield from super().check(sheet)
        for code in sheet.sections[self.name]:
            if code.startswith(LOCK):
                hint = "choose another code"
                yield Finding((self.name, code), "reserved_code", f"codes in `{LOCK}…` are locks of commetctl", hint)

    def read(self, answers: Sequence[Rows | None], contract: Contract) -> Read:
        return super().read([[row for row in answers[0] or () if not str(row.get("code")).startswith(LOCK)]], contract)

    def doubts(self, row: Row) -> Iterator[Obstacle]:
        if isinstance(row.get("type"), str) and row["type"] not in TYPES:
            yield unknown_word("feature type", row["type"])

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
        WireField("name", "name", needed=True),
        WireField("type", "type", needed=True),
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

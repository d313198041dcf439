"""Features: what a plan can include, identified by a code that never changes."""

from collections.abc import Iterator
from typing import Literal, get_args

from pydantic import Field

from commetctl.core.contract import V2026_07_11, Route
from commetctl.core.contract import Row as Answer
from commetctl.kinds.codecs import prose, text
from commetctl.kinds.crud import Crud
from commetctl.kinds.effects import GONE, NEW, NONE, Row, quiet
from commetctl.kinds.kind import Kind
from commetctl.kinds.obstacles import unknown_word
from commetctl.kinds.routes import Routes
from commetctl.kinds.scalars import Name, Protectable, Text
from commetctl.kinds.sides import Obstacle
from commetctl.kinds.wire import WireField


class FeatureSpec(Protectable):
    """A feature that plans can include."""

    name: Name = Field(description="The name that customers see. Unique in the catalog.", examples=["API calls"])
    type: Literal["boolean", "usage", "seats", "quota"] = Field(
        description="What is counted: `boolean` nothing, the feature is on or off; `usage` units used; `seats` "
        "people; `quota` units held, such as storage.",
        examples=["usage"],
    )
    description: Text | None = Field(
        default=None, description="Text that customers see beside the name.", examples=["Requests to the public API"]
    )
    unit_name: Name | None = Field(default=None, description="The name of one unit.", examples=["call"])


#: The types that this version knows; the API may add more.
TYPES: tuple[str, ...] = get_args(FeatureSpec.model_fields["type"].annotation)


class _Features(Crud):
    def doubts(self, row: Answer) -> Iterator[Obstacle]:
        if isinstance(row.get("type"), str) and row["type"] not in TYPES:
            yield unknown_word("feature type", row["type"])


_EFFECTS = (
    Row("", NEW, NONE, "a plan has to include it first", "reference, features", counts=False),
    Row(
        "",
        GONE,
        NONE,
        "Commet refuses the deletion while a plan or an add-on includes it",
        "reference, feature_in_use",
        counts=False,
    ),
    *quiet("name", "description", "unit_name"),
)

_OLDER = V2026_07_11.version

FEATURES = _Features(
    name="features",
    about="Features that plans can include, by code. A code never changes.",
    kind=Kind(
        "feature",
        "A feature that plans can include.",
        "features.CODE",
        "CODE",
        "api_calls",
        FeatureSpec,
        words=("features",),
        table=(
            WireField("name", "name", needed=True),
            WireField("type", "type", needed=True),
            WireField("description", "description", decode=prose),
            WireField("unit_name", "unitName", decode=text),
        ),
        fixed={"type": "declare a new feature under a new code, move the plans to it, then remove this one"},
        unique=("name",),
        used=True,
        wording=frozenset({"name", "description", "unit_name"}),
        effects=_EFFECTS,
    ),
    spec=FeatureSpec,
    routes=Routes(
        list=Route("GET", "/features"),
        create=Route("POST", "/features", {_OLDER: ("POST", "/features/manage")}),
        update=Route("PATCH", "/features/{id}", {_OLDER: ("PUT", "/features/{id}/manage")}),
        delete=Route("DELETE", "/features/{id}", {_OLDER: ("DELETE", "/features/{id}/manage")}),
    ),
    key="code",
    sends_key=True,
    # The API takes the code in the paths of features, in every version.
    path_key=True,
)

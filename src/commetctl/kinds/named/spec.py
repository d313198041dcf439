"""The fields of an entry that say which object in Commet it stands for."""

from collections.abc import Mapping
from typing import Annotated, Any, Protocol

from pydantic import Field

from commetctl.kinds.scalars import Lifecycle

#: An id of the API.
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$")]


class NamedSpec(Protocol):
    """An entry of a kind whose objects have no code."""

    @property
    def name(self) -> str:
        """The name that its object gets."""

    @property
    def previous_name(self) -> str | None:
        """The name that its object may still have."""

    @property
    def id(self) -> str | None:
        """The id of its object, whatever that is called."""

    @property
    def lifecycle(self) -> Lifecycle:
        """What may not happen to its object."""


NamedEntries = Mapping[str, NamedSpec]


def is_listed(spec: NamedSpec) -> bool:
    """Whether Commet lists the object once it is as the entry says: some lists hold active objects only."""
    return getattr(spec, "is_active", True) is True


def previous_name(noun: str, example: str) -> Any:
    """The field `previous_name` of a spec."""
    return Field(
        default=None,
        description=f"The name that the {noun} has in Commet, to rename it instead of creating another.",
        examples=[example],
    )


def not_sent(noun: str) -> dict[str, str]:
    """What is said of both fields where a field is described by what the API returns."""
    return dict.fromkeys(("previous_name", "id"), f"no, it is not sent: it only tells commetctl which {noun} is meant")


def given_id(noun: str, example: str, more: str = "") -> Any:
    """The field `id` of a spec."""
    about = f"The id of the {noun} in Commet, to find it whatever its name.{more}"
    return Field(default=None, description=about, examples=[example])

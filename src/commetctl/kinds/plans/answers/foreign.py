"""Metadata of other clients: values of any JSON shape, of which the file can say texts, whole numbers and booleans.

The API takes a plan's metadata as a whole, so what the file cannot say is kept, and repeated in each write.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from commetctl.core.changeset import Notice
from commetctl.core.values import as_json, dotted, same
from commetctl.kinds import memory
from commetctl.kinds.codecs import is_label
from commetctl.kinds.plans import addresses
from commetctl.kinds.sides import Obstacle


def labels(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """The metadata of a plan without the ledger; a key whose value is null is a key that was removed."""
    found = {key: value for key, value in metadata.items() if key != memory.KEY and value is not None}
    return {key: _whole(value) for key, value in found.items()}


def unsayable(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """The labels that the file has no way to say."""
    return {key: value for key, value in metadata.items() if not is_label(value)}


def sayable(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """The labels that the file can say."""
    return {key: value for key, value in metadata.items() if is_label(value)}


def obstacle(metadata: object) -> Obstacle | None:
    """In the way of writing metadata that JSON numbers of ours would not repeat exactly."""
    kept = unsayable(labels(metadata)) if isinstance(metadata, Mapping) else {}
    lost = [dotted((key,)) for key, value in kept.items() if not same(as_json(value), value)]
    if not lost:
        return None
    return Obstacle(
        f"`metadata` holds numbers with more digits than can be written back, in {', '.join(lost)}",
        "write them as text in the dashboard",
        below=True,
        unknown=True,
    )


def notice(code: str, metadata: object) -> Notice | None:
    """A notice about metadata that the file cannot declare."""
    keys = unsayable(labels(metadata)) if isinstance(metadata, Mapping) else {}
    if not keys:
        return None
    named = ", ".join(f"`{dotted(('metadata', key))}`" for key in keys)
    return Notice(
        "not_understood",
        f"has {named}; a catalog cannot declare such a value, so it stays unchanged unless the catalog declares "
        "the key",
        "a catalog can declare text, whole numbers and booleans",
        addresses.plan(code),
    )


def _whole(value: Any) -> Any:
    """A number that is whole as a whole number, however JSON has it."""
    return int(value) if isinstance(value, Decimal) and value == value.to_integral_value() else value

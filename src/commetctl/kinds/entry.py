"""An entry of the file as plain data, from the values of its object."""

from collections.abc import Collection, Mapping
from typing import Any

from commetctl.core.resource import UNKNOWN
from commetctl.kinds.scalars import Spec
from commetctl.kinds.wire import price_tag


def told(spec: type[Spec], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of an object that the file has to say: neither a default nor unknown, amounts as price tags."""
    usual = {name: item.get_default(call_default_factory=True) for name, item in spec.model_fields.items()}
    return {
        name: price_tag(value)
        for name in sorted(usual, key=lambda name: name == "lifecycle")
        if (value := values.get(name)) not in (None, UNKNOWN, {}, ()) and value != usual[name]
    }


def own(spec: Any, known: Collection[str]) -> dict[str, Any]:
    """What an entry of the file says beside its resource, as plain data."""
    if spec is None:
        return {}
    written: dict[str, Any] = spec.model_dump(exclude_defaults=True, exclude=set(known))
    return written

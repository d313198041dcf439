"""An entry of the file as plain data, from the values of its object."""

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from commetctl.core.resource import UNKNOWN
from commetctl.kinds.scalars import Spec
from commetctl.kinds.wire import price_tag


def told(spec: type[Spec], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of an object that the file has to say: neither a default nor unknown, amounts as price tags."""
    return {
        name: price_tag(value)
        for name, usual in _usual(spec).items()
        if (value := values.get(name)) not in (None, UNKNOWN, {}, ()) and value != usual
    }


@cache
def _usual(spec: type[Spec]) -> Mapping[str, Any]:
    """The defaults of an object, in the order of writing."""
    fields = sorted(spec.model_fields.items(), key=lambda item: item[0] == "lifecycle")
    return {name: field.get_default(call_default_factory=True) for name, field in fields}


def own(spec: Any, known: Collection[str]) -> dict[str, Any]:
    """What an entry of the file says beside its resource, as plain data."""
    if spec is None:
        return {}
    written: dict[str, Any] = spec.model_dump(exclude_defaults=True, exclude=set(known))
    return written

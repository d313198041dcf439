"""What a step clears and writes back, as a journal keeps it, so that a run that dies in between can be completed.

Only regional amounts are cleared by a step that writes them back, so only values that those hold are kept.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from commetctl.core.money import EXPONENTS, Derived, Money, UnitPrice
from commetctl.core.resource import Address, Resource, Value

#: The forms of an amount, by the name that a journal gives them.
_FORMS: Mapping[str, type[Money]] = {"amount": Money, "unit_price": UnitPrice}

_PLAIN = re.compile(r"[0-9]{1,30}(\.[0-9]{1,10})?\Z", re.ASCII)


def document(resources: Iterable[Resource]) -> dict[str, Any]:
    """Resources as JSON, by address; one with a value of another kind is left out."""
    found: dict[str, Any] = {}
    for resource in resources:
        fields = {name: _written(value) for name, value in resource.fields.items()}
        if None not in fields.values():
            refs = [str(ref) for ref in resource.refs]
            found[str(resource.address)] = {"fields": fields, "refs": refs, "parent": str(resource.parent or "")}
    return found


def restored(content: Mapping[str, Any]) -> dict[Address, Resource]:
    """The resources of a journal. Raises ValueError, KeyError, TypeError or AttributeError for anything else."""
    found: dict[Address, Resource] = {}
    for text, item in content.items():
        fields = {str(name): _read(value) for name, value in item["fields"].items()}
        refs = tuple(Address.parse(ref) for ref in item["refs"])
        parent = Address.parse(item["parent"]) if item["parent"] else None
        found[Address.parse(text)] = Resource(Address.parse(text), fields, refs, parent)
    return found


def _written(value: Value) -> dict[str, Any] | None:
    match value:
        case Derived(about):
            return {"derived": _written(about)}
        case UnitPrice():
            return {"unit_price": str(value.amount), "currency": value.currency}
        case Money():
            return {"amount": str(value.amount), "currency": value.currency}
        case None | bool():
            return {"value": value}
        case _:
            return None


def _read(content: Mapping[str, Any]) -> Value:
    if "derived" in content:
        about = _read(content["derived"])
        if not isinstance(about, Money):
            raise TypeError(content)
        return Derived(about)
    for name, form in _FORMS.items():
        if name in content:
            return _amount(form, content[name], content["currency"])
    value = content["value"]
    if value is not None and not isinstance(value, bool):
        raise TypeError(value)
    return value


def _amount(form: type[Money], number: Any, currency: Any) -> Money:
    if not isinstance(number, str) or currency not in EXPONENTS:
        raise TypeError(number)
    if not _PLAIN.match(number):
        raise ValueError(number)
    return form(Decimal(number), currency)

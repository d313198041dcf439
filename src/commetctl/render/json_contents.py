"""What an account has, and what was changed in it, for the JSON document of a command."""

from collections.abc import Collection, Mapping
from typing import Any

from commetctl.core.change import FieldChange
from commetctl.core.resource import Address, ResourceSet, Value
from commetctl.render.json_output import field_document


def account_document(
    resources: ResourceSet, ids: Mapping[Address, str], unmanaged: Collection[Address] | None
) -> dict[str, Any]:
    """All objects of an account with their fields; `unmanaged` is None where there is no catalog to tell."""
    return {
        "objects": [
            {
                "address": str(resource.address),
                "id": ids.get(resource.address),
                "parent": str(resource.parent) if resource.parent else None,
                **({} if unmanaged is None or resource.parent else {"unmanaged": resource.address in unmanaged}),
                "fields": [_held(name, value) for name, value in resource.fields.items()],
            }
            for resource in resources.values()
        ]
    }


def _held(name: str, value: Value) -> dict[str, Any]:
    field = field_document(FieldChange(name, value, value))
    del field["before"]
    return {"path": name, "value": field.pop("after"), **{key: field[key] for key in field if key != "path"}}

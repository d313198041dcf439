"""Digests: one string that is the same exactly when two sets of resources are."""

import hashlib
import json
from collections.abc import Iterable

from commetctl.core.resource import Resource, ResourceSet


def digest(resources: ResourceSet) -> str:
    """`sha256:…` of the addresses and fields, whatever their order."""
    return of_text(sorted(map(_line, resources.values())))


def of_text(parts: Iterable[str]) -> str:
    """`sha256:…` of texts in order."""
    return "sha256:" + hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _line(resource: Resource) -> str:
    fields = {name: _canonical(value) for name, value in resource.fields.items()}
    return f"{resource.address} {json.dumps(fields, sort_keys=True)}"


def _canonical(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): _canonical(item) for key, item in value.items()}
    return value if isinstance(value, str | int | None) else f"{type(value).__name__} {value}"

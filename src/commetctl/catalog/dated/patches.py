"""Patches of plain data by the rules of overlays: laid over it, and found between two states of it."""

from collections.abc import Mapping
from typing import Any

from commetctl.catalog.dated.lock import in_full
from commetctl.core.values import KeyPath, same


def patched(path: KeyPath, held: Any, patch: Any) -> Any:
    """The value at a path with a patch laid over it, by RFC 7396; a short form is written out where it is merged."""
    if not isinstance(patch, Mapping):
        return patch
    result = dict(_mapping(path, held))
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = patched((*path, key), result.get(key), value)
    return result


def patch_between(path: KeyPath, old: Any, new: Any) -> Any:
    """What has to be laid over the old value at a path to make the new one; an empty mapping where it is the same."""
    if not isinstance(new, Mapping):
        return new
    held = _mapping(path, old)
    found: dict[str, Any] = {key: None for key, value in held.items() if value is not None and new.get(key) is None}
    for key, value in new.items():
        before = held.get(key)
        if value is None or same(before, value):
            continue
        made = patch_between((*path, key), before, value)
        if made != {} or before is None:
            found[key] = made
    return found


def _mapping(path: KeyPath, value: Any) -> Mapping[str, Any]:
    """The mapping that a value is or stands for; an empty one for any other."""
    found = in_full(path, value) if value is not None and not isinstance(value, Mapping) else value
    return found if isinstance(found, Mapping) else {}

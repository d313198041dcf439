"""The lock of a change as `commetctl schedule` writes it: each value that it replaces, by the path of its object."""

from typing import Any

from commetctl.catalog.data import Document
from commetctl.catalog.dated.change import Dated
from commetctl.catalog.dated.lock import touched
from commetctl.catalog.variables import escaped
from commetctl.core.values import KeyPath

#: The length of the path of an object: its section, and its key.
_OBJECT = 2


def lock_of(change: Dated, document: Document) -> dict[str, Any]:
    """What `was` has to say of a change that is laid over a document."""
    found: dict[str, Any] = {}
    for path, before in touched(change, document):
        _put(found, path, _plain(before))
    return found


def _put(found: dict[str, Any], path: KeyPath, value: Any) -> None:
    """Add a value: under the path of what it is in, or under its own where it is an object."""
    # A key with a point in it cannot be a part of a path that is written with points.
    whole = next((number for number, part in enumerate(path) if "." in part), len(path))
    length = whole if whole < len(path) or len(path) <= _OBJECT else len(path) - 1
    inside, rest = found, (".".join(path[:length]), *path[length:])
    for part in rest[:-1]:
        inside = inside.setdefault(part, {})
    inside[rest[-1]] = value


def _plain(value: Any) -> Any:
    """A value as it is written: what looks like a variable is text, as variables have been replaced."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return escaped(value) if isinstance(value, str) else value

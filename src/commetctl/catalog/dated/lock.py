"""The lock of a change, `was:`: the values that it was written over, compared with the catalog that it is laid over."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from commetctl.catalog.data import Document, at
from commetctl.catalog.dated.change import Dated
from commetctl.catalog.dated.head import HEAD
from commetctl.core.errors import Problem
from commetctl.core.values import KeyPath, same
from commetctl.kinds import by_name
from commetctl.kinds.scalars import OddNumber, number

WAS = "was"
_MISSING = object()
_AGAIN = "read both; if the change still fits, renew `was`: `commetctl schedule {name}`"


class Touched(NamedTuple):
    """A path that a change sets or removes, and the value there before: None where there is nothing."""

    path: KeyPath
    before: Any


def touched(change: Dated, document: Document) -> Iterator[Touched]:
    """What a change replaces in the document that it is laid over.

    Of an object that is not there yet, the path is that of the object, and not that of each of its fields.
    """
    found: dict[KeyPath, Any] = {}
    for path, _ in change.leaves():
        short = next((path[:n] for n in range(2, len(path) + 1) if value_at(document.data, path[:n]) is None), path)
        found.setdefault(short, value_at(document.data, short))
    yield from (Touched(path, value) for path, value in found.items())


def value_at(data: Any, path: KeyPath) -> Any:
    """The value at a path of a document, through short forms too; None where there is none."""
    for length in range(1, len(path)):
        held = at(data, path[:length])
        if held is not None and not isinstance(held, dict | list):
            return at(in_full(path[:length], held), path[length:])
    return at(data, path)


def in_full(path: KeyPath, value: Any) -> Any:
    """What a short form at a path stands for; any other value as it is."""
    section = by_name().get(path[0])
    return section.in_full(path[1:], value) if section and value is not None else value


def broken_lock(change: Dated, document: Document) -> Iterator[Problem]:
    """Where the lock of a change does not fit the document that it is laid over; nothing where it has none."""
    was = _nested(change.head.was)
    if not was:
        return
    covered: set[KeyPath] = set()
    for path, before in touched(change, document):
        said, place = _said(was, path)
        covered.add(place)
        name = ".".join(path)
        if said is _MISSING:
            message = f"`{WAS}` says nothing of `{name}`, which the change replaces"
            yield _problem(change, "lock_incomplete", message, (HEAD, WAS))
        elif not _same(path, said, before):
            where = document.origin(path, key=False)
            now = f"{where} says {_text(before)}" if before is not None and where else f"there is no `{name}`"
            message = f"{now}, but this change was written over {_text(said)}"
            yield _problem(change, "lock_differs", message, _written(change, place))
    for path in _ends(was, ()):
        if not any(path[: len(one)] == one or one[: len(path)] == path for one in covered):
            message = f"`{WAS}` names `{'.'.join(path)}`, which the change does not replace"
            yield _problem(change, "lock_differs", message, _written(change, path))


def _said(was: Any, path: KeyPath) -> tuple[Any, KeyPath]:
    """What the lock says of a path, and the path at which it says so."""
    value: Any = was
    for length, part in enumerate(path):
        if value is None:
            return None, path[:length]
        if not isinstance(value, dict):
            value = in_full(path[:length], value)
        if not isinstance(value, dict) or part not in value:
            return _MISSING, path[:length]
        value = value[part]
    return value, path


def _same(path: KeyPath, one: Any, other: Any) -> bool:
    """Whether two values of the file stand for the same: 49.00 is 49 and "49.00", and a short form what it is for."""
    return same(_plain(in_full(path, one)), _plain(in_full(path, other)))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        # A mapping with nothing in it says that nothing is there.
        return {key: item for key, held in value.items() if (item := _plain(held)) is not None} or None
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, str) and not isinstance(value, OddNumber):
        found = number(value)
        return value if isinstance(found, OddNumber) else found
    return value


def _nested(was: Mapping[str, Any]) -> dict[str, Any]:
    """The lock as a tree; a key such as `plans.pro.prices` stands for the keys in it."""
    found: dict[str, Any] = {}
    for key, value in was.items():
        tree = value
        for part in reversed(_parts(key)):
            tree = {part: tree}
        found = _joined(found, tree)
    return found


def _joined(one: Any, other: Any) -> Any:
    """Two trees as one; where both have a value, that of the second."""
    if not isinstance(one, dict) or not isinstance(other, dict):
        return other
    return {**one, **{key: _joined(one[key], value) if key in one else value for key, value in other.items()}}


def _parts(key: str) -> list[str]:
    return key.split(".") if key.partition(".")[0] in by_name() else [key]


def _ends(tree: Any, path: KeyPath) -> Iterator[KeyPath]:
    if isinstance(tree, dict) and tree:
        for key, value in tree.items():
            yield from _ends(value, (*path, key))
    else:
        yield path


def _written(change: Dated, path: KeyPath) -> KeyPath:
    """The path in the file at which the lock says something of a path."""
    for key in sorted(change.head.was, key=len, reverse=True):
        parts = tuple(_parts(key))
        if path[: len(parts)] == parts:
            return (HEAD, WAS, key, *path[len(parts) :])
    return (HEAD, WAS)


def _problem(change: Dated, code: str, message: str, path: KeyPath) -> Problem:
    document, hint = change.part.document, _AGAIN.format(name=change.name)
    return Problem(code, message, hint, document.origin(path), path=document.dotted(path))


def _text(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_text(item)}" for key, item in value.items()) + "}"
    return "[" + ", ".join(map(_text, value)) + "]" if isinstance(value, list) else str(value)

"""Overlays: the file of an environment merged over the catalog, by the rules of RFC 7396 (JSON Merge Patch).

Mappings are merged key by key, short forms written out; `null` removes a key, and any other value replaces the old one.
"""

from collections.abc import Iterator
from typing import Any

from commetctl.catalog.data import Document
from commetctl.catalog.settings import INCLUDE
from commetctl.core.errors import Problem
from commetctl.core.values import KeyPath
from commetctl.kinds import by_name

#: `change` is the head of a change, which is reported where it is in another file.
_LEFT_ALONE = ("version", INCLUDE, "change")


def merge(document: Document, overlay: Document, main: str) -> None:
    """Merge an overlay into the document of the catalog, which is called `main`; both are mappings."""
    _Merge(document, overlay, main).at_top()


class _Merge:
    """Merges one overlay into a document, which it changes."""

    def __init__(self, document: Document, overlay: Document, main: str) -> None:
        self._document, self._overlay, self._main = document, overlay, main

    def at_top(self) -> None:
        """Merge all of it."""
        document, overlay = self._document, self._overlay
        over = {key: value for key, value in overlay.data.items() if key not in _LEFT_ALONE}
        document.data = self._mapping(document.data, over, ())
        document.problems += overlay.problems
        document.broken |= overlay.broken
        document.unknown |= overlay.unknown
        document.unset |= overlay.unset
        document.allowed += overlay.allowed
        document.odd |= overlay.odd

    def _mapping(self, base: dict[str, Any], over: dict[str, Any], path: KeyPath) -> dict[str, Any]:
        result = dict(base)
        for key, value in over.items():
            here, held = (*path, key), base.get(key)
            if value is None:
                self._take_away(result, here)
            elif isinstance(value, dict):
                if not isinstance(held, dict):
                    held = _in_full(here, held)
                    self._document.values[here] = self._overlay.values[here]
                result[key] = self._mapping(held, value, here)
                if here not in self._document.keys or _says_something(value, here[0]):
                    self._document.keys[here] = self._overlay.keys[here]
            else:
                self._put(result, here, value)
        return result

    def _put(self, result: dict[str, Any], path: KeyPath, value: Any) -> None:
        self._forget(path, result.get(path[-1]))
        result[path[-1]] = value
        for place in (path, *_below(path, value)):
            for mine, theirs in (
                (self._document.keys, self._overlay.keys),
                (self._document.values, self._overlay.values),
            ):
                if place in theirs:
                    mine[place] = theirs[place]

    def _take_away(self, result: dict[str, Any], path: KeyPath) -> None:
        name = ".".join(path)
        if path in self._overlay.bare:
            # A key left over when lines were commented out must not delete anything. It is an error of its own.
            return
        if result.get(path[-1]) is None:
            message = f"`{name}` is not in {self._main}, so there is nothing to remove"
            self._say("nothing_to_remove", message, "remove the key", path)
        else:
            self._forget(path, result.pop(path[-1]))

    def _forget(self, path: KeyPath, value: Any) -> None:
        for place in (path, *_below(path, value)):
            self._document.keys.pop(place, None)
            self._document.values.pop(place, None)
            self._document.broken.discard(place)
            self._document.unknown.discard(place)

    def _say(self, code: str, message: str, hint: str, path: KeyPath) -> None:
        self._document.problems.append(Problem(code, message, hint, self._overlay.origin(path)))


def _in_full(path: KeyPath, value: Any) -> dict[str, Any]:
    """The mapping that a short form stands for, empty where there is none."""
    section = by_name().get(path[0])
    found = section.in_full(path[1:], value) if section and value is not None else None
    return dict(found) if isinstance(found, dict) else {}


def _says_something(value: dict[str, Any], section: str) -> bool:
    """Whether a mapping in a section sets a field of its own object, and not only of objects inside it."""
    found = by_name().get(section)
    objects = found.objects if found else frozenset()
    return any(
        not isinstance(item, dict) or _says_something(item, section)
        for key, item in value.items()
        if key not in objects
    )


def _below(path: KeyPath, value: Any) -> Iterator[KeyPath]:
    """The paths inside a value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inside:
        here = (*path, str(key))
        yield here
        yield from _below(here, item)

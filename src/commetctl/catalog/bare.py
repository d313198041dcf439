"""Bare keys: keys without a value, left when a value was forgotten or its lines were commented out.

YAML reads them as `null`, which in a catalog means that the key is absent. That has to be written, or the key removed:
a leftover must not decide what customers are offered.
"""

from pydantic import BaseModel

from commetctl.catalog.document import Document
from commetctl.core.errors import Problem
from commetctl.kinds import by_name
from commetctl.kinds.model import Type, fields
from commetctl.kinds.section import Path

_OVERLAY = "write `null` to take it away, `{}` to leave it as it is, or remove the key"


def bare_keys(document: Document, *, overlay: bool) -> list[Problem]:
    """A problem for each bare key of a file. They count as broken, so that none is reported as missing too."""
    document.broken |= document.bare.keys()
    # An alias has the keys of its anchor again, at the same place.
    first = {document.origin(path): path for path in sorted(document.bare, reverse=True)}
    return [
        Problem(
            "bare_key",
            f"nothing is written after `{document.dotted(path)}`",
            (_OVERLAY if overlay else _way_out(path)) + _comma(document.bare[path]),
            origin,
        )
        for origin, path in first.items()
    ]


def _comma(cut: str) -> str:
    if not cut:
        return ""
    return f"; if `{cut}` is one value, write a number with a point and a text in quotes: a comma ends it here"


def _way_out(path: Path) -> str:
    section = by_name().get(path[0])
    if section is None:
        return "write a value, or remove the key"
    if len(path) == 1:
        return "write `{}` to declare that there are none, or remove the key to leave those in Commet alone"
    if section.in_full(path[1:], True) is not True:  # noqa: FBT003  (a value of the file)
        return "write `true` to include it, or remove the key"
    return f"write {_none(section.spec, path[2:])}, or remove the key"


def _none(spec: type[BaseModel], place: Path) -> str:
    """What to write for an empty value at a place of an entry, as the hint says it."""
    found: Type | None = Type("object", spec=spec)
    for key in place:
        found = found.at(key) if found else None
    if not place or found is None:
        return "a value"
    if found.word == "list":
        return "`[]` for none"
    optional = found.spec is not None and not any(item.required for item in fields(found.spec))
    return "`{}` for none" if optional or found.word in ("mapping", "labels") else "a value"

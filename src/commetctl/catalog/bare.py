"""Bare keys: keys without a value, left when a value was forgotten or its lines were commented out.

YAML reads one as `null`, which in a catalog means that the key is absent. That has to be written, or the key removed: a
leftover must not decide what customers are offered.
"""

from typing import Any

from pydantic import BaseModel, ValidationError

from commetctl.catalog.data import Document, at
from commetctl.core.errors import Problem
from commetctl.core.values import KeyPath
from commetctl.kinds import by_name, type_at
from commetctl.kinds.model import Type

_OVERLAY = "write `null` to remove it, `{}` to leave it unchanged, or remove the key"


def bare_keys(document: Document, *, overlay: bool) -> list[Problem]:
    """A problem for each bare key of a file. They count as broken, so that none is reported as missing too."""
    document.broken |= document.bare.keys()
    # An alias has the keys of its anchor again, at the same place.
    first = {document.origin(path): path for path in sorted(document.bare, reverse=True)}
    return [Problem("bare_key", *_said(document, path, overlay=overlay), origin) for origin, path in first.items()]


def _said(document: Document, path: KeyPath, *, overlay: bool) -> tuple[str, str]:
    """The message and the hint for a bare key, or for an item of a list with nothing in it."""
    if isinstance(at(document.data, path[:-1]), list):
        return f"nothing is written for `{document.dotted(path)}`", "write an item after the dash, or remove the dash"
    hint = (_OVERLAY if overlay else _way_out(path)) + _comma(document.bare[path])
    return f"nothing is written after `{document.dotted(path)}`", hint


def _comma(cut: str) -> str:
    if not cut:
        return ""
    return f"; if `{cut}` is one value, write a number with a decimal point, or text in quotes: a comma ends it here"


def _way_out(path: KeyPath) -> str:
    section = by_name().get(path[0])
    if section is None:
        return "write a value, or remove the key"
    if len(path) == 1:
        return "write `{}` to declare that there are none, or remove the key to leave those in Commet unmanaged"
    found = type_at(path)
    return f"write {_something(found) if len(path) > 2 and found else 'a value'}, or remove the key"


def _something(type_: Type) -> str:
    """What to write for a value of a type, in a hint: none of several things, where it may hold several."""
    if type_.word == "list":
        return "`[]` for none"
    if type_.spec is not None and _is_valid(True, type_.spec):  # noqa: FBT003  (a value of the file)
        return "`true` to include it"
    optional = type_.spec is not None and _is_valid({}, type_.spec)
    return "`{}` for none" if optional or type_.word in ("mapping", "labels") else "a value"


def _is_valid(value: Any, spec: type[BaseModel]) -> bool:
    try:
        spec.model_validate(value)
    except ValidationError:
        return False
    return True

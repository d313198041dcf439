"""Looking things up: kinds, fields and codes by the words that people use for them, and the addresses of a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commetctl.catalog.assembly import assemble
from commetctl.catalog.source import FileSource
from commetctl.core.errors import CommetctlError
from commetctl.core.resource import Address
from commetctl.core.text import nearest
from commetctl.core.values import KeyPath
from commetctl.kinds import SECTIONS
from commetctl.reference.codes import Code, codes, meanings
from commetctl.reference.kinds import Field, Kind, kinds

#: The prefix that marks a word as a code; needed for a word that is a kind too.
CODE = "code."


class NotFound(Exception):
    """No kind, field or code has that name; the message suggests the nearest."""


@dataclass(frozen=True)
class Match:
    """A kind, and the field of it that was asked for, if any."""

    kind: Kind
    field: Field | None = None


def look_up(text: str) -> Match:
    """The kind or field called `plan_price`, `prices`, `plan.prices.trial_days`, `overage` or `plan_price.pro/monthly`.

    Raises NotFound.
    """
    word, _, path = text.strip().partition(".")
    known = {name: kind for kind in kinds() for name in (kind.name, *kind.words)}
    if word not in known:
        if len(fields := _fields_named(text.strip())) == 1 and not look_up_code(text):
            # Only one kind has such a field.
            return fields[0]
        word = path if word == CODE.rstrip(".") and path else word
        raise NotFound(f"`{word}` is neither a kind of object nor a code; {_meant(word, {*known, *codes()})}")
    kind = known[word]
    # An address stands for the kind of its object.
    return Match(kind) if not path or "/" in path else _inside(kind, path)


def _fields_named(path: str) -> list[Match]:
    """Every field with this name, of any kind."""
    return [Match(kind, item) for kind in kinds() for item in kind.fields if item.path == path]


def look_up_code(text: str) -> tuple[Code, ...]:
    """The meanings of a code such as `wrong_model` or `code.rate`; none for any other word."""
    return meanings(text.strip().removeprefix(CODE))


def _inside(kind: Kind, path: str) -> Match:
    """The field that a path leads to, perhaps through a mapping into another kind."""
    for item in sorted(kind.fields, key=lambda item: -len(item.path)):
        if path == item.path:
            return Match(kind, item)
        if item.leads and path.startswith(f"{item.path}."):
            return _inside(look_up(item.leads).kind, path.removeprefix(f"{item.path}."))
    near = nearest(path, [item.path for item in kind.fields])
    hint = f"did you mean `{kind.name}.{near}`?" if near else f"`commetctl explain {kind.name}` lists them"
    raise NotFound(f"`{kind.name}` has no field `{path}`; {hint}")


def _meant(word: str, known: set[str]) -> str:
    having = [f"`commetctl explain {found.kind.name}.{word}`" for found in _fields_named(word)]
    if having:
        return f"`{word}` is a field: " + ", ".join(having)
    near = nearest(word, known)
    return (
        f"did you mean `{near}`?"
        if near
        else "`commetctl explain` lists the kinds, `commetctl explain codes` the codes"
    )


#: The largest file, in bytes, that is read for completion: a larger one takes too long.
LARGEST = 128 * 1024


def declared(file: Path, environment: str = "") -> list[str]:
    """Every address that a catalog declares; none if it is too large or cannot be read."""
    try:
        if file.stat().st_size > LARGEST:
            return []
        data = assemble(FileSource(file), environment).document.data
    except (CommetctlError, OSError):
        return []
    return [str(address) for address in _all(data)]


def _all(data: Any) -> Iterator[Address]:
    for section in SECTIONS:
        for kind in section.kinds.values():
            for keys, value in _below(data, kind.path):
                named = value.get(section.named) if isinstance(value, dict) else None
                if not section.named or isinstance(named, str):
                    yield Address(kind.name, str(named) if section.named else "/".join(keys))


def _below(data: Any, path: KeyPath) -> Iterator[tuple[KeyPath, Any]]:
    """The values at a path, each with the keys in place of the words in capitals."""
    if not path:
        yield (), data
    elif isinstance(data, dict):
        word, *rest = path
        for key in data if word.isupper() else (word,):
            if data.get(key) is not None:
                for keys, value in _below(data[key], tuple(rest)):
                    yield ((key, *keys) if word.isupper() else keys), value

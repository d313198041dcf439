"""The addresses that a file declares, as far as it can be read: for whoever is still typing it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from commetctl.catalog.assembly import assemble
from commetctl.catalog.source import FileSource
from commetctl.core.errors import CommetctlError
from commetctl.core.resource import Address
from commetctl.core.values import KeyPath
from commetctl.kinds import SECTIONS

#: A larger file takes longer to read, in bytes, than anybody waits for a word.
LARGEST = 128 * 1024


def declared(file: Path, environment: str = "") -> list[str]:
    """Every address that a catalog declares; none where it cannot be read, or not soon."""
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
                named = value.get(section.named) if section.named and isinstance(value, dict) else None
                yield Address(kind.name, named if isinstance(named, str) else "/".join(keys))


def _below(data: Any, path: KeyPath) -> Iterator[tuple[KeyPath, Any]]:
    """What stands at a path, with the keys that stand where the path has words in capitals."""
    if not path:
        yield (), data
    elif isinstance(data, dict):
        word, *rest = path
        for key in data if word.isupper() else (word,):
            if data.get(key) is not None:
                for keys, value in _below(data[key], tuple(rest)):
                    yield ((key, *keys) if word.isupper() else keys), value

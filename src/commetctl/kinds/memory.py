"""Memory: what the API never gives back, remembered in one string of the metadata of an object.

A value enters only after the API confirmed it in the answer to a write, and leaves before the value is changed. So if a
run is killed at any instant, the memory is right or lacks the value, which is unknown then.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic.config import JsonDict

from commetctl.core.contract import Row, Rows
from commetctl.core.resource import Address
from commetctl.core.values import KeyPath
from commetctl.kinds.section import Finding
from commetctl.kinds.sides import Ledgers

#: The metadata key that belongs to commetctl.
KEY = "commetctl"
#: What the JSON Schema of metadata says of it.
RESERVED: JsonDict = {"propertyNames": {"not": {"const": KEY}}}
_FORMAT = 1

#: A key for each object that something is remembered of, to the remembered fields.
Entries = dict[str, dict[str, Any]]


def parse(metadata: Mapping[str, Any]) -> Entries:
    """What metadata remembers; nothing where the string is absent or damaged."""
    try:
        document = json.loads(metadata[KEY])
        if document["v"] != _FORMAT:
            return {}
        return {str(key): dict(fields) for key, fields in document["o"].items()}
    except (KeyError, TypeError, ValueError, AttributeError):
        return {}


def dump(entries: Entries) -> str | None:
    """The string to store; None when there is nothing to remember."""
    kept = {key: fields for key, fields in sorted(entries.items()) if fields}
    return json.dumps({"v": _FORMAT, "o": kept}, separators=(",", ":"), sort_keys=True) if kept else None


def reserved(entry: KeyPath, metadata: Mapping[str, Any]) -> Iterator[Finding]:
    """The metadata of an entry of the file that takes the key."""
    if KEY in metadata:
        yield Finding(
            (*entry, "metadata", KEY), "reserved_key", "is reserved for commetctl", "choose another metadata key"
        )


def ledgers(rows: Rows, address: Callable[[Row], Address]) -> Ledgers:
    """What the objects in the rows of a list remember; `address` is that of the object in a row."""
    labelled = [(row, row["metadata"]) for row in rows if isinstance(row.get("metadata"), Mapping)]
    held = [(row, labels) for row, labels in labelled if labels.get(KEY) is not None]
    return Ledgers(len(held), tuple(address(row) for row, labels in held if not parse(labels)))

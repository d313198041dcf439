"""Lint of the dated changes: of their files, and of the catalog after each of them.

The name of each rule is the code of its findings, whose paths are those of the file of the change.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from commetctl.catalog.catalog import Catalog
from commetctl.catalog.dated.change import Dated, leaves
from commetctl.catalog.dated.conflicts import meeting, overruling
from commetctl.catalog.dated.head import HEAD
from commetctl.catalog.dated.moments import said
from commetctl.core.values import same
from commetctl.kinds.section import Finding

Found = tuple[Dated, Finding]


def no_lock(catalog: Catalog) -> Iterator[Found]:
    """Changes that do not say what they replace."""
    for change in catalog.changes:
        if not change.head.was:
            message = "has no `was`: nobody will notice when what it replaces has changed before it is due"
            yield change, Finding((HEAD,), "no_lock", message, f"`commetctl schedule {change.name}` adds it")


def change_overruled(catalog: Catalog) -> Iterator[Found]:
    """Values of the overlay, or of a dated change that is past, that keep a change from taking effect."""
    for change in catalog.due:
        for path, other in overruling(change, catalog.due):
            message = f"has no effect any more: {other.name} sets it too, from {said(other.moment)} on"
            yield change, Finding(path, "change_overruled", message, "fold both into the catalog: `commetctl settle`")
    overlay = catalog.assembly.overlay
    if overlay is None or not isinstance(overlay.document.data, dict):
        return
    over = dict(leaves({key: value for key, value in overlay.document.data.items() if key != "version"}))
    for change in catalog.changes:
        for path, value in change.leaves():
            met = meeting(path, over)
            # That it repeats the value is a warning of its own.
            if met and not (met == path and same(over[met], value)):
                place = overlay.document.origin(met)
                message = f"has no effect in {catalog.environment}: {place} sets it too"
                hint = f"remove it there, or write `{catalog.environment}: never` below `effective`"
                yield change, Finding(path, "change_overruled", message, hint)


#: Rules about the files of changes.
CHANGE_FILE_RULES: Mapping[str, Callable[[Catalog], Iterator[Found]]] = {
    "no_lock": no_lock,
    "change_overruled": change_overruled,
}


def later(catalog: Catalog) -> Iterator[tuple[datetime, Catalog]]:
    """The catalog after each change that is to come."""
    for moment in dict.fromkeys(change.moment for change in catalog.coming):
        yield moment, catalog.as_of(moment)

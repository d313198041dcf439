"""Effects: what each change means for existing customers, looked up in one table.

`table.py` is that table, a row for each rule with its source; to add a kind, add its rows there.
"""

from collections.abc import Iterable, Mapping
from itertools import product

from commetctl.core.change import Change, Create, Delete
from commetctl.core.contract import Contract
from commetctl.core.resource import Address
from commetctl.core.review import Effect, When
from commetctl.review.effects.row import GONE, NEW, Given, Row, Setting, Way, givens, ways
from commetctl.review.effects.table import TABLE

__all__ = ["effects", "effects_of"]

#: What a row may be given, the most telling one first; None is what holds in any.
Circumstances = tuple[Given | None, ...]

_ALONE = Setting()
_UNDOCUMENTED = Effect("", When.UNKNOWN, "what this does to existing customers", "undocumented")


def effects(
    changes: Iterable[Change], contract: Contract, *, switched: bool = False
) -> dict[Address, tuple[Effect, ...]]:
    """The effects of each change, by its address; no change is without one.

    `switched` says that Commet has switched to plan versions.
    """
    changes = list(changes)
    created = frozenset(change.address for change in changes if isinstance(change, Create))
    return {change.address: effects_of(change, contract, Setting(created, switched)) for change in changes}


def effects_of(change: Change, contract: Contract, setting: Setting = _ALONE) -> tuple[Effect, ...]:
    """The effects of one change: one for the whole of a new or deleted object, one for each field of an update."""
    circumstances = (*givens(change, setting), None)
    match change:
        case Create():
            return (_found(change.address, "", (NEW,), circumstances, contract),)
        case Delete():
            return (_found(change.address, "", (GONE,), circumstances, contract),)
        case _:
            found = (_found(change.address, item.path, ways(item), circumstances, contract) for item in change.fields)
            return tuple(found)


def _found(
    address: Address, path: str, possible: tuple[Way, ...], circumstances: Circumstances, contract: Contract
) -> Effect:
    name = path.partition(".")[0]
    rows = _BY_FIELD.get((address.kind, name), ())
    for given, way in product(circumstances, possible):
        for row in rows:
            if row.given is given and row.way is way and contract.version in row.versions:
                return Effect(path, row.when, row.text, row.name, row.counts)
    return Effect(path, _UNDOCUMENTED.when, _UNDOCUMENTED.text, _UNDOCUMENTED.row)


def _by_field() -> Mapping[tuple[str, str], list[Row]]:
    found: dict[tuple[str, str], list[Row]] = {}
    for row in TABLE:
        found.setdefault((row.kind, row.field), []).append(row)
    return found


_BY_FIELD = _by_field()

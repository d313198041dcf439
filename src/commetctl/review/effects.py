"""Effects: what each change means for existing customers, looked up in the rows of its kind."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import product

from commetctl.core.change import Change, Create, Delete, Update, halves, is_replaced
from commetctl.core.contract import Contract
from commetctl.core.impact import Effect, When
from commetctl.core.resource import Address
from commetctl.kinds import kind_of
from commetctl.kinds.effects import GONE, NEW, REPLACED, Given, Setting, Way, ways

#: The circumstances of a change, the most specific first; None stands for any.
Circumstances = tuple[Given | None, ...]

_ALONE = Setting()
_UNDOCUMENTED = Effect("", When.UNKNOWN, "what this means for existing customers", "undocumented")


def effects(
    changes: Iterable[Change], contract: Contract, *, switched: bool = False
) -> dict[Address, tuple[Effect, ...]]:
    """The effects of each change, by its address: at least one each.

    `switched` says that Commet has switched to plan versions.
    """
    changes = list(changes)
    created = frozenset(change.address for change in changes if isinstance(change, Create))
    return {change.address: effects_of(change, contract, Setting(created, switched)) for change in changes}


def effects_of(change: Change, contract: Contract, setting: Setting = _ALONE) -> tuple[Effect, ...]:
    """The effects of one change: one for the whole of a new or deleted object, one for each field of an update.

    An object that is replaced has what both together mean and, where customers have it, what each of the two does.
    """
    kind = kind_of(change.address)
    circumstances = (*(kind.givens(change, setting) if kind else ()), None)
    if is_replaced(change):
        return _replaced(change, contract, setting, _found(change, "", (REPLACED,), circumstances, contract))
    match change:
        case Create():
            return (_found(change, "", (NEW,), circumstances, contract),)
        case Delete():
            return (_found(change, "", (GONE,), circumstances, contract),)
        case _:
            return tuple(_found(change, item.path, ways(item), circumstances, contract) for item in change.fields)


def _replaced(change: Update, contract: Contract, setting: Setting, together: Effect) -> tuple[Effect, ...]:
    if not together.counts:
        return (together,)
    parts = zip(halves(change), ("the object that is deleted", "the object that is created again"), strict=True)
    apart = (
        replace(effect, text=f"{effect.text} ({part})")
        for half, part in parts
        for effect in effects_of(half, contract, setting)
    )
    return (*apart, together)


def _found(
    change: Change, path: str, possible: tuple[Way, ...], circumstances: Circumstances, contract: Contract
) -> Effect:
    kind = kind_of(change.address)
    name = path.partition(".")[0]
    rows = [row for row in kind.effects if row.field == name and contract.version in row.versions] if kind else []
    for given, way in product(circumstances, possible):
        for row in rows:
            if row.given is given and row.way is way:
                more = kind.details(change, name) if kind else ""
                return Effect(path, row.when, f"{row.text}; {more}" if more else row.text, row.name, row.counts)
    return Effect(path, _UNDOCUMENTED.when, _UNDOCUMENTED.text, _UNDOCUMENTED.row)

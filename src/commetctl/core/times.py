"""The times that Commet's lists carry, and how long a saved plan can be trusted by them.

Content cannot tell a plan that was never applied from one that was applied and then undone: the account looks the same.
The time of the newest change can, where the API gives one for what the plan changes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from commetctl.core.change import Change, Create

#: The fields of every object that has times (2026-08-27 §2 and §3, 2026-07-11 §3 and §4).
_UPDATED = "updatedAt"
_TIMES = ("createdAt", _UPDATED)
#: Written by users, so a time in it is no evidence.
_METADATA = "metadata"

#: How long a plan is good that changes objects whose list has no times, such as credit packs since 2026-07-24.
UNDATED = timedelta(hours=24)
#: How long a plan is good of which only the time of something else could tell: prices, whose plan has a time that is
#: not documented to move with them, and new objects, which leave nothing behind when they are deleted again.
INDIRECT = timedelta(days=7)


@dataclass(frozen=True)
class Times:
    """When the account was changed last, as far as its lists say.

    `newest` is the newest time of all that was read, in UTC. Every object of a kind in `dated` has a time of its own;
    some object of a kind in `undated`, or the object that it is a part of, has none.
    """

    newest: str | None = None
    dated: frozenset[str] = frozenset()
    undated: frozenset[str] = frozenset()

    def with_rows(self, kinds: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> "Times":
        """These times and those of the rows of one list; `kinds` are what its rows hold, top-level kind first."""
        rows = list(rows)
        if not rows:
            return self
        newest = max(filter(None, (self.newest, *_times(rows))), default=None)
        if all(moment(row.get(_UPDATED)) for row in rows):
            return Times(newest, self.dated | {kinds[0]}, self.undated)
        return Times(newest, self.dated, self.undated | set(kinds))

    def lifetime(self, changes: Iterable[Change]) -> timedelta | None:
        """How long a plan of these changes is good; None where applying it moves a time that is read.

        An object that is updated or deleted and has a time of its own shows it for good: undoing it makes a newer
        time, or an object with another id.
        """
        standing = {change.address.kind for change in changes if not isinstance(change, Create)}
        if standing & (self.dated - self.undated):
            return None
        return UNDATED if standing & self.undated else INDIRECT


def _times(value: Any) -> Iterator[str]:
    """Every time in a value of an answer, written so that the later one is the greater text."""
    if isinstance(value, dict):
        for name, item in value.items():
            if name in _TIMES:
                if found := moment(item):
                    yield found.isoformat(timespec="microseconds")
            elif name != _METADATA and isinstance(item, dict | list):
                yield from _times(item)
    elif isinstance(value, list):
        for item in value:
            yield from _times(item)


def moment(value: Any) -> datetime | None:
    """The moment that a text of an answer stands for, in UTC; None for any other text."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
        return found and (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None

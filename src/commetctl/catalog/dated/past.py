"""Past dates: a change that is due on the day on which it is written, which is rarely meant."""

import posixpath
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from commetctl.catalog.dated.change import Dated, head_in
from commetctl.catalog.dated.head import HEAD
from commetctl.catalog.dated.moments import NOW, said
from commetctl.catalog.document import parse
from commetctl.catalog.problems import problem
from commetctl.catalog.source import Source
from commetctl.core.errors import CommetctlError, Problem
from commetctl.kinds.section import Finding

_HINT = "write `now`, or a date to come"


def dated_in_the_past(changes: Iterable[Dated]) -> list[Dated]:
    """The dated changes that are past by the clock of this machine."""
    now = datetime.now(UTC)
    return [change for change in changes if NOW < change.moment <= now]


def new_in_the_past(changes: Iterable[Dated], environment: str, base: Source, name: str) -> Iterator[Problem]:
    """The problems of changes that are past, and that a `base` called `name` has not, or not with this date.

    Raises CommetctlError where the base cannot be read.
    """
    known = {posixpath.basename(entry.name): entry.source for entry in base.changes()}
    for change in changes:
        there = _moment(known.get(posixpath.basename(change.name)), environment)
        if there == change.moment:
            continue
        has = f"has {said(there)} for this change" if there else "does not have this change"
        path = (HEAD, "effective", *([environment] if change.head.is_by_environment else []))
        message = f"is past, and {name} {has}"
        yield problem(Finding(path, "past_date", message, _HINT), change.part.document)


def _moment(source: Source | None, environment: str) -> datetime | None:
    """The moment of the change in a file; None where there is none."""
    if source is None:
        return None
    try:
        data = parse(source.name, source.content()).data
    except CommetctlError:
        return None
    head = head_in(data) if isinstance(data, dict) else None
    return head.moment(environment) if head else None

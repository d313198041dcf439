"""Conflicts: two changes that say something of the same path at the same moment. Neither can win."""

from collections.abc import Collection, Iterator, Sequence
from itertools import combinations, groupby

from commetctl.catalog.dated.change import Dated
from commetctl.catalog.dated.moments import said
from commetctl.core.errors import Problem
from commetctl.core.values import KeyPath


def conflicts(changes: Sequence[Dated]) -> Iterator[Problem]:
    """A problem for each path that two changes touch at one moment, at its place in the second, with both places."""
    for moment, group in groupby(sorted(changes, key=lambda each: each.order), key=lambda each: each.moment):
        for one, other in combinations(group, 2):
            mine = {path for path, _ in one.leaves()}
            for path, _ in other.leaves():
                if met := meeting(path, mine):
                    when = "at once" if one.is_at_once else f"on {said(moment)}"
                    message = f"`{'.'.join(path)}` changes twice {when}: the first is at {one.origin(met)}"
                    hint = "keep one of them, or give one another date"
                    yield Problem("change_twice", message, hint, other.origin(path), path=".".join(path))


def overruling(change: Dated, others: Sequence[Dated]) -> Iterator[tuple[KeyPath, Dated]]:
    """What of a change that holds now one with a date that is past sets too: the dated one comes after it."""
    if not change.is_at_once:
        return
    for other in others:
        if not other.is_at_once:
            mine = {path for path, _ in other.leaves()}
            yield from ((path, other) for path, _ in change.leaves() if meeting(path, mine))


def meeting(path: KeyPath, others: Collection[KeyPath]) -> KeyPath | None:
    """The path among others that is this one, above it, or below it."""
    for length in range(1, len(path) + 1):
        if path[:length] in others:
            return path[:length]
    return next((other for other in sorted(others) if other[: len(path)] == path), None)

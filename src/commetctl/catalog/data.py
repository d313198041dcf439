"""Documents: the plain data of a file or of several, with the place of every key and value."""

from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any

from commetctl.catalog.ignores import Ignore
from commetctl.core.errors import Problem
from commetctl.core.resource import Origin, Span
from commetctl.core.values import KeyPath


@dataclass
class Document:
    """The data of a file and the place of each part of it; `problems` are those of the YAML as such.

    `broken` are the mappings of which a part could not be read, so that the part is not reported as missing; `bare` are
    the keys and items without a value, each with the text that a comma may have cut there; `unknown` are the values
    that depend on an undefined variable, or that a comma cut. `again` has the path of each key that is repeated, by the
    place of the repetition. `odd` has the place of a space that is none, by the place
    of its value; `own` has the values of the author's own keys, which are not in `data`. `unset` are the variables
    without a value, and `allowed` what is said of them where they may have none. `files` are the files that it was
    assembled from, in the order of reading.
    """

    file: str
    data: Any = None
    keys: dict[KeyPath, Span] = field(default_factory=dict)
    values: dict[KeyPath, Span] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    broken: set[KeyPath] = field(default_factory=set)
    bare: dict[KeyPath, str] = field(default_factory=dict)
    unknown: set[KeyPath] = field(default_factory=set)
    again: dict[Origin, KeyPath] = field(default_factory=dict)
    odd: dict[Origin, Origin] = field(default_factory=dict)
    own: dict[KeyPath, Any] = field(default_factory=dict)
    unset: set[str] = field(default_factory=set)
    allowed: list[Problem] = field(default_factory=list)
    ignores: tuple[Ignore, ...] = ()
    files: tuple[str, ...] = ()

    def copy(self) -> "Document":
        """A copy that can be changed; the values inside `data` are shared."""
        return replace(self, **{name: copy(value) for name, value in vars(self).items()})

    def adopt(self, other: "Document", wanted: Callable[[KeyPath], bool]) -> None:
        """Take over the problems of another document, and the places that are `wanted`."""
        for mine, theirs in ((self.keys, other.keys), (self.values, other.values)):
            mine.update((path, place) for path, place in theirs.items() if path and path not in mine and wanted(path))
        self.problems += other.problems
        self.broken |= other.broken
        self.unknown |= other.unknown
        self.unset |= other.unset
        self.allowed += other.allowed
        self.odd |= other.odd

    def allow_unset(self) -> None:
        """Count variables without a value among what is allowed."""
        self.allowed = [found for found in self.problems if found.code == "undefined_variable"]
        self.problems = [found for found in self.problems if found not in self.allowed]

    def in_order(self, problems: Iterable[Problem]) -> list[Problem]:
        """Problems in the order of the files, and of their lines."""
        ranks = {file: rank for rank, file in enumerate(self.files or (self.file,))}

        def rank(problem: Problem) -> tuple[int, str, int, int]:
            origin = problem.origin
            if origin is None:
                return -1, "", 0, 0
            return ranks.get(origin.file, len(ranks)), origin.file, origin.line, origin.column

        return sorted(problems, key=rank)

    def located(self, problems: Iterable[Problem]) -> list[Problem]:
        """Problems with the path of the key or value at their place, where they have none and it is in this file."""
        problems = tuple(problems)
        if not problems:
            return []
        spans = (self.values, self.keys)
        known = {span.origin: path for found in spans for path, span in reversed(found.items())}
        known |= self.again
        return [
            replace(found, path=self.dotted(known.get(found.origin, ()))) if found.origin and not found.path else found
            for found in problems
        ]

    def dotted(self, path: KeyPath, start: int = 0) -> str:
        """A path as text, from one of its keys on: `terms[1].amounts.eur`."""
        text = ""
        for number in range(start, len(path)):
            part, item = path[number], isinstance(at(self.data, path[:number]), list)
            text += f"[{part}]" if item else f".{part}" if text else part
        return text

    def written(self, path: KeyPath) -> KeyPath:
        """A path, up to the short form that stands for the object in which it ends."""
        held = (length for length in range(1, len(path)) if not isinstance(at(self.data, path[:length]), dict | list))
        short = next(held, len(path))
        return path if at(self.data, path[:short]) is None else path[:short]

    def origin(self, path: KeyPath, *, key: bool = True, odd: bool = False) -> Origin | None:
        """The place of a path, or of the nearest value around it that has one; with `odd`, of an odd space in it."""
        place = self._origin(path, key=key and not odd)
        if not key and isinstance(at(self.data, path), dict | list):
            # What is in lines below its key is shown by its key.
            above = self.keys[path].origin if path in self.keys else None
            place = above if above and place and place.line > above.line else place
        return self.odd.get(place, place) if odd and place else place

    def _origin(self, path: KeyPath, *, key: bool) -> Origin | None:
        first, second = (self.keys, self.values) if key else (self.values, self.keys)
        for length in range(len(path), 0, -1):
            if span := first.get(path[:length]) or second.get(path[:length]):
                return span.origin
        return self.values[()].origin if () in self.values else None


def at(data: Any, path: KeyPath) -> Any:
    """The value at a path of plain data; None where there is none."""
    for part in path:
        if isinstance(data, list) and part.isdecimal() and int(part) < len(data):
            data = data[int(part)]
        else:
            data = data.get(part) if isinstance(data, dict) else None
    return data

"""Assembling a catalog of several files as one document: the included files, the changes that are due, the overlay.

Every part of the document keeps its place, so that a problem points to its file.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property, reduce
from typing import Any

from commetctl.catalog.data import Document, at
from commetctl.catalog.dated.change import Dated, read_changes
from commetctl.catalog.dated.conflicts import conflicts
from commetctl.catalog.dated.head import HEAD
from commetctl.catalog.dated.lock import broken_lock
from commetctl.catalog.overlay import merge
from commetctl.catalog.parts import Part, Reader, misplaced_key, twice
from commetctl.catalog.paths import CHANGES
from commetctl.catalog.settings import INCLUDE, OF_MAIN, version_finding
from commetctl.catalog.source import Source
from commetctl.core.errors import InvalidCatalog, Problem
from commetctl.core.values import KeyPath
from commetctl.kinds import by_name

__all__ = ["Assembly", "Files", "Part", "assemble", "holder", "kept", "read_files"]

_OF_CHANGES = f"it belongs in a file of its own in {CHANGES}/"


@dataclass(frozen=True)
class Assembly:
    """A catalog as one document, and its files: the main one, the included ones, and the overlay, if any.

    `shared` is the data without the overlay. `due` are the changes that it has, in their order.
    """

    document: Document
    parts: tuple[Part, ...]
    overlay: Part | None
    shared: Any
    due: tuple[Dated, ...] = ()


def kept(assembly: Assembly) -> Iterator[tuple[KeyPath, Any, Any]]:
    """Each value of the overlay: its path, the value, and the value without the overlay, or None."""
    if assembly.overlay and isinstance(assembly.overlay.document.data, dict):
        said = {key: value for key, value in assembly.overlay.document.data.items() if key != "version"}
        yield from _values(said, assembly.shared, ())


def holder(assembly: Assembly, path: KeyPath) -> str:
    """The name of the file with the value at a path, overlay aside; the main file where none has it."""
    files = [part for part in assembly.parts if part is not assembly.overlay]
    latest_first = [*(change.part for change in reversed(assembly.due)), *files]
    return next((part.name for part in latest_first if path in part.document.keys), files[0].name)


def _values(data: dict[str, Any], shared: Any, path: KeyPath) -> Iterator[tuple[KeyPath, Any, Any]]:
    for key, value in data.items():
        below = at(shared, (key,))
        if isinstance(value, dict):
            yield from _values(value, below, (*path, key))
        elif value is not None:
            yield (*path, key), value, below


@dataclass(frozen=True)
class Files:
    """The files of a catalog in one environment, from which its document at any moment is made.

    `changes` are those of `changes/` that are ever due in the environment, in their order. `problems` are what is wrong
    with the files as such, whatever the moment.
    """

    main: Part
    included: tuple[Part, ...]
    changes: tuple[Dated, ...]
    overlay: Part | None
    problems: tuple[Problem, ...]

    @property
    def parts(self) -> tuple[Part, ...]:
        """The main file, the included ones, and the overlay, if any."""
        return (self.main, *self.included, *([self.overlay] if self.overlay else []))

    def at(self, moment: datetime) -> Assembly:
        """The document of a moment: with the changes that are due then. Mistakes are among its problems."""
        return self.with_changes(tuple(change for change in self.changes if change.moment <= moment))

    def with_changes(self, due: tuple[Dated, ...]) -> Assembly:
        """The document with some of the changes."""
        document = self._base.copy()
        document.problems = list(document.problems)
        _lay(document, due, self.main.name)
        shared = document.data
        if self.overlay and isinstance(self.overlay.document.data, dict) and isinstance(document.data, dict):
            merge(document, self.overlay.document, self.main.name)
        files = [*self.parts, *(change.part for change in self.changes)]
        document.problems += reduce(lambda found, part: part.document.located(found), files, list(self.problems))
        document.files = tuple(part.name for part in files)
        document.ignores = tuple(ignore for part in files for ignore in part.document.ignores)
        return Assembly(document, self.parts, self.overlay, shared, due)

    @cached_property
    def _base(self) -> Document:
        """The main file with the objects of the included files."""
        document = self.main.document.copy()
        taken: list[Problem] = []
        if isinstance(document.data, dict):
            for part in self.included:
                if isinstance(part.document.data, dict):
                    _add(document, part.document, taken)
        document.problems += taken
        return document

    def before(self, change: Dated) -> Document:
        """What one of the changes is laid over: the document with those before it."""
        document = self._base.copy()
        _lay(document, self.changes[: self.changes.index(change)], self.main.name)
        return document

    def locks(self) -> Iterator[Problem]:
        """Where the lock of a change does not fit what it is laid over."""
        document = self._base.copy()
        for change in self.changes:
            if isinstance(document.data, dict):
                yield from broken_lock(change, document)
                _lay(document, (change,), self.main.name)


def assemble(
    source: Source, environment: str = "", *, allow_unset: bool = False, moment: datetime | None = None
) -> Assembly:
    """Read a catalog with all its files, as it is at a moment, or now; raises what `read_files` raises."""
    files = read_files(source, environment, allow_unset=allow_unset)
    return files.at(moment or datetime.now(UTC))


def read_files(source: Source, environment: str = "", *, allow_unset: bool = False) -> Files:
    """Read all files of a catalog, and the overlay of an environment, if one is named.

    With `allow_unset`, a variable without a value is no mistake, and what depends on it is unknown.

    Raises InvalidCatalog, with the problems of all files, where one is not YAML, and CommetctlError where the main file
    or the overlay is missing.
    """
    reader = Reader(allow_unset=allow_unset)
    content, beside = source.content(), source.overlay(environment) if environment else None
    main = reader.part(source, content)
    included = reader.included(main) if main else ()
    changes = read_changes(reader, source, [part.name for part in included], environment) if main else ()
    overlay = reader.part(beside, beside.content(), overlay=True) if beside else None
    if main is None:
        raise InvalidCatalog(source.name, reader.problems)
    _stop_if_unread(reader, main.document)
    _check(reader, main, included, overlay)
    files = Files(main, included, changes, overlay, ())
    _stop_if_unread(reader, main.document)
    reader.problems += [*conflicts(changes), *files.locks()]
    return replace(files, problems=tuple(reader.problems))


def _check(reader: Reader, main: Part, included: tuple[Part, ...], overlay: Part | None) -> None:
    """Report what is wrong at the top of each file."""
    if isinstance(main.document.data, dict):
        reader.say(main.document, version_finding(main.document.data))
        if HEAD in main.document.data:
            reader.problems.append(misplaced_key(main, HEAD, _OF_CHANGES))
            main.document.data = {key: value for key, value in main.document.data.items() if key != HEAD}
        for part in included:
            reader.check(part, {**dict.fromkeys(OF_MAIN, f"only {main.name} says it"), HEAD: _OF_CHANGES})
    if overlay:
        reader.check(overlay, {INCLUDE: f"it belongs in {main.name}, not in an overlay", HEAD: _OF_CHANGES})


def _stop_if_unread(reader: Reader, document: Document) -> None:
    """Raise InvalidCatalog if a file could not be read, as its objects would seem to be missing."""
    if reader.unread:
        raise InvalidCatalog(document.file, document.in_order([*document.problems, *reader.problems]))


def _lay(document: Document, changes: tuple[Dated, ...], main: str) -> None:
    """Lay changes over a document, which is changed, in this order."""
    for change in changes:
        if isinstance(document.data, dict):
            over = change.part.document
            # What is wrong with the file as such is said once, whether or not it is due.
            merge(document, replace(over, data=change.content, problems=[]), main)


def _add(document: Document, more: Document, problems: list[Problem]) -> None:
    """Add the objects of an included file; an object that is declared twice stays as it was first."""
    taken: list[KeyPath] = []
    for key, value in more.data.items():
        held = document.data.get(key)
        if key in (*OF_MAIN, "version", HEAD):
            continue
        if key not in by_name() or held is None:
            # An unknown key is refused later, at its place.
            document.data = {**document.data, key: value}
        elif isinstance(held, dict) and isinstance(value, dict):
            again = {name for name, entry in value.items() if entry is not None and held.get(name) is not None}
            taken += [(key, name) for name in value if name in again]
            new = {name: entry for name, entry in value.items() if name not in again}
            document.data = {**document.data, key: held | new}
        else:
            wrong = document if not isinstance(held, dict) else more
            message = f"`{key}` must be a mapping of keys to values"
            problems.append(Problem("bad_value", message, "", wrong.origin((key,), key=False)))
    problems += [twice(path, document.origin(path), more.origin(path)) for path in taken]
    document.adopt(more, lambda path: path[:2] not in taken)

"""Assembling a catalog of several files: the included files and the overlay of an environment, as one document.

Every part of the document keeps its place, so that a problem points to its file.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Any

from commetctl.catalog.bare import bare_keys
from commetctl.catalog.data import Document, at
from commetctl.catalog.document import parse
from commetctl.catalog.overlay import merge
from commetctl.catalog.paths import is_overlay
from commetctl.catalog.settings import INCLUDE, OF_MAIN, version_finding
from commetctl.catalog.signs import explained
from commetctl.catalog.source import Source, too_large
from commetctl.core.errors import CommetctlError, InvalidCatalog, Problem
from commetctl.core.files import LARGEST_FILE
from commetctl.core.resource import Origin
from commetctl.core.text import of_field
from commetctl.core.values import KeyPath
from commetctl.kinds import by_name
from commetctl.kinds.section import Finding

#: More files than a catalog needs.
MOST_FILES = 200


@dataclass(frozen=True)
class Part:
    """One file of a catalog, before anything is merged."""

    source: Source
    content: bytes
    document: Document

    @property
    def name(self) -> str:
        """Its name in messages."""
        return self.source.name


@dataclass(frozen=True)
class Assembly:
    """A catalog as one document, and its files: the main one, the included ones, and the overlay, if any.

    `shared` is the data without the overlay.
    """

    document: Document
    parts: tuple[Part, ...]
    overlay: Part | None
    shared: Any


def kept(assembly: Assembly) -> Iterator[tuple[KeyPath, Any, Any]]:
    """Each value of the overlay: its path, the value, and the value without the overlay, or None."""
    if assembly.overlay and isinstance(assembly.overlay.document.data, dict):
        said = {key: value for key, value in assembly.overlay.document.data.items() if key != "version"}
        yield from _values(said, assembly.shared, ())


def holder(assembly: Assembly, path: KeyPath) -> str:
    """The name of the file with the value at a path, overlay aside; the main file where none has it."""
    files = [part for part in assembly.parts if part is not assembly.overlay]
    return next((part.name for part in files if path in part.document.keys), files[0].name)


def _values(data: dict[str, Any], shared: Any, path: KeyPath) -> Iterator[tuple[KeyPath, Any, Any]]:
    for key, value in data.items():
        below = at(shared, (key,))
        if isinstance(value, dict):
            yield from _values(value, below, (*path, key))
        elif value is not None:
            yield (*path, key), value, below


def assemble(source: Source, environment: str = "", *, allow_unset: bool = False) -> Assembly:
    """Read a catalog with all its files, and with the overlay of an environment, if one is named.

    With `allow_unset`, a variable without a value is no mistake, and what depends on it is unknown.

    Mistakes are among the problems of the document. Raises InvalidCatalog, with the problems of all files, where one is
    not YAML, and CommetctlError where the main file or the overlay is missing.
    """
    return _Assembler(allow_unset=allow_unset).assembled(source, environment)


class _Assembler:
    """Collects the files and merges them into one document."""

    def __init__(self, *, allow_unset: bool) -> None:
        self._allow_unset = allow_unset
        self._parts: list[Part] = []
        self._size = 0
        self._spent = Counter[str]()
        self._problems: list[Problem] = []
        self._unread = False

    def assembled(self, source: Source, environment: str) -> Assembly:
        """The whole catalog, with the overlay merged last."""
        content, beside = source.content(), source.overlay(environment) if environment else None
        main = self._part(source, content)
        if main:
            self._parts.append(main)
            self._include(main)
        overlay = self._part(beside, beside.content(), overlay=True) if beside else None
        if main is None:
            raise InvalidCatalog(source.name, self._problems)
        self._stop_if_unread(main.document)
        document = self._merged(main)
        self._stop_if_unread(document)
        shared = document.data
        if overlay:
            self._check(overlay, {INCLUDE}, f"it belongs in {main.name}, not in an overlay")
            if isinstance(overlay.document.data, dict) and isinstance(document.data, dict):
                merge(document, overlay.document, main.name)
        files = [*self._parts, *([overlay] if overlay else [])]
        document.problems += reduce(lambda found, part: part.document.located(found), files, self._problems)
        document.files = tuple(part.name for part in files)
        document.ignores = tuple(ignore for part in files for ignore in part.document.ignores)
        return Assembly(document, tuple(files), overlay, shared)

    def _stop_if_unread(self, document: Document) -> None:
        """Raise InvalidCatalog if a file could not be read, as its objects would seem to be missing."""
        if self._unread:
            raise InvalidCatalog(document.file, document.in_order([*document.problems, *self._problems]))

    def _part(self, source: Source, content: bytes, *, overlay: bool = False) -> Part | None:
        """A file; None if it is not YAML, which is added to the problems."""
        self._size += len(content)
        if self._size > LARGEST_FILE:
            raise too_large(source.name)
        try:
            part = Part(source, content, parse(source.name, content, spent=self._spent))
        except InvalidCatalog as error:
            self._problems += error.problems
            self._unread = True
            return None
        if self._allow_unset:
            part.document.allow_unset()
        part.document.problems += bare_keys(part.document, overlay=overlay)
        return part

    def _include(self, main: Part) -> None:
        """Read the files that the main file includes."""
        for name, origin in self._included(main.document):
            try:
                source = main.source.beside(name)
                if source.name in [part.name for part in self._parts]:
                    raise CommetctlError(f"`{name}` is read already", "remove it from the list")
                if is_overlay(source.name, main.name):
                    hint = "give it another name, or remove it from the list: `--env` lays it over the catalog"
                    raise CommetctlError(f"`{name}` is the overlay of an environment", hint)
                part = self._part(source, source.content())
            except CommetctlError as error:
                if isinstance(error, InvalidCatalog):
                    raise
                hint = error.hint if error.code != "no_file" else "put a file there, or remove it from the list"
                self._problems.append(Problem("bad_include", error.message, hint, origin))
                self._unread = True
                continue
            if part:
                self._parts.append(part)

    def _included(self, document: Document) -> Iterator[tuple[str, Origin | None]]:
        names = document.data.get(INCLUDE) if isinstance(document.data, dict) else None
        if names is None:
            return
        hint = f"write them as a list: `{INCLUDE}: [features.yaml, plans/pro.yaml]`"
        if not isinstance(names, list) or len(names) > MOST_FILES:
            wrong = "must be a list of file names" if not isinstance(names, list) else f"has more than {MOST_FILES}"
            finding = explained(Finding((INCLUDE,), "bad_include", wrong, hint), names)
            origin = document.origin((INCLUDE,), odd=finding.code == "odd_space")
            self._problems.append(Problem(finding.code, of_field(INCLUDE, finding.message), finding.hint, origin))
            return
        for index, name in enumerate(names):
            path = (INCLUDE, str(index))
            if path in document.unknown or path in document.bare:
                # The file that is not known may have whatever seems to be missing.
                document.broken.add(())
                continue
            if isinstance(name, str) and name:
                yield name, document.origin(path, key=False)
            else:
                origin = document.origin(path, key=False)
                self._problems.append(Problem("bad_include", "must be the name of a file", hint, origin))

    def _merged(self, main: Part) -> Document:
        """The main file with the objects of the included files."""
        document = main.document.copy()
        if not isinstance(document.data, dict):
            return document
        self._say(main.document, version_finding(document.data))
        for part in self._parts[1:]:
            self._check(part, set(OF_MAIN), f"only {main.name} says it")
            if isinstance(part.document.data, dict):
                self._add(document, part.document)
        return document

    def _add(self, document: Document, more: Document) -> None:
        """Add the objects of an included file; an object that is declared twice stays as it was first."""
        taken: list[KeyPath] = []
        for key, value in more.data.items():
            held = document.data.get(key)
            if key in OF_MAIN or key == "version":
                continue
            if key not in by_name() or held is None:
                # An unknown key is refused later, at its place.
                document.data[key] = value
            elif isinstance(held, dict) and isinstance(value, dict):
                twice = {name for name, entry in value.items() if entry is not None and held.get(name) is not None}
                taken += [(key, name) for name in value if name in twice]
                document.data[key] = held | {name: entry for name, entry in value.items() if name not in twice}
            else:
                wrong = document if not isinstance(held, dict) else more
                message = f"`{key}` must be a mapping of keys to values"
                self._problems.append(Problem("bad_value", message, "", wrong.origin((key,), key=False)))
        for path in taken:
            message = f"`{path[-1]}` is declared twice: the first is at {document.origin(path)}"
            self._problems.append(Problem("duplicate_key", message, "remove one of them", more.origin(path)))
        document.adopt(more, lambda path: path[:2] not in taken)

    def _check(self, part: Part, misplaced: set[str], why: str) -> None:
        """Report mistakes at the top of a file that is not the main one."""
        data = part.document.data
        if not isinstance(data, dict):
            origin, message = part.document.origin(()), "must be a mapping of keys to values"
            self._problems.append(Problem("not_a_mapping", message, "begin with `version: 1`", origin))
            # The objects that it may have meant to declare must not be reported as missing.
            self._unread = True
            return
        self._problems += [
            Problem("misplaced_key", f"`{key}` cannot be here: {why}", "move it there", part.document.origin((key,)))
            for key in filter(misplaced.__contains__, data)
        ]
        self._say(part.document, version_finding(data))

    def _say(self, document: Document, finding: Finding | None) -> None:
        if finding is None or finding.path in document.bare.keys() | document.unknown:
            return
        origin = document.origin(finding.path, key=finding.code == "missing_key")
        problem = Problem(finding.code, of_field(finding.path[0], finding.message), finding.hint, origin)
        if finding.code == "unknown_version":
            # The rest of such a file may mean anything, so nothing else is reported about it.
            raise InvalidCatalog(document.file, [problem])
        self._problems.append(problem)

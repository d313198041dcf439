"""The files of a catalog, read and not merged yet: the main one, those that it includes, and an overlay."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from commetctl.catalog.bare import bare_keys
from commetctl.catalog.data import Document
from commetctl.catalog.document import parse
from commetctl.catalog.paths import CHANGES, is_change, is_overlay
from commetctl.catalog.settings import INCLUDE, version_finding
from commetctl.catalog.signs import explained
from commetctl.catalog.source import Source, too_large
from commetctl.core.errors import CommetctlError, InvalidCatalog, Problem
from commetctl.core.files import LARGEST_FILE
from commetctl.core.resource import Origin
from commetctl.core.text import of_field
from commetctl.core.values import KeyPath
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


@dataclass
class Reader:
    """Reads the files of one catalog, and collects what is wrong with them.

    `unread` says that a file could not be read, so that its objects would seem to be missing. With `allow_unset`, a
    variable without a value is no mistake.
    """

    allow_unset: bool = False
    problems: list[Problem] = field(default_factory=list)
    unread: bool = False
    _size: int = 0
    _spent: Counter[str] = field(default_factory=Counter)

    def part(self, source: Source, content: bytes, *, overlay: bool = False) -> Part | None:
        """A file; None if it is not YAML, which is added to the problems."""
        self._size += len(content)
        if self._size > LARGEST_FILE:
            raise too_large(source.name)
        try:
            part = Part(source, content, parse(source.name, content, spent=self._spent))
        except InvalidCatalog as error:
            self.problems += error.problems
            self.unread = True
            return None
        if self.allow_unset:
            part.document.allow_unset()
        part.document.problems += bare_keys(part.document, overlay=overlay)
        return part

    def included(self, main: Part) -> tuple[Part, ...]:
        """The files that the main file includes."""
        parts: list[Part] = []
        for name, origin in self._names(main.document):
            try:
                source = main.source.beside(name)
                if source.name in [part.name for part in (main, *parts)]:
                    raise CommetctlError(f"`{name}` is read already", "remove it from the list")
                if is_overlay(source.name, main.name):
                    hint = "give it another name, or remove it from the list: `--env` lays it over the catalog"
                    raise CommetctlError(f"`{name}` is the overlay of an environment", hint)
                if is_change(name):
                    hint = f"move it out of {CHANGES}/, or remove it from the list"
                    raise CommetctlError(f"`{name}` is in the folder of dated changes", hint)
                part = self.part(source, source.content())
            except CommetctlError as error:
                if isinstance(error, InvalidCatalog):
                    raise
                hint = error.hint if error.code != "no_file" else "put a file there, or remove it from the list"
                self.problems.append(Problem("bad_include", error.message, hint, origin))
                self.unread = True
                continue
            if part:
                parts.append(part)
        return tuple(parts)

    def _names(self, document: Document) -> Iterator[tuple[str, Origin | None]]:
        names = document.data.get(INCLUDE) if isinstance(document.data, dict) else None
        if names is None:
            return
        hint = f"write them as a list: `{INCLUDE}: [features.yaml, plans/pro.yaml]`"
        if not isinstance(names, list) or len(names) > MOST_FILES:
            wrong = "must be a list of file names" if not isinstance(names, list) else f"has more than {MOST_FILES}"
            finding = explained(Finding((INCLUDE,), "bad_include", wrong, hint), names)
            origin = document.origin((INCLUDE,), odd=finding.code == "odd_space")
            self.problems.append(Problem(finding.code, of_field(INCLUDE, finding.message), finding.hint, origin))
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
                self.problems.append(Problem("bad_include", "must be the name of a file", hint, origin))

    def check(self, part: Part, misplaced: dict[str, str]) -> None:
        """Report mistakes at the top of a file that is not the main one; `misplaced` are keys, each with the reason."""
        data = part.document.data
        if not isinstance(data, dict):
            origin, message = part.document.origin(()), "must be a mapping of keys to values"
            self.problems.append(Problem("not_a_mapping", message, "begin with `version: 1`", origin))
            # The objects that it may have meant to declare must not be reported as missing.
            self.unread = True
            return
        self.problems += [misplaced_key(part, key, misplaced[key]) for key in filter(misplaced.__contains__, data)]
        self.say(part.document, version_finding(data))

    def say(self, document: Document, finding: Finding | None) -> None:
        """Add what is wrong with the version of a file; raises InvalidCatalog for a later one.

        The rest of such a file may mean anything, so nothing else is reported about it.
        """
        if finding is None or finding.path in document.bare.keys() | document.unknown:
            return
        origin = document.origin(finding.path, key=finding.code == "missing_key")
        found = Problem(finding.code, of_field(finding.path[0], finding.message), finding.hint, origin)
        if finding.code == "unknown_version":
            raise InvalidCatalog(document.file, [found])
        self.problems.append(found)


def misplaced_key(part: Part, key: str, why: str) -> Problem:
    """The problem of a key at the top of a file that belongs into another one."""
    return Problem("misplaced_key", f"`{key}` cannot be here: {why}", "move it there", part.document.origin((key,)))


def twice(key: KeyPath, first: Origin | None, again: Origin | None) -> Problem:
    """The problem of an object that two files declare."""
    message = f"`{key[-1]}` is declared twice: the first is at {first}"
    return Problem("duplicate_key", message, "remove one of them", again)

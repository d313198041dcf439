"""The content of every file of a catalog, to work out what it means once some of them are other ones."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from commetctl.catalog import Catalog
from commetctl.catalog.assembly import Files, read_files
from commetctl.catalog.dated.head import HEAD
from commetctl.catalog.dated.moments import PATTERN
from commetctl.catalog.document import parse
from commetctl.catalog.formatting import formatted, is_formatted
from commetctl.catalog.loading import read
from commetctl.catalog.paths import CHANGES
from commetctl.catalog.source import FileSource, TextSource
from commetctl.core.errors import InvalidCatalog, Refused
from commetctl.usecases.pull.files import File
from commetctl.yamltext import Block, Unfit
from commetctl.yamltext.revising import revise
from commetctl.yamltext.writing import Writer

#: What is wrong with the folder of changes, which no content of a file can mend.
_OF_FOLDER = ("bad_change", "two_catalogs")
_DATED = re.compile(rf"{PATTERN}\Z")
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Contents:
    """The files of a catalog by name, `main` among them, and its environments: the empty one where it has no overlay.

    `before` are the files as they are on this machine.
    """

    main: str
    files: Mapping[str, bytes]
    environments: tuple[str, ...]
    before: Mapping[str, bytes]
    #: The names of the main file and of those that it includes, in their order.
    shared: tuple[str, ...]

    def with_file(self, name: str, content: bytes | None) -> "Contents":
        """The same with another content of a file, or without the file."""
        files = {key: value for key, value in self.files.items() if key != name or content is not None}
        return replace(self, files=files if content is None else {**files, name: content})

    @property
    def source(self) -> TextSource:
        """The main file, with the others beside it."""
        return TextSource(self.main, self.files)

    @property
    def changed(self) -> list[File]:
        """The files to write."""
        found = (File(name, self.before.get(name), content) for name, content in self.files.items())
        return [file for file in found if file.changed]

    @property
    def gone(self) -> list[str]:
        """The files to delete."""
        return [name for name in self.before if name not in self.files]

    def read(self, environment: str) -> Files:
        """The files in an environment; raises InvalidCatalog where one is not YAML."""
        return read_files(self.source, environment, allow_unset=True)

    def catalogs(self, now: datetime | None = None) -> dict[str, Catalog]:
        """The valid catalog in each environment; raises InvalidCatalog."""
        moment = now or datetime.now(UTC)
        return {
            name: read(self.source, environment=name, allow_unset=True, moment=moment) for name in self.environments
        }

    @cached_property
    def folder(self) -> Path:
        """The folder of changes."""
        return Path(self.main).with_name(CHANGES)


def contents_of(main: Path) -> Contents:
    """The files of a catalog on this machine; raises CommetctlError where one cannot be read."""
    source = FileSource(main)
    found = read_files(source, allow_unset=True)
    if wrong := [problem for problem in found.problems if problem.code in _OF_FOLDER]:
        raise InvalidCatalog(str(main), wrong)
    shared = {part.name: part.content for part in found.parts}
    more = [entry.source for entry in source.changes() if entry.source]
    more += [source.overlay(name) for name in source.environments()]
    files = {**shared, **{each.name: each.content() for each in more}}
    return Contents(str(main), files, tuple(source.environments()) or ("",), files, tuple(shared))


def raw(name: str, content: bytes) -> dict[str, Any]:
    """The data of a file with its variables as they are written; raises InvalidCatalog where it is not YAML."""
    data = parse(name, content, {}).data
    return data if isinstance(data, dict) else {}


def rewritten(name: str, content: bytes, wanted: Mapping[str, Any]) -> bytes:
    """The content of a file edited to say what is wanted, comments kept; raises Refused where it cannot be edited."""
    mark = _BOM if content.startswith(_BOM) else b""

    def data(text: str) -> dict[str, Any]:
        try:
            return raw(name, text.encode())
        except InvalidCatalog:
            raise Unfit from None

    try:
        return mark + revise(content.removeprefix(_BOM).decode(), wanted, data, Writer()).encode()
    except Unfit:
        raise Refused(
            f"{name} is written in a way that cannot be edited without changing what it means",
            "write it out without anchors and merges, a key to a line, and try again",
            code="not_editable",
        ) from None


def in_form(file: str, before: bytes, after: bytes) -> bytes:
    """The new content, in form where the old one was."""
    return formatted(file, after) if is_formatted(file, before) else after


class _Dating(Writer):
    """Writes dates and times as people do, without quotes."""

    def scalar(self, value: Any, *, flow: bool = True) -> str:
        """A text, number, boolean or null, on one line."""
        return value if isinstance(value, str) and _DATED.match(value) else super().scalar(value, flow=flow)


def new_text(file: str, head: Mapping[str, Any], content: Mapping[str, Any]) -> bytes:
    """A new file of a change, in form."""
    lines = [*_Dating().entries({"version": 1, HEAD: Block(head)}, 0, ()), *Writer().entries(content, 0, ())]
    return formatted(file, ("\n".join(lines) + "\n").encode())


def patches(files: list[File], gone: list[str], before: Mapping[str, bytes]) -> Iterator[str]:
    """What changes in the texts, as unified diffs."""
    yield from (file.patch() for file in files)
    for name in gone:
        yield File(name, before[name], b"").patch().replace(f"+++ b/{Path(name).as_posix()}", "+++ /dev/null", 1)

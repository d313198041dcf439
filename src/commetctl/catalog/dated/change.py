"""A dated change: one file in `changes/`, with its head and its moment in one environment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commetctl.catalog.data import Document
from commetctl.catalog.dated.head import ANY, HEAD, HeadSpec
from commetctl.catalog.dated.moments import NEVER, NOW
from commetctl.catalog.own import PREFIX
from commetctl.catalog.parts import MOST_FILES, Part, Reader
from commetctl.catalog.paths import CHANGES
from commetctl.catalog.problems import problem
from commetctl.catalog.settings import OF_MAIN
from commetctl.catalog.source import Entry, Source
from commetctl.catalog.validate import validate
from commetctl.core.errors import Problem
from commetctl.core.resource import Origin
from commetctl.core.values import KeyPath
from commetctl.kinds.section import Finding

#: The keys at the top of the file that are no content.
_NO_CONTENT = ("version", HEAD, *OF_MAIN)
_HINT = f"write `{HEAD}: {{effective: 2027-01-01}}` below `version: 1`"


@dataclass(frozen=True)
class Dated:
    """A file in `changes/`; `moment` is from when it holds, NEVER where that is not in this environment."""

    part: Part
    head: HeadSpec
    moment: datetime

    @property
    def name(self) -> str:
        """The name of its file."""
        return self.part.name

    @property
    def content(self) -> dict[str, Any]:
        """What it lays over the catalog."""
        return content_of(self.part)

    @property
    def is_at_once(self) -> bool:
        """Whether it holds without a date, as an edit of the catalog does."""
        return self.moment == NOW

    @property
    def order(self) -> tuple[datetime, str]:
        """By moment, then by name."""
        return self.moment, self.name

    def origin(self, path: KeyPath = (HEAD,)) -> Origin | None:
        """The place of a path of the file."""
        return self.part.document.origin(path)

    def leaves(self) -> Iterator[tuple[KeyPath, Any]]:
        """The paths that it sets or removes, each with the value; an empty mapping counts as a value."""
        return leaves(self.content)


def content_of(part: Part) -> dict[str, Any]:
    """What the file of a change lays over the catalog."""
    data = part.document.data
    said = data.items() if isinstance(data, dict) else ()
    return {key: value for key, value in said if key not in _NO_CONTENT and not key.startswith(PREFIX)}


def read_changes(reader: Reader, main: Source, included: Sequence[str], environment: str) -> tuple[Dated, ...]:
    """The changes of a catalog in an environment, in their order; what is wrong with them is left to the reader."""
    found: list[Dated] = []
    for number, entry in enumerate(main.changes()):
        if not number:
            _check_alone(reader, main, included, entry)
        if number == MOST_FILES:
            many = f"is one of more than {MOST_FILES} changes"
            _add(
                reader,
                Problem("bad_change", many, "move some of them elsewhere, and settle those that are past", _top(entry)),
            )
            break
        if (part := _part(reader, entry)) and (dated := _dated(reader, part, environment)):
            found.append(dated)
    return tuple(sorted((each for each in found if each.moment != NEVER), key=lambda each: each.order))


def _check_alone(reader: Reader, main: Source, included: Sequence[str], first: Entry) -> None:
    """Report another catalog in the folder: the changes would be changes of both."""
    if other := next((name for name in main.rivals() if name not in included), None):
        message = f"is beside two catalogs, {main.name} and {other}, and can be of one only"
        _add(reader, Problem("two_catalogs", message, "give each catalog a folder of its own", _top(first)))


def _top(entry: Entry) -> Origin:
    return Origin(entry.name, 1, 1)


def _add(reader: Reader, *problems: Problem) -> None:
    reader.problems += problems


def _part(reader: Reader, entry: Entry) -> Part | None:
    if entry.source is None:
        hint = f"{CHANGES}/ holds only files of changes: write the file itself there, or move this one elsewhere"
        _add(reader, Problem("bad_change", f"cannot be a change: it {entry.why}", hint, _top(entry)))
        return None
    part = reader.part(entry.source, entry.source.content(), overlay=True)
    if part is None:
        return None
    reader.check(part, dict.fromkeys(OF_MAIN, "a change has a head and objects, and the main file says this"))
    _add(reader, *part.document.located(part.document.problems))
    return part if isinstance(part.document.data, dict) else None


def _dated(reader: Reader, part: Part, environment: str) -> Dated | None:
    """The change of a file; None where its head is wrong or it has no content, which is added to the problems."""
    document = part.document
    head = document.data.get(HEAD)
    if head is None:
        if (HEAD,) not in document.bare:
            said = Finding((HEAD,), "missing_key", "is required: without a date the file is no change", _HINT)
            _add(reader, problem(said, document))
        return None
    shaped = validate(head, HeadSpec, (HEAD,))
    known = (item for item in shaped.findings if not _is_unknown(item.path, document))
    _add(reader, *(problem(finding, document) for finding in known))
    if not content_of(part):
        hint = "write what becomes of the catalog, such as `plans: {pro: {prices: {monthly: {price: 59.00}}}}`"
        _add(
            reader,
            problem(Finding((HEAD,), "empty_change", "has no content: the file has no objects", hint), document),
        )
        return None
    if shaped.spec is None or shaped.findings or not isinstance(shaped.spec, HeadSpec):
        return None
    moment = shaped.spec.moment(environment)
    if moment is None:
        _add(reader, problem(_no_date(shaped.spec, environment), document))
        return None
    return Dated(part, shaped.spec, moment)


def head_in(data: Mapping[str, Any]) -> HeadSpec | None:
    """The head in the data of a file of a change; None where there is none, or it is wrong."""
    spec = validate(data.get(HEAD), HeadSpec, (HEAD,)).spec
    return spec if isinstance(spec, HeadSpec) else None


def _is_unknown(path: KeyPath, document: Document) -> bool:
    """Whether a value is reported already, or depends on a variable that has none, so that it may be right."""
    return any(path[:n] in document.unknown or path[:n] in document.bare for n in range(1, len(path) + 1))


def _no_date(head: HeadSpec, environment: str) -> Finding:
    path = (HEAD, "effective")
    if environment:
        hint = f"add `{environment}: 2027-01-01`, or `{environment}: never`"
        return Finding(path, "no_date", f"has no date for the environment `{environment}`", hint)
    names = [name for name in head.effective if name != ANY]
    listed = ", ".join(f"`{name}`" for name in names)
    hint = "add " + " or ".join(f"`--env {name}`" for name in names)
    return Finding(path, "no_date", f"has dates only for {listed}", hint)


def leaves(data: Mapping[str, Any], path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """The values in nested mappings, each with its path; an empty mapping counts as a value."""
    for key, value in data.items():
        here = (*path, key)
        if isinstance(value, dict) and value:
            yield from leaves(value, here)
        else:
            yield here, value

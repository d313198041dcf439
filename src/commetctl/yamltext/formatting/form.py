"""The form of a whole file, and the proof that it says what it said before."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from ruamel.yaml.error import YAMLError

from commetctl.catalog import document
from commetctl.catalog.document import Document
from commetctl.core.errors import CommetctlError, InvalidCatalog, Problem, Refused
from commetctl.core.resource import Origin
from commetctl.core.values import same
from commetctl.kinds.section import Path
from commetctl.yamltext.formatting.parts import BLANK, Comment, Lines, comments, parts
from commetctl.yamltext.formatting.printing import Printer, squeezed
from commetctl.yamltext.formatting.shapes import WHOLE, Shape, shapes
from commetctl.yamltext.tokens import Layout

_BOM = "\ufeff"
_NEW_LINE = re.compile("\r\n|[\r\n]")
_BEGIN = re.compile(r"^---(?=\s|$)[ \t]*(#[^\n]*)?", re.MULTILINE)
_END = re.compile(r"^\.\.\.(?=\s|$)", re.MULTILINE)
_ROUNDS = 3
#: What is wrong with variables, which have no say in the form.
_VARIABLES = ("undefined_variable", "bad_variable")
_FAILURES = (YAMLError, CommetctlError, ValueError, LookupError, TypeError, AttributeError, StopIteration)


def formatted(name: str, content: bytes) -> bytes:
    """The content of a file that is called `name` in its form.

    Raises InvalidCatalog for what is not right as YAML, and Refused where no form is known to mean the same.
    """
    before = _read(name, content)
    place: Origin | None = None
    # Where something very odd cannot be edited, its lines may still be put in form.
    for edited in (True, False):
        try:
            form = _form(content, edited=edited)
            if form.content == content:
                return content
            again = _settled(form)
            place = _difference(name, before, again.content)
            if place is None and form.remarks == again.remarks:
                return again.content
        except _FAILURES:
            continue
    where = f" near line {place.line}" if place else ""
    raise Refused(
        f"{name} is written in a way that cannot be put in form without changing what it means{where}",
        "write it out without anchors, tags and merges, a key to a line; it was left as it is",
        code="not_formattable",
    )


def _read(name: str, content: bytes) -> Document:
    """The document in a content that is right as YAML."""
    # Without an environment, variables are the text that they are.
    found = document.parse(name, content, {})
    problems = [problem for problem in found.problems if problem.code not in _VARIABLES]
    if not isinstance(found.data, dict):
        origin = found.origin(())
        hint = "begin with `version: 1`"
        problems.append(Problem("not_a_mapping", "must be a mapping of keys to values", hint, origin))
    if problems:
        raise InvalidCatalog(name, problems)
    return found


@dataclass(frozen=True)
class _Form:
    """The form of a text, and the comments that the text had."""

    content: bytes
    remarks: Counter[str]


def _settled(form: _Form) -> _Form:
    """The form of a form: the same, unless an entry that went to the top left its blank line behind.

    Raises ValueError where there is none.
    """
    for _ in range(_ROUNDS):
        again = _form(form.content)
        if again.content == form.content:
            return again
        form = again
    raise ValueError


def _form(content: bytes, *, edited: bool = True) -> _Form:
    text = content.decode()
    mark = _BOM if text.startswith(_BOM) else ""
    found = _NEW_LINE.search(text)
    newline = found.group() if found else "\n"
    layout = Layout(_NEW_LINE.sub("\n", text[len(mark) :]))
    remarks = comments(layout)
    made = "".join(line + newline for line in _lines(layout, remarks, edited=edited))
    return _Form((mark + made).encode(), Counter(comment.text for comment in remarks))


def _lines(layout: Layout, remarks: list[Comment], *, edited: bool) -> list[str]:
    text = layout.text
    begin = next((found.end() for found in _BEGIN.finditer(text, 0, layout.root.start)), 0)
    end = next((found.start() for found in _END.finditer(text, layout.root.end)), len(text))
    root = parts(layout, [comment for comment in remarks if begin <= comment.at < end], begin)
    made = Printer(text, layout.root, shapes(layout.root), edited=edited).document(root)
    return [*_outside(text[:begin]), *made, *_outside(text[end:])]


def _outside(text: str) -> list[str]:
    """What is before or after the document: directives, markers and comments."""
    lines: Lines = [line.rstrip() or BLANK for line in text.split("\n")]
    return squeezed(lines)


def _difference(name: str, before: Document, after: bytes) -> Origin | None:
    """A place where two contents do not say the same; None where there is none."""
    again = _read(name, after)
    for path in _unlike(before.data, again.data, WHOLE, ()):
        return before.origin(path)
    for path in before.bare.keys() ^ again.bare.keys():
        return before.origin(path)
    return Origin(name, 1, 1) if _ignores(before) != _ignores(again) else None


def _ignores(read: Document) -> Counter[Any]:
    return Counter((found.codes, found.reason, frozenset(found.paths)) for found in read.ignores)


def _unlike(one: Any, other: Any, shape: Shape, path: Path) -> Iterator[Path]:
    """Where two values differ but in how a number is written, or in the order of keys that has none of its own."""
    if isinstance(one, dict) and isinstance(other, dict):
        ordered = shape.item is not None and shape.keys != "interval"
        for key in one.keys() & other.keys():
            yield from _unlike(one[key], other[key], shape.child(key), (*path, key))
        if one.keys() != other.keys() or (ordered and list(one) != list(other)) or not _alike(one, other, shape.spec):
            yield path
    elif isinstance(one, list) and isinstance(other, list):
        if len(one) != len(other):
            yield path
        for number, (first, second) in enumerate(zip(one, other, strict=False)):
            yield from _unlike(first, second, shape.child(""), (*path, str(number)))
    elif type(one) is not type(other) or not same(one, other):
        texts = [shape.amount(str(value)) for value in (one, other)]
        if texts[0] is None or texts[0] != texts[1]:
            yield path


def _alike(one: Any, other: Any, spec: type[BaseModel] | None) -> bool:
    """Whether two entries are the same object to its model."""
    return spec is None or _modelled(one, spec) == _modelled(other, spec)


def _modelled(value: Any, spec: type[BaseModel]) -> BaseModel | None:
    try:
        return spec.model_validate(value)
    except ValidationError:
        return None

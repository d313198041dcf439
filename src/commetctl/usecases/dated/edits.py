"""Edits: what a change lays over the catalog, as words of the command line say it, or as files were edited."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from commetctl.catalog.assembly import read_files
from commetctl.catalog.dated.patches import patch_between
from commetctl.catalog.document import parse
from commetctl.catalog.parts import Part
from commetctl.catalog.settings import known
from commetctl.catalog.source import FileSource, Source
from commetctl.core.errors import CommetctlError, InvalidCatalog, Refused
from commetctl.core.text import listed, nearest
from commetctl.core.values import KeyPath, same
from commetctl.kinds import by_name
from commetctl.usecases.dated.contents import in_form, raw, rewritten

_PART = re.compile(r'"(?P<quoted>[^"]+)"|(?P<plain>[^."]+)')
_FORM = "write `PATH=VALUE`, such as `plans.pro.prices.monthly.price=59.00`; `null` removes"
#: Problems of a value that are none as long as its variables are not replaced.
_VARIABLES = ("undefined_variable", "bad_variable")
_NULLS = ("null", "~")


class Misworded(Exception):
    """A word of the command line is wrong; the message says how it is written."""


def of_words(words: Iterable[str]) -> dict[str, Any]:
    """The edits that words such as `plans.pro.name=Pro` say; raises Misworded for any other word."""
    found: dict[str, Any] = {}
    for word in words:
        name, equals, text = word.partition("=")
        path = _path(name.strip())
        if not equals or len(path) < 2:
            raise _wrong(f"`{word}` is not a path and a value")
        if path[0] not in by_name():
            near = nearest(path[0], by_name())
            raise _wrong(f"`{path[0]}` is not a section" + (f", did you mean `{near}`?" if near else ""))
        inside = found
        for part in path[:-1]:
            inside = inside.setdefault(part, {})
            if not isinstance(inside, dict):
                raise _wrong(f"`{name}` is inside of a value that is set too")
        if path[-1] in inside:
            raise _wrong(f"`{name}` is set twice")
        inside[path[-1]] = _value(text.strip(), word)
    return found


def check_known(content: Mapping[str, Any], data: Mapping[str, Any]) -> None:
    """Raise CommetctlError for edits of an object that the catalog does not have, and that are too few to add it."""
    for section, entries in content.items():
        held, spec = data.get(section) or {}, by_name()[section].spec
        needed = [name for name, field in spec.model_fields.items() if field.is_required()]
        for key, entry in entries.items() if isinstance(entries, Mapping) else ():
            near = nearest(key, held)
            if near and key not in held and isinstance(entry, Mapping) and any(name not in entry for name in needed):
                raise CommetctlError(
                    f"there is no `{key}` under `{section}`, did you mean `{near}`?",
                    f"to add it, set {listed([f'`{name}`' for name in needed])} too",
                    code="not_schedulable",
                )


def _path(name: str) -> KeyPath:
    parts: list[str] = []
    at = 0
    while found := _PART.match(name, at):
        parts.append(found["quoted"] or found["plain"])
        at = found.end() + 1
        if name[found.end() : at] not in (".", ""):
            return ()
    return tuple(parts) if at == len(name) + 1 else ()


def _value(text: str, word: str) -> Any:
    """The value of a text in YAML, with variables as they are written."""
    if not text:
        raise _wrong(f"`{word}` has no value")
    try:
        document = parse("value", f"x: {text}\n".encode(), {})
    except InvalidCatalog:
        raise _wrong(f"the value of `{word}` is not YAML") from None
    wrong = [problem for problem in document.problems if problem.code not in _VARIABLES]
    if wrong or not isinstance(document.data, dict) or list(document.data) != ["x"]:
        raise _wrong(f"the value of `{word}` is not one value of YAML")
    value = document.data["x"]
    if (value is None and text not in _NULLS) or _has_comment(text):
        raise _wrong(f"the value of `{word}` has a comment: quote a value with `#`")
    return value


def _has_comment(text: str) -> bool:
    """Whether the end of a text is a comment: nothing that follows is read."""
    if "#" not in text:
        return False
    try:
        parse("value", f"x: [{text} ]\n".encode(), {})
    except InvalidCatalog:
        return True
    return False


def _wrong(message: str) -> Misworded:
    return Misworded(f"{message}: {_FORM}")


def of_files(main: Path, base: Source, named: str) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The edits that were made to the files of a catalog since a base, and the edited files without them.

    Raises CommetctlError where there are none, and where something else than objects was edited.
    """
    then = read_files(base, allow_unset=True)
    now = read_files(FileSource(main), allow_unset=True)
    pairs = [
        (raw(one.name, one.content), raw(other.name, other.content))
        for one, other in zip((then.main, *then.included), (now.main, *now.included), strict=False)
    ]
    for key in (key for key in known() if key not in by_name()):
        if not same(pairs[0][0].get(key), pairs[0][1].get(key)):
            raise CommetctlError(
                f"`{key}` was edited too, and a change can edit objects only",
                "commit that edit by itself first",
                code="not_schedulable",
            )
    old, new = _joined(one for one, _ in pairs), _joined(other for _, other in pairs)
    content = patch_between((), old, new)
    if not content:
        raise CommetctlError(
            f"no object differs from {named}, so there is nothing to schedule",
            f"edit {main}, and run this again; or give `--set`",
            code="not_schedulable",
        )
    there = zip((now.main, *now.included), (then.main, *then.included), pairs, strict=False)
    return content, {
        mine.name: _taken_back(mine, theirs, one) for mine, theirs, (one, other) in there if not same(one, other)
    }


def _taken_back(mine: Part, theirs: Part, wanted: Mapping[str, Any]) -> bytes:
    """A file without its edits, other comments than there kept; the file there where that is not possible."""
    try:
        return in_form(mine.name, mine.content, rewritten(mine.name, mine.content, wanted))
    except Refused:
        return theirs.content


def _joined(files: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The objects of several files, by section."""
    found: dict[str, Any] = {}
    for data in files:
        for section in (section for section in by_name() if data.get(section) is not None):
            held = data[section]
            if not isinstance(held, dict):
                raise CommetctlError(f"`{section}` must be a mapping", "", code="not_schedulable")
            found[section] = {**found.get(section, {}), **held}
    return found

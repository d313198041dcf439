"""The syntax of YAML: from the bytes of a file to its nodes and scalars, with mistakes in words."""

import codecs
import re
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import Event
from ruamel.yaml.nodes import Node
from ruamel.yaml.reader import ReaderError

from commetctl.catalog.ignores import MARK
from commetctl.catalog.signs import cause, conflicts, strangers
from commetctl.catalog.slips import slip, word_end
from commetctl.catalog.source import DEEPEST, too_large
from commetctl.catalog.variables import PREFIX, used
from commetctl.core.errors import InvalidCatalog, Problem
from commetctl.core.files import LARGEST_FILE
from commetctl.core.lines import Lines
from commetctl.core.resource import Origin
from commetctl.kinds.scalars import number
from commetctl.yamltext import parsing
from commetctl.yamltext.directives import masked
from commetctl.yamltext.sites import STUMBLES, TAG

TOO_DEEP = f"is nested more than {DEEPEST} levels deep"
#: The tags of YAML's own types.
TAGS = frozenset(TAG + name for name in ("str", "timestamp", "int", "float", "bool", "null", "map", "seq", "merge"))
_BOOLEANS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
#: Tags with which other tools refer to values from elsewhere.
_OF_TEMPLATES = frozenset({"ref", "sub", "getatt", "env", "env_var", "var", "secret", "vault", "reference"})
#: The largest text whose nodes are kept. Those of a large one take much memory.
_SMALL = 16 * 1024
_SURROGATE = re.compile("[\ud800-\udfff]")


class Composed(NamedTuple):
    """A text as nodes, not constructed into objects. Nothing changes them: the same text is read once.

    The root is None where there is no node. The events of the parser are there if the text may have comments that
    matter, or aliases.
    """

    root: Node | None
    events: list[Event]


def composed(text: str, name: str) -> Composed:
    """The nodes of a text that is called `name`; raises InvalidCatalog.

    Composing takes most of the time of reading, and a command that writes a file reads it several times.
    """
    try:
        return _kept(text) if len(text) <= _SMALL else _composed(text)
    except InvalidCatalog as error:
        raise InvalidCatalog(name, [_in_file(name, problem) for problem in error.problems]) from None


def _in_file(name: str, problem: Problem) -> Problem:
    return replace(problem, origin=replace(problem.origin, file=name) if problem.origin else None)


def _composed(text: str) -> Composed:
    """The same, whatever the file is called."""
    name = ""
    if found := list(strangers(text, name)):
        raise InvalidCatalog(name, found)
    # Comments that matter, and aliases, are found by the events.
    needs_events = MARK in text or "*" in text
    if root := parsing.root(text, DEEPEST + 1):
        found_events = parsing.events(text) if needs_events else []
        if found_events is not None:
            return Composed(root, found_events)
    return _composed_in_python(text, needs_events=needs_events)


def _composed_in_python(text: str, *, needs_events: bool) -> Composed:
    name = ""
    composer = YAML(typ="safe", pure=True)
    composer.max_depth = DEEPEST + 1
    composer.composer.warn_double_anchors = False
    events: list[Event] = []
    try:
        constructor, parser = composer.get_constructor_parser(masked(text))
        next_event = parser.get_event

        def noted() -> Event:
            events.append(next_event())
            return events[-1]

        if needs_events:
            # So that the text is not parsed again for them.
            parser.get_event = noted
        root: Node | None = constructor.composer.get_single_node()
    except RecursionError:
        raise invalid(name, "too_deep", TOO_DEEP) from None
    except (MarkedYAMLError, ReaderError, YAMLError) as error:
        raise InvalidCatalog(name, _syntax(name, text, error)) from None
    except STUMBLES:
        raise InvalidCatalog(name, [_stumbled(name, text, int(composer.reader.index))]) from None
    return Composed(root, events)


_kept = lru_cache(maxsize=32)(_composed)


def _stumbled(name: str, text: str, index: int) -> Problem:
    """The problem of a text over which the parser stumbles at an index."""
    lines = Lines(text)
    line = lines.line(lines.place(index)[0])
    if line.startswith("%"):
        start = lines.start(lines.place(index)[0])
        hint = "put it above the first `---`, or remove it"
        origin = Origin.at(name, lines, start, start + len(line.rstrip()))
        return cause(text, name, index) or Problem("yaml_directive", "a directive is not allowed here", hint, origin)
    return cause(text, name, index) or Problem("yaml_syntax", "is not YAML", "", Origin.at(name, lines, index))


def decoded(content: bytes, name: str) -> str:
    """The text of a file; raises InvalidCatalog if it is too large or not UTF-8."""
    if len(content) > LARGEST_FILE:
        raise too_large(name)
    if encoding := _encoding(content[:4]):
        raise invalid(name, "not_utf8", f"is {encoding} text, and a catalog is UTF-8", "save the file as UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # Counted in characters, and without a byte order mark.
        lines = Lines(error.object.decode(errors="replace"))
        place = Origin.at(name, lines, len(error.object[: error.start].decode()))
        problem = Problem("not_utf8", "is not UTF-8 text", "save the file as UTF-8", place)
        raise InvalidCatalog(name, [problem]) from None


def _encoding(start: bytes) -> str:
    """Another encoding of Unicode, by the first four bytes of a file; empty where they may be UTF-8."""
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "UTF-32"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "UTF-16"
    # Where the first characters are of ASCII, the other bytes of each are zero.
    zeros = bytes(min(byte, 1) for byte in start)
    return {b"\0\0\0\1": "UTF-32", b"\1\0\0\0": "UTF-32", b"\0\1\0\1": "UTF-16", b"\1\0\1\0": "UTF-16"}.get(zeros, "")


def invalid(name: str, code: str, message: str, hint: str = "") -> InvalidCatalog:
    """The error for a file as a whole."""
    return InvalidCatalog(name, [Problem(code, message, hint, Origin(name, 1, 1))])


def _syntax(name: str, text: str, error: YAMLError | ReaderError) -> list[Problem]:
    if found := list(conflicts(text, name)):
        return found
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    what = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "is not YAML")
    if isinstance(error, ReaderError):
        what = f"the character {_codepoint(error.character)} is not allowed in YAML"
        place = Origin.at(name, Lines(text), error.position, error.position + 1)
        return [Problem("yaml_syntax", what, "remove it", place)]
    if mark is None:
        return [Problem("yaml_syntax", what, "", Origin(name, 1, 1))]
    if "maximum depth" in what:
        return [Problem("too_deep", TOO_DEEP, "", Origin.at(name, Lines(text), mark.index))]
    made = slip(error, text, name) if isinstance(error, MarkedYAMLError) else None
    return [cause(text, name, mark.index) or made or _at_mark(name, text, mark.index, what)]


def _at_mark(name: str, text: str, index: int, what: str) -> Problem:
    """The problem that the parser found at an index."""
    lines = Lines(text)
    line, column = lines.place(index)
    row = lines.line(line)
    if "'\\t'" in what:
        indents = not row[: column - 1].strip(" \t-?")
        what, hint = (
            "a tab cannot be used for indentation in YAML" if indents else "a tab is not allowed here",
            "use spaces",
        )
    elif "document end marker" in what:
        what, hint = (
            "the file continues after `...`, which ends a YAML document",
            "remove the `...`, or the text after it",
        )
    elif "another document" in what:
        what, hint = "the file has more than one YAML document", "remove the `---` line and the text after it"
    elif used(row):
        hint = "put a variable between braces in quotes"
    else:
        hint = next((hint for part, hint in _HINTS.items() if part in what), "")
    return Problem("yaml_syntax", what, hint, Origin.at(name, lines, index, word_end(text, index)))


#: What to do, by a part of the parser's message.
_HINTS = {
    "'%'": "put text that begins with `%` in quotes; a directive must be above the first `---`",
    "tag handle": "remove the tag, which has no meaning in a catalog",
    "undefined alias": "write its anchor, `&` and the name, above it in the same file",
    "mapping values": "put text that contains `: ` in quotes",
}


def _codepoint(character: object) -> str:
    return f"U+{ord(character) if isinstance(character, str) else int(str(character)):04X}"


def tag_hint(tag: str) -> str:
    """What to write in place of a tag with which other tools take a value from elsewhere; empty for any other."""
    name = tag.strip("!").lower()
    if "include" in name or "import" in name:
        return "remove it; to read another file, list it under `include:` in the main file"
    if name in _OF_TEMPLATES:
        return (
            f"remove it; for a value from the environment, write `${{{PREFIX}name}}`, and for a value in this "
            "file, an alias"
        )
    return ""


def whole(text: str) -> str:
    """The text without halves of surrogate pairs, which cannot be encoded."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def scalar(text: str, tag: str) -> Any:
    """A scalar by its tag; a text that does not fit its tag stays text, to be refused at its place."""
    kind = tag.removeprefix(TAG)
    if kind == "null" and text.lower() in ("", "~", "null"):
        return None
    if kind == "bool" and text.lower() in _BOOLEANS:
        return _BOOLEANS[text.lower()]
    return number(text) if kind in ("int", "float") else text

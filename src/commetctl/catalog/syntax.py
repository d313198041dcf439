"""The syntax of YAML: from the bytes of a file to its nodes and scalars, with mistakes in words.

Between braces, a comma in a number makes a key: `{eur: 45,90}` is `eur: 45` to YAML, and a key `90` without a value.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import Event
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode
from ruamel.yaml.reader import ReaderError

from commetctl.catalog.ignores import MARK
from commetctl.catalog.source import too_large
from commetctl.catalog.variables import used
from commetctl.core.errors import InvalidCatalog, Problem
from commetctl.core.files import LARGEST_FILE
from commetctl.core.resource import Origin
from commetctl.core.text import comma_hint
from commetctl.kinds.scalars import number
from commetctl.yamltext.sites import STUMBLES, TAG

DEEPEST = 24
TOO_DEEP = f"is nested more than {DEEPEST} levels deep"
#: The tags of YAML's own types.
TAGS = frozenset(TAG + name for name in ("str", "timestamp", "int", "float", "bool", "null", "map", "seq", "merge"))
_BOOLEANS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_SURROGATE = re.compile("[\ud800-\udfff]")


def composed(composer: YAML, text: str, name: str) -> tuple[Node | None, list[Event]]:
    """The root node of a text, composed and not constructed, or None; raises InvalidCatalog.

    With it come the events of the parser, if the text may have comments that matter.
    """
    composer.max_depth = DEEPEST + 1
    composer.composer.warn_double_anchors = False
    events: list[Event] = []
    try:
        constructor, parser = composer.get_constructor_parser(text)
        next_event = parser.get_event

        def noted() -> Event:
            events.append(next_event())
            return events[-1]

        if MARK in text:
            # Parsing takes most of the time of reading, so it is not done again for the comments.
            parser.get_event = noted
        root: Node | None = constructor.composer.get_single_node()
    except RecursionError:
        raise invalid(name, "too_deep", TOO_DEEP) from None
    except (MarkedYAMLError, ReaderError, YAMLError) as error:
        raise InvalidCatalog(name, [_syntax(name, text, error)]) from None
    except STUMBLES:
        origin = Origin(name, composer.reader.line + 1, composer.reader.column + 1)
        raise InvalidCatalog(name, [Problem("yaml_syntax", "is not YAML", "", origin)]) from None
    return root, events


def decoded(content: bytes, name: str) -> str:
    """The text of a file; raises InvalidCatalog if it is too large or not UTF-8."""
    if len(content) > LARGEST_FILE:
        raise too_large(name)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        problem = Problem("not_utf8", "is not UTF-8 text", "save the file as UTF-8", Origin(name, line, column))
        raise InvalidCatalog(name, [problem]) from None


def invalid(name: str, code: str, message: str, hint: str = "") -> InvalidCatalog:
    """The error for a file as a whole."""
    return InvalidCatalog(name, [Problem(code, message, hint, Origin(name, 1, 1))])


def _syntax(name: str, text: str, error: YAMLError | ReaderError) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    origin = Origin(name, mark.line + 1, mark.column + 1) if mark else Origin(name, 1, 1)
    what = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "is not YAML")
    hint = ""
    if isinstance(error, ReaderError):
        before = text[: error.position]
        origin = Origin(name, before.count("\n") + 1, len(before) - before.rfind("\n"))
        what, hint = f"the character {_codepoint(error.character)} is not allowed in YAML", "remove it"
    elif "maximum depth" in what:
        return Problem("too_deep", TOO_DEEP, "", origin)
    elif "'\\t'" in what:
        what, hint = "a tab cannot indent YAML", "use spaces"
    elif "another document" in what:
        what, hint = "the file holds more than one YAML document", "remove the `---` line and what follows"
    elif mark and used("".join(text.splitlines()[mark.line : mark.line + 1])):
        hint = "put a variable that stands between braces in quotes"
    elif "mapping values" in what:
        hint = "put text that contains `: ` in quotes"
    return Problem("yaml_syntax", what, hint, origin)


def _codepoint(character: object) -> str:
    return f"U+{ord(character) if isinstance(character, str) else int(str(character)):04X}"


def whole(text: str) -> str:
    """The text without halves of surrogate pairs, which cannot be encoded."""
    return _SURROGATE.sub("\ufffd", text)


def scalar(text: str, tag: str) -> Any:
    """A scalar by its tag; a text that does not fit its tag stays text, to be refused at its place."""
    kind = tag.removeprefix(TAG)
    if kind == "null" and text.lower() in ("", "~", "null"):
        return None
    if kind == "bool" and text.lower() in _BOOLEANS:
        return _BOOLEANS[text.lower()]
    return number(text) if kind in ("int", "float") else text


_BEGIN = re.compile(r"[$€£¥]? ?-?[0-9][0-9.]*")
_GO_ON = re.compile(r"[0-9][0-9.]*( ?%| ?[$€£¥]| ?[A-Za-z]{3})?")
#: A key made by a comma alone: an author who means a key writes a colon.
_CUT_OFF = re.compile(r"[^:]+")

Pair = tuple[Node, Node]


@dataclass(frozen=True)
class Comma:
    """A number cut by a comma: the value before the first comma, and the text of the whole number."""

    value: ScalarNode
    text: str

    @property
    def message(self) -> str:
        """What is wrong with it."""
        return f"`{self.text}` has a comma: between braces, what follows it is a key with nothing after it"

    @property
    def hint(self) -> str:
        """What to write instead."""
        last = self.text.rpartition(",")[2]
        return f"{comma_hint(self.text) or 'write digits with at most one point'}; or write a value after `{last}:`"


def is_bare(node: Node) -> bool:
    """Whether there is no value where one should be."""
    return isinstance(node, ScalarNode) and not (node.value or node.style)


def without_commas(node: MappingNode) -> tuple[Sequence[Pair], list[Comma]]:
    """The keys and values of a mapping without those made by a comma in a number, and these numbers."""
    if not node.flow_style:
        return node.value, []
    pairs: list[Pair] = []
    commas: list[Comma] = []
    before: Comma | None = None
    for key, value in node.value:
        if before and is_bare(value) and _is_plain(key, _GO_ON):
            before = Comma(before.value, f"{before.text},{key.value}")
            if commas and commas[-1].value is before.value:
                commas.pop()
            commas.append(before)
            continue
        pairs.append((key, value))
        before = Comma(value, str(value.value)) if isinstance(value, ScalarNode) and _is_plain(value, _BEGIN) else None
    return pairs, commas


def cut_texts(node: MappingNode) -> dict[str, str]:
    """The keys between braces that a comma may have cut off from the value before, each with the text of both."""
    pairs = node.value if node.flow_style else []
    found: dict[str, str] = {}
    for (_, before), (key, value) in pairwise(pairs):
        # A word after a number is a key of its own.
        goes_on = isinstance(before, ScalarNode) and (_is_word(before) or not _is_word(key))
        cut_off = is_bare(value) and not is_bare(before) and not _has_colon(key)
        if goes_on and cut_off and _is_plain(key, _CUT_OFF):
            found[str(key.value)] = f"{before.value}{', ' if _is_word(before) else ','}{key.value}"
    return found


def _has_colon(key: Node) -> bool:
    """Whether a colon stands after a key, so that it is meant as one."""
    text, after = getattr(key.end_mark, "buffer", None), getattr(key.end_mark, "pointer", 0)
    return isinstance(text, str) and text[after : after + 100].lstrip(" ").startswith(":")


def _is_word(node: Node) -> bool:
    text = str(node.value)
    return text[:1].isalpha() and not text[-1:].isdigit()


def _is_plain(node: Node, pattern: re.Pattern[str]) -> bool:
    return isinstance(node, ScalarNode) and not node.style and pattern.fullmatch(str(node.value)) is not None

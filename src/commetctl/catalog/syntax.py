"""The syntax of YAML: from the bytes of a file to its nodes and scalars, or what is wrong with it in words."""

import re
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import Node
from ruamel.yaml.reader import ReaderError

from commetctl.catalog.source import LARGEST_FILE, too_large
from commetctl.catalog.variables import used
from commetctl.core.errors import InvalidCatalog, Problem
from commetctl.core.resource import Origin
from commetctl.kinds.values import number
from commetctl.yamltext.sites import STUMBLES, TAG

DEEPEST = 24
TOO_DEEP = f"is nested more than {DEEPEST} levels deep"
#: The tags of YAML's own types.
TAGS = frozenset(TAG + name for name in ("str", "timestamp", "int", "float", "bool", "null", "map", "seq", "merge"))
_BOOLEANS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_SURROGATE = re.compile("[\ud800-\udfff]")


def composed(composer: YAML, text: str, name: str) -> Node | None:
    """The root node of a text, composed and not constructed; None for one without any. Raises InvalidCatalog."""
    composer.max_depth = DEEPEST + 1
    composer.composer.warn_double_anchors = False
    try:
        root: Node | None = composer.get_constructor_parser(text)[0].composer.get_single_node()
    except RecursionError:
        raise invalid(name, "too_deep", TOO_DEEP) from None
    except (MarkedYAMLError, ReaderError, YAMLError) as error:
        raise InvalidCatalog(name, [_syntax(name, text, error)]) from None
    except STUMBLES:
        origin = Origin(name, composer.reader.line + 1, composer.reader.column + 1)
        raise InvalidCatalog(name, [Problem("yaml_syntax", "is not YAML", "", origin)]) from None
    return root


def decoded(content: bytes, name: str) -> str:
    """The text in the bytes of a file; raises InvalidCatalog where there are too many, or it is not UTF-8."""
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
    """The text without halves of surrogate pairs, which are reported and which not everything can handle."""
    return _SURROGATE.sub("\ufffd", text)


def scalar(text: str, tag: str) -> Any:
    """A scalar by its tag; text that is not what its tag says stays text, to be refused where it stands."""
    kind = tag.removeprefix(TAG)
    if kind == "null" and text.lower() in ("", "~", "null"):
        return None
    if kind == "bool" and text.lower() in _BOOLEANS:
        return _BOOLEANS[text.lower()]
    return number(text) if kind in ("int", "float") else text

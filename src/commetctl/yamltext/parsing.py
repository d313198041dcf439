"""Parsing in a fifth of the time: the parser of ruamel.yaml in C, wherever it reads a text as the one in Python does.

The two differ at the edges of YAML. A text with such an edge, or with a mistake, is left to the parser in Python, so
that nodes, places and messages do not depend on which parser is installed. `tests/yamltext/test_parsing.py` compares
them.
"""

import re
from collections.abc import Callable
from types import ModuleType
from typing import Any

from ruamel.yaml.events import Event
from ruamel.yaml.nodes import MappingNode

compiled: ModuleType | None
try:
    from commetctl.yamltext import compiled
except ImportError:
    # There is no wheel for this platform.
    compiled = None

#: What the two parsers read, or place, differently. Each pattern begins with a set of characters, which is found fast.
_EDGES = tuple(
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        # Tabs, and characters that end a line, or mark the order of bytes, to one of the two.
        "[\t\x85\u2028\u2029\ufeff]",
        # Directives and ends of documents.
        r"^%|^\.\.\.",
        # A comment behind the sign of a text in lines of its own.
        r"[|>][-+0-9]* *#",
        # Where a node begins: a tag, a key behind a question mark, an unusual name of an anchor.
        r"[!?&*](?<![^\s\[{,:][!?&*])(?:(?<=!)|(?<=\?)(?=\s|$)|(?<=[&*])(?![A-Za-z0-9_-]+(?:\s|$|[,\]}])))",
    )
)


def root(text: str, deepest: int) -> MappingNode | None:
    """The node of a text, nested `deepest` levels at most; None where the parser in Python has to read it."""
    found = _read(text, deepest, lambda composer: composer.get_single_node())
    # Where the whole text is a scalar, the two see its end elsewhere.
    return found if isinstance(found, MappingNode) else None


def events(text: str) -> list[Event] | None:
    """The events of a text; None where the parser in Python has to read it."""
    found: list[Event] | None = _read(text, 0, lambda composer: composer.events())
    return found


def _read(text: str, deepest: int, work: Callable[[Any], Any]) -> Any:
    if compiled is None or any(edge.search(text) for edge in _EDGES):
        return None
    try:
        return work(compiled.Composer(text, deepest))
    except Exception:
        # Whatever it is, the parser in Python has the words for it.
        return None

"""Scalars of YAML: which tags are known, and what a text stands for under each."""

import re
from typing import Any

from commetctl.kinds.values import number

#: What the tags of YAML's own types begin with.
TAG = "tag:yaml.org,2002:"
TAGS = frozenset(TAG + name for name in ("str", "timestamp", "int", "float", "bool", "null", "map", "seq", "merge"))
_BOOLEANS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_SURROGATE = re.compile("[\ud800-\udfff]")


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

"""YAML as text: written, changed in place and formatted, comments kept.

The package knows no catalog. It works on plain data, in which a mapping may say how it is written.
"""

from collections.abc import Mapping
from typing import Any


class Unfit(Exception):
    """A text is written in a way that cannot be edited or formatted; `path` is the part of it, where it is known."""

    def __init__(self, path: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.path = path


class Block(dict[str, Any]):
    """A mapping that is always written with a line for each of its keys."""


class Shorthand(dict[str, Any]):
    """A mapping that has a short form: the text or number alone."""

    def __init__(self, long: Mapping[str, Any], short: Any) -> None:
        super().__init__(long)
        self.short = short

"""The parser of ruamel.yaml in C, as far as it is used here. Importing this raises ImportError where there is none."""

from typing import Any

from _ruamel_yaml import CParser
from ruamel.yaml.events import Event
from ruamel.yaml.nodes import ScalarNode

from commetctl.yamltext.tags import RESOLVER, tag_of_plain


class Unlike(Exception):
    """The parser in Python would place a node of this text elsewhere, or it is nested too deep."""


class Composer(CParser):  # type: ignore[misc]  # a class in C, without types
    """Composes a text into nodes; the parser calls the methods of this class for every node."""

    def __init__(self, text: str, deepest: int) -> None:
        super().__init__(text)
        self._deepest = deepest
        self._depth = 0

    def descend_resolver(self, _parent: object, _index: object) -> None:
        """A node begins. Raises Unlike if it is too deep: on its own, the parser goes on until the stack is full."""
        self._depth += 1
        if self._depth > self._deepest:
            raise Unlike

    def ascend_resolver(self) -> None:
        """A node ends."""
        self._depth -= 1

    def resolve(self, kind: type, value: str | None, implicit: Any) -> Any:
        """The tag of a node. Raises Unlike for a scalar with nothing in it, which the two parsers place differently."""
        if kind is not ScalarNode:
            return RESOLVER.resolve(kind, value, implicit)
        if implicit[0] and not value:
            raise Unlike
        return tag_of_plain(value) if implicit[0] else RESOLVER.DEFAULT_SCALAR_TAG

    def events(self) -> list[Event]:
        """The events of the whole text."""
        found: list[Event] = []
        while self.check_event():
            found.append(self.get_event())
        return found

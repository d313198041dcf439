"""What the nodes of a file come from: its text, its parser, and what has been spent on reading it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.nodes import Node, ScalarNode

from commetctl.catalog.signs import odd_space
from commetctl.core.errors import Problem
from commetctl.core.spaces import ODD


@dataclass
class Raw:
    """What the nodes of a file come from; the text is empty where no space in it is odd."""

    text: str
    composer: YAML
    environment: Mapping[str, str]
    spent: Counter[str]
    met: set[int] = field(default_factory=set)

    def odd(self, node: Node, file: str) -> Problem | None:
        """The problem of the first space that is none in a scalar, as it is written."""
        begin, end = node.start_mark.index, node.end_mark.index
        found = ODD.search(self.text, begin, end) if self.text and isinstance(node, ScalarNode) else None
        if not found:
            return None
        at = found.start()
        line = node.start_mark.line + self.text.count("\n", begin, at)
        return odd_space(file, line + 1, at - self.text.rfind("\n", 0, at), found.group())

"""What the nodes of a file come from: its text, and what has been spent on reading it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from ruamel.yaml.nodes import Node, ScalarNode

from commetctl.catalog.places import Places
from commetctl.catalog.signs import odd_space
from commetctl.catalog.source import DEEPEST
from commetctl.catalog.syntax import TOO_DEEP
from commetctl.core.errors import Problem
from commetctl.core.spaces import ODD

MOST_VALUES = 500_000
#: How many of them aliases may repeat: a small file must not take long to read.
MOST_REPEATED = 50_000


@dataclass
class Raw:
    """What the nodes of a file come from; the text is empty where no space in it is odd."""

    text: str
    environment: Mapping[str, str]
    spent: Counter[str]
    places: Places
    met: set[int] = field(default_factory=set)

    def excess(self, node: Node, depth: int) -> Problem | None:
        """Count a node; the problem where the files have too many or it is too deep, None otherwise."""
        self.spent["values"] += 1
        if id(node) in self.met:
            self.spent["repeated"] += 1
        self.met.add(id(node))
        code, hint = "too_many_values", ""
        if self.spent["repeated"] > MOST_REPEATED:
            message = f"repeats more than {MOST_REPEATED} values through its aliases"
            hint = "write the values out instead of the aliases"
        elif self.spent["values"] > MOST_VALUES:
            message, hint = f"has more than {MOST_VALUES} values", "split the catalog"
        elif depth > DEEPEST:
            code, message = "too_deep", TOO_DEEP
        else:
            return None
        return Problem(code, message, hint, self.places.of(node))

    def odd(self, node: Node) -> Problem | None:
        """The problem of the first space that is none in a scalar, as it is written."""
        begin, end = node.start_mark.index, node.end_mark.index
        found = ODD.search(self.text, begin, end) if self.text and isinstance(node, ScalarNode) else None
        if not found:
            return None
        return odd_space(self.places.at(found.start(), found.end()), found.group())

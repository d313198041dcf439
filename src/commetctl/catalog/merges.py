"""Merges: `<<` in a mapping, and what it may take."""

from collections.abc import Iterator, Sequence

from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from commetctl.catalog.places import Places
from commetctl.core.errors import Problem


def mappings(node: Node) -> list[MappingNode] | None:
    """The mappings that a `<<` merges; None where its value is none and no list of them."""
    if isinstance(node, MappingNode):
        return [node]
    if isinstance(node, SequenceNode) and all(isinstance(item, MappingNode) for item in node.value):
        return list(node.value)
    return None


def repeated(keys: Sequence[Node], places: Places) -> Iterator[Problem]:
    """A problem for every `<<` of a mapping but the first: readers of YAML take one of them, or both."""
    for key in keys[1:]:
        message = f"`<<` is declared twice: the first is in line {places.of(keys[0]).line}"
        yield Problem("duplicate_key", message, "write one, with a list: `<<: [*one, *other]`", places.of(key))

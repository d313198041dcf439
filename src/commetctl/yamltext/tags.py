"""Tags: what a scalar is to YAML 1.2, by its text."""

from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import ScalarNode

#: What knows the tags of nodes that have none written before them.
RESOLVER = YAML(typ="safe", pure=True).resolver


@lru_cache(maxsize=4096)
def tag_of_plain(text: str) -> Any:
    """The tag of a scalar without quotes. Few texts of a catalog differ, so they are kept."""
    return RESOLVER.resolve(ScalarNode, text, (True, False))

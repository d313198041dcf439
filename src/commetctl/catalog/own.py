"""Keys that begin with `x-`: the author's own, for anchors and notes. They mean nothing and are kept."""

from commetctl.core.values import KeyPath
from commetctl.kinds import type_at

PREFIX = "x-"


def is_own(path: KeyPath) -> bool:
    """Whether a path that ends with such a key is at the top of a file, or among the fields of an object.

    Elsewhere a key is a code, a currency or a label of its own.
    """
    if len(path) == 1 or path[0] == "policy":
        return True
    found = type_at(path[:-1])
    return found is not None and found.word in ("object", "union")

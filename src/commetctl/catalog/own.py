"""Keys that begin with `x-`: the author's own, for anchors and notes. They mean nothing and are kept."""

from commetctl.core.values import KeyPath
from commetctl.kinds import type_at

PREFIX = "x-"
#: The length of the path of a field in the head of a change; what is deeper are environments, and paths of `was`.
_IN_HEAD = 2


def is_own(path: KeyPath) -> bool:
    """Whether a path that ends with such a key is at the top of a file, or among the fields of an object.

    Elsewhere a key is a code, a currency or a label of its own.
    """
    if len(path) == 1 or path[0] == "policy" or (path[0] == "change" and len(path) == _IN_HEAD):
        return True
    found = type_at(path[:-1])
    return found is not None and found.word in ("object", "union")

"""Keys that begin with `x-`: the author's own, for anchors and notes. They mean nothing and are kept."""

from commetctl.core.values import KeyPath
from commetctl.kinds import by_name
from commetctl.kinds.model import Type

PREFIX = "x-"


def is_own(path: KeyPath) -> bool:
    """Whether a path that ends with such a key is at the top of a file, or among the fields of an object.

    Elsewhere a key is a code, a currency or a label of its own.
    """
    section = by_name().get(path[0])
    if len(path) == 1 or path[0] == "policy":
        return True
    found: Type | None = Type("object", spec=section.spec) if section and len(path) > 2 else None
    for key in path[2:-1]:
        found = found.at(key) if found else None
    return found is not None and found.word in ("object", "union")

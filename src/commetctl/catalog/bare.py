"""Keys with nothing after them: what is left when a value was forgotten, or its lines were commented out.

To YAML, nothing is `null`, which means that the key is not there. That has to be written, or the key removed: what is
only left over must not decide what customers are offered.
"""

from commetctl.catalog.document import Document
from commetctl.catalog.top import BY_NAME
from commetctl.core.errors import Problem
from commetctl.kinds.section import Path

#: Keys inside of an object that hold several things, of which there may be none.
_SEVERAL = frozenset({"prices", "regional_prices", "features", "exchange_rates", "metadata", "lifecycle"})
_OVERLAY = "write `null` to take it away, `{}` to leave it as it is, or remove the key"


def bare_keys(document: Document, *, overlay: bool) -> list[Problem]:
    """A problem for each key of a file with nothing after it; they are noted as broken, so that none is missing too."""
    document.broken |= document.bare.keys()
    # An alias has the keys of its anchor again, at the same place.
    first = {document.origin(path): path for path in sorted(document.bare, reverse=True)}
    return [
        Problem(
            "bare_key",
            f"nothing is written after `{'.'.join(path)}`",
            (_OVERLAY if overlay else _way_out(path)) + _comma(document.bare[path]),
            origin,
        )
        for origin, path in first.items()
    ]


def _comma(cut: str) -> str:
    if not cut:
        return ""
    return f"; if `{cut}` is one value, write a number with a point and a text in quotes: a comma ends it here"


def _way_out(path: Path) -> str:
    match path:
        case (section,) if section in BY_NAME:
            return "write `{}` to declare that there are none, or remove the key to leave those in Commet alone"
        case ("plans", _, "features", _):
            return "write `true` to include it, or remove the key"
        case (*_, several) if several in _SEVERAL and len(path) > 2:
            return "write `{}` for none, or remove the key"
        case _:
            return "write a value, or remove the key"

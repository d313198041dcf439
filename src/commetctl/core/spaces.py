"""Spaces that are none: characters that look like a space, or like nothing at all, and are text to YAML."""

import re
import unicodedata

#: Such characters, which also stand inside the classes of regular expressions; the last two lines are never seen.
SIGNS = (
    "\u00a0\u00ad\u1680\u180e\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b"
    "\u202f\u205f\u2060\u2800\u3000\u3164\uffa0\ufeff"
    "\u034f\u061c\u115f\u1160\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069"
)
#: What ends a line to some readers of YAML and not to others, nor to editors.
LINE_ENDS = re.compile("[\x85\u2028\u2029]")
#: Them, and the spaces and tabs of YAML.
BLANKS = f" \t{SIGNS}"
#: One of them.
ODD = re.compile(f"[{SIGNS}]")
#: Signs that stand in texts, and are none of the signs of YAML that they look like.
ALIKE = {"\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2018": "'", "\u2019": "'", "\uff02": '"'}
ALIKE |= {"\uff1a": ":", "\uff0c": ",", "\uff5b": "{", "\uff5d": "}", "\uff3b": "[", "\uff3d": "]", "\uff03": "#"}
#: The names of those that Unicode calls something else, or nothing.
_NAMES = {"\ufeff": "byte order mark", "\x85": "next line"}
#: What to write in place of one.
WAY_OUT = "use an ordinary space, or remove it"


def named(sign: str) -> str:
    """`U+00A0 (no-break space)`"""
    return f"U+{ord(sign):04X} ({_NAMES.get(sign) or unicodedata.name(sign).lower()})"


def way_out(sign: str) -> str:
    """What to write in place of one in a text, where it may be wanted."""
    return f"{WAY_OUT}; to keep it, write `\\u{ord(sign):04x}` in double quotes"


def alike_in(text: object) -> str:
    """The first sign of `ALIKE` in a text; empty for a text without one, and for anything else."""
    return next((sign for sign in text if sign in ALIKE), "") if isinstance(text, str) and not text.isascii() else ""


def instead(sign: str) -> str:
    """What to write in place of a sign of `ALIKE`, as a hint."""
    return f"write `{ALIKE[sign]}`"


def odd_in(text: object) -> str:
    """The first of them in a text; empty for a text without one, and for anything else."""
    found = ODD.search(text) if isinstance(text, str) and not text.isascii() else None
    return found.group() if found else ""

"""How text is laid out: colours and width."""

import re
import unicodedata
from dataclasses import dataclass

from commetctl.core.text import printable

_COLORS = {"+": "32", "~": "33", "-": "31", "!": "35", "ok": "32", "failed": "31", "skipped": "33", "bold": "1"}

_PAINT = re.compile("\x1b\\[[0-9]+m")


@dataclass(frozen=True)
class Style:
    """Whether to colour, and how wide prose may be, in columns; values are never broken.

    Colour never says anything that a sign does not.
    """

    color: bool = False
    width: int = 100

    def paint(self, name: str, text: str) -> str:
        """The text in the colour of a sign or a word."""
        return f"\x1b[{_COLORS[name]}m{text}\x1b[0m" if self.color else text

    def plain(self, text: str) -> str:
        """The text without colours, as wide as it is shown."""
        return _PAINT.sub("", text)

    def wrapped(self, text: str, indent: int = 6) -> list[str]:
        """Prose in lines of the width, the second and later ones two columns further in."""
        lines = [" " * indent]
        for number, word in enumerate(printable(text).split(" ")):
            longer = f"{lines[-1]} {word}" if number else lines[-1] + word
            if number and columns(longer) > self.width:
                longer = " " * (indent + 2) + word
                lines.append(longer)
            lines[-1] = longer
        lines = [line.rstrip(" ") for line in lines if line.strip(" ")]
        # A line that begins with `::` is a command to the runner of GitHub.
        return [re.sub(r"^( *):(?=:)", r"\1\\x3a", line) for line in lines]


def columns(text: str) -> int:
    """How many columns of a terminal a text without colours takes: those of East Asian scripts are two wide."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(sign: str) -> int:
    if unicodedata.combining(sign) or unicodedata.category(sign) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def padded(text: str, width: int) -> str:
    """A text with spaces behind it, up to a width in columns."""
    return text + " " * (width - columns(text))

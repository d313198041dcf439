"""How text is laid out: colours and width."""

import re
from dataclasses import dataclass
from textwrap import wrap

from commetctl.render.words import printable

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
        lines = wrap(
            printable(text),
            self.width,
            initial_indent=" " * indent,
            subsequent_indent=" " * (indent + 2),
            break_long_words=False,
            break_on_hyphens=False,
        )
        # A line that begins with `::` is a command to the runner of GitHub.
        return [re.sub(r"^( *):(?=:)", r"\1\\x3a", line) for line in lines]

"""Pieces of GitHub Markdown in which whatever a file or the API says stays text."""

import re
from collections.abc import Iterable, Sequence

from commetctl.render.words import printable

#: What Markdown, HTML or a table gives a meaning to; as an entity, each is only itself. An underscore inside a word has
#: none, and neither has what has one at the beginning of a line only: no text of others stands there.
_MARKUP = re.compile(r"[\\`*\[\]<>|~&$]|(?<!\w)_|_(?!\w)|:(?=[\w+-]+:)|(?<=\w):(?=//)|(?<=www)\.")
#: What GitHub turns into a link, or into a message to somebody, after the Markdown is read.
_REFERENCE = re.compile(r"[@#](?=[\w-])|(?<=\bGH)-(?=\d)")
_PLAIN = re.compile(r"[\w./-]+")


def text(content: str) -> str:
    """Text that reads as it is: no markup, no link, no mention of anybody."""
    # The comment between keeps GitHub, which looks at the finished page, from seeing a name.
    referring = _REFERENCE.sub(lambda found: f"{found.group()}\0", printable(content))
    return _MARKUP.sub(lambda found: f"&#{ord(found.group())};", referring).replace("\0", "<!-- -->")


def code(content: str) -> str:
    """Text in the letters of code, where GitHub looks for no links and no names."""
    return f"`{content}`" if _PLAIN.fullmatch(content) else f"<code>{text(content)}</code>"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are Markdown already; the first column names the line, the others hold amounts."""
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"

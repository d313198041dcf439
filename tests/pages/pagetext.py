"""What the pages that are made of the code share: how text becomes Markdown."""

import re
from collections.abc import Iterable, Iterator, Sequence


def made_from(module: str, up: str = "../..") -> str:
    """The line at the top of a page that nobody should edit by hand."""
    return f"This page is made from [the code]({up}/{module}) by `make docs`.\n"


def bullet(label: str, value: str) -> str:
    """One fact of a list; none where there is no value."""
    return f"- {label}: {value}\n" if value else ""


def code(text: str) -> str:
    """Text as code."""
    return f"``{text}``" if "`" in text else f"`{text}`"


def prose(text: str) -> str:
    """Plain text of the command line: options and variables as code, and nothing else taken for markup."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(part if part.startswith("`") else _escaped(part) for part in parts)


def _escaped(text: str) -> str:
    text = re.sub(r"([*<\[\]|])", r"\\\1", text)
    return re.sub(r"(?<![\w-])(--[a-z][a-z-]+|[A-Z]+(?:_[A-Z]+)+)", r"`\1`", text)


def wrapped(text: str, width: int = 120) -> str:
    """A paragraph in lines of the width; nothing is broken inside code."""
    lines = [""]
    for word in _words(text):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def _words(text: str) -> Iterator[str]:
    # A line that begins with a sign of a list would be one.
    found: list[str] = []
    for word in re.findall(r"(?:`[^`]*`|\S)+", text):
        if found and re.fullmatch(r"[-+*#>]+|\d+[.)]", word):
            found[-1] += f" {word}"
        else:
            found.append(word)
    yield from found


def paragraphs(parts: Iterable[str]) -> str:
    """Parts with an empty line between them."""
    return "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"


def slug(title: str) -> str:
    """The anchor of a heading of plain words."""
    return title.lower().replace(" ", "-")


def listed(names: Sequence[str], word: str = "and") -> str:
    """Names in a sentence: `a`, `b` and `c`."""
    *most, last = names
    return f"{', '.join(most)} {word} {last}" if most else last

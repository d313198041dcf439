"""Directives: the lines such as `%YAML 1.2` above the first `---` of a text."""

import re
from dataclasses import dataclass

_LINE = re.compile(r"[^\r\n]*(?:\r\n|[\r\n]|\Z)")
#: An end of the document, and what follows it as far as there are only comments, blank lines and more ends.
_ENDS = re.compile(r"^\.\.\.(?=\s|\Z).*(?:\s*^(?:[ \t]*#|\.\.\.(?=\s|\Z)).*)+", re.MULTILINE)
_SKIPPED = re.compile(r"\s*(?:#|\Z)")


@dataclass(frozen=True)
class Directive:
    """One directive: its index, its line in the text from 1, and its words without a comment."""

    at: int
    line: int
    words: tuple[str, ...]


def directives(text: str) -> tuple[list[Directive], str]:
    """The directives of a text, and the first line that is neither a directive, a comment nor blank."""
    found: list[Directive] = []
    at, line = 0, 1
    while at < len(text) and (row := _LINE.match(text, at)):
        if row[0].startswith("%"):
            # Other white space is no space to YAML.
            words = re.split(r"[ \t]+", re.split(r"[ \t]#", row[0])[0].strip(" \t\r\n"))
            found.append(Directive(at, line, tuple(words)))
        elif not _SKIPPED.match(row[0]):
            return found, row[0]
        at, line = row.end(), line + 1
    return found, ""


def masked(text: str) -> str:
    """The text with its directives, and each `...` behind another, as comments, so that every index stays.

    The parser stumbles over a version, and takes a second `...` for a second document.
    """
    for directive in directives(text)[0]:
        text = f"{text[: directive.at]}#{text[directive.at + 1 :]}"
    return _ENDS.sub(lambda ends: ends[0][:3] + re.sub(r"^\.\.\.", "#..", ends[0][3:], flags=re.MULTILINE), text)

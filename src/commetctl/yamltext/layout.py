"""The layout of a YAML text: its lines, the values and the comments in them."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from ruamel.yaml.events import Event

from commetctl.yamltext.sites import BREAK, Entry, Site, root_of

_PROPERTY = re.compile(r"[&!][^\s,\[\]{}]*")
_SPACE = re.compile(r"(?:\s|#[^\r\n]*)*")
# What ends a comment for YAML.
_COMMENT = re.compile("#[^\r\n\x85\u2028\u2029]*")


@dataclass(frozen=True)
class Comment:
    """A comment: its index, its text, and whether nothing else stands in its line."""

    at: int
    text: str
    alone: bool


class Layout:
    """A text with its sites and its comments. Raises Unfit for a text that is empty, or not YAML."""

    def __init__(self, text: str, events: Iterable[Event] | None = None) -> None:
        self.text = text
        self.root = root_of(text, events)
        newline = BREAK.search(text)
        #: How its lines end.
        self.newline = newline.group() if newline else "\n"

    @property
    def step(self) -> int:
        """How many columns a level is indented."""
        for entry in self.root.entries:
            inner = entry.value
            if inner.kind == "map" and not inner.flow:
                return max(1, self.column(inner) - self.column(self.root))
        return 2

    def column(self, site: Site) -> int:
        """The column of the keys of a block mapping, or of the dashes of a block list."""
        key = site.entries[0].start
        before = self.text[self.line_start(key) : key]
        return before.index("?") if before.strip() == "?" else len(before)

    def line_start(self, at: int) -> int:
        """Where the line of an index begins."""
        return self._rows[bisect_right(self._rows, at) - 1]

    def line_end(self, at: int) -> int:
        """Where the line of an index ends, without what ends it."""
        found = BREAK.search(self.text, at)
        return found.start() if found else len(self.text)

    def next_line(self, at: int) -> int:
        """Where the line after that of an index begins."""
        found = BREAK.search(self.text, at)
        return found.end() if found else len(self.text)

    def line_above(self, start: int) -> int:
        """Where the line above a line begins."""
        before = start - (2 if self.text[max(0, start - 2) : start] == "\r\n" else 1)
        return self.line_start(max(0, before))

    def is_blank(self, start: int) -> bool:
        """Whether there is nothing in a line."""
        return not self.text[start : self.line_end(start)].strip()

    def blank_above(self, at: int) -> bool:
        """Whether the line above that of an index is blank."""
        start = self.line_start(at)
        return start > 0 and self.is_blank(self.line_above(start))

    def place(self, at: int) -> tuple[int, int]:
        """The line and the column of an index, both from 1."""
        line = bisect_right(self._rows, at)
        return line, at - self._rows[line - 1] + 1

    @cached_property
    def _rows(self) -> list[int]:
        return [0, *(found.end() for found in BREAK.finditer(self.text))]

    @cached_property
    def comments(self) -> list[Comment]:
        """The comments in their order: what begins with `#` outside of every scalar, anchor, alias and tag."""
        found, done = [], 0
        for start, end in [*self._spans(), (len(self.text), len(self.text))]:
            while (at := self.text.find("#", done, start)) >= 0:
                comment = _COMMENT.match(self.text, at)
                assert comment  # noqa: S101  (it begins there)
                alone = not self.text[self.line_start(at) : at].strip()
                found.append(Comment(at, comment.group().rstrip(), alone))
                done = comment.end()
            done = max(done, end)
        return found

    def properties(self, site: Site) -> list[tuple[int, int]]:
        """Where the anchor and the tag of a value stand."""
        found, at = [], site.start
        while site.kind != "alias" and site.start != site.body and (match := _PROPERTY.match(self.text, at)):
            found.append(match.span())
            space = _SPACE.match(self.text, match.end())
            at = space.end() if space else match.end()
        return found

    def _spans(self) -> list[tuple[int, int]]:
        """Where no comment can begin."""
        spans = []
        for site in self.root.inside():
            if site.start != site.body:
                spans += self.properties(site)
            if site.kind == "alias":
                spans.append((site.start, site.end))
            elif site.literal:
                # A comment may stand behind the sign.
                spans += [(site.body, site.body + 1), (self.line_end(site.body), site.end)]
            elif site.kind == "scalar" and not site.empty:
                spans.append((site.body, site.end))
        return sorted(spans)

    def entries_at(self, comment: Comment) -> list[Entry]:
        """The entries of mappings that a comment is about, outer ones first: those that begin in its line.

        A comment that is alone in its line is about the next line that holds anything else.
        """
        line = self.line_start(comment.at)
        while line in self._comment_lines and line < len(self.text):
            line = self.next_line(line)
        return self._entries.get(line, [])

    @cached_property
    def _comment_lines(self) -> set[int]:
        return {self.line_start(comment.at) for comment in self.comments if comment.alone}

    @cached_property
    def _entries(self) -> dict[int, list[Entry]]:
        """The entries of mappings that begin in each line, outer ones first."""
        found: dict[int, list[Entry]] = {}
        level = [self.root]
        while level:
            for site in level:
                for entry in site.entries if site.kind == "map" else ():
                    found.setdefault(self.line_start(entry.start), []).append(entry)
            level = [entry.value for site in level for entry in site.entries]
        return found

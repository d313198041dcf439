"""Parts: the values of a text as a tree, each with the comments and blank lines that are about it."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from commetctl.yamltext.layout import Comment, Layout
from commetctl.yamltext.sites import Entry, Site

#: A blank line among lines of text.
BLANK = None
Lines = list[str | None]
#: Tells by the text of a comment whether it is bound to its key.
Bound = Callable[[str], bool]

_FOR_EDITORS = "# yaml-language-server:"


@dataclass(frozen=True)
class Remark:
    """A comment at the end of a line: its text, its column, and its distance from the value."""

    text: str
    column: int = 0
    gap: int = 0


@dataclass(eq=False, slots=True)
class Part:
    """A value with its key, if it has one; `parts` are the values inside it.

    `above` are the comment lines directly above it, `lead` those at its top, `tail` those at its end.
    """

    value: Site
    entry: Entry | None = None
    depth: int = 0
    parts: "list[Part]" = field(default_factory=list)
    above: Lines = field(default_factory=list)
    lead: Lines = field(default_factory=list)
    tail: Lines = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def start(self) -> int:
        """Where it begins, with its key."""
        return self.entry.start if self.entry else self.value.start

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.entry.end if self.entry else self.value.end

    @property
    def decorated(self) -> bool:
        """Whether there are comments or blank lines in it."""
        return bool(self.lead or self.tail) or any(part.above or part.remarks or part.decorated for part in self.parts)

    def inside(self) -> "Iterator[Part]":
        """It and all in it, in the order of the text."""
        rest = [self]
        while rest:
            part = rest.pop()
            yield part
            rest += reversed(part.parts)


def parts(layout: Layout, begin: int, end: int, bound: Bound) -> Part:
    """The values of a text, with the comments from one index to another that belong to values."""
    root = _part(layout.root, None, 0)
    _Placing(layout, root, begin, bound).place([comment for comment in layout.comments if begin <= comment.at < end])
    return root


def _part(site: Site, entry: Entry | None, depth: int) -> Part:
    keyed = site.kind == "map"
    inside = [_part(inner.value, inner if keyed else None, depth + 1) for inner in site.entries]
    return Part(site, entry, depth, inside)


class _Placing:
    """Puts each comment and each blank line to the part that it is about."""

    def __init__(self, layout: Layout, root: Part, begin: int, bound: Bound) -> None:
        self._layout, self._text, self._root = layout, layout.text, root
        self._begin, self._bound = begin, bound
        self._starts: dict[Part, list[int]] = {}

    @cached_property
    def _parts(self) -> dict[Entry, Part]:
        return {part.entry: part for part in self._root.inside() if part.entry}

    def place(self, comments: list[Comment]) -> None:
        """Place all comments, and the blank lines."""
        for comment in comments:
            lines: Lines = [BLANK, comment.text] if comment.alone and self._blank_above(comment.at) else [comment.text]
            if self._bound(comment.text):
                self._put_at_key(comment, lines)
            else:
                self._put(self._root, comment, lines)
        done: set[int] = set()
        for part in self._root.inside():
            line = self._layout.line_start(part.start)
            if part is not self._root and line not in done:
                done.add(line)
                lead = self._text[line : part.start].strip(" \t?:-")
                if not lead and self._blank_above(part.start):
                    part.above.append(BLANK)
        for part in self._root.inside():
            self._split(part)

    def _put_at_key(self, comment: Comment, lines: Lines) -> None:
        """Put a comment to the outermost key that it is about."""
        entries = self._layout.entries_at(comment)
        if not entries:
            # Without a key it is about nothing, and must not move to where it would be.
            self._put(self._root, Comment(comment.at, comment.text, alone=True), [*lines, BLANK])
            return
        target = self._parts[entries[0]]
        if comment.alone or self._is_long(target.value):
            target.above += lines
        else:
            target.remarks.append(self._remark(target, comment))

    def _is_long(self, site: Site) -> bool:
        """Whether a comment after a value would not be on the line of its key."""
        lines = "\n" in self._text[site.body : site.end]
        return lines and site.kind == "scalar" and not site.literal

    def _put(self, part: Part, comment: Comment, lines: Lines) -> None:
        """Put a comment inside a part: above or after the value that it is about, or at the end."""
        behind_root = part is self._root and part.value.flow and comment.at >= part.value.end
        if not part.parts or behind_root:
            if comment.alone:
                (part.tail if part is self._root else part.above).extend(lines)
            else:
                part.remarks.append(self._remark(part, comment))
            return
        before, after = self._around(part, comment)
        if after and self._is_behind_dash(part, comment):
            after.remarks.append(Remark(comment.text))
        elif before and self._belongs_inside(before, part, comment):
            self._put(before, comment, lines)
        elif not comment.alone and (before or part is not self._root):
            about = before or part
            about.remarks.append(self._remark(about, comment))
        elif after:
            after.above += lines
        else:
            part.tail += lines

    def _around(self, part: Part, comment: Comment) -> tuple[Part | None, Part | None]:
        """The parts inside a part before and after a comment."""
        if part not in self._starts:
            self._starts[part] = [inner.start for inner in part.parts]
        number = bisect_right(self._starts[part], comment.at)
        return part.parts[number - 1] if number else None, part.parts[number] if number < len(part.parts) else None

    def _belongs_inside(self, part: Part, around: Part, comment: Comment) -> bool:
        """Whether a comment behind the beginning of a part is about something inside it."""
        block = bool(part.parts) and not part.value.flow
        return comment.at < part.end or (block and (not comment.alone or self._is_deeper(around, comment)))

    def _is_behind_dash(self, part: Part, comment: Comment) -> bool:
        """Whether a comment stands between the dash of the next item and what the item is."""
        before = self._text[self._layout.line_start(comment.at) : comment.at].split()
        items = part.value.kind == "seq" and not part.value.flow
        return items and bool(before) and before[-1] == "-" and not comment.alone

    def _remark(self, part: Part, comment: Comment) -> Remark:
        """A comment at the end of a line, with its column where the line is that of the part."""
        start = self._layout.line_start(comment.at)
        if part.start < start or self._text[start : part.start].strip():
            return Remark(comment.text)
        before = self._text[start : comment.at]
        return Remark(comment.text, len(before), len(before) - len(before.rstrip()))

    def _is_deeper(self, part: Part, comment: Comment) -> bool:
        """Whether a comment is indented more than what is in a part that is a block."""
        if part.value.flow:
            return False
        return comment.at - self._layout.line_start(comment.at) > self._layout.column(part.value)

    def _blank_above(self, at: int) -> bool:
        return self._layout.line_start(at) > self._begin and self._layout.blank_above(at)

    def _split(self, part: Part) -> None:
        """Split the lines above the first entry into those about it and those about the whole part."""
        if not part.parts:
            return
        first = part.parts[0]
        lines = first.above[1:] if first.above[:1] == [BLANK] else first.above
        last = max((number for number, line in enumerate(lines) if line is BLANK), default=-1)
        if last < 0 and part is self._root and lines and str(lines[0]).startswith(_FOR_EDITORS):
            part.lead, first.above = lines[:1], lines[1:]
        else:
            part.lead, first.above = lines[: last + 1], lines[last + 1 :]

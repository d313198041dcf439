"""Parts: the values of a text as a tree, each with the comments and blank lines that are about it."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from commetctl.yamltext.tokens import Entry, Layout, Site

#: A blank line among lines of text.
BLANK = None
Lines = list[str | None]

# What ends a comment for YAML, once the ends of lines are all the same.
_COMMENT = re.compile("#[^\n\x85\u2028\u2029]*")
_PROPERTY = re.compile(r"[&!][^\s,\[\]{}]*")
_SPACE = re.compile(r"(?:\s|#[^\n]*)*")
_IGNORE = re.compile(r"#[ \t]*commetctl:[ \t]*ignore(?![\w-])")
_FOR_EDITORS = "# yaml-language-server:"


@dataclass(frozen=True)
class Comment:
    """A comment: where it is, its text, and whether nothing else stands in its line."""

    at: int
    text: str
    alone: bool


@dataclass(frozen=True)
class Remark:
    """A comment at the end of a line: its text, its column, and how far from the value it stood."""

    text: str
    column: int = 0
    gap: int = 0


@dataclass(eq=False)
class Part:
    """A value with its key, if it has one; `parts` are what is in it.

    `above` are the lines directly above it, `lead` those at the top of what is in it, `tail` those at the end.
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
        yield self
        for part in self.parts:
            yield from part.inside()


def properties(text: str, site: Site) -> str:
    """The anchor and the tag of a value, as they are written."""
    return " ".join(text[start:end] for start, end in _properties(text, site))


def comments(layout: Layout) -> list[Comment]:
    """The comments of a text: what begins with `#` outside of every scalar, anchor, alias and tag."""
    text, found, done = layout.text, [], 0
    for start, end in [*_spans(layout), (len(text), len(text))]:
        while (at := text.find("#", done, start)) >= 0:
            comment = _COMMENT.match(text, at)
            assert comment  # noqa: S101  (it begins there)
            alone = not text[layout.line_start(at) : at].strip()
            found.append(Comment(at, comment.group().rstrip(), alone))
            done = comment.end()
        done = max(done, end)
    return found


def parts(layout: Layout, found: list[Comment], begin: int) -> Part:
    """The values of a text from a place on, with those of its comments that belong to values."""
    root = _part(layout.root, None, 0)
    _Placing(layout, root).place(found, begin)
    return root


def _part(site: Site, entry: Entry | None, depth: int) -> Part:
    made = Part(site, entry, depth)
    made.parts += [_part(entry.value, entry, depth + 1) for entry in site.entries]
    made.parts += [_part(item, None, depth + 1) for item in site.items]
    return made


def _properties(text: str, site: Site) -> Iterator[tuple[int, int]]:
    at = site.start
    while site.kind != "alias" and site.start != site.body and (found := _PROPERTY.match(text, at)):
        yield found.span()
        space = _SPACE.match(text, found.end())
        at = space.end() if space else found.end()


def _spans(layout: Layout) -> list[tuple[int, int]]:
    """Where no comment can begin."""
    spans = []
    for site in layout.root.inside():
        spans += list(_properties(layout.text, site))
        if site.kind == "alias":
            spans.append((site.start, site.end))
        elif site.kind == "scalar" and site.style in ("|", ">"):
            # A comment may stand behind the sign.
            spans += [(site.body, site.body + 1), (layout.line_end(site.body), site.end)]
        elif site.kind == "scalar" and not site.empty:
            spans.append((site.body, site.end))
    return sorted(spans)


class _Placing:
    """Puts each comment and each blank line to the part that it is about."""

    def __init__(self, layout: Layout, root: Part) -> None:
        self._layout, self._text, self._root = layout, layout.text, root
        self._starts: dict[Part, list[int]] = {}
        self._keys: dict[int, Part] = {}
        for part in root.inside():
            line = layout.line_start(part.start)
            if part.entry and (line not in self._keys or part.depth < self._keys[line].depth):
                self._keys[line] = part

    def place(self, found: list[Comment], begin: int) -> None:
        """All of them."""
        alone = {self._layout.line_start(comment.at) for comment in found if comment.alone}
        for comment in found:
            blank = comment.alone and self._blank_above(comment.at, begin)
            if _IGNORE.match(comment.text):
                self._ignore(comment, alone, blank=blank)
            else:
                self._put(self._root, comment, [BLANK, comment.text] if blank else [comment.text])
        lines: set[int] = set()
        for part in self._root.inside():
            line = self._layout.line_start(part.start)
            if part is not self._root and line not in lines:
                lines.add(line)
                lead = self._text[line : part.start].strip(" \t?:-")
                if not lead and self._blank_above(part.start, begin):
                    part.above.append(BLANK)
        for part in self._root.inside():
            self._split(part)

    def _ignore(self, comment: Comment, alone: set[int], *, blank: bool) -> None:
        """It stays at its key: the shallowest that begins in its line, or in the next line of something else."""
        line = self._layout.line_start(comment.at)
        while line in alone and line < len(self._text):
            line = self._layout.next_line(line)
        target = self._keys.get(line)
        if target is None:
            # At no key it is about nothing, and must not come to be about something.
            lines = [BLANK, comment.text, BLANK] if blank else [comment.text, BLANK]
            self._put(self._root, Comment(comment.at, comment.text, alone=True), lines)
        elif comment.alone or self._is_long(target.value):
            target.above += [BLANK, comment.text] if blank else [comment.text]
        else:
            target.remarks.append(self._remark(target, comment))

    def _is_long(self, site: Site) -> bool:
        """Whether a comment behind a value would not be in the line of its key."""
        lines = "\n" in self._text[site.body : site.end]
        return lines and site.kind == "scalar" and site.style not in ("|", ">")

    def _put(self, part: Part, comment: Comment, lines: Lines) -> None:
        if not part.parts or (part is self._root and part.value.flow and comment.at >= part.value.end):
            if comment.alone:
                (part.tail if part is self._root else part.above).extend(lines)
            else:
                part.remarks.append(self._remark(part, comment))
            return
        if part not in self._starts:
            self._starts[part] = [inner.start for inner in part.parts]
        number = bisect_right(self._starts[part], comment.at) - 1
        if part.value.kind == "seq" and not part.value.flow and self._is_behind_dash(part, number, comment):
            part.parts[number + 1].remarks.append(Remark(comment.text))
            return
        if number < 0:
            if comment.alone or part is self._root:
                part.parts[0].above += lines
            else:
                part.remarks.append(self._remark(part, comment))
            return
        child = part.parts[number]
        block = bool(child.parts) and not child.value.flow
        if comment.at < child.end or (block and (not comment.alone or self._is_deeper(part, comment))):
            self._put(child, comment, lines)
        elif not comment.alone:
            child.remarks.append(self._remark(child, comment))
        elif number + 1 < len(part.parts):
            part.parts[number + 1].above += lines
        else:
            part.tail += lines

    def _is_behind_dash(self, part: Part, number: int, comment: Comment) -> bool:
        """Whether a comment stands between the dash of the next item and what the item is."""
        before = self._text[self._layout.line_start(comment.at) : comment.at].split()
        return number + 1 < len(part.parts) and bool(before) and before[-1] == "-" and not comment.alone

    def _remark(self, part: Part, comment: Comment) -> Remark:
        """A comment at the end of a line, with its column where the line is that of the part."""
        start = self._layout.line_start(comment.at)
        if part.start < start or self._text[start : part.start].strip():
            return Remark(comment.text)
        before = self._text[start : comment.at]
        return Remark(comment.text, len(before), len(before) - len(before.rstrip()))

    def _is_deeper(self, part: Part, comment: Comment) -> bool:
        """Whether a comment is indented more than what is in a block."""
        if part.value.flow:
            return False
        if part.value.kind == "map":
            column = self._layout.column(part.value)
        else:
            dash = self._text.rfind("-", 0, part.value.items[0].start)
            column = dash - self._layout.line_start(dash)
        return comment.at - self._layout.line_start(comment.at) > column

    def _blank_above(self, at: int, begin: int) -> bool:
        start = self._layout.line_start(at)
        return start > begin and not self._text[self._layout.line_start(start - 1) : start].strip()

    def _split(self, part: Part) -> None:
        """Part the lines above the first entry into those about it and those about all."""
        if not part.parts:
            return
        first = part.parts[0]
        lines = first.above[1:] if first.above[:1] == [BLANK] else first.above
        last = max((number for number, line in enumerate(lines) if line is BLANK), default=-1)
        if last < 0 and part is self._root and lines and str(lines[0]).startswith(_FOR_EDITORS):
            part.lead, first.above = lines[:1], lines[1:]
        else:
            part.lead, first.above = lines[: last + 1], lines[last + 1 :]

"""Edits of a YAML text: values replaced, entries inserted and removed, every other byte kept."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from commetctl.core.values import KeyPath
from commetctl.yamltext import Block, Shorthand, Unfit
from commetctl.yamltext.layout import Layout
from commetctl.yamltext.sites import Entry, Site
from commetctl.yamltext.writing import WIDTH, Writer, copied, like

_COMMENT = re.compile(r"[ \t]*#.*")
_HEADER = re.compile(r"[|>][^#\r\n]*(#[^\r\n]*)?")


class Edit(NamedTuple):
    """A part of the text, and its replacement."""

    start: int
    end: int
    text: str


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits; raises Unfit if two of them overlap, unless both only remove."""
    parts: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if edit.start < done:
            if edit.text or parts[-1]:
                raise Unfit
            done = max(done, edit.end)
            continue
        parts += (text[done : edit.start], edit.text)
        done = edit.end
    return "".join([*parts, text[done:]])


class Editor:
    """Collects edits of one text."""

    def __init__(self, layout: Layout, writer: Writer) -> None:
        self.layout, self._manner = layout, writer
        self.edits: list[Edit] = []
        #: Values that the edits remove: an anchor in them that others use has to move.
        self.gone: list[Site] = []

    def replace(self, site: Site, entry: Entry, value: Any, path: KeyPath) -> None:
        """Write another value for an entry of the mapping or the list at `site`."""
        old = entry.value
        if isinstance(value, Shorthand) and old.kind != "map":
            value = value.short
        plain = old.kind == "scalar" and not old.literal and not isinstance(value, Mapping | list | tuple)
        if site.flow or (plain and "\n" not in str(value)):
            self._put(old, entry, self._inline(site, old, value))
        elif site.kind == "seq":
            self.gone.append(old)
            item = self._writer(site).items([value], self.layout.column(site))
            self.edits.append(Edit(entry.start, entry.end, self.layout.newline.join(item).lstrip()))
        else:
            indent = self.layout.column(site) + self.layout.step
            head, lines = self._writer(site).block(value, indent, self._column(entry), path)
            self._put_block(old, entry, head, lines)

    def insert(self, site: Site, after: Entry | None, key: str, value: Any, path: KeyPath) -> None:
        """Insert an entry into the mapping at `site`, after another one or into an empty mapping."""
        writer = self._writer(site)
        if site.flow:
            self._insert_into_flow(site, after, f"{writer.scalar(key)}: {writer.flow(value)}")
            return
        last = after or site.entries[-1]
        lines = list(writer.entry(key, value, self.layout.column(site), path))
        if isinstance(value, Block) and any(self.layout.blank_above(entry.start) for entry in site.entries):
            lines.insert(0, "")
        self._lines_at(self._below(last.end, self.layout.column(site)), lines)

    def extend(self, site: Site, after: Entry, values: Sequence[Any]) -> None:
        """Insert items into the list at `site`, after another one."""
        writer, column = self._writer(site), self.layout.column(site)
        if site.flow:
            self._insert_into_flow(site, after, ", ".join(map(writer.flow, values)))
        else:
            self._lines_at(self._below(after.end, column), list(writer.items(values, column)))

    def remove(self, site: Site, gone: Sequence[Entry]) -> None:
        """Remove entries from the mapping or the list at `site`, with the comments about them."""
        for entry in gone:
            self.gone += (entry.key, entry.value)
        if site.flow:
            self._remove_from_flow(site, gone)
            return
        for entry in gone:
            start, end = self.layout.line_start(entry.start), self.layout.next_line(entry.end)
            if self.layout.text[start : entry.start].strip() not in ("", "?"):
                raise Unfit
            start = self._with_comments(site, entry, start, end)
            if self.layout.is_blank(end) and self.layout.blank_above(start):
                start = self.layout.line_above(start)
            elif self.layout.is_blank(end) and entry is site.entries[0]:
                end = self.layout.next_line(end)
            self.edits.append(Edit(start, end, ""))

    def _insert_into_flow(self, site: Site, after: Entry | None, text: str) -> None:
        at = after.end if after else site.body + 1
        others = any(edit.start == edit.end == at for edit in self.edits)
        self.edits.append(Edit(at, at, self._between(after) + text if after or others else text))

    def result(self) -> str:
        """The text with all edits; an anchor that is still used moves to its first use."""
        spans = [(edit.start, edit.end) for edit in self.edits]
        for lost in self.gone:
            for anchored in lost.inside():
                if anchored.anchor and anchored.kind != "alias":
                    self._move_anchor(anchored, spans)
        return edited(self.layout.text, self.edits)

    def _move_anchor(self, anchored: Site, spans: list[tuple[int, int]]) -> None:
        users = [site for site in self.layout.root.inside() if site.target is anchored]
        left = [site for site in users if not any(start <= site.start < end for start, end in spans)]
        if left:
            self.edits.append(Edit(left[0].start, left[0].end, f"&{anchored.anchor} {copied(anchored)}"))

    def _inline(self, site: Site, old: Site, value: Any) -> str:
        writer = self._writer(site)
        if old.kind == "scalar" and not isinstance(value, Mapping | list | tuple):
            return like(value, old, writer, flow=site.flow)
        return writer.flow(value)

    def _put(self, old: Site, entry: Entry, text: str) -> None:
        if old.kind == "scalar" and old.anchor:
            text = f"&{old.anchor} {text}"
        else:
            self.gone.append(old)
        if entry.colon is None:
            text = f": {text}" if entry.key.kind != "dash" else text
        elif old.start == entry.colon:
            text = f" {text}"
        self.edits.append(Edit(old.start, old.end, text))

    def _put_block(self, old: Site, entry: Entry, head: str, lines: list[str]) -> None:
        layout = self.layout
        if entry.colon is None:
            raise Unfit
        self.gone.append(old)
        below = layout.next_line(old.end)
        if layout.line_start(old.start) != layout.line_start(entry.colon):
            # The value stands below its key.
            self.edits.append(Edit(entry.colon, entry.colon, f" {head}" if head else ""))
            if below > layout.line_start(old.start):
                self.edits.append(Edit(layout.line_start(old.start), below, ""))
        else:
            comment = _HEADER.match(layout.text, old.body) if old.literal else None
            kept = f"  {comment[1]}" if comment and comment[1] else ""
            self.edits.append(Edit(entry.colon, old.end, (f" {head}" if head else "") + kept))
        if lines:
            self._lines_at(below, lines)

    def _below(self, end: int, column: int) -> int:
        """Where the next entry can begin: below comments that are indented more than the keys."""
        text, at = self.layout.text, self.layout.next_line(end)
        while (found := _COMMENT.match(text, at)) and found.group().index("#") > column:
            at = self.layout.next_line(at)
        return at

    def _between(self, after: Entry | None) -> str:
        """The separator of entries between braces: with a line break where each has a line of its own."""
        text, layout = self.layout.text, self.layout
        if after is None:
            return ", "
        lead = text[layout.line_start(after.start) : after.start]
        alone = not lead.strip() and not text[after.end : layout.line_end(after.end)].strip(" \t,")
        return f",{layout.newline}{lead}" if alone else ", "

    def _lines_at(self, at: int, lines: Sequence[str]) -> None:
        newline = self.layout.newline
        text = newline.join(lines)
        ended = at == 0 or self.layout.text[at - 1] in "\r\n"
        self.edits.append(Edit(at, at, text + newline if ended else newline + text))

    def _remove_from_flow(self, site: Site, gone: Sequence[Entry]) -> None:
        text, entries = self.layout.text, site.entries
        left = [entry for entry in entries if entry not in gone]
        if not left:
            self.edits.append(Edit(entries[0].start, self._comma(entries[-1].end), ""))
            return
        for number, entry in enumerate(entries):
            if entry not in gone:
                continue
            if self._is_alone(entry):
                self.edits.append(Edit(self.layout.line_start(entry.start), self.layout.next_line(entry.end), ""))
                continue
            later = entries[number + 1 :]
            if any(other in left for other in later):
                self.edits.append(Edit(entry.start, later[0].start, ""))
                continue
            before = entries[number - 1].end
            if "#" in text[before : entry.start]:
                self.edits += [Edit(before, self._comma(before), ""), Edit(entry.start, entry.end, "")]
            else:
                self.edits.append(Edit(before, entry.end, ""))

    def _is_alone(self, entry: Entry) -> bool:
        """Whether an entry has its own lines and a comment at their end, so that a comma before it may stay."""
        text, layout = self.layout.text, self.layout
        behind = text[entry.end : layout.line_end(entry.end)].lstrip(" \t,")
        return behind.startswith("#") and not text[layout.line_start(entry.start) : entry.start].strip()

    def _comma(self, at: int) -> int:
        """The end of the comma after an index; the index itself if there is none."""
        found = re.compile(r"\s*,").match(self.layout.text, at)
        return found.end() if found else at

    def _with_comments(self, site: Site, entry: Entry, start: int, end: int) -> int:
        """Where the comments above an entry begin, if they are about it and not about entries right below it too."""
        text, first = self.layout.text, start
        pad = text[start : entry.start]
        while first > 0:
            above = self.layout.line_above(first)
            line = text[above:first]
            if not (_COMMENT.match(line) and line.startswith(pad + "#")):
                break
            first = above
        follows = any(other.start >= end and self.layout.line_start(other.start) == end for other in site.entries)
        several = "\n" in text[entry.start : entry.end]
        return start if follows and not several else first

    def _column(self, entry: Entry) -> int:
        return min((entry.colon or 0) - self.layout.line_start(entry.start) + 1, WIDTH)

    def _writer(self, site: Site) -> Writer:
        """A writer that quotes as the keys of a mapping are quoted."""
        quoted = bool(site.flow and site.entries and all(entry.key.style == '"' for entry in site.entries))
        return replace(self._manner, step=self.layout.step, quoted=quoted)

"""The layout of a YAML text: which value stands exactly where, with aliases left as they are written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.events import AliasEvent, Event, MappingStartEvent, ScalarEvent, SequenceEndEvent, SequenceStartEvent

#: What ends a line, for YAML as for editors.
_BREAK = re.compile("\r\n|[\r\n]")
_PROPERTY = re.compile(r"[&!][^\s,\[\]{}]*\s*")
MERGE = "<<"


@dataclass(eq=False)
class Site:
    """A value and where it stands: `start` with its anchor, `body` without, `end` without what follows it.

    `target` is what an alias stands for; `colon` is the index after the colon of the key, for a value that is empty.
    """

    kind: str
    start: int
    body: int
    end: int
    value: str = ""
    style: str = ""
    flow: bool = False
    anchor: str = ""
    entries: "list[Entry]" = field(default_factory=list)
    items: "list[Site]" = field(default_factory=list)
    target: "Site | None" = None

    @property
    def empty(self) -> bool:
        """Whether nothing is written there."""
        return self.kind == "scalar" and self.start == self.end

    def inside(self) -> "Iterator[Site]":
        """The site and all in it, keys included."""
        yield self
        for entry in self.entries:
            yield from entry.key.inside()
            yield from entry.value.inside()
        for item in self.items:
            yield from item.inside()


@dataclass(eq=False)
class Entry:
    """A key and its value; `colon` is the index after the colon, or None where there is none."""

    key: Site
    value: Site
    colon: int | None

    @property
    def name(self) -> str:
        """The key as text."""
        return (self.key.target or self.key).value

    @property
    def merge(self) -> bool:
        """Whether it is a `<<` that merges another mapping in."""
        return self.key.kind == "scalar" and self.key.value == MERGE and not self.key.style

    @property
    def start(self) -> int:
        """Where it begins."""
        return self.key.start

    @property
    def end(self) -> int:
        """Where it ends."""
        return max(self.key.end, self.value.end, self.colon or 0)


class Layout:
    """A text with its sites."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._anchors: dict[str, Site] = {}
        self._events: Iterator[Event] = iter(YAML(typ="safe", pure=True).parse(text))
        next(self._events), next(self._events)
        self.root = self._site(next(self._events), 0)
        newline = _BREAK.search(text)
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
        """The column of the keys of a block mapping."""
        key = site.entries[0].key.start
        before = self.text[self.line_start(key) : key]
        return before.index("?") if before.strip() == "?" else len(before)

    def line_start(self, at: int) -> int:
        """Where the line of an index begins."""
        return max(self.text.rfind("\n", 0, at), self.text.rfind("\r", 0, at)) + 1

    def line_end(self, at: int) -> int:
        """Where the line of an index ends, without what ends it."""
        found = _BREAK.search(self.text, at)
        return found.start() if found else len(self.text)

    def next_line(self, at: int) -> int:
        """Where the line after that of an index begins."""
        found = _BREAK.search(self.text, at)
        return found.end() if found else len(self.text)

    def _site(self, event: Any, after: int) -> Site:
        start, end = event.start_mark.index, event.end_mark.index
        if isinstance(event, AliasEvent):
            return Site("alias", start, start, end, anchor=event.anchor, target=self._anchors[event.anchor])
        site = Site("scalar", start, self._body(start, end, event), end, anchor=event.anchor or "")
        if site.anchor:
            self._anchors[site.anchor] = site
        if isinstance(event, ScalarEvent):
            self._scalar(site, event, after)
        elif isinstance(event, MappingStartEvent):
            self._mapping(site, event)
        elif isinstance(event, SequenceStartEvent):
            self._sequence(site, event)
        return site

    def _body(self, start: int, end: int, event: Any) -> int:
        limit = end if isinstance(event, ScalarEvent) else len(self.text)
        while (event.anchor or event.tag) and (found := _PROPERTY.match(self.text, start, limit)):
            start = found.end()
        return start

    def _scalar(self, site: Site, event: ScalarEvent, after: int) -> None:
        site.value, site.style = event.value, event.style or ""
        if site.start == site.end:
            # What is empty is found at whatever comes next.
            site.start = site.body = site.end = after
        elif site.style in ("|", ">"):
            header = self.line_end(site.body)
            kept = "+" in self.text[site.body : header].partition("#")[0]
            content = self.text[site.body : site.end]
            site.end = site.end - len(self.newline_at_end(content)) if kept else site.body + len(content.rstrip())
            site.end = max(self.line_end(site.end), header)

    @staticmethod
    def newline_at_end(text: str) -> str:
        """What ends the last line."""
        return "\r\n" if text.endswith("\r\n") else text[-1:] if text[-1:] in ("\r", "\n") else ""

    def _mapping(self, site: Site, event: MappingStartEvent) -> None:
        site.kind, site.flow = "map", bool(event.flow_style)
        while isinstance(
            found := next(self._events), AliasEvent | ScalarEvent | MappingStartEvent | SequenceStartEvent
        ):
            key = self._site(found, 0)
            colon = self._colon(key.end)
            value = self._site(next(self._events), key.end if colon is None else colon)
            site.entries.append(Entry(key, value, colon))
        site.end = found.end_mark.index if site.flow else max((entry.end for entry in site.entries), default=site.body)

    def _sequence(self, site: Site, event: SequenceStartEvent) -> None:
        site.kind, site.flow = "seq", bool(event.flow_style)
        while not isinstance(found := next(self._events), SequenceEndEvent):
            site.items.append(self._site(found, found.start_mark.index))
        site.end = found.end_mark.index if site.flow else max((item.end for item in site.items), default=site.body)

    def _colon(self, at: int) -> int | None:
        found = re.compile(r"(?:\s|#[^\r\n]*)*:").match(self.text, at)
        return found.end() if found else None

"""Sites: every value of a YAML text with its exact place, aliases kept as they are written."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import AliasEvent, Event, MappingEndEvent, MappingStartEvent, ScalarEvent, SequenceEndEvent

from commetctl.yamltext import Unfit, parsing
from commetctl.yamltext.directives import masked

#: The prefix of the tags of YAML's own types.
TAG = "tag:yaml.org,2002:"
#: What ruamel.yaml raises for a text besides its own errors, such as for an escape beyond Unicode.
STUMBLES = (ValueError, OverflowError, AssertionError, LookupError, AttributeError, TypeError)
#: What ends a line, for YAML as for editors.
BREAK = re.compile("\r\n|[\r\n]")
_PROPERTY = re.compile(r"[&!][^\s,\[\]{}]*\s*")
_COLON = re.compile(r"(?:\s|#[^\r\n]*)*:")
_DASH = re.compile(r"(?:\s|#[^\r\n]*)*-")
_MERGE = "<<"


@dataclass(eq=False, slots=True)
class Site:
    """A value and its place: `start` with its anchor, `body` without, `end` without what follows it.

    `kind` is `map`, `seq`, `scalar`, `alias`, or `dash`, which stands for the key of an item of a list. `target` is the
    value that an alias stands for.
    """

    kind: str
    start: int
    body: int
    end: int
    value: str = ""
    style: str = ""
    flow: bool = False
    anchor: str = ""
    entries: "Sequence[Entry]" = ()
    target: "Site | None" = None

    @property
    def empty(self) -> bool:
        """Whether nothing is written there."""
        return self.kind == "scalar" and self.start == self.end

    @property
    def literal(self) -> bool:
        """Whether it is a text in lines of its own, after `|` or `>`."""
        return self.style in ("|", ">")

    def inside(self) -> "Iterator[Site]":
        """The site and all in it, keys included."""
        rest = [self]
        while rest:
            site = rest.pop()
            yield site
            for entry in reversed(site.entries):
                rest += (entry.value, entry.key)


@dataclass(eq=False, slots=True)
class Entry:
    """A key and its value, or an item of a list; `colon` is the index after the colon or dash, None without one."""

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
        return self.key.kind == "scalar" and self.key.value == _MERGE and not self.key.style

    @property
    def start(self) -> int:
        """Where it begins."""
        return self.key.start

    @property
    def end(self) -> int:
        """Where it ends."""
        return max(self.key.end, self.value.end, self.colon or 0)


def root_of(text: str, events: Iterable[Event] | None = None) -> Site:
    """The value of a text, with all values inside it; `events` are those of the parser, if it was parsed before.

    Raises Unfit for a text that is empty, or not YAML.
    """
    return _Reader(text, iter(_events(text) if events is None else events)).root()


class _Reader:
    """Turns the events of the parser into sites."""

    def __init__(self, text: str, events: Iterator[Event]) -> None:
        self._text, self._events = text, events
        self._anchors: dict[str, Site] = {}

    def root(self) -> Site:
        # The stream begins, and the document.
        next(self._events, None), next(self._events, None)
        if (event := next(self._events, None)) is None:
            raise Unfit
        return self._site(event, 0)

    def _site(self, event: Any, after: int) -> Site:
        start, end = event.start_mark.index, event.end_mark.index
        if isinstance(event, AliasEvent):
            if event.anchor not in self._anchors:
                raise Unfit
            return Site("alias", start, start, end, anchor=event.anchor, target=self._anchors[event.anchor])
        body = self._body(start, end, event) if event.anchor or event.tag else start
        site = Site("scalar", start, body, end, anchor=event.anchor or "")
        if site.anchor:
            self._anchors[site.anchor] = site
        if isinstance(event, ScalarEvent):
            self._scalar(site, event, after)
        else:
            site.kind, site.flow = "map" if isinstance(event, MappingStartEvent) else "seq", bool(event.flow_style)
            end = self._collection(site)
            site.end = end if site.flow else max((entry.end for entry in site.entries), default=site.body)
        return site

    def _body(self, start: int, end: int, event: Any) -> int:
        """The index behind the anchor and the tag of a value."""
        limit = end if isinstance(event, ScalarEvent) else len(self._text)
        while found := _PROPERTY.match(self._text, start, limit):
            start = found.end()
        return start

    def _scalar(self, site: Site, event: ScalarEvent, after: int) -> None:
        site.value, site.style = event.value, event.style or ""
        if site.start == site.end:
            # The library places an empty value at whatever comes next.
            site.start = site.body = site.end = after
        elif site.literal:
            header = self._line_end(site.body)
            kept = "+" in self._text[site.body : header].partition("#")[0]
            content = self._text[site.body : site.end]
            site.end = site.end - len(_newline_at_end(content)) if kept else site.body + len(content.rstrip())
            site.end = max(self._line_end(site.end), header)

    def _line_end(self, at: int) -> int:
        found = BREAK.search(self._text, at)
        return found.start() if found else len(self._text)

    def _collection(self, site: Site) -> int:
        """Read the entries of a mapping or a list; returns the index at which the parser sees its end."""
        site.entries = entries = []
        at = site.body
        while not isinstance(event := next(self._events), MappingEndEvent | SequenceEndEvent):
            entries.append(self._pair(event) if site.kind == "map" else self._item(event, at, flow=site.flow))
            at = entries[-1].end
        return int(event.end_mark.index)

    def _pair(self, event: Event) -> Entry:
        key = self._site(event, 0)
        found = _COLON.match(self._text, key.end)
        colon = found.end() if found else None
        return Entry(key, self._site(next(self._events), key.end if colon is None else colon), colon)

    def _item(self, event: Any, at: int, *, flow: bool) -> Entry:
        start = event.start_mark.index
        if flow:
            return Entry(Site("dash", start, start, start), self._site(event, start), None)
        found = _DASH.match(self._text, at)
        behind = found.end() if found else start
        return Entry(Site("dash", behind - 1, behind - 1, behind), self._site(event, start), behind)


def _events(text: str) -> Iterator[Event]:
    """The events of the parser; raises Unfit where it cannot read the text."""
    text = masked(text)
    if (found := parsing.events(text)) is not None:
        yield from found
        return
    try:
        yield from YAML(typ="safe", pure=True).parse(text)
    except (YAMLError, *STUMBLES):
        raise Unfit from None


def events(text: str) -> Iterator[Event]:
    """The events of the parser, as far as it can read the text."""
    with suppress(Unfit):
        yield from _events(text)


def _newline_at_end(text: str) -> str:
    """The end of the last line."""
    return "\r\n" if text.endswith("\r\n") else text[-1:] if text[-1:] in ("\r", "\n") else ""

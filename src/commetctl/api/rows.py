"""The rows of an answer that is a list, one at a time as its bytes come in: none is held longer than it is needed."""

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from decimal import Decimal
from itertools import chain
from types import ModuleType
from typing import Any

import ijson

from commetctl.api.content import DEEPEST, meaningful
from commetctl.core.contract import Row

try:
    from ijson.backends import yajl2_c as _parser
except ImportError:
    # No compiled parser for this platform. This one takes the same answers, in ten times as long.
    from ijson.backends import python as _parser

#: How many characters a row, or any value beside the rows, may take, up to two parts of the answer more or less; a
#: subscription takes less than a thousandth of it.
LARGEST_ROW = 1024 * 1024
#: What iterating over an answer raises that is not JSON, or not what JSON means here. The compiled parser raises
#: SystemError for an integer of more digits than Python reads.
NOT_JSON = (ijson.JSONError, ValueError, ArithmeticError, SystemError)
#: A whole escape sequence. What is left of a surrogate pair is half a character, and matches nothing.
_ESCAPE = re.compile(r"\\(?:[^u]|u(?![dD][89a-fA-F])....|u[dD][89abAB]..\\u[dD][c-fC-F]..)", re.DOTALL)
_LONGEST_ESCAPE = len(r"\ud83d\ude80")

#: The name of an event of the parser, and the name or value that it is about.
Event = tuple[str, Any]


class TooLong(Exception):
    """A value is longer than any row can be."""


class Answer:
    """One answer that should be a list: its rows, by iterating once, and then what stands beside them.

    `secret` is taken out of every text. Only when the end was reached is the answer known to be whole. Iterating raises
    one of NOT_JSON, or TooLong.
    """

    def __init__(self, parts: Iterable[bytes], secret: str, substitute: str, *, parser: ModuleType = _parser) -> None:
        self._parts = filter(None, parts)
        self._secret = secret
        self._substitute = substitute
        self._parser = parser
        self._events: Iterator[Event] = iter(())
        self._held = 0
        self._has_data = False
        self._has_rows = False
        self._all_objects = True
        #: How many rows came.
        self.count = 0
        #: What the answer says of further pages.
        self.paging: dict[str, Any] = {}

    @property
    def is_list(self) -> bool:
        """Whether it is a list of objects."""
        return self._has_rows and self._all_objects

    def __iter__(self) -> Iterator[Row]:
        first = next(self._parts, b"")
        if not first:
            return
        self._events = self._parsed(chain([first], self._parts))
        event = next(self._events)
        if event[0] == "start_map":
            yield from self._members()
        else:
            self._value(event, 0)
        for _ in self._events:
            # Nothing can follow: the parser refuses it.
            pass

    def _members(self) -> Iterator[Row]:
        for event, found in self._events:
            if event == "end_map":
                return
            name, first = self._hidden(found), next(self._events)
            if name == "data":
                if self._has_data:
                    # The last one would count, and the rows of the first one were given away already.
                    raise ValueError("`data` is there twice")
                self._has_data = True
                self._has_rows = first[0] == "start_array"
                if self._has_rows:
                    yield from self._rows()
                    continue
            value = self._value(first, 1)
            if name in ("hasMore", "nextCursor"):
                self.paging[name] = value

    def _rows(self) -> Iterator[Row]:
        for event in self._events:
            if event[0] == "end_array":
                return
            row = self._value(event, 2)
            self.count += 1
            self._all_objects = self._all_objects and isinstance(row, Mapping)
            if self._all_objects:
                yield row

    def _value(self, first: Event, depth: int) -> Any:
        """The value that begins with an event, nested so deep in the answer."""
        outer: list[tuple[Any, str]] = []
        inner: Any = None
        value: Any = None
        name = ""
        for event, found in chain([first], self._events):
            value = found
            if event == "map_key":
                name = self._hidden(found)
                continue
            if event in ("start_map", "start_array"):
                if depth + len(outer) > DEEPEST:
                    raise ValueError("is nested too deep")
                outer.append((inner, name))
                inner = {} if event == "start_map" else []
                continue
            if event in ("end_map", "end_array"):
                value = inner
                inner, name = outer.pop()
            elif event == "string":
                value = self._hidden(found)
            elif isinstance(found, Decimal):
                value = meaningful(found)
            if inner is None:
                break
            if isinstance(inner, dict):
                inner[name] = value
            else:
                inner.append(value)
        self._held = 0
        return value

    def _hidden(self, text: str) -> str:
        return text.replace(self._secret, self._substitute)

    def _parsed(self, parts: Iterator[bytes]) -> Iterator[Event]:
        """The events of the parser."""
        events = ijson.sendable_list()
        parser = self._parser.basic_parse_coro(events)
        try:
            for text in self._checked(codecs.iterdecode(parts, "utf-8-sig")):
                parser.send(text.encode())
                yield from events
                events.clear()
            parser.close()
            yield from events
        finally:
            # Left alone, the parser in Python complains on stderr that there was more to read.
            with suppress(Exception):
                parser.close()

    def _checked(self, texts: Iterable[str]) -> Iterator[str]:
        """The parts of the answer; raises what the parser would let pass, and TooLong where a value does not end."""
        rest = ""
        for text in texts:
            if self._held > LARGEST_ROW:
                raise TooLong
            self._held += 0 if text.isspace() else len(text)
            rest = _ESCAPE.sub(" ", rest + text)
            at = rest.find("\\")
            rest = rest[at:] if at >= 0 else ""
            if len(rest) >= _LONGEST_ESCAPE or "\v" in text or "\f" in text:
                raise ValueError("half a character, or a blank that JSON does not have")
            yield text
        if rest:
            raise ValueError("half a character")

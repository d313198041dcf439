"""The rows of a list, one at a time as the bytes of the answer arrive; none is kept."""

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from decimal import Decimal
from itertools import chain
from types import ModuleType
from typing import Any

import ijson

from commetctl.api.answers import DEEPEST, meaningful
from commetctl.core.contract import Row

try:
    from ijson.backends import yajl2_c as _parser
except ImportError:
    # There is no compiled parser for this platform. The one in Python reads the same, in ten times the time.
    from ijson.backends import python as _parser

#: The most characters of a row, or of any value beside the rows. Up to two parts of the answer more may pass. A
#: subscription takes less than a thousandth of it.
LARGEST_ROW = 1024 * 1024
#: Raised while iterating over an answer that is not JSON, or has numbers or text that nothing can be done with. The
#: compiled parser raises SystemError for an integer of more digits than Python reads.
NOT_JSON = (ijson.JSONError, ValueError, ArithmeticError, SystemError)
#: A complete escape sequence in a text. Half of a surrogate pair matches nothing.
_ESCAPE = re.compile(r"\\(?:[^u]|u(?![dD][89a-fA-F])....|u[dD][89abAB]..\\u[dD][c-fC-F]..)", re.DOTALL)
_LONGEST_ESCAPE = len(r"\ud83d\ude80")

#: An event of the parser: its kind, and the name or value that it is about.
Event = tuple[str, Any]


class TooLong(Exception):
    """A value is longer than a row can be."""


class Answer:
    """An answer that should be a list. Iterate over it once for the rows; then read its other attributes.

    `secret` is replaced in every text. Iterating raises one of NOT_JSON or TooLong, perhaps after many rows: only at
    the end is the answer known to be whole.
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
        #: How many rows there were.
        self.count = 0
        #: `hasMore` and `nextCursor`, as far as the answer has them.
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
            # Never reached: the parser refuses anything that follows.
            pass

    def _members(self) -> Iterator[Row]:
        for event, found in self._events:
            if event == "end_map":
                return
            name, first = found.replace(self._secret, self._substitute), next(self._events)
            if name == "data":
                if self._has_data:
                    # In JSON the last one counts, but the rows of the first one were given out already.
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
        """The value that begins with an event, `depth` levels deep in the answer."""
        secret, substitute = self._secret, self._substitute
        outer: list[tuple[Any, str]] = []
        inner: Any = None
        value: Any = None
        name = ""
        for event, found in chain([first], self._events):
            value = found
            if event == "map_key":
                name = found.replace(secret, substitute)
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
                value = found.replace(secret, substitute)
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

    def _parsed(self, parts: Iterator[bytes]) -> Iterator[Event]:
        """The events of the parser for the parts of the answer."""
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
            # Left open, the parser in Python complains on stderr that the text is not complete.
            with suppress(Exception):
                parser.close()

    def _checked(self, texts: Iterable[str]) -> Iterator[str]:
        """The parts of the answer. Raises ValueError for what parsers let pass, and TooLong for an endless value."""
        rest = ""
        for text in texts:
            if self._held > LARGEST_ROW:
                raise TooLong
            self._held += 0 if text.isspace() else len(text)
            rest = _ESCAPE.sub(" ", rest + text)
            at = rest.find("\\")
            rest = rest[at:] if at >= 0 else ""
            if len(rest) >= _LONGEST_ESCAPE or "\v" in text or "\f" in text:
                raise ValueError("half a character, or white space that JSON does not have")
            yield text
        if rest:
            raise ValueError("half a character")

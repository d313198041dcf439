"""The rows of an answer that is a list, one at a time as its bytes come in: none is held longer than it is needed."""

import codecs
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from commetctl.api.content import parsed_at
from commetctl.core.contract import Row

#: What a row, or any value beside the rows, may hold, in characters; a subscription has a thousandth of it.
LARGEST_ROW = 1024 * 1024
_SPACE = re.compile(r"[ \t\n\r]*")
#: How a JSON value begins, also those that `content` refuses.
_BEGINNINGS = frozenset('{["-0123456789tfnNI')
#: What says itself where it ends; anything else ends where one of the others follows.
_CLOSED = frozenset('{["')
_FOLLOWING = frozenset(" \t\n\r,]}")

#: Takes what must not be seen out of a value that is nested so deep; a ValueError for what is nested too deep.
Clean = Callable[[Any, int], Any]


class TooLong(Exception):
    """A value is longer than any row can be."""


class Answer:
    """One answer that should be a list: its rows, by iterating once, and then what stands beside them.

    Only when its end was reached is it known to be whole. Iterating raises ValueError for what is no JSON, and TooLong.
    """

    def __init__(self, parts: Iterable[bytes], clean: Clean) -> None:
        self._text = _Text(parts)
        self._clean = clean
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
        if self._text.is_empty():
            return
        if self._text.peek() == "{":
            yield from self._members()
        else:
            self._value(0)
        self._text.end()

    def _members(self) -> Iterator[Row]:
        text, seen = self._text, False
        for _ in text.items("{", "}"):
            if text.peek() != '"':
                raise ValueError("a name is missing")
            name = self._value(1)
            text.take(":")
            if name == "data":
                if seen:
                    # The last one would count, and the first one was given away already.
                    raise ValueError("`data` is there twice")
                seen = True
                self._has_rows = text.peek() == "["
                if self._has_rows:
                    yield from self._rows()
                    continue
            value = self._value(1)
            if name in ("hasMore", "nextCursor"):
                self.paging[name] = value

    def _rows(self) -> Iterator[Row]:
        for _ in self._text.items("[", "]"):
            row = self._value(2)
            self.count += 1
            self._all_objects = self._all_objects and isinstance(row, Mapping)
            if self._all_objects:
                yield row

    def _value(self, depth: int) -> Any:
        return self._clean(self._text.value(), depth)


class _Text:
    """A JSON text that comes in parts, read from front to back; what was read is forgotten."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts = iter(parts)
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._buffer = ""
        self._at = 0
        self._ended = False
        self._any = False

    def is_empty(self) -> bool:
        """Whether it has not a single byte."""
        while not self._any and not self._ended:
            self._read_on(1)
        return not self._any

    def peek(self) -> str:
        """The next character that is not white space; an empty text at the end."""
        while True:
            if space := _SPACE.match(self._buffer, self._at):
                self._at = space.end()
            if self._at < len(self._buffer) or self._ended:
                return self._buffer[self._at : self._at + 1]
            self._read_on(1)

    def take(self, expected: str) -> str:
        """Go past one of these characters; a ValueError for any other."""
        found = self.peek()
        if not found or found not in expected:
            raise ValueError(f"one of {expected} is missing")
        self._at += 1
        return found

    def end(self) -> None:
        """Make sure that nothing follows."""
        if self.peek():
            raise ValueError("something follows")

    def items(self, opening: str, closing: str) -> Iterator[None]:
        """Stop before each item between two brackets: it has to be read before the next one is asked for."""
        self.take(opening)
        if self.peek() == closing:
            self.take(closing)
            return
        while True:
            yield
            if self.take("," + closing) == closing:
                return

    def value(self) -> Any:
        """Read one value. What cannot be read may be cut off only, so more is waited for, as far as a row can be."""
        if self.peek() not in _BEGINNINGS:
            raise ValueError("a value is missing")
        while True:
            problem: ValueError | None = None
            try:
                data, end = parsed_at(self._buffer, self._at)
            except ValueError as error:
                problem = error
            else:
                if end - self._at > LARGEST_ROW:
                    raise TooLong
                if self._is_whole(end):
                    self._at = end
                    return data
            held = len(self._buffer) - self._at
            if held > LARGEST_ROW and (problem is None or isinstance(problem, json.JSONDecodeError)):
                raise TooLong
            if problem and (held > LARGEST_ROW or self._ended):
                raise problem
            # Twice as much each time, so that a long value is not read over and over again.
            self._read_on(min(2 * held, LARGEST_ROW + 1))

    def _is_whole(self, end: int) -> bool:
        """Whether a value that ends here does not go on in the next part."""
        return self._ended or self._buffer[self._at] in _CLOSED or self._buffer[end : end + 1] in _FOLLOWING

    def _read_on(self, wanted: int) -> None:
        """Hold so many characters that were not read yet, or as many as there are."""
        pieces = [self._buffer[self._at :]]
        held = len(pieces[0])
        while held < wanted and not self._ended:
            part = next(self._parts, None)
            self._ended = part is None
            self._any = self._any or bool(part)
            pieces.append(self._decoder.decode(part or b"", final=self._ended))
            held += len(pieces[-1])
        self._buffer, self._at = "".join(pieces), 0

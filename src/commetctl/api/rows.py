"""The rows of a list, one at a time as the bytes of the answer arrive; none is kept."""

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from commetctl.api.answers import DECODER, DEEPEST, cleaned, refuse_half_characters
from commetctl.core.contract import Row

#: The most characters of a row, or of any value beside the rows. A subscription takes less than a thousandth of it.
LARGEST_ROW = 1024 * 1024
#: The white space of JSON.
_BLANKS = re.compile(r"[ \t\n\r]*")
#: Nothing but signs of numbers up to the end of a text: a number there may go on.
_CUT_NUMBER = re.compile(r"[-+.\deE]*\Z", re.ASCII)
#: The signs that JSON may write as a backslash and one more sign.
_SHORT_ESCAPES = re.compile(r'["\\/\x08\f\n\r\t]')
#: The decoder reports a number, word or escape sequence that is cut off no further from the end of the text.
_LONGEST_CUT = len("-Infinity")


class TooLong(Exception):
    """A value is longer than a row can be."""


class Answer:
    """An answer that should be a list. Iterate over it once for the rows; then read its other attributes.

    `secret` is replaced in every text. Iterating raises ValueError for an answer that is not JSON, or has numbers or
    text that nothing can be done with, and TooLong, perhaps after many rows: only at the end is the answer known to be
    whole.
    """

    def __init__(self, parts: Iterable[bytes], secret: str, substitute: str) -> None:
        self._parts = filter(None, parts)
        self._secret = secret
        # An escape sequence with `u` may stand for any sign of the secret, and every other one for a few signs only.
        self._escape = "\\" if _SHORT_ESCAPES.search(secret) else "\\u"
        self._substitute = substitute
        self._texts: Iterator[str] = iter(())
        #: What has arrived, and the index of what is not read yet.
        self._text, self._at = "", 0
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
        self._texts = codecs.iterdecode(chain([first], self._parts), "utf-8-sig")
        if self._sign() == "{":
            yield from self._members()
        else:
            self._value(0)
        if self._sign():
            raise ValueError("goes on after its end")

    def _members(self) -> Iterator[Row]:
        """Read the members of the answer; the rows of `data`."""
        has_data = False
        for _ in self._items("}"):
            if self._sign() != '"':
                raise ValueError("has a name that is no text")
            name = self._value(1)
            if self._sign() != ":":
                raise ValueError("has a name without a value")
            self._at += 1
            if name == "data":
                if has_data:
                    # In JSON the last one counts, but the rows of the first one were given out already.
                    raise ValueError("`data` is there twice")
                has_data = True
                self._has_rows = self._sign() == "["
                if self._has_rows:
                    yield from self._rows()
                    continue
            value = self._value(1)
            if name in ("hasMore", "nextCursor"):
                self.paging[name] = value

    def _rows(self) -> Iterator[Row]:
        for _ in self._items("]"):
            row = self._value(2)
            self.count += 1
            self._all_objects = self._all_objects and isinstance(row, dict)
            if self._all_objects:
                yield row

    def _items(self, end: str) -> Iterator[None]:
        """Stop at each item of the array or object that begins here, and go on behind the sign at its `end`."""
        self._at += 1
        sign = self._sign()
        if sign == end:
            self._at += 1
        while sign != end:
            yield
            sign = self._sign()
            if sign not in (",", end):
                raise ValueError("has no comma between two items")
            self._at += 1

    def _sign(self) -> str:
        """The next sign that is not white space; empty at the end of the answer."""
        while True:
            blanks = _BLANKS.match(self._text, self._at)
            self._at = blanks.end() if blanks else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._grows(1):
                return ""

    def _value(self, depth: int) -> Any:
        """The next value, which is `depth` levels deep in the answer."""
        self._sign()
        value, end = self._decoded()
        text, start = self._text, self._at
        if end - start > LARGEST_ROW:
            raise TooLong
        self._at = end
        # Without such a sequence, the secret would be in the answer as it is, so most rows need no second look.
        is_escaped = text.find(self._escape, start, end) >= 0
        levels = text.count("{", start, end) + text.count("[", start, end)
        if is_escaped or depth + levels > DEEPEST or text.find(self._secret, start, end) >= 0:
            value = cleaned(value, self._secret, self._substitute, depth)
            if is_escaped:
                refuse_half_characters(value, text[start:end])
        return value

    def _decoded(self) -> tuple[Any, int]:
        """The value that begins here, and the index behind it, once all of it has arrived."""
        while True:
            found = _decoded(self._text, self._at)
            if found and not _CUT_NUMBER.match(self._text, found[1]):
                return found
            held = len(self._text) - self._at
            if held > LARGEST_ROW:
                raise TooLong
            # Twice as much, because the value is decoded from its beginning again.
            if not self._grows(min(held, LARGEST_ROW + 1 - held)):
                if not found:
                    raise ValueError("is not whole")
                return found

    def _grows(self, least: int) -> bool:
        """Take `least` more characters of the answer, as far as it has them; whether it has any."""
        left = self._text[self._at :]
        # What is read already is let go before there is more.
        self._text, self._at = "", 0
        more: list[str] = []
        while least > 0 and (text := next(self._texts, "")):
            more.append(text)
            least -= len(text)
        self._text = "".join([left, *more] if left else more)
        return bool(more)


def _decoded(text: str, start: int) -> tuple[Any, int] | None:
    """The value at an index of a text, and the index behind it; None if the end of the text may have cut it off."""
    try:
        return DECODER.raw_decode(text, start)
    except json.JSONDecodeError as error:
        is_cut = error.msg.startswith("Unterminated string") or error.pos >= len(text) - _LONGEST_CUT
        if not is_cut:
            raise
    except RecursionError:
        raise ValueError("is nested too deep") from None
    except ValueError:
        # Of a number, which may go on.
        if not _CUT_NUMBER.match(text, len(text) - 1):
            raise
    return None

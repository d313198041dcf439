"""The lines of a text, for the places in it and for what is shown of them."""

import re
from bisect import bisect_right
from functools import cached_property

#: What ends a line, for YAML as for editors.
BREAK = re.compile("\r\n|[\r\n]")


class Lines:
    """A text by its lines. Lines and columns count from 1, indexes from 0."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._last = 0, ""

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(found.end() for found in BREAK.finditer(self._text))]

    def place(self, index: int) -> tuple[int, int]:
        """The line and the column of an index."""
        line = bisect_right(self._starts, index)
        return line, index - self._starts[line - 1] + 1

    def span(self, start: int, end: int) -> tuple[int, int, int, int]:
        """The places of two indexes, the first one before the other."""
        line, column = self.place(start)
        if line == len(self._starts) or end < self._starts[line]:
            return line, column, line, column + end - start
        return line, column, *self.place(end)

    def start(self, number: int) -> int:
        """The index at which a line begins."""
        return self._starts[number - 1]

    def line(self, number: int) -> str:
        """A line without its end; empty where the text has no such line."""
        if not 1 <= number <= len(self._starts):
            return ""
        if number != self._last[0]:
            start = self.start(number)
            found = BREAK.search(self._text, start)
            # Many problems may be in one long line.
            self._last = number, self._text[start : found.start() if found else len(self._text)]
        return self._last[1]

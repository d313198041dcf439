"""The excerpt of a line around a value, cut to the width of a terminal, whatever characters it has."""

from dataclasses import dataclass
from itertools import accumulate
from typing import Self

from commetctl.core.resource import Origin
from commetctl.core.text import printable, signs
from commetctl.render.terminal import columns

#: The columns between two tab stops.
_TAB = 4
_CUT = "…"


@dataclass(frozen=True)
class Excerpt:
    """The text that is shown, the columns before the value and of it, and the fix where there is room for it."""

    text: str
    before: int
    width: int
    fix: str = ""

    @classmethod
    def of(cls, line: str, origin: Origin, room: int, fix: str = "") -> Self:
        """The excerpt of a line around a place, in at most as many columns as there is `room`."""
        start = min(origin.column - 1, len(line))
        end = origin.end_column - 1 if origin.end_line == origin.line else len(line.rstrip())
        end = max(start, min(end, len(line))) if origin.end_line else start
        # No sign is wider than its columns, but some have none.
        first, last = max(0, start - 2 * room), start + 4 * room
        shown = _shown(line[first:last])
        start, end, cut = start - first, min(end, last) - first, last < len(line)
        widths = [0, *accumulate(map(columns, shown))]
        left = _left(widths, start, min(end, len(shown)), room, columns(printable(fix)) + 1 if fix else 0)
        right = len(shown)
        lead = _CUT if left or first else ""
        space = room - len(lead)
        if widths[right] - widths[left] > space or cut:
            right = max(number for number in range(left, right + 1) if widths[number] - widths[left] <= space - 1)
        trail = _CUT if right < len(shown) or cut else ""
        before = len(lead) + widths[start] - widths[left]
        width = max(1, widths[min(end, right)] - widths[start])
        fix = printable(fix)
        fits = before + width + 1 + columns(fix) <= room
        return cls(f"{lead}{''.join(shown[left:right])}{trail}", before, width, fix if fits else "")


def _shown(line: str) -> list[str]:
    """How each character is shown: tabs as spaces, what cannot be seen written out."""
    at, shown = 0, []
    for sign, written in zip(line, signs(line), strict=True):
        text = " " * (_TAB - at % _TAB) if sign == "\t" else written
        shown.append(text)
        at += columns(text)
    return shown


def _left(widths: list[int], start: int, end: int, room: int, fix: int) -> int:
    """The first character that is shown: as far left as leaves room for the value, and the fix behind it."""
    if widths[-1] <= room and widths[end] + fix <= room:
        return 0
    value = min(widths[end] - widths[start], room - 2)
    most = max(0, room - 2 - value - fix)
    if widths[start] <= most:
        return 0
    # Half of the room, so that what follows the value is seen too.
    most = min(most, max(room // 2, most - (widths[-1] - widths[end])))
    return next(number for number in range(start + 1) if widths[start] - widths[number] <= most)

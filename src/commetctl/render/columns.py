"""Columns: lines of amounts side by side where they fit, and on two lines where they do not."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from commetctl.core.text import printable
from commetctl.reading import Line
from commetctl.render.terminal import Style, columns, padded

#: The widest cells that columns are laid out for; a longer cell makes its own line longer.
_WHAT, _VALUES, _WORDS, _OTHER = 36, 40, 28, 24
_INDENT, _GAP = 4, "  "


@dataclass(frozen=True)
class Columns:
    """The widths of the columns of all lines of a plan, so that they stand below each other.

    `beside` says that everything about a line fits on one; otherwise when, whom and where stand on a second.
    """

    style: Style
    what: int
    values: int
    others: tuple[int, int, int, int]
    beside: bool

    @classmethod
    def of(cls, lines: Sequence[Line], style: Style) -> "Columns":
        """The columns of some lines."""

        def widest(cell: Callable[[Line], str], most: int) -> int:
            return max((width for line in lines if (width := columns(cell(line))) <= most), default=0)

        what = widest(_what, _WHAT)
        values = max(
            widest(lambda line: "" if line.is_wording else line.values, _VALUES),
            widest(lambda line: line.values if line.is_wording else "", _WORDS),
        )
        change = widest(lambda line: line.change, _OTHER)
        when = widest(lambda line: line.when, _OTHER)
        whom = widest(lambda line: line.whom, _OTHER)
        where = widest(lambda line: printable(line.where), style.width)
        cells = [width for width in (what, values, change, when, whom, where) if width]
        whole = _INDENT + sum(cells) + len(_GAP) * (len(cells) - 1)
        return cls(style, what, values, (change, when, whom, where), beside=whole <= style.width)

    def laid_out(self, line: Line) -> Iterator[str]:
        """One line, on as many lines of the terminal as it takes."""
        start = f"  {self.style.paint(line.sign, line.sign) if line.sign else ' '} "
        name = _what(line)
        rest = [line.change, line.when, line.whom, printable(line.where)]
        if columns(line.values) > (self.values if line.is_wording else max(self.values, _VALUES)):
            # A text such as a description has lines of its own, below its name.
            yield start + _GAP.join(filter(None, [name, *rest]))
            yield from self.style.wrapped(line.values)
            return
        first = [padded(name, self.what), self._values(line)]
        if self.beside:
            cells = [padded(cell, width) for cell, width in zip(rest, self.others, strict=True) if width]
            whole = (start + _GAP.join([*first, *cells])).rstrip(" ")
            if columns(self.style.plain(whole)) <= self.style.width:
                yield whole
                return
        change, *others = rest
        if columns(self.style.plain(start + _GAP.join(first))) > self.style.width:
            yield start + name
            yield from self.style.wrapped("  ".join(filter(None, [line.values, *rest])))
            return
        whole = (start + _GAP.join([*first, padded(change, self.others[0]), *filter(None, others)])).rstrip(" ")
        if columns(self.style.plain(whole)) <= self.style.width and not (line.when or line.whom):
            yield whole
            return
        yield (start + _GAP.join([*first, change])).rstrip(" ")
        if second := "  ".join(filter(None, others)):
            yield from self.style.wrapped(second)

    def _values(self, line: Line) -> str:
        """The values, padded and painted: what was is dim, what is after the change is bold."""
        gap = " " * max(0, self.values - columns(line.values))
        was, arrow, becomes = line.values.partition(" → ")
        if not arrow:
            return line.values + gap
        return self.style.paint("dim", was) + arrow + self.style.paint("bold", becomes) + gap


def _what(line: Line) -> str:
    return line.what if line.sign else f"  {line.what}"

"""A review as text for a terminal or a log: the heading, the changes, what they mean, and what comes next."""

from collections.abc import Iterable, Iterator

from commetctl.core.text import printable
from commetctl.reading import Reading
from commetctl.reading.amounts import arrow
from commetctl.render.columns import Columns
from commetctl.render.schedule import schedule_blocks, timeline_blocks
from commetctl.render.terminal import Style, columns, padded
from commetctl.render.writer import LABEL, Writer, refused, title, words
from commetctl.review.heading import LIVE, Heading

#: The most unmanaged objects that the end of a plan names.
_UNMANAGED = 20


def plan_text(reading: Reading, style: Style | None = None, *, whole: bool = False, timeline: bool = False) -> str:
    """The heading, the changes, what they mean, what is scheduled, and what comes next.

    With `whole`, nothing is left out, and each change is followed by its address, its effects and its requests. With
    `timeline`, it is the heading and the table of what is scheduled.
    """
    style = style or Style()
    heading = heading_lines(reading.heading, style, whole=whole)
    if timeline:
        return _joined(heading, *timeline_blocks(reading, style))
    writer, end = Writer(reading, style, Columns.of(reading.lines, style), whole=whole), _End(reading, style, whole)
    meaning = words(reading.meanings, style, derived=reading.has_derived)
    said = (*writer.groups(), writer.blocked(), writer.notices(), meaning, end.summary(), end.revenue())
    last = (refused(reading.refusals, style), end.next())
    if not reading.scheduled:
        return _joined(heading, *said, (line for block in last for line in block))
    return _joined(heading, *said, last[0], *schedule_blocks(reading, style, whole=whole), last[1])


def _joined(*blocks: Iterable[str]) -> str:
    """The blocks that have lines, with an empty line between them."""
    return "\n\n".join("\n".join(block) for block in map(list, blocks) if block)


def heading_lines(heading: Heading, style: Style, *, whole: bool = False) -> Iterator[str]:
    """The mode, the account and the files, with the time at the end of the line if it fits."""
    mode, time = heading.badge, heading.time
    rest = printable(" · ".join(heading.parts(whole=whole)))
    if not (mode or rest):
        return
    badge = style.paint("live" if mode == LIVE else "bold", f" {mode} ") if mode else ""
    line = f"{badge} {rest}" if badge else rest
    gap = style.width - columns(style.plain(line)) - columns(time)
    if gap >= 2:
        yield line + (" " * gap + style.paint("dim", time) if time else "")
    elif columns(style.plain(line)) <= style.width:
        yield from filter(None, [line, time and f"  {time}"])
    else:
        yield from filter(None, [badge, *style.wrapped(rest, 2 if badge else 0), time and f"  {time}"])


class _End:
    """The end of a reading as lines."""

    def __init__(self, reading: Reading, style: Style, whole: bool) -> None:
        self._reading = reading
        self._style = style
        self._whole = whole

    def summary(self) -> Iterator[str]:
        """The number of changes, and what is known of all of them together."""
        reading = self._reading
        yield from self._style.wrapped(reading.summary, 0)
        yield from self._unmanaged()
        for text in filter(None, (reading.causes, *reading.unknown)):
            yield from self._style.wrapped(text, 0)

    def next(self) -> Iterator[str]:
        """The next command."""
        if self._reading.next:
            # A command is copied, so it stands on one line.
            yield f"{padded('next', LABEL)}{printable(self._reading.next)}"

    def _unmanaged(self) -> Iterator[str]:
        names = [str(address) for address in self._reading.review.changeset.unmanaged]
        if not names:
            return
        shown = names if self._whole else names[:_UNMANAGED]
        more = len(names) - len(shown)
        text = ", ".join(shown) + (f", and {more} more (all of them: `-v`)" if more else "")
        yield from self._style.wrapped(f"Unmanaged: {text}", 0)

    def revenue(self) -> Iterator[str]:
        """Revenue, a row for each currency."""
        rows = [(row.currency, arrow(row.today, row.then), row.change, row.percent) for row in self._reading.revenue]
        if rows:
            yield from title("Revenue a month, once all have renewed", self._style)
        widths = [max(columns(row[place]) for row in rows) for place in range(3)] if rows else []
        for row in rows:
            cells = [padded(cell, width) for cell, width in zip(row, widths, strict=False)]
            line = "  " + "   ".join([*cells, f"({row[3]})" if row[3] else ""]).rstrip()
            yield from [line] if columns(line) <= self._style.width else self._style.wrapped("   ".join(row), 2)
        for text in self._reading.revenue_notes:
            yield from self._style.wrapped(text, 2)

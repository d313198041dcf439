"""What is scheduled as text for a terminal or a log: change by change, or as a timeline with a row for each amount."""

from collections.abc import Iterator, Sequence
from itertools import chain

from commetctl.core.text import printable
from commetctl.reading import Reading
from commetctl.reading.scheduled import Row, Scheduled, in_order, unknown_of, words_of
from commetctl.render.columns import Columns
from commetctl.render.tables import table, width
from commetctl.render.terminal import Style
from commetctl.render.writer import Writer, labelled, refused, title, words

#: What the timeline says where there is nothing.
NOTHING = "Nothing is scheduled."
#: The columns of the timeline; the first ones stay on one line as long as they fit.
HEADS = ("date", "what", "amount", "change", "for", "first bills", "file")
_FIRST = 4
#: Nothing is left out of what is scheduled, however long it is.
_UNCUT = 10**9


def schedule_blocks(reading: Reading, style: Style, *, whole: bool) -> Iterator[Iterator[str]]:
    """A part of the plan for each scheduled change, below a title, then what its words mean."""
    scheduled = reading.scheduled
    laid_out = Columns.of([line for each in scheduled for line in each.reading.lines], style)
    if scheduled:
        yield chain(title("Scheduled", style), _unknown(reading, style))
    for each in scheduled:
        yield _Change(each, style, laid_out, whole=whole).lines()
    derived = any(each.reading.has_derived for each in scheduled) and not reading.has_derived
    yield words(words_of(reading), style, derived=derived)


def timeline_blocks(reading: Reading, style: Style) -> Iterator[Iterator[str]]:
    """A table with a row for each date and amount, then why some changes would be refused on their date."""
    if not reading.scheduled:
        yield iter([NOTHING])
        yield refused(reading.refusals, style)
        return
    yield _timeline([(row, cells_of(row)) for row in in_order(reading.scheduled)], style)
    yield _unknown(reading, style)
    for each in reading.scheduled:
        if each.reading.refusals:
            yield chain(title(_heading(each), style), refused(each.reading.refusals, style))
    # What is due and refused is to come as well.
    yield refused(reading.refusals, style)


def cells_of(row: Row) -> tuple[str, ...]:
    """A row of the timeline, as the cells of HEADS."""
    line = row.line
    if line is None:
        return row.scheduled.when, row.subject, "", "", "", "", row.scheduled.head.file
    whom = line.whom or line.when or ("new customers" if line.action == "create" else "")
    return row.scheduled.when, row.subject, line.values, line.change, whom, row.bills, row.where


class _Change:
    """One dated change, as lines."""

    def __init__(self, scheduled: Scheduled, style: Style, columns: Columns, *, whole: bool) -> None:
        self._scheduled = scheduled
        self._style = style
        self._writer = Writer(scheduled.reading, style, columns, whole=whole, longest=_UNCUT)
        self._whole = whole

    def lines(self) -> Iterator[str]:
        """The date with the file and the reason, what changes, the bills, the announcement, and what is refused."""
        yield from title(_heading(self._scheduled), self._style)
        if not (self._scheduled.reading.groups or self._scheduled.reading.blocked):
            yield from self._style.wrapped(self._scheduled.reading.summary, 2)
        for group in self._writer.groups():
            yield from group
        yield from self._writer.blocked()
        yield from self._writer.notices()
        yield from self._facts()
        yield from refused(self._scheduled.reading.refusals, self._style)

    def _facts(self) -> Iterator[str]:
        scheduled = self._scheduled
        # A sentence that counts subscriptions has the bills already.
        said = any(headline.touched and headline.touched.first for headline in scheduled.reading.headlines)
        yield from labelled("bills", scheduled.billed, self._style) if scheduled.billed and not said else ()
        yield from labelled("notice", scheduled.told, self._style) if scheduled.told else ()
        yield from labelled("existing", scheduled.kept, self._style) if scheduled.kept else ()
        yield from labelled("plan id", scheduled.id, self._style) if self._whole else ()


def _heading(scheduled: Scheduled) -> str:
    """`2027-01-01 (2027-01-01 01:00 +01:00) · changes/2027-pro.yaml · FIN-812`"""
    when = f"{scheduled.when} ({scheduled.here})" if scheduled.here else scheduled.when
    return " · ".join(filter(None, (when, scheduled.head.file, scheduled.head.why)))


def _unknown(reading: Reading, style: Style) -> Iterator[str]:
    for text in unknown_of(reading):
        yield from style.wrapped(text, 0)


def _timeline(rows: Sequence[tuple[Row, tuple[str, ...]]], style: Style) -> Iterator[str]:
    cells = [found for _, found in rows]
    if width(HEADS, cells, indent=0) <= style.width:
        yield from table(HEADS, cells, style, indent=0)
        return
    first = [found[:_FIRST] for found in cells]
    if width(HEADS[:_FIRST], first, indent=0) <= style.width:
        below = width(HEADS[:1], [found[:1] for found in cells], indent=2)
        head, *lines = table(HEADS[:_FIRST], first, style, indent=0)
        yield head
        for line, found in zip(lines, cells, strict=True):
            yield line
            yield from style.wrapped(_rest(found), below, below)
        return
    for found in cells:
        yield from style.wrapped(f"{printable(found[0])}  {found[1]}", 0)
        yield from style.wrapped("  ".join(filter(None, found[2:_FIRST])), 2, 4)
        yield from style.wrapped(_rest(found), 2, 4)


def _rest(cells: tuple[str, ...]) -> str:
    """The last cells of a row, below the first: for whom, the first bills, and the file."""
    whom, bills, file = cells[_FIRST:]
    return "  ".join(filter(None, (whom, f"first bills {bills}" if bills else "", file)))

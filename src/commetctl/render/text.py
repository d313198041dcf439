"""A review as text for a terminal or a log: sentences, then one line for each amount, in columns."""

from collections.abc import Iterator
from itertools import groupby

from commetctl.core.change import Update
from commetctl.core.changeset import Blocked, Notice
from commetctl.core.text import counted, printable
from commetctl.reading import Group, Reading
from commetctl.reading.amounts import ABOUT, ABOUT_MEANS, arrow, sides
from commetctl.reading.names import capital, field_label
from commetctl.reading.reading import Told
from commetctl.reading.touched import touched_said
from commetctl.render.columns import Columns
from commetctl.render.terminal import Style, columns, padded, requests_of
from commetctl.review.heading import LIVE, Heading

#: The most unmanaged objects that the end of a plan names.
_UNMANAGED = 20
#: A run of lines about words alone, such as descriptions, that is longer than the first is cut after the second.
_LONGEST_RUN, _SHOWN = 8, 4
_LABEL = 16


def plan_text(reading: Reading, style: Style | None = None, *, whole: bool = False) -> str:
    """The heading, the changes, what they mean, and what comes next.

    With `whole`, nothing is left out, and each change is followed by its address, its effects and its requests.
    """
    writer = _Writer(reading, style or Style(), whole)
    blocks = [writer.heading(), *writer.groups(), writer.blocked(), writer.notices(), writer.words(), writer.end()]
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


class _Writer:
    """Turns one reading into lines."""

    def __init__(self, reading: Reading, style: Style, whole: bool) -> None:
        self._reading = reading
        self._style = style
        self._whole = whole
        self._columns = Columns.of(reading.lines, style)

    def heading(self) -> Iterator[str]:
        """What is compared."""
        return heading_lines(self._reading.heading, self._style, whole=self._whole)

    def groups(self) -> Iterator[list[str]]:
        """The changes, object by object."""
        for group in self._reading.groups:
            yield [*self._headlines(group), *self._lines(group)]

    def _headlines(self, group: Group) -> Iterator[str]:
        for text in [headline.text for headline in group.headlines] or [group.name]:
            yield from self._title(text)

    def _title(self, text: str) -> Iterator[str]:
        return (self._style.paint("bold", line) for line in self._style.wrapped(text, 0))

    def _lines(self, group: Group) -> Iterator[str]:
        for of_words, changes in groupby(group.changes, key=lambda told: told.is_of_words):
            run = list(changes)
            shown = run[:_SHOWN] if of_words and len(run) > _LONGEST_RUN and not self._whole else run
            for told in shown:
                yield from self._change(told)
            if more := len(run) - len(shown):
                yield self._more(more)

    def _more(self, count: int) -> str:
        return f"  … and {counted(count, 'more change')} of names, descriptions or metadata (all of them: `-v`)"

    def _change(self, told: Told) -> Iterator[str]:
        for line in told.lines:
            yield from self._columns.laid_out(line)
        for note in told.notes:
            yield from self._style.wrapped(note)
        if self._whole:
            yield from self._details(told)

    def _details(self, told: Told) -> Iterator[str]:
        review = self._reading.review
        yield from self._style.wrapped(f"address: {told.change.address}")
        for effect in dict.fromkeys(effect for line in told.lines for effect in line.effects):
            yield from self._style.wrapped(str(effect))
        for text in touched_said(review, told.change):
            yield from self._style.wrapped(text)
        requests = requests_of(review.changeset, told.change.address, review.ids)
        yield from (self._style.paint("dim", f"      {line}") for line in requests)

    def blocked(self) -> Iterator[str]:
        """The changes that the API cannot make, each with its way out."""
        if self._reading.blocked:
            yield from self._title("Blocked, because the API cannot make these changes")
        for item in self._reading.blocked:
            yield from self._blocked(item)

    def _blocked(self, item: Blocked) -> Iterator[str]:
        title = self._reading.names.title(item.change.address)
        yield f"  {self._style.paint('!', '!')} {title} ({printable(str(item.change.address))})"
        for field in item.change.fields if isinstance(item.change, Update) else ():
            yield from self._style.wrapped(
                f"{capital(field_label(field.path))}: {arrow(*sides(field.before, field.after))}"
            )
        yield from self._style.wrapped("why: " + item.reason)
        yield from self._style.wrapped("way out: " + item.hint) if item.hint else ()

    def notices(self) -> Iterator[str]:
        """What else there is to know."""
        for notice in self._reading.notices:
            yield from self._notice(notice)

    def _notice(self, notice: Notice) -> Iterator[str]:
        about = f"{notice.address}: " if notice.address else ""
        yield from self._style.wrapped(f"note: {about}{notice.message}", 0)
        yield from self._style.wrapped(f"hint: {notice.hint}", 2) if notice.hint else ()

    def words(self) -> Iterator[str]:
        """What the short words and signs in the lines mean."""
        for meaning in self._reading.meanings:
            for number, text in enumerate(meaning.texts):
                yield from self._labelled("" if number else meaning.word, text)
        if self._reading.has_derived:
            yield from self._labelled(ABOUT, ABOUT_MEANS)

    def end(self) -> Iterator[str]:
        """The summary, revenue, what `apply` would refuse, and the next command."""
        reading = self._reading
        yield from self._style.wrapped(reading.summary, 0)
        yield from self._unmanaged()
        for text in filter(None, (reading.causes, *reading.unknown)):
            yield from self._style.wrapped(text, 0)
        yield from self._revenue()
        if reading.refusals or reading.next:
            yield ""
        for number, refusal in enumerate(reading.refusals):
            yield from self._labelled("" if number else "refused by", f"{refusal.code}: {refusal.text}")
            yield from self._labelled("", refusal.hint) if refusal.hint else ()
        if reading.next:
            # A command is copied, so it stands on one line.
            yield f"{padded('next', _LABEL)}{printable(reading.next)}"

    def _unmanaged(self) -> Iterator[str]:
        names = [str(address) for address in self._reading.review.changeset.unmanaged]
        if not names:
            return
        shown = names if self._whole else names[:_UNMANAGED]
        more = len(names) - len(shown)
        text = ", ".join(shown) + (f", and {more} more (all of them: `-v`)" if more else "")
        yield from self._style.wrapped(f"Unmanaged: {text}", 0)

    def _revenue(self) -> Iterator[str]:
        rows = [(row.currency, arrow(row.today, row.then), row.change, row.percent) for row in self._reading.revenue]
        if rows:
            yield ""
            yield from self._title("Revenue a month, once all have renewed")
        widths = [max(columns(row[place]) for row in rows) for place in range(3)] if rows else []
        for row in rows:
            cells = [padded(cell, width) for cell, width in zip(row, widths, strict=False)]
            line = "  " + "   ".join([*cells, f"({row[3]})" if row[3] else ""]).rstrip()
            yield from [line] if columns(line) <= self._style.width else self._style.wrapped("   ".join(row), 2)
        for text in self._reading.revenue_notes:
            yield from self._style.wrapped(text, 2)

    def _labelled(self, label: str, text: str) -> Iterator[str]:
        """A text beside its label, wrapped below itself."""
        narrow = self._style.width < 3 * _LABEL
        if narrow and label:
            yield label
        lines = self._style.wrapped(text, 2 if narrow else _LABEL, 2 if narrow else _LABEL)
        for number, line in enumerate(lines):
            first = label and not number and not narrow
            yield f"{padded(label, _LABEL)}{line.lstrip(' ')}" if first else line

"""The changes of a reading as text for a terminal or a log: sentences, then one line for each amount, in columns."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from commetctl.core.change import Update
from commetctl.core.changeset import Blocked, Notice
from commetctl.core.text import counted, printable
from commetctl.reading import Group, Reading
from commetctl.reading.amounts import ABOUT, ABOUT_MEANS, arrow, sides
from commetctl.reading.effects import Meaning
from commetctl.reading.names import capital, field_label
from commetctl.reading.reading import Refusal, Told
from commetctl.reading.touched import touched_said
from commetctl.render.columns import Columns
from commetctl.render.terminal import Style, padded, requests_of

#: A run of lines about words alone, such as descriptions, that is longer than the first is cut after the second.
_LONGEST_RUN, _SHOWN = 8, 4
LABEL = 16


def title(text: str, style: Style) -> Iterator[str]:
    """A sentence above what it is about."""
    return (style.paint("bold", line) for line in style.wrapped(text, 0))


def labelled(label: str, text: str, style: Style) -> Iterator[str]:
    """A text beside its label, wrapped below itself."""
    narrow = style.width < 3 * LABEL
    if narrow and label:
        yield label
    lines = style.wrapped(text, 2 if narrow else LABEL, 2 if narrow else LABEL)
    for number, line in enumerate(lines):
        first = label and not number and not narrow
        yield f"{padded(label, LABEL)}{line.lstrip(' ')}" if first else line


def refused(refusals: Iterable[Refusal], style: Style) -> Iterator[str]:
    """What `apply` would refuse, and what to do about it."""
    for number, refusal in enumerate(refusals):
        yield from labelled("" if number else "refused by", f"{refusal.code}: {refusal.text}", style)
        yield from labelled("", refusal.hint, style) if refusal.hint else ()


def words(meanings: Iterable[Meaning], style: Style, *, derived: bool) -> Iterator[str]:
    """What the short words and signs in the lines mean."""
    for meaning in meanings:
        for number, text in enumerate(meaning.texts):
            yield from labelled("" if number else meaning.word, text, style)
    if derived:
        yield from labelled(ABOUT, ABOUT_MEANS, style)


class Writer:
    """Turns the changes of one reading into lines, laid out in some columns.

    With `whole`, each change is followed by its details. A run of changes of words is cut if it is longer than
    `longest`.
    """

    def __init__(
        self, reading: Reading, style: Style, columns: Columns, *, whole: bool, longest: int = _LONGEST_RUN
    ) -> None:
        self._reading = reading
        self._style = style
        self._whole = whole
        self._columns = columns
        self._longest = longest

    def groups(self) -> Iterator[list[str]]:
        """The changes, object by object."""
        for group in self._reading.groups:
            yield [*self._headlines(group), *self._lines(group)]

    def _headlines(self, group: Group) -> Iterator[str]:
        for text in [headline.text for headline in group.headlines] or [group.name]:
            yield from title(text, self._style)

    def _lines(self, group: Group) -> Iterator[str]:
        for of_words, changes in groupby(group.changes, key=lambda told: told.is_of_words):
            run = list(changes)
            shown = run[:_SHOWN] if of_words and len(run) > self._longest and not self._whole else run
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
            yield from title("Blocked, because the API cannot make these changes", self._style)
        for item in self._reading.blocked:
            yield from self._blocked(item)

    def _blocked(self, item: Blocked) -> Iterator[str]:
        name = self._reading.names.title(item.change.address)
        yield f"  {self._style.paint('!', '!')} {name} ({printable(str(item.change.address))})"
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

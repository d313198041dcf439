"""The parts of a review as Markdown: sentences, a table of each object, details that fold, and where it comes from."""

from collections.abc import Iterator, Mapping, Sequence

from commetctl.core.change import Update
from commetctl.core.changeset import Blocked
from commetctl.core.text import counted
from commetctl.reading import Line, Reading
from commetctl.reading.amounts import ABOUT, ABOUT_MEANS, arrow, sides, without_shared_unit
from commetctl.reading.effects import Meaning
from commetctl.reading.reading import Told
from commetctl.reading.touched import touched_said
from commetctl.render.markup import Item, Part, bullets, code, folded, prose, row, table_head, text
from commetctl.render.terminal import requests_of

#: The share of a page that errors, warnings and notices may each take, so that changes are not crowded out.
SHARE = 0.25
#: What a row of a table is called where it is missing.
AMOUNT = "amount"
_SIGNS = {"+": "➕", "~": "✏️", "-": "➖", "±": "🔁"}
_HEADS = ("before", "after", "change", "from", "for")


class Writer:
    """Turns one reading into Markdown; on a `short` page, tables have amounts alone."""

    def __init__(self, reading: Reading, short: bool) -> None:
        self._reading = reading
        self._short = short

    def sentences(self) -> Iterator[Part]:
        """What customers notice, and the number of changes."""
        yield from self.headlines()
        yield Part("summary line", [Item(text(self._reading.summary))])
        for said in filter(None, (self._reading.causes, *self._reading.unknown)):
            yield Part("summary line", [Item(prose(said))])

    def headlines(self, rank: int = 0) -> Iterator[Part]:
        """What customers notice."""
        lines = [f"**{text(headline.text)}.**" for headline in self._reading.headlines]
        if lines:
            yield Part("sentence", list(bullets(lines)), share=SHARE, rank=rank)

    def tables(self, least: int = 0) -> Iterator[Part]:
        """A table of each object that changes, with a row for each amount; changes of words are below the fold.

        The rank of none is lower than the `least`.
        """
        for group in self._reading.groups:
            shown = [told for told in group.changes if not told.is_of_words]
            notes = {told.lines[0]: told.notes for told in shown}
            lines = [line for told in shown for line in told.lines]
            if self._short:
                lines = sorted(lines, key=lambda line: (not line.gone, not line.is_amount, ABOUT in line.after))
            if lines:
                heads = [text(group.name), *_HEADS[: 3 if self._short else None]]
                rows = list(_rows(lines, {} if self._short else notes, self._short))
                yield Part(
                    AMOUNT,
                    rows,
                    table_head(heads),
                    rank=max(least, _rank(lines)),
                )

    def revenue(self) -> Iterator[Part]:
        """Recurring revenue, a row for each currency."""
        heads = ("Revenue a month, once all have renewed", "today", "then", "change", "")
        rows = (
            Item(
                row([each.currency, text(each.today), f"**{text(each.then)}**", text(each.change), text(each.percent)])
            )
            for each in self._reading.revenue
        )
        items = list(rows)
        if items:
            yield Part("row of revenue", items, table_head(heads), rank=1)
        for note in self._reading.revenue_notes:
            yield Part("summary line", [Item(prose(note))], rank=1)

    def blocked(self, rank: int = 0) -> Iterator[Part]:
        """The blocked changes, each with its way out."""
        if self._reading.blocked:
            items = [Item(self._blocked(item)) for item in self._reading.blocked]
            yield Part(
                "blocked change", items, "Blocked, because the API cannot make these changes:\n", share=SHARE, rank=rank
            )

    def _blocked(self, item: Blocked) -> str:
        title = self._reading.names.title(item.change.address)
        fields = item.change.fields if isinstance(item.change, Update) else ()
        lines = [f"- 🚫 {text(title)} ({code(str(item.change.address))}): {prose(item.reason)}"]
        lines += [f"  - {code(field.path)}: {text(arrow(*sides(field.before, field.after)))}" for field in fields]
        return "\n".join([*lines, f"  - Way out: {prose(item.hint)}"] if item.hint else lines)

    def details(self) -> Iterator[Part]:
        """What the words mean, then every change with its address, its effects and its requests."""
        yield from words("What the words mean", self._reading.meanings)
        yield from self.changes()

    def changes(self) -> Iterator[Part]:
        """Every change with its address, its effects and its requests."""
        for group in self._reading.groups:
            title = f"Details of {group.name}: {counted(len(group.changes), 'change')}"
            items = [Item("\n".join(self._detail(told))) for told in group.changes]
            yield folded(title, Part("change", items, rank=5))

    def _detail(self, told: Told) -> Iterator[str]:
        review, change = self._reading.review, told.change
        first = told.lines[0]
        yield f"- {_SIGNS[first.sign]} {code(str(change.address))} {text(first.gone)}".rstrip()
        if told.is_of_words:
            yield from (f"  - {text(f'{line.what}: {line.values}')}" for line in told.lines)
        said = [str(effect) for line in told.lines for effect in line.effects]
        said += [*touched_said(review, change), *told.notes]
        yield from (f"  - {prose(item)}" for item in dict.fromkeys(said))
        yield from (f"  - {code(item)}" for item in requests_of(review.changeset, change.address, review.ids))

    def rest(self) -> Iterator[Part]:
        """Notices, unmanaged objects, and where this comes from."""
        yield from self.notices()
        if unmanaged := self._reading.review.changeset.unmanaged:
            title = f"{counted(len(unmanaged), 'object')} not in the catalog, left alone"
            items = list(bullets(code(str(address)) for address in unmanaged))
            yield folded(title, Part("unmanaged object", items, rank=6))
        if origin := list(self._origin()):
            yield folded("Where this comes from", Part("source", list(bullets(origin)), rank=4))

    def notices(self) -> Iterator[Part]:
        """What else there is to know."""
        if notices := self._reading.notices:
            lines = (
                f"ℹ️ {code(str(notice.address)) + ': ' if notice.address else ''}{prose(notice.message)}"
                + (f"<br>{prose(notice.hint)}" if notice.hint else "")
                for notice in notices
            )
            yield folded(counted(len(notices), "note"), Part("note", list(bullets(lines)), share=SHARE, rank=3))

    def _origin(self) -> Iterator[str]:
        heading = self._reading.heading
        named = {"Files": heading.files, "Account": heading.account, "Time": heading.time}
        named["API version"] = heading.version
        named["Next"] = self._reading.next
        plain = ("Account", "Time")
        yield from (f"{name}: {text(said) if name in plain else code(said)}" for name, said in named.items() if said)


def words(title: str, meanings: Sequence[Meaning]) -> Iterator[Part]:
    """What the short words in the tables mean."""
    said = [f"**{each.word}**: {prose(one)}" for each in meanings for one in each.texts]
    if said:
        yield folded(title, Part("meaning", list(bullets(said)), rank=5))


def derived(*readings: Reading) -> Iterator[Part]:
    """What the sign before an amount means, if one has it."""
    if any(reading.has_derived for reading in readings):
        yield Part("explanation", [Item(f"{ABOUT} {ABOUT_MEANS}.")], rank=2)


def _rank(lines: Sequence[Line]) -> int:
    """The rank of a table on a page that is too long: what goes first, what Commet derives last."""
    if any(line.gone for line in lines):
        return 1
    return 2 if any(line.change and ABOUT not in line.after for line in lines) else 3


def _rows(lines: Sequence[Line], notes: Mapping[Line, Sequence[str]], short: bool) -> Iterator[Item]:
    for line in lines:
        what = text(line.what) if line.sign else f"&nbsp;&nbsp;{text(line.what)}"
        note = "".join(f"<br>_{prose(note)}_" for note in notes.get(line, ()))
        before, after = without_shared_unit(line.before, line.after), line.after
        cells = [what + note, text(before), f"**{text(after)}**" if after else text(line.gone), line.change]
        yield Item(row([*cells, *([] if short else [when(line), line.whom])]), amounts=line.is_amount)


def when(line: Line) -> str:
    """`at renewal, 2026-11-25 to 2026-12-21`"""
    if not (line.first and line.last):
        return line.when
    days = str(line.first) if line.first == line.last else f"{line.first} to {line.last}"
    return f"{line.when}, {days}"

"""A review as Markdown for a pull request: sentences and amounts in the open, everything else in details that fold.

GitHub limits comments to 65,536 characters, and summaries of a job to 1 MiB. If a page does not fit, whole pieces are
left out, the least important first, and the top of the page counts them: nothing is ever cut in the middle, or
silently.
"""

from collections.abc import Iterator, Mapping, Sequence

from commetctl.core.change import Update
from commetctl.core.changeset import Blocked
from commetctl.core.errors import CommetctlError, InvalidCatalog, Problem
from commetctl.core.text import counted, printable
from commetctl.reading import Line, Reading
from commetctl.reading.amounts import ABOUT, ABOUT_MEANS, arrow, sides, without_shared_unit
from commetctl.reading.errors import error_said
from commetctl.reading.reading import Told
from commetctl.reading.touched import touched_said
from commetctl.render.markup import Item, Page, Part, bullets, code, folded, prose, row, size, table_head, text
from commetctl.render.terminal import requests_of

#: Below GitHub's 65,536, with room for what a workflow adds.
LIMIT = 58_000
#: Below the 1 MiB that GitHub takes for the summary of a step, with room for what a workflow adds.
LONGEST_SUMMARY = 1_000_000
#: The smallest limit that any page can keep.
LEAST = 4_000
_NO_LIMIT = 10**9
_DETAILS, _COLUMNS = "the details of each change", "from when and for whom each change is"
#: The longest title, which contains the name of a file.
_TITLE = 200
#: The share of a page that errors, warnings and notices may each take, so that changes are not crowded out.
_SHARE = 0.25
_SIGNS = {"+": "➕", "~": "✏️", "-": "➖", "±": "🔁"}
_AMOUNT = "amount"
_HEADS = ("before", "after", "change", "from", "for")


def plan_markdown(
    reading: Reading,
    problems: Sequence[Problem] = (),
    troubles: Sequence[CommetctlError] = (),
    limit: int = LIMIT,
) -> str:
    """The review as Markdown of at most `limit` bytes; any limit from `LEAST` on can be kept."""
    title = _title(reading)

    def page(limit: int, *, details: bool, short: bool) -> str:
        writer = _Writer(reading, short)
        parts = [
            *writer.sentences(),
            *writer.tables(),
            *writer.revenue(),
            # The opening keeps two lists apart, which would be one without it.
            *_troubles(troubles, "What stops `apply`:\n"),
            *writer.blocked(),
            *_warnings(problems),
            *(writer.details() if details else ()),
            *writer.rest(),
        ]
        left_out = [] if details else [_DETAILS]
        left_out += [_COLUMNS] if short else []
        return str(Page(title, limit, parts, ", ".join(left_out)))

    # Every amount is shown before from when and for whom, and that before everything else.
    for details, short in ((True, False), (False, False), (False, True)):
        whole = page(_NO_LIMIT, details=details, short=short)
        if size(whole) <= limit:
            return whole
    return page(limit, details=False, short=True)


def _title(reading: Reading) -> str:
    heading = reading.heading
    title = printable(heading.account or heading.files)
    word = "Pricing drift" if reading.review.made else "Pricing"
    return f"### {word}: {text(title if len(title) <= _TITLE else title[:_TITLE] + '…')}"


def next_markdown(lines: Sequence[str]) -> str:
    """What to do next, as a block of code that ends a page; empty where there is nothing."""
    said = "\n".join(printable(line).replace("`", "'") for line in lines)
    return f"\n```\n{said}\n```\n" if said else ""


def failure_markdown(errors: Sequence[CommetctlError], limit: int = LIMIT) -> str:
    """Errors without a review, as Markdown of at most `limit` bytes."""
    return str(Page("### Pricing: failed", limit, list(_troubles(errors, share=1))))


def _troubles(errors: Sequence[CommetctlError], opening: str = "", share: float = _SHARE) -> Iterator[Part]:
    lines: list[str] = []
    for error in errors:
        about = f"{code(error.address)}: " if error.address else ""
        lines.append(f"❌ {about}{'<br>'.join(map(prose, error_said(error)))}")
        if isinstance(error, InvalidCatalog):
            lines += [f"❌ {_problem(problem)}" for problem in error.problems]
    if lines:
        yield Part("error", list(bullets(lines)), opening, share=share)


def _warnings(problems: Sequence[Problem]) -> Iterator[Part]:
    if problems:
        lines = (f"⚠️ {_problem(problem)} ({code(problem.code)})" for problem in problems)
        yield folded(counted(len(problems), "warning"), Part("warning", list(bullets(lines)), share=_SHARE, rank=3))


def _problem(problem: Problem) -> str:
    place = f"{code(str(problem.origin))} " if problem.origin else ""
    about = f"{code(problem.address)}: " if problem.address else ""
    return f"{place}{about}{prose(problem.message)}" + (f"<br>{prose(problem.hint)}" if problem.hint else "")


class _Writer:
    """Turns one reading into Markdown; on a `short` page, tables have amounts alone."""

    def __init__(self, reading: Reading, short: bool) -> None:
        self._reading = reading
        self._short = short

    def sentences(self) -> Iterator[Part]:
        """What customers notice, and the number of changes."""
        lines = [f"**{text(headline.text)}.**" for headline in self._reading.headlines]
        if lines:
            yield Part("sentence", list(bullets(lines)), share=_SHARE)
        yield Part("summary line", [Item(text(self._reading.summary))])
        for said in filter(None, (self._reading.causes, *self._reading.unknown)):
            yield Part("summary line", [Item(prose(said))])

    def tables(self) -> Iterator[Part]:
        """A table of each object that changes, with a row for each amount; changes of words are below the fold."""
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
                    _AMOUNT,
                    rows,
                    table_head(heads),
                    rank=_rank(lines),
                )
        if self._reading.has_derived:
            yield Part("explanation", [Item(f"{ABOUT} {ABOUT_MEANS}.")], rank=2)

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

    def blocked(self) -> Iterator[Part]:
        """The blocked changes, each with its way out."""
        if self._reading.blocked:
            items = [Item(self._blocked(item)) for item in self._reading.blocked]
            yield Part("blocked change", items, "Blocked, because the API cannot make these changes:\n", share=_SHARE)

    def _blocked(self, item: Blocked) -> str:
        title = self._reading.names.title(item.change.address)
        fields = item.change.fields if isinstance(item.change, Update) else ()
        lines = [f"- 🚫 {text(title)} ({code(str(item.change.address))}): {prose(item.reason)}"]
        lines += [f"  - {code(field.path)}: {text(arrow(*sides(field.before, field.after)))}" for field in fields]
        return "\n".join([*lines, f"  - Way out: {prose(item.hint)}"] if item.hint else lines)

    def details(self) -> Iterator[Part]:
        """What the words mean, then every change with its address, its effects and its requests."""
        meanings = [f"**{each.word}**: {prose(said)}" for each in self._reading.meanings for said in each.texts]
        if meanings:
            yield folded("What the words mean", Part("meaning", list(bullets(meanings)), rank=5))
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
        if notices := self._reading.notices:
            lines = (
                f"ℹ️ {code(str(notice.address)) + ': ' if notice.address else ''}{prose(notice.message)}"
                + (f"<br>{prose(notice.hint)}" if notice.hint else "")
                for notice in notices
            )
            yield folded(counted(len(notices), "note"), Part("note", list(bullets(lines)), share=_SHARE, rank=3))
        if unmanaged := self._reading.review.changeset.unmanaged:
            title = f"{counted(len(unmanaged), 'object')} not in the catalog, left alone"
            items = list(bullets(code(str(address)) for address in unmanaged))
            yield folded(title, Part("unmanaged object", items, rank=6))
        if origin := list(self._origin()):
            yield folded("Where this comes from", Part("source", list(bullets(origin)), rank=4))

    def _origin(self) -> Iterator[str]:
        heading = self._reading.heading
        named = {"Files": heading.files, "Account": heading.account, "Time": heading.time}
        named["API version"] = heading.version
        named["Next"] = self._reading.next
        plain = ("Account", "Time")
        yield from (f"{name}: {text(said) if name in plain else code(said)}" for name, said in named.items() if said)


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
        yield Item(row([*cells, *([] if short else [_when(line), line.whom])]), amounts=line.is_amount)


def _when(line: Line) -> str:
    """`at renewal, 2026-11-25 to 2026-12-21`"""
    if not (line.first and line.last):
        return line.when
    days = str(line.first) if line.first == line.last else f"{line.first} to {line.last}"
    return f"{line.when}, {days}"

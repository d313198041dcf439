"""What is scheduled as Markdown: change by change below a heading of its own, or as a table of its amounts."""

from collections.abc import Iterator

from commetctl.reading import Reading
from commetctl.reading.amounts import without_shared_unit
from commetctl.reading.reading import Refusal
from commetctl.reading.scheduled import Row, Scheduled, in_order, unknown_of, words_of
from commetctl.render.markdown_parts import AMOUNT, SHARE, Writer, derived, words
from commetctl.render.markup import Item, Part, bullets, code, prose, row, table_head, text
from commetctl.render.schedule import NOTHING, cells_of

#: The line by which programs find the part. Do not change it.
HEADING = "### Scheduled"
#: The rank of its parts: after the amounts of today, before notes.
_RANK = 2
#: How much of an id tells it from every other.
_ID = len("sha256:") + 12
_HEADS = ("date", "what", "before", "after", "change", "for", "first bills", "file")


def schedule_parts(reading: Reading, *, details: bool, short: bool) -> Iterator[Part]:
    """A heading, and each scheduled change; on a `short` page, tables have amounts alone."""
    if not reading.scheduled:
        return
    yield Part("heading", [Item(HEADING)], rank=-1)
    for said in unknown_of(reading):
        yield Part("summary line", [Item(prose(said))], rank=_RANK)
    for each in reading.scheduled:
        yield from _change(each, Writer(each.reading, short), details=details)
    if not reading.has_derived:
        yield from derived(*(each.reading for each in reading.scheduled))
    if details:
        yield from words("What the words above mean", words_of(reading))


def timeline_parts(reading: Reading) -> Iterator[Part]:
    """The heading, a table with a row for each date and amount, and why some changes would be refused."""
    yield Part("heading", [Item(HEADING)], rank=-1)
    if not reading.scheduled:
        yield Part("summary line", [Item(NOTHING)])
        return
    rows = [Item(row(list(_cells(each))), amounts=each.line is not None) for each in in_order(reading.scheduled)]
    yield Part(AMOUNT, rows, table_head(_HEADS, naming=2))
    yield from derived(*(each.reading for each in reading.scheduled))
    for said in unknown_of(reading):
        yield Part("summary line", [Item(prose(said))])
    for each in reading.scheduled:
        yield from _refused(each.reading.refusals, f"Refused as of {each.when}, {code(each.head.file)}:\n")


def _cells(each: Row) -> Iterator[str]:
    when, what, _, *rest, file = cells_of(each)
    line = each.line
    yield when
    yield text(what)
    yield text(without_shared_unit(line.before, line.after)) if line else ""
    yield (f"**{text(line.after)}**" if line.after else text(line.gone)) if line else ""
    yield from rest
    yield code(file)


def _change(scheduled: Scheduled, writer: Writer, *, details: bool) -> Iterator[Part]:
    yield Part("scheduled change", [Item("<br>".join(_head(scheduled)))], share=SHARE, rank=_RANK)
    found = scheduled.reading
    if all(told.is_of_words for group in found.groups for told in group.changes):
        yield Part("summary line", [Item(text(found.summary))], rank=_RANK)
    yield from writer.headlines(_RANK)
    yield from writer.tables(_RANK)
    yield from _refused(found.refusals, "Refused as of its date:\n")
    yield from writer.blocked(_RANK)
    yield from writer.notices()
    yield from writer.changes() if details else ()


def _head(scheduled: Scheduled) -> Iterator[str]:
    """The date, the file and the reason; the bills and the announcement; and the id of what is agreed to."""
    head = scheduled.head
    yield " · ".join([f"**{scheduled.when}**", code(head.file), *([text(head.why)] if head.why else [])])
    said = [text(fact) for fact in (scheduled.billed, scheduled.told, scheduled.kept) if fact]
    if said:
        yield "; ".join(said)
    yield f"plan id {code(scheduled.id[:_ID])}"


def _refused(refusals: tuple[Refusal, ...], opening: str) -> Iterator[Part]:
    lines = [
        f"❌ {prose(each.text)} ({code(each.code)})" + (f"<br>{prose(each.hint)}" if each.hint else "")
        for each in refusals
    ]
    if lines:
        # The opening keeps two lists apart, which would be one without it.
        yield Part("error", list(bullets(lines)), opening, share=SHARE, rank=_RANK)

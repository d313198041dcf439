"""A review as Markdown for a pull request: sentences and amounts in the open, everything else in details that fold.

GitHub limits comments to 65,536 characters, and summaries of a job to 1 MiB. If a page does not fit, whole pieces are
left out, the least important first, and the top of the page counts them: nothing is ever cut in the middle, or
silently.
"""

from collections.abc import Iterator, Sequence

from commetctl.core.errors import CommetctlError, InvalidCatalog, Problem
from commetctl.core.text import counted, printable
from commetctl.reading import Reading
from commetctl.reading.errors import error_said
from commetctl.render.markdown_parts import SHARE, Writer, derived
from commetctl.render.markup import Page, Part, bullets, code, folded, prose, size, text
from commetctl.render.schedule_markdown import schedule_parts, timeline_parts

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


def plan_markdown(
    reading: Reading,
    problems: Sequence[Problem] = (),
    troubles: Sequence[CommetctlError] = (),
    limit: int = LIMIT,
) -> str:
    """The review as Markdown of at most `limit` bytes; any limit from `LEAST` on can be kept."""
    title = _title(reading)

    def page(limit: int, *, details: bool, short: bool) -> str:
        writer = Writer(reading, short)
        parts = [
            *writer.sentences(),
            *writer.tables(),
            *derived(reading),
            *writer.revenue(),
            # The opening keeps two lists apart, which would be one without it.
            *_troubles(troubles, "What stops `apply`:\n"),
            *writer.blocked(),
            *_warnings(problems),
            *(writer.details() if details else ()),
            *writer.rest(),
            # It has a heading of its own, which nothing of today may stand below.
            *schedule_parts(reading, details=details, short=short),
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


def timeline_markdown(reading: Reading, errors: Sequence[CommetctlError] = (), limit: int = LIMIT) -> str:
    """The timeline of what is scheduled, as Markdown of at most `limit` bytes, with what went wrong."""
    return str(Page(_title(reading), limit, [*timeline_parts(reading), *_troubles(errors)]))


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


def _troubles(errors: Sequence[CommetctlError], opening: str = "", share: float = SHARE) -> Iterator[Part]:
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
        yield folded(counted(len(problems), "warning"), Part("warning", list(bullets(lines)), share=SHARE, rank=3))


def _problem(problem: Problem) -> str:
    place = f"{code(str(problem.origin))} " if problem.origin else ""
    about = f"{code(problem.address)}: " if problem.address else ""
    return f"{place}{about}{prose(problem.message)}" + (f"<br>{prose(problem.hint)}" if problem.hint else "")

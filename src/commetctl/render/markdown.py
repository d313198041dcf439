"""A review as Markdown for a pull request: a summary, price tables, and every change in details that fold.

GitHub limits comments to 65,536 characters, and summaries of a job to 1 MiB. If a page does not fit, whole pieces are
left out, the least important first, and the top of the page counts them: nothing is ever cut in the middle, or
silently.
"""

from collections.abc import Iterator, Sequence

from commetctl.core.amount_move import AmountMove
from commetctl.core.change import Change, Create, Delete, FieldChange, Update, takes_away
from commetctl.core.changeset import Blocked
from commetctl.core.errors import CommetctlError, InvalidCatalog, Problem
from commetctl.core.money import Derived
from commetctl.core.resource import ABSENT, Address
from commetctl.core.text import (
    change_text,
    counted,
    moved_text,
    percent_said,
    printable,
    value_text,
)
from commetctl.render.groups import (
    FEW_MOVES,
    Group,
    field_said,
    gone,
    groups,
    is_amount,
    largest_moves,
    notable,
    runs,
    telling,
)
from commetctl.render.markdown_amounts import DERIVED_SAID, NOUN, PLAIN, change_line, pack_tables, plan_tables, sign
from commetctl.render.markup import Item, Page, Part, bullets, code, folded, prose, size, text
from commetctl.render.sentences import (
    causes_said,
    common_effects,
    effects_said,
    error_said,
    going_said,
    impact_said,
    marks_said,
    touched_said,
)
from commetctl.render.text import summary
from commetctl.review.review import Review

#: Below GitHub's 65,536, with room for what a workflow adds.
LIMIT = 58_000
#: Below the 1 MiB that GitHub takes for the summary of a step, with room for what a workflow adds.
LONGEST_SUMMARY = 1_000_000
#: The smallest limit that any page can keep.
LEAST = 4_000
_NO_LIMIT = 10**9
_MEANING = "what each change means"
#: The longest title, which contains the name of a file.
_TITLE = 200
#: The share of a page that errors, warnings and notices may each take, so that changes are not crowded out.
_SHARE = 0.25


def plan_markdown(
    review: Review,
    problems: Sequence[Problem] = (),
    troubles: Sequence[CommetctlError] = (),
    limit: int = LIMIT,
) -> str:
    """The review as Markdown of at most `limit` bytes; any limit from `LEAST` on can be kept."""
    title = printable(review.title)
    title = title if len(title) <= _TITLE else title[:_TITLE] + "…"

    def page(limit: int, *, short: bool, tables: bool) -> str:
        writer = _Writer(review, short)
        amounts = [*plan_tables(review), *pack_tables(review)]
        parts = [
            *writer.summary(),
            # The opening keeps two lists apart, which would be one without it.
            *_troubles(troubles, "What stands in the way:\n"),
            *writer.blocked(),
            *(amounts if tables else [Part("explanation", [Item(DERIVED_SAID)])]),
            *_warnings(problems),
            *writer.details(),
            *writer.rest(),
        ]
        left_out = [_MEANING] if short else []
        left_out += [] if tables else [counted(sum(part.noun == NOUN for part in amounts), NOUN)]
        return str(Page(f"### Pricing: {text(title)}", limit, parts, ", ".join(left_out)))

    # Amounts are kept before their meaning, and before the tables, which repeat them.
    for short, tables in ((False, True), (True, True), (True, False)):
        whole = page(_NO_LIMIT, short=short, tables=tables)
        if size(whole) <= limit:
            return whole
    return page(limit, short=True, tables=True)


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
    """Turns one review into Markdown; with `short`, each change takes one line, without its meaning."""

    def __init__(self, review: Review, short: bool) -> None:
        self._review = review
        self._short_only = short
        self._changeset = review.changeset

    def summary(self) -> Iterator[Part]:
        """The summary and the largest moves, in a few lines."""
        yield Part("summary line", [Item(f"**{text(summary(self._review))}**")])
        for said in (causes_said(self._review), *impact_said(self._review)):
            if said:
                yield Part("summary line", [Item(prose(said[0].upper() + said[1:]))])
        moves = largest_moves(self._review)
        if len(moves) > 1:
            lines = [*map(_move, moves[:FEW_MOVES])]
            lines += [f"and {len(moves) - FEW_MOVES} more"] if len(moves) > FEW_MOVES else []
            yield Part("summary line", [Item("\n".join(["Largest moves:", "", *(f"- {line}" for line in lines)]))])

    def blocked(self) -> Iterator[Part]:
        """The blocked changes, each with its way out."""
        if self._changeset.blocked:
            items = [Item(_blocked(item)) for item in self._changeset.blocked]
            yield Part("blocked change", items, "What Commet has no way to do:\n", share=_SHARE)

    def details(self) -> Iterator[Part]:
        """Every change, in groups that are closed at first."""
        for group in groups(self._review):
            common = common_effects(self._review, group)
            above = "" if self._short_only else "<br>".join(prose(str(effect)) for effect in dict.fromkeys(common))
            title = f"{group.title}: {counted(len(group.changes), 'change')}"
            # If not everything fits, amounts come first; the order is kept otherwise.
            items = sorted(
                self._items(group, said=bool(common)), key=lambda item: self._short_only and not item.amounts
            )
            yield folded(title, Part("change", items, above, rank=_rank(group)))

    def rest(self) -> Iterator[Part]:
        """Notices, and objects that are left alone."""
        if notices := self._changeset.notices:
            lines = (
                f"ℹ️ {code(str(notice.address)) + ': ' if notice.address else ''}{prose(notice.message)}"
                + (f"<br>{prose(notice.hint)}" if notice.hint else "")
                for notice in notices
            )
            yield folded(counted(len(notices), "note"), Part("note", list(bullets(lines)), share=_SHARE, rank=3))
        if unmanaged := self._changeset.unmanaged:
            title = f"{counted(len(unmanaged), 'object')} not in the file, left alone"
            items = list(bullets(code(str(address)) for address in unmanaged))
            yield folded(title, Part("unmanaged object", items, rank=6))

    def _items(self, group: Group, *, said: bool) -> Iterator[Item]:
        for run in runs(group.changes):
            for change in run.shown:
                lines = [change_line(self._review, change)] if self._short_only else self._change(change, said=said)
                yield Item("\n".join(lines), amounts=bool(telling(change)))
            for change in run.short:
                marks = () if self._short_only else marks_said(self._review, change)
                lines = [change_line(self._review, change), *(f"  - _{prose(mark)}_" for mark in marks)]
                yield Item("\n".join(lines), amounts=True)
            if run.folded:
                yield Item(
                    f"- {sign(run.folded[0])} {text(run.folded_text)} (all of them: `commetctl plan -v`)",
                    len(run.folded),
                )

    def _change(self, change: Change, *, said: bool) -> Iterator[str]:
        going = text(going_said(self._changeset, change))
        yield f"- {sign(change)} {code(str(change.address))} {going}".rstrip()
        match change:
            case Update():
                yield from (f"  - {code(i.path)}: {text(_said(change.address, i))}" for i in change.fields)
            case Create(after):
                fields = notable(after).items()
                if fields:
                    yield "  - " + ", ".join(f"{code(name)}: {text(value_text(value))}" for name, value in fields)
            case Delete():
                yield from (f"  - {text(str(item))}" for item in gone(self._review, change))
        meaning = [] if said else [str(effect) for effect in effects_said(self._review, change)]
        meaning += [*touched_said(self._review, change), *marks_said(self._review, change)]
        yield from (f"  - _{prose(item)}_" for item in dict.fromkeys(meaning))


def _said(address: Address, item: FieldChange) -> str:
    """How a field of an object that stays changes: of a value that goes, that it does."""
    return change_text(item.before, item.after) if item.after is ABSENT else field_said(address, item)


def _rank(group: Group) -> int:
    """The rank of a group on a page that is too long: deletions first, derived amounts last."""
    if any(takes_away(change) for change in group.changes):
        return 1
    moving = any(isinstance(change, Create) or any(_moving(change)) for change in group.changes)
    return 3 if moving else 5


def _moving(change: Change) -> Iterator[bool]:
    """For each field of an update, whether it is an amount that is not derived."""
    for item in change.fields if isinstance(change, Update) else ():
        yield is_amount(change.address, item.path, item.after) and not (
            item.path == "rate" or isinstance(item.after, Derived)
        )


def _blocked(item: Blocked) -> str:
    lines = [f"- 🚫 {code(str(item.change.address))} blocked: {prose(item.reason)}"]
    if isinstance(item.change, Update):
        lines += [f"  - {code(f.path)}: {text(change_text(f.before, f.after))}" for f in item.change.fields]
    return "\n".join([*lines, f"  - Way out: {prose(item.hint)}"] if item.hint else lines)


def _move(move: AmountMove) -> str:
    path = "" if move.path in PLAIN else f"{code(move.path)} "
    return f"{code(str(move.address))} {path}{text(f'{moved_text(move)} ({percent_said(move)})')}"

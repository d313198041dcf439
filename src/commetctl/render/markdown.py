"""A review as Markdown for a pull request: a summary, price tables, and every change in details that fold.

GitHub takes comments of 65,536 characters. Of what does not fit, whole pieces are left out, the least telling
first, and the top of the page counts them: nothing is ever cut in the middle, or without a word.
"""

from collections.abc import Iterator, Sequence

from commetctl.core.change import Change, Create, Delete, Update, action
from commetctl.core.changeset import Blocked
from commetctl.core.errors import CommetctlError, InvalidCatalog, Problem
from commetctl.core.money import Derived
from commetctl.core.move import AmountMove, field_percent
from commetctl.core.text import (
    change_text,
    counted,
    moved_text,
    percent_said,
    printable,
    value_text,
)
from commetctl.render.amounts import DERIVED_SAID, NOUN, PLAIN, SIGNS, change_line, pack_tables, plan_tables
from commetctl.render.groups import Group, gone, groups, is_amount, largest_moves, notable, runs, telling
from commetctl.render.markup import Item, Page, Part, bullets, code, folded, prose, size, text
from commetctl.render.meaning import (
    cause_said,
    causes_said,
    common_effects,
    effects_said,
    error_said,
    going_said,
    impact_said,
    touched_said,
)
from commetctl.render.text import summary
from commetctl.review.review import Review

#: Under GitHub's 65,536, with room for what a workflow adds.
LIMIT = 58_000
_NO_LIMIT = 10**9
_MEANING = "what each change means"
_MOVES = 5
#: How much of a title is shown, which has the name of a file in it.
_TITLE = 200
#: How much of a page that is too long errors and warnings may take, so that the changes are not crowded out.
_SHARE = 0.25


def plan_markdown(
    review: Review,
    problems: Sequence[Problem] = (),
    troubles: Sequence[CommetctlError] = (),
    limit: int = LIMIT,
) -> str:
    """The review as Markdown of at most `limit` bytes; any limit from 4,000 on is kept, whatever there is to show."""
    title = printable(review.title)
    title = title if len(title) <= _TITLE else title[:_TITLE] + "…"

    def page(limit: int, *, short: bool, tables: bool) -> str:
        writer = _Writer(review, short)
        amounts = [*plan_tables(review), *pack_tables(review)]
        parts = [
            *writer.summary(),
            # A line between two lists, which would be one without it.
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

    # Every amount comes before what it means, and before the tables, which say it again.
    for short, tables in ((False, True), (True, True), (True, False)):
        whole = page(_NO_LIMIT, short=short, tables=tables)
        if size(whole) <= limit:
            return whole
    return page(limit, short=True, tables=True)


def failure_markdown(errors: Sequence[CommetctlError], limit: int = LIMIT) -> str:
    """What went wrong where there is nothing else to show, as Markdown of at most `limit` bytes."""
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
    """One review on its way to Markdown; `short` is one line for each change, and no word on what it means."""

    def __init__(self, review: Review, short: bool) -> None:
        self._review = review
        self._short_only = short
        self._changeset = review.changeset

    def summary(self) -> Iterator[Part]:
        """What it comes to, in a few lines."""
        yield Part("summary line", [Item(f"**{text(summary(self._review))}**")])
        for said in (causes_said(self._review), *impact_said(self._review)):
            if said:
                yield Part("summary line", [Item(prose(said[0].upper() + said[1:]))])
        moves = largest_moves(self._review)
        if len(moves) > 1:
            lines = [*map(_move, moves[:_MOVES])]
            lines += [f"and {len(moves) - _MOVES} more"] if len(moves) > _MOVES else []
            yield Part("summary line", [Item("\n".join(["Largest moves:", "", *(f"- {line}" for line in lines)]))])

    def blocked(self) -> Iterator[Part]:
        """What cannot be done, each with its way out."""
        if self._changeset.blocked:
            items = [Item(_blocked(item)) for item in self._changeset.blocked]
            yield Part("blocked change", items, "What Commet has no way to do:\n", share=_SHARE)

    def details(self) -> Iterator[Part]:
        """Every change, by plan; closed until somebody opens it."""
        for group in groups(self._review):
            common = common_effects(self._review, group)
            above = "" if self._short_only else "<br>".join(prose(str(effect)) for effect in dict.fromkeys(common))
            title = f"{group.title}: {counted(len(group.changes), 'change')}"
            # A sort that keeps the order otherwise: where not all has room, amounts come first.
            items = sorted(
                self._items(group, said=bool(common)), key=lambda item: self._short_only and not item.amounts
            )
            yield folded(title, Part("change", items, above, rank=_rank(group)))

    def rest(self) -> Iterator[Part]:
        """What else there is to know, and what is left alone."""
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
                marks = [] if self._short_only else [f"  - _{prose(mark)}_" for mark in self._marks(change) if mark]
                yield Item("\n".join([change_line(self._review, change), *marks]), amounts=True)
            if run.folded:
                sign = SIGNS[action(run.folded[0])]
                yield Item(f"- {sign} {text(run.folded_text)} (all of them: `commetctl plan -v`)", len(run.folded))

    def _change(self, change: Change, *, said: bool) -> Iterator[str]:
        going = f" {text(going_said(self._changeset, change))}" if isinstance(change, Delete) else ""
        yield f"- {SIGNS[action(change)]} {code(str(change.address))}{going}"
        match change:
            case Update():
                for item in change.fields:
                    percent = field_percent(change.address, item)
                    moved = f" ({percent})" if percent else ""
                    yield f"  - {code(item.path)}: {text(change_text(item.before, item.after))}{moved}"
            case Create(after):
                fields = notable(after).items()
                if fields:
                    yield "  - " + ", ".join(f"{code(name)}: {text(value_text(value))}" for name, value in fields)
            case Delete():
                yield from (f"  - {text(str(item))}" for item in gone(self._review, change))
        yield from (f"  - _{prose(item)}_" for item in dict.fromkeys(self._meaning(change, said=said)) if item)

    def _meaning(self, change: Change, *, said: bool) -> Iterator[str]:
        if not said:
            yield from (str(effect) for effect in effects_said(self._review, change))
        if self._review.impact and (touched := self._review.impact.touched.get(change.address)):
            yield from touched_said(touched)
        yield from self._marks(change)

    def _marks(self, change: Change) -> Iterator[str]:
        yield cause_said(self._review, change)
        yield from (f"note: {step.note}" for step in self._changeset.steps_for(change.address) if step.note)


def _rank(group: Group) -> int:
    """Where a page is too long, what goes comes before what comes or moves, and that before what follows others."""
    if any(isinstance(change, Delete) for change in group.changes):
        return 1
    moving = any(isinstance(change, Create) or any(_moving(change)) for change in group.changes)
    return 3 if moving else 5


def _moving(change: Change) -> Iterator[bool]:
    """Whether each field of an update is an amount that somebody wrote."""
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

"""A review as Markdown for a pull request: a summary, price tables, and every change in details that fold.

GitHub takes comments of 65,536 characters. What does not fit is left out from the end, whole parts at a time, and what
was left out is counted in its place: nothing is ever cut in the middle, or without a word.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from commetctl.core.amounts import AmountMove
from commetctl.core.change import Change, Create, Delete, Update, action
from commetctl.core.changeset import Blocked
from commetctl.core.money import Derived
from commetctl.core.resource import Value
from commetctl.core.review import Review
from commetctl.errors import CommetctlError, InvalidCatalog, Problem
from commetctl.render.groups import groups, largest_moves
from commetctl.render.markup import code, table, text
from commetctl.render.meaning import cause_said, causes_said, effects_said, impact_said, touched_said
from commetctl.render.pricing import Cell, Line, PlanList, plan_lists
from commetctl.render.text import summary
from commetctl.render.words import change_text, counted, moved_text, notable, value_text

#: Under GitHub's 65,536, with room for what a workflow adds.
LIMIT = 60_000
_MOVES, _LISTED = 5, 50
_SIGNS = {"create": "➕", "update": "✏️", "delete": "➖"}


@dataclass(frozen=True)
class _Part:
    """A piece of the page that is shown whole or not at all; `what` is what is missed without it."""

    body: str
    what: str = ""


def plan_markdown(
    review: Review,
    problems: Sequence[Problem] = (),
    troubles: Sequence[CommetctlError] = (),
    limit: int = LIMIT,
) -> str:
    """The review as Markdown of at most `limit` characters.

    Warnings and errors stand in its head, which is always whole.
    """
    writer = _Writer(review)
    head = [f"### Pricing: {text(review.title)}", "", *writer.summary(), "", *_troubles(troubles)]
    parts = [*writer.problems(problems), *writer.blocked(), *writer.prices(), *writer.details(), *writer.rest()]
    return _fitted("\n".join(head), parts, limit)


def _fitted(head: str, parts: Sequence[_Part], limit: int) -> str:
    """The head and as many parts as fit, in order, with a line for what does not."""
    # Room for the line itself, which names what is missing.
    room = limit - len(head) - 400
    shown: list[str] = []
    missing: list[str] = []
    for part in parts:
        if not missing and len(part.body) + 1 <= room:
            shown.append(part.body)
            room -= len(part.body) + 1
        else:
            missing.append(part.what)
    if missing:
        kinds = {what: missing.count(what) for what in dict.fromkeys(missing)}
        named = ", ".join(counted(count, what) for what, count in kinds.items())
        shown.append(f"**Not shown, because it would not fit: {named}.** `commetctl plan` shows all of it.\n")
    return "\n".join([head, *shown]).rstrip() + "\n"


def failure_markdown(errors: Sequence[CommetctlError]) -> str:
    """What went wrong where there is nothing else to show, as Markdown."""
    return "\n".join(["### Pricing: failed", "", *_troubles(errors)])


def _troubles(errors: Sequence[CommetctlError]) -> Iterator[str]:
    for error in errors:
        about = f"{code(error.address)}: " if error.address else ""
        yield f"- ❌ {about}{text(error.message)}" + (f"<br>{text(error.hint)}" if error.hint else "")
        if isinstance(error, InvalidCatalog):
            yield from (f"  - {_problem(problem)}" for problem in error.problems[:_LISTED])
            if (more := len(error.problems) - _LISTED) > 0:
                yield f"  - and {more} more"
    yield from [""] if errors else []


def _problem(problem: Problem) -> str:
    place = f"{code(str(problem.origin))} " if problem.origin else ""
    about = f"{code(problem.address)}: " if problem.address else ""
    hint = f" ({text(problem.hint)})" if problem.hint else ""
    return f"{place}{about}{text(problem.message)}{hint}"


class _Writer:
    """One review on its way to Markdown."""

    def __init__(self, review: Review) -> None:
        self._review = review
        self._changeset = review.changeset
        self._lists = {found.code: found for found in plan_lists(review.before, review.after)}

    def summary(self) -> Iterator[str]:
        """What it comes to, in a few lines."""
        yield f"**{text(summary(self._review))}**"
        moves = largest_moves(self._review)
        if moves:
            yield ""
            yield (
                "Largest moves: "
                + "; ".join(map(_move, moves[:_MOVES]))
                + (f"; and {len(moves) - _MOVES} more" if len(moves) > _MOVES else "")
            )
        for said in (causes_said(self._review), *impact_said(self._review.impact)):
            if said:
                yield ""
                yield text(said[0].upper() + said[1:])

    def problems(self, problems: Sequence[Problem]) -> Iterator[_Part]:
        """What the catalog is warned about."""
        if problems:
            lines = "\n".join(f"- ⚠️ {_problem(problem)} {code(problem.code)}" for problem in problems)
            yield _Part(_details(counted(len(problems), "warning"), lines), "list of warnings")

    def blocked(self) -> Iterator[_Part]:
        """What cannot be done, each with its way out."""
        for item in self._changeset.blocked:
            yield _Part(_blocked(item), "blocked change")

    def prices(self) -> Iterator[_Part]:
        """A table for each plan whose prices change."""
        for found in self._lists.values():
            if any(line.is_changed for line in found.prices):
                yield _Part(_price_table(found), "price table")

    def details(self) -> Iterator[_Part]:
        """Every change, folded, by plan."""
        for group in groups(self._review):
            body = "\n".join(line for change in group.changes for line in self._change(change))
            yield _Part(_details(f"{group.title}: {counted(len(group.changes), 'change')}", body), "group of changes")

    def rest(self) -> Iterator[_Part]:
        """What else there is to know, and what is left alone."""
        notices = self._changeset.notices
        if notices:
            lines = [f"- {code(str(n.address)) + ' ' if n.address else ''}{text(n.message)}" for n in notices]
            yield _Part(_details(counted(len(notices), "note"), "\n".join(lines)), "list of notes")
        unmanaged = self._changeset.unmanaged
        if unmanaged:
            names = ", ".join(code(str(address)) for address in unmanaged[:_LISTED])
            more = f", and {len(unmanaged) - _LISTED} more" if len(unmanaged) > _LISTED else ""
            yield _Part(
                _details(f"{counted(len(unmanaged), 'object')} not in the file, left alone", names + more), "list"
            )

    def _change(self, change: Change) -> Iterator[str]:
        yield f"- {_SIGNS[action(change)]} {code(str(change.address))}" + self._along(change)
        match change:
            case Update():
                for item in change.fields:
                    yield f"  - {code(item.path)}: {text(change_text(item.before, item.after))}"
            case Create(after):
                fields = notable(after).items()
                if fields:
                    yield "  - " + ", ".join(f"{code(name)} {text(value_text(value))}" for name, value in fields)
            case _:
                pass
        touched = self._review.impact.touched.get(change.address) if self._review.impact else None
        said = [str(effect) for effect in effects_said(self._review, change)]
        said += [*(touched_said(touched) if touched else ()), cause_said(self._review, change)]
        said += [f"note: {step.note}" for step in self._changeset.steps_for(change.address) if step.note]
        yield from (f"  - _{text(item)}_" for item in dict.fromkeys(said) if item)

    def _along(self, change: Change) -> str:
        along = self._changeset.along.get(change.address, ())
        return f" (with {len(along)} that belong to it)" if isinstance(change, Delete) and along else ""


def _blocked(item: Blocked) -> str:
    way_out = f"\n  - Way out: {text(item.hint)}" if item.hint else ""
    return f"- 🚫 {code(str(item.change.address))} is blocked: {text(item.reason)}{way_out}\n"


def _details(title: str, body: str) -> str:
    return f"<details><summary>{text(title)}</summary>\n\n{body}\n\n</details>\n"


def _move(move: AmountMove) -> str:
    return f"{code(str(move.address))} {text(moved_text(move))} ({move.percent_text})"


def _price_table(found: PlanList) -> str:
    """The prices of one plan, an interval a line and a currency a column."""
    state = " · new" if found.is_new else " · removed" if found.is_gone else ""
    heads = ["", *(currency.upper() for currency in found.currencies)]
    rows = [
        [line.key.replace("_", "-"), *(_cell(line, currency) for currency in found.currencies)] for line in found.prices
    ]
    return f"#### {text(found.name)} {code(found.code)}{state}\n\n{table(heads, rows)}\n"


def _cell(line: Line, currency: str) -> str:
    cell = line.cells.get(currency)
    if cell is None or cell == Cell():
        return ""
    if not cell.is_changed:
        return _amount(cell.after)
    percent = f" ({cell.move.percent_text})" if cell.move else ""
    if cell.before is None:
        return f"**{_amount(cell.after)}** (new)"
    if cell.after is None:
        return f"~~{_amount(cell.before)}~~ (gone)"
    return f"~~{_amount(cell.before)}~~ **{_amount(cell.after)}**{percent}"


def _amount(value: Value) -> str:
    if isinstance(value, Derived):
        return f"≈ {value.about.number()}"
    number = getattr(value, "number", None)
    return number() if number else text(value_text(value))

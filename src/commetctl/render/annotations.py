"""Annotations: problems, warnings and changes as commands of GitHub's runner, each at its file and line."""

from collections.abc import Iterator, Sequence

from commetctl.core.amounts import amount_move
from commetctl.core.change import Change, Create, Update, action
from commetctl.core.resource import Origin
from commetctl.core.review import Review
from commetctl.errors import CommetctlError, InvalidCatalog, Problem
from commetctl.render.meaning import cause_said, effects_said, touched_said
from commetctl.render.words import change_text, notable, printable, value_text


def annotations(review: Review) -> Iterator[str]:
    """A notice for each change, and an error for each one that is blocked."""
    for change in review.changeset.changes:
        yield _command("notice", f"{action(change)} {change.address}", change_lines(review, change), _origin(change))
    for item in review.changeset.blocked:
        lines = [item.reason, f"way out: {item.hint}"] if item.hint else [item.reason]
        yield _command("error", f"blocked: {item.change.address}", lines, _origin(item.change))


def trouble(errors: Sequence[CommetctlError], level: str = "error") -> Iterator[str]:
    """Errors, or warnings; those of a catalog each at its place."""
    for error in errors:
        if isinstance(error, InvalidCatalog):
            yield from findings(error.problems, level)
        lines = [line for line in (error.message, error.hint) if line]
        yield _command(level, f"{error.code} {error.address}".strip(), lines, None)


def findings(problems: Sequence[Problem], level: str = "warning") -> Iterator[str]:
    """What is wrong with a catalog, or probably not meant."""
    for problem in problems:
        lines = [line for line in (problem.message, problem.hint) if line]
        yield _command(level, f"{problem.code} {problem.address}".strip(), lines, problem.origin)


def change_lines(review: Review, change: Change) -> list[str]:
    """A change in a few lines of plain text: its fields, and what it means."""
    lines: list[str] = []
    match change:
        case Update(fields=fields):
            for item in fields:
                move = amount_move(change.address, item)
                percent = f" ({move.percent_text})" if move else ""
                lines.append(f"{item.path}: {change_text(item.before, item.after)}{percent}")
        case Create(after):
            lines += [f"{name}: {value_text(value)}" for name, value in notable(after).items()]
        case _:
            pass
    lines += [str(effect) for effect in effects_said(review, change)]
    touched = review.impact.touched.get(change.address) if review.impact else None
    lines += [*(touched_said(touched) if touched else ()), cause_said(review, change)]
    return list(dict.fromkeys(line for line in lines if line))


def _origin(change: Change) -> Origin | None:
    return change.after.origin if isinstance(change, Create | Update) else None


def _command(level: str, title: str, lines: Sequence[str], origin: Origin | None) -> str:
    where = {"file": origin.file, "line": str(origin.line), "col": str(origin.column)} if origin else {}
    properties = ",".join(f"{name}={_property(value)}" for name, value in {**where, "title": title}.items())
    return f"::{level} {properties}::{_data(printable_lines(lines))}"


def printable_lines(lines: Sequence[str]) -> str:
    """Lines of which none holds anything to obey."""
    return "\n".join(map(printable, lines))


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(printable(text)).replace(":", "%3A").replace(",", "%2C")

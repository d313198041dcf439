"""Annotations: problems, warnings and changes as commands of GitHub's runner, each at its file and line.

GitHub shows ten errors, ten warnings and ten notices of a step, the first ones: what tells most comes first.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, count
from xml.etree import ElementTree as Xml

from commetctl.core.change import Change, Create, Delete, Update, action
from commetctl.core.errors import CommetctlError, InvalidCatalog, Problem
from commetctl.core.move import field_percent
from commetctl.core.resource import Origin
from commetctl.core.text import change_text, named_move, percent_said, printable, value_text
from commetctl.render.groups import gone, is_amount, largest_moves, notable
from commetctl.render.meaning import (
    cause_said,
    causes_said,
    effects_said,
    error_said,
    going_said,
    impact_said,
    touched_said,
)
from commetctl.render.text import summary
from commetctl.review.review import Review

_MOVES = 5


def annotations(review: Review) -> Iterator[str]:
    """An error for each change that is blocked; a notice of the whole, of each change, and of what else there is."""
    for item in review.changeset.blocked:
        lines = [*field_lines(item.change), item.reason, f"way out: {item.hint}" if item.hint else ""]
        yield _command("error", f"blocked: {item.change.address}", lines, _origin(item.change))
    yield _command("notice", summary(review), whole_lines(review), None)
    for change in sorted(review.changeset.changes, key=_telling):
        yield _command("notice", f"{action(change)} {change.address}", change_lines(review, change), _origin(change))
    for notice in review.changeset.notices:
        title = f"note: {notice.address}" if notice.address else "note"
        yield _command("notice", title, [notice.message, notice.hint], None)


def trouble(errors: Sequence[CommetctlError], level: str = "error") -> Iterator[str]:
    """Errors, or warnings; those of a catalog each at its place."""
    for error in errors:
        if isinstance(error, InvalidCatalog):
            yield from findings(error.problems, level)
        yield _command(level, f"{error.code} {error.address}".strip(), error_said(error), None)


def findings(problems: Sequence[Problem], level: str = "warning") -> Iterator[str]:
    """What is wrong with a catalog, or probably not meant."""
    for problem in problems:
        title = f"{problem.code} {problem.address}".strip()
        yield _command(level, title, [problem.message, problem.hint], problem.origin)


def whole_lines(review: Review) -> list[str]:
    """What a review comes to, in a few lines of plain text."""
    moves = [f"{named_move(move)} ({percent_said(move)})" for move in largest_moves(review)]
    said = "; ".join(moves[:_MOVES]) + (f"; and {len(moves) - _MOVES} more" if len(moves) > _MOVES else "")
    return [
        review.title,
        causes_said(review),
        *impact_said(review),
        f"largest moves: {said}" if len(moves) > 1 else "",
    ]


def change_lines(review: Review, change: Change) -> list[str]:
    """A change in a few lines of plain text: its fields, and what it means."""
    lines = list(field_lines(change))
    if isinstance(change, Delete):
        lines.append(going_said(review.changeset, change))
        lines += map(str, gone(review, change))
    lines += [str(effect) for effect in effects_said(review, change)]
    touched = review.impact.touched.get(change.address) if review.impact else None
    lines += [*(touched_said(touched) if touched else ()), cause_said(review, change)]
    lines += [f"note: {step.note}" for step in review.changeset.steps_for(change.address) if step.note]
    return list(dict.fromkeys(lines))


def field_lines(change: Change) -> Iterator[str]:
    """The fields of a change, one a line; what is deleted has none that change."""
    match change:
        case Update(fields=fields):
            for item in fields:
                percent = field_percent(change.address, item)
                yield f"{item.path}: {change_text(item.before, item.after)}" + (f" ({percent})" if percent else "")
        case Create(after):
            yield from (f"{name}: {value_text(value)}" for name, value in notable(after).items())
        case _:
            pass


def _telling(change: Change) -> int:
    """What goes comes before amounts that move, and those before all else."""
    if isinstance(change, Delete):
        return 0
    moves = isinstance(change, Update) and any(
        is_amount(change.address, item.path, item.after) for item in change.fields
    )
    return 1 if moves else 2


def _origin(change: Change) -> Origin | None:
    return change.after.origin if isinstance(change, Create | Update) else None


def _command(level: str, title: str, lines: Sequence[str], origin: Origin | None) -> str:
    where = {"file": origin.file, "line": str(origin.line), "col": str(origin.column)} if origin else {}
    properties = ",".join(f"{name}={_property(value)}" for name, value in {**where, "title": title}.items())
    return f"::{level} {properties}::{_data(printable_lines(lines))}"


def printable_lines(lines: Sequence[str]) -> str:
    """Lines of which none holds anything to obey, without the empty ones."""
    return "\n".join(printable(line) for line in lines if line)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(printable(text)).replace(":", "%3A").replace(",", "%2C")


#: What XML has no way to write.
_NO_XML = re.compile("[\ufffe\uffff]")


def junit(
    command: str,
    review: Review | None,
    findings: Sequence[Problem] = (),
    warnings: Sequence[CommetctlError] = (),
    errors: Sequence[CommetctlError] = (),
) -> str:
    """The report of a command: a test for the whole, and for each change, note, finding, warning and error.

    A change passes, and says what it does; blocked changes, errors and what `apply` would refuse fail; findings about
    the catalog that are no errors pass.
    """
    suite = Xml.Element("testsuite", name=f"commetctl {command}")
    if review:
        _review(suite, review)
    for problem in findings:
        _problem(suite, problem, fails=False)
    for error in (*warnings, *errors):
        for problem in error.problems if isinstance(error, InvalidCatalog) else ():
            _problem(suite, problem, fails=True)
        _case(suite, error.code, error.address or "commetctl", error_said(error), error.message)
    _tell_apart(suite)
    suite.set("tests", str(len(suite.findall("testcase"))))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("errors", "0")
    Xml.indent(suite)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(suite, encoding="unicode") + "\n"


def _review(suite: Xml.Element, review: Review) -> None:
    _case(suite, "plan", summary(review), whole_lines(review))
    for change in review.changeset.changes:
        _case(suite, "change", f"{action(change)} {change.address}", change_lines(review, change))
    for item in review.changeset.blocked:
        way_out = f"way out: {item.hint}" if item.hint else ""
        _case(
            suite, "blocked", str(item.change.address), [*field_lines(item.change), item.reason, way_out], item.reason
        )
    for notice in review.changeset.notices:
        _case(suite, "note", str(notice.address or notice.code), [notice.message, notice.hint])


def _problem(suite: Xml.Element, problem: Problem, *, fails: bool) -> None:
    place = str(problem.origin or "")
    name = " at ".join(filter(None, (problem.address, place)))
    _case(suite, problem.code, name, [place, problem.message, problem.hint], problem.message if fails else None)


def _case(suite: Xml.Element, group: str, name: str, lines: Sequence[str], failure: str | None = None) -> None:
    """A test that passes, or fails with a message, which may be empty."""
    classname, title = _text(f"commetctl.{group}"), _text(name or group)
    case = Xml.SubElement(suite, "testcase", classname=classname, name=title)
    content = _NO_XML.sub("?", printable_lines(lines))
    if failure is None:
        Xml.SubElement(case, "system-out").text = content
    else:
        Xml.SubElement(case, "failure", message=_text(failure)).text = content


def _tell_apart(suite: Xml.Element) -> None:
    """Number the tests of one name: of two, GitLab shows one."""
    seen: set[tuple[str, str]] = set()
    for case in suite:
        group, title = case.get("classname", ""), case.get("name", "")
        names = chain([title], (f"{title} ({number})" for number in count(2)))
        name = next(name for name in names if (group, name) not in seen)
        case.set("name", name)
        seen.add((group, name))


def _text(text: str) -> str:
    return _NO_XML.sub("?", printable(text))

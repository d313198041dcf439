"""Reports for CI systems: annotations of GitHub, and JUnit, which GitLab, Jenkins and others show.

Annotations are commands to GitHub's runner, with the file and line. GitHub shows the first ten errors, warnings and
notices of a step, so the most important ones come first.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, count
from xml.etree import ElementTree as Xml

from commetctl.core.change import Change, Create, Delete, Update, action, takes_away
from commetctl.core.changeset import Blocked
from commetctl.core.errors import CommetctlError, InvalidCatalog, Problem
from commetctl.core.resource import Origin
from commetctl.core.text import named_move, percent_said, printable
from commetctl.render.groups import FEW_MOVES, field_said, fields_of, gone, is_amount, largest_moves
from commetctl.render.sentences import (
    causes_said,
    effects_said,
    error_said,
    going_said,
    impact_said,
    marks_said,
    touched_said,
)
from commetctl.render.text import summary
from commetctl.review.review import Review


def annotations(review: Review) -> Iterator[str]:
    """An error for each blocked change; a notice for the summary, each change, and each notice."""
    for item in review.changeset.blocked:
        yield _command("error", f"blocked: {item.change.address}", _blocked_lines(item), _origin(item.change))
    yield _command("notice", summary(review), whole_lines(review), None)
    for change in sorted(review.changeset.changes, key=_telling):
        yield _command("notice", f"{action(change)} {change.address}", change_lines(review, change), _origin(change))
    for notice in review.changeset.notices:
        title = f"note: {notice.address}" if notice.address else "note"
        yield _command("notice", title, [notice.message, notice.hint], None)


def trouble(errors: Sequence[CommetctlError], level: str = "error") -> Iterator[str]:
    """Errors, or warnings with another `level`; each problem of a catalog at its place."""
    for error in errors:
        if isinstance(error, InvalidCatalog):
            yield from findings(error.problems, level)
        yield _command(level, f"{error.code} {error.address}".strip(), error_said(error), None)


def findings(problems: Sequence[Problem], level: str = "warning") -> Iterator[str]:
    """Problems or lint findings of a catalog, each at its place."""
    for problem in problems:
        title = f"{problem.code} {problem.address}".strip()
        yield _command(level, title, [problem.message, problem.hint], problem.origin)


def whole_lines(review: Review) -> list[str]:
    """The summary of a review in a few lines of plain text."""
    moves = [f"{named_move(move)} ({percent_said(move)})" for move in largest_moves(review)]
    said = "; ".join(moves[:FEW_MOVES]) + (f"; and {len(moves) - FEW_MOVES} more" if len(moves) > FEW_MOVES else "")
    return [
        review.title,
        causes_said(review),
        *impact_said(review),
        f"largest moves: {said}" if len(moves) > 1 else "",
    ]


def change_lines(review: Review, change: Change) -> list[str]:
    """A change in a few lines of plain text: its fields, and what it means."""
    lines = [going_said(review.changeset, change), *_field_lines(change)]
    if isinstance(change, Delete):
        lines += map(str, gone(review, change))
    lines += [str(effect) for effect in effects_said(review, change)]
    return list(dict.fromkeys([*lines, *touched_said(review, change), *marks_said(review, change)]))


def _field_lines(change: Change) -> list[str]:
    """The fields of a change, one per line; a deletion has none."""
    fields = () if isinstance(change, Delete) else fields_of(change)
    return [f"{item.path}: {field_said(change.address, item)}" for item in fields]


def _blocked_lines(item: Blocked) -> list[str]:
    return [*_field_lines(item.change), item.reason, f"way out: {item.hint}" if item.hint else ""]


def _telling(change: Change) -> int:
    """The order of annotations: what is deleted or replaced, then amounts that move, then everything else."""
    if takes_away(change):
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
    """The lines that are not empty, safe to print."""
    return "\n".join(printable(line) for line in lines if line)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(printable(text)).replace(":", "%3A").replace(",", "%2C")


#: Characters that XML cannot hold.
_NO_XML = re.compile("[\ufffe\uffff]")


def junit(
    command: str,
    review: Review | None,
    findings: Sequence[Problem] = (),
    warnings: Sequence[CommetctlError] = (),
    errors: Sequence[CommetctlError] = (),
) -> str:
    """The JUnit report of a command: a test for the summary and for each change, notice, finding, warning and error.

    Changes, notices and lint findings pass; blocked changes, errors and what `apply` would refuse fail.
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
        _case(suite, "blocked", str(item.change.address), _blocked_lines(item), item.reason)
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
    """Number the tests that share a name, because GitLab shows only one of them."""
    seen: set[tuple[str, str]] = set()
    for case in suite:
        group, title = case.get("classname", ""), case.get("name", "")
        names = chain([title], (f"{title} ({number})" for number in count(2)))
        name = next(name for name in names if (group, name) not in seen)
        case.set("name", name)
        seen.add((group, name))


def _text(text: str) -> str:
    return _NO_XML.sub("?", printable(text))

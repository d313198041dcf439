"""Reports for CI systems: annotations of GitHub, and JUnit, which GitLab, Jenkins and others show.

Annotations are commands to GitHub's runner, with the file and line. GitHub shows the first ten errors, warnings and
notices of a step, so the most important ones come first.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, count
from xml.etree import ElementTree as Xml

from commetctl.core.change import Change, Create, Update, action, takes_away
from commetctl.core.changeset import Blocked
from commetctl.core.errors import CommetctlError, InvalidCatalog, Problem
from commetctl.core.resource import Origin
from commetctl.core.text import printable
from commetctl.kinds import owner
from commetctl.reading import Line, Reading
from commetctl.reading.amounts import arrow, sides
from commetctl.reading.errors import error_said
from commetctl.reading.reading import Refusal, Told
from commetctl.reading.scheduled import Scheduled
from commetctl.reading.touched import touched_said


def annotations(reading: Reading) -> Iterator[str]:
    """An error for each blocked change; a notice for the summary, each change, and each notice.

    A change that was made in Commet already is a warning, and so is what `apply` would refuse on a date to come.
    """
    level = "warning" if reading.review.made else "notice"
    for item in reading.blocked:
        yield _command("error", f"blocked: {item.change.address}", _blocked_lines(item), _origin(item.change))
    for scheduled, refusal in _refused_then(reading):
        title = f"{refusal.code} {scheduled.when}"
        yield _command("warning", title, [refusal.text, refusal.hint], _place(scheduled, refusal))
    yield _command("notice", reading.summary, whole_lines(reading), None)
    for told in sorted(_changes(reading), key=_telling):
        title = f"{action(told.change)} {told.change.address}"
        yield _command(level, title, change_lines(reading, told), _origin(told.change))
    for notice in reading.notices:
        title = f"note: {notice.address}" if notice.address else "note"
        yield _command("notice", title, [notice.message, notice.hint], None)


def _changes(reading: Reading) -> Iterator[Told]:
    return (told for group in reading.groups for told in group.changes)


def _refused_then(reading: Reading) -> Iterator[tuple[Scheduled, Refusal]]:
    return ((scheduled, refusal) for scheduled in reading.scheduled for refusal in scheduled.reading.refusals)


def _place(scheduled: Scheduled, refusal: Refusal) -> Origin | None:
    """The place of what is refused in the file of the change, or else of the first of its changes."""
    changes = [told.change for told in _changes(scheduled.reading)]
    own = [change for change in changes if refusal.address in (change.address, owner(change.address))]
    return next((found for change in (*own, *changes) if (found := _origin(change))), None)


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


def whole_lines(reading: Reading) -> list[str]:
    """The whole of a review in a few lines of plain text: what customers notice, and revenue."""
    revenue = (
        f"revenue a month in {row.currency}, once all have renewed: {arrow(row.today, row.then)}, {row.change}"
        + (f" ({row.percent})" if row.percent else "")
        for row in reading.revenue
    )
    said = [headline.text for headline in reading.headlines]
    return [str(reading.heading), *said, reading.causes, *reading.unknown, *revenue, *reading.revenue_notes]


def change_lines(reading: Reading, told: Told) -> list[str]:
    """A change in a few lines of plain text: its lines, and what they mean."""
    said = [_line(line) for line in told.lines]
    said += [str(effect) for line in told.lines for effect in line.effects]
    said += [*touched_said(reading.review, told.change), *told.notes]
    return list(dict.fromkeys(said))


def _line(line: Line) -> str:
    values = f"{line.what}: {line.values}" if line.values else line.what
    return f"{values} ({line.change})" if line.change else values


def _blocked_lines(item: Blocked) -> list[str]:
    fields = item.change.fields if isinstance(item.change, Update) else ()
    said = [f"{field.path}: {arrow(*sides(field.before, field.after))}" for field in fields]
    return [*said, item.reason, f"way out: {item.hint}" if item.hint else ""]


def _telling(told: Told) -> int:
    """The order of annotations: what is deleted or replaced, then amounts that move, then everything else."""
    if takes_away(told.change):
        return 0
    return 1 if isinstance(told.change, Update) and any(line.is_amount for line in told.lines) else 2


def _origin(change: Change) -> Origin | None:
    return change.after.origin if isinstance(change, Create | Update) else None


def _command(level: str, title: str, lines: Sequence[str], origin: Origin | None) -> str:
    where = {"file": origin.file, "line": str(origin.line), "col": str(origin.column)} if origin else {}
    if origin and origin.end_line:
        where |= {"endLine": str(origin.end_line), "endColumn": str(origin.end_column)}
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
    reading: Reading | None,
    findings: Sequence[Problem] = (),
    warnings: Sequence[CommetctlError] = (),
    errors: Sequence[CommetctlError] = (),
    text: str = "",
) -> str:
    """The JUnit report of a command: a test for the summary and for each change, notice, finding, warning and error.

    Changes, notices and lint findings pass; blocked changes, errors, what `apply` would refuse, now or on a date to
    come, and changes that were made in Commet already fail. What has no reading and no error passes as a whole, with
    its `text`.
    """
    suite = Xml.Element("testsuite", name=f"commetctl {command}")
    if reading:
        _reading(suite, reading)
    elif text and not errors:
        _case(suite, command, "catalog", text.splitlines())
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


def _reading(suite: Xml.Element, reading: Reading) -> None:
    _case(suite, "plan", reading.summary, whole_lines(reading))
    for told in _changes(reading):
        failure = "was changed in Commet" if reading.review.made else None
        _case(suite, "change", f"{action(told.change)} {told.change.address}", change_lines(reading, told), failure)
    for item in reading.blocked:
        _case(suite, "blocked", str(item.change.address), _blocked_lines(item), item.reason)
    for scheduled, refusal in _refused_then(reading):
        name = f"{scheduled.head.file} on {scheduled.when}"
        _case(suite, refusal.code, name, [refusal.text, refusal.hint], refusal.message)
    for notice in reading.notices:
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

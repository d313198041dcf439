"""A review as a JUnit report, which GitLab, Jenkins and others show: what is wrong are the failures."""

import re
from collections.abc import Sequence
from itertools import chain, count
from xml.etree import ElementTree as Xml

from commetctl.core.change import action
from commetctl.core.errors import CommetctlError, InvalidCatalog, Problem
from commetctl.core.text import printable
from commetctl.render.annotations import change_lines, field_lines, printable_lines, whole_lines
from commetctl.render.meaning import error_said
from commetctl.render.review import Review
from commetctl.render.text import summary

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

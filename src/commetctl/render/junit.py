"""A review as a JUnit report, which GitLab, Jenkins and others show: what is wrong are the failures."""

import re
from collections.abc import Sequence
from xml.etree import ElementTree as Xml

from commetctl.core.change import action
from commetctl.core.review import Review
from commetctl.errors import CommetctlError, InvalidCatalog, Problem
from commetctl.render.annotations import change_lines, printable_lines
from commetctl.render.words import printable

#: What XML has no way to write.
_NO_XML = re.compile("[\ufffe\uffff]")


def junit(
    command: str,
    review: Review | None,
    findings: Sequence[Problem] = (),
    warnings: Sequence[CommetctlError] = (),
    errors: Sequence[CommetctlError] = (),
) -> str:
    """The report of a command: a test for each change, finding, warning and error.

    A change passes, and says what it does; blocked changes, errors and what `apply` would refuse fail; findings about
    the catalog that are no errors pass.
    """
    suite = Xml.Element("testsuite", name=f"commetctl {command}")
    for change in review.changeset.changes if review else ():
        _case(suite, "change", f"{action(change)} {change.address}", change_lines(review, change) if review else ())
    for item in review.changeset.blocked if review else ():
        _case(suite, "blocked", str(item.change.address), [item.reason, item.hint], failure=item.reason)
    for problem in findings:
        _problem(suite, problem, fails=False)
    for error in (*warnings, *errors):
        for problem in error.problems if isinstance(error, InvalidCatalog) else ():
            _problem(suite, problem, fails=True)
        _case(suite, error.code, error.address or "commetctl", [error.message, error.hint], failure=error.message)
    cases = suite.findall("testcase")
    if not cases:
        _case(suite, "plan", "no changes", ["Commet is as the file says"])
    suite.set("tests", str(len(suite.findall("testcase"))))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    Xml.indent(suite)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(suite, encoding="unicode") + "\n"


def _problem(suite: Xml.Element, problem: Problem, *, fails: bool) -> None:
    place = str(problem.origin or "")
    failure = problem.message if fails else ""
    _case(suite, problem.code, problem.address or place, [place, problem.message, problem.hint], failure=failure)


def _case(suite: Xml.Element, group: str, name: str, lines: Sequence[str], *, failure: str = "") -> None:
    case = Xml.SubElement(suite, "testcase", classname=_text(f"commetctl.{group}"), name=_text(name))
    content = _NO_XML.sub("?", printable_lines([line for line in lines if line]))
    if failure:
        Xml.SubElement(case, "failure", message=_text(failure)).text = content
    else:
        Xml.SubElement(case, "system-out").text = content


def _text(text: str) -> str:
    return _NO_XML.sub("?", printable(text))

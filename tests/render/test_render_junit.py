"""JUnit reports as the systems read them that show them: well-formed for any text, counted right, nothing lost."""

from collections import Counter
from xml.etree import ElementTree as Xml

import pytest
from golden import files, hostile
from hypothesis import given, settings
from hypothesis import strategies as st

from commetctl.cli.formats import rendered
from commetctl.cli.report import Result
from commetctl.core.changeset import Changeset
from commetctl.core.errors import CommetctlError, InvalidCatalog, Problem
from commetctl.core.text import printable
from commetctl.reading import reading_of
from commetctl.render.ci import junit
from commetctl.review.heading import Heading
from commetctl.review.review import Review

ANY = st.lists(st.one_of(st.characters(), st.sampled_from(["]]>", "<![CDATA[", "&", "\0", "\ufffe"])), max_size=12)


def read(report: str) -> Xml.Element:
    """The report; an AssertionError says what is not as the common schemas of JUnit want it."""
    assert report.startswith('<?xml version="1.0" encoding="UTF-8"?>\n')
    suite = Xml.fromstring(report.encode())  # noqa: S314  (our own)
    assert suite.tag == "testsuite"
    assert set(suite.attrib) == {"name", "tests", "failures", "errors"}
    cases = list(suite)
    assert {case.tag for case in cases} <= {"testcase"}
    for case in cases:
        assert set(case.attrib) == {"classname", "name"}
        assert all(case.attrib.values())
        (said,) = case
        assert said.tag in ("system-out", "failure")
        assert set(said.attrib) == ({"message"} if said.tag == "failure" else set())
        assert list(said) == []
    assert (suite.get("tests"), suite.get("errors")) == (str(len(cases)), "0")
    assert suite.get("failures") == str(len(suite.findall("testcase/failure")))
    names = Counter((case.get("classname"), case.get("name")) for case in cases)
    assert set(names.values()) <= {1}, names.most_common(3)
    return suite


def failing(suite: Xml.Element) -> list[tuple[str | None, str | None]]:
    """The class and the name of what fails."""
    return [(case.get("classname"), case.get("name")) for case in suite if case.find("failure") is not None]


@pytest.mark.parametrize("name", files.EDITS)
def test_each_edit_has_a_test_for_every_change(name: str) -> None:
    changeset = files.edit(name).changeset
    suite = read(files.formatted(name, "junit"))
    groups = Counter(case.get("classname") for case in suite)
    assert groups["commetctl.change"] == len(changeset.changes)
    assert groups["commetctl.blocked"] == len(changeset.blocked)
    assert groups["commetctl.plan"] == 1
    warned = 2 if name == "medium" else 0
    assert len(failing(suite)) == len(changeset.blocked) + warned


@pytest.mark.parametrize("said", hostile.TEXTS)
def test_hostile_text_is_text(said: str) -> None:
    _well_formed(said)


@given(ANY.map("".join))
@settings(max_examples=150, deadline=None)
def test_any_text_is_text(said: str) -> None:
    _well_formed(said)


def _well_formed(said: str) -> None:
    told = hostile.told(said)
    result = Result(reading=hostile.reading(said), findings=told.findings, warnings=told.warnings, errors=told.errors)
    suite = read(rendered("junit", "plan", result))
    # The whole, six changes, one blocked, two notes, two findings, a warning, an error, a catalog with two problems,
    # two refusals of what is scheduled.
    assert len(suite) == 1 + 6 + 1 + 2 + 2 + 1 + 1 + 3 + 2
    assert len(failing(suite)) == 1 + 1 + 1 + 3 + 2
    shown = "".join(suite.itertext())
    assert printable(said).replace("\ufffe", "?").replace("\uffff", "?") in shown


def test_what_is_wrong_fails_also_without_a_word() -> None:
    suite = read(junit("plan", None, errors=[CommetctlError(""), InvalidCatalog("f", [Problem("x", "")])]))
    assert failing(suite) == [
        ("commetctl.error", "commetctl"),
        ("commetctl.x", "x"),
        ("commetctl.invalid_catalog", "commetctl"),
    ]


def test_tests_of_one_name_are_told_apart() -> None:
    problems = [Problem("x", "m", address="plan.a")] * 3 + [Problem("x", "m", address="plan.a (2)")]
    names = [case.get("name") for case in read(junit("plan", None, problems))]
    assert names == ["plan.a", "plan.a (2)", "plan.a (3)", "plan.a (2) (2)"]


def test_nothing_to_do_is_one_test_that_passes_and_says_what_was_compared() -> None:
    review = Review(Changeset((), (), {}), heading=Heading("a → b"), same="both catalogs declare the same")
    (case,) = read(junit("diff", reading_of(review)))
    assert (case.get("name"), case[0].text) == ("No changes: both catalogs declare the same.", "a → b")

"""Annotations as GitHub's runner reads them: every one comes back as it was meant, and nothing else is a command."""

import re
from dataclasses import dataclass

import pytest
from golden import files, hostile
from hypothesis import given, settings
from hypothesis import strategies as st

from commetctl.cli.formats import rendered
from commetctl.cli.report import Result
from commetctl.core.errors import CommetctlError, InvalidCatalog, Problem
from commetctl.core.resource import Origin
from commetctl.core.text import printable
from commetctl.reading import reading_of
from commetctl.render.ci import annotations, findings, trouble

SIGNS = st.one_of(st.sampled_from("%:,;=#[]\n\r\t 0aAdD25"), st.characters())
WORDS = st.sampled_from([*hostile.TEXTS, "::", "##[", "##vso[", "%25", "%0A", "%3A", "::error::", "::stop-commands::x"])
ANY = st.lists(st.one_of(SIGNS, WORDS), max_size=12).map("".join)


@dataclass(frozen=True)
class Command:
    """A command of the runner."""

    name: str
    properties: dict[str, str]
    data: str


def command(line: str) -> Command | None:
    """A line of a log as the runner takes it: `ActionCommand.TryParseV2`, which undoes what `command.ts` does."""
    line = line.strip()
    if not line.startswith("::") or (end := line.find("::", 2)) < 0:
        return None
    name, _, rest = line[2:end].partition(" ")
    pairs = (pair.split("=", 1) for pair in rest.strip().split(",") if pair)
    properties = {pair[0]: _unescaped(pair[1], "%0D", "%0A", "%3A", "%2C") for pair in pairs if len(pair) == 2}
    return Command(name, properties, _unescaped(line[end + 2 :], "%0D", "%0A"))


def _unescaped(text: str, *codes: str) -> str:
    for code in codes:
        text = text.replace(code, chr(int(code[1:], 16)))
    return text.replace("%25", "%")


def commands(output: str) -> list[Command]:
    """The commands of a log; an AssertionError where the agents of other systems would find one."""
    # How .NET ends a line; nothing else is ever in the output.
    lines = re.split("\r\n|\r|\n", output)
    assert lines == output.splitlines() or output.endswith("\n") or not output
    assert "##[" not in output
    assert "##vso[" not in output
    return [found for line in lines if (found := command(line))]


@given(ANY, ANY, ANY, ANY)
@settings(max_examples=400, deadline=None)
def test_any_text_comes_back_as_it_was(file: str, code: str, message: str, hint: str) -> None:
    problem = Problem(code, message, hint, Origin(file, 3, 5), "plan.pro")
    (line,) = findings([problem])
    (found,) = commands(line)
    assert found.name == "warning"
    title = printable(f"{code} plan.pro".strip())
    assert found.properties == {"file": printable(file), "line": "3", "col": "5", "title": title}
    # The runner takes spaces off the end of a line.
    parts = filter(None, (problem.message, problem.hint))
    assert found.data.rstrip() == "\n".join(map(printable, parts)).rstrip()


@given(ANY)
@settings(max_examples=80, deadline=None)
def test_no_text_becomes_a_command(said: str) -> None:
    _only_ours(said)


@pytest.mark.parametrize("said", hostile.TEXTS)
def test_no_hostile_text_becomes_a_command(said: str) -> None:
    _only_ours(said)
    _only_ours(f"::error::{said}")


def _only_ours(said: str) -> None:
    """Also where the text follows, whose lines begin with what others chose."""
    told = hostile.told(said)
    text = f"{printable(said)}\n\n  ::x::\n   ::{printable(said)}"
    result = Result(
        text, reading=hostile.reading(said), findings=told.findings, warnings=told.warnings, errors=told.errors
    )
    found = commands(rendered("github", "plan", result))
    names = [item.name for item in found]
    # Two findings; a warning; an error and a catalog of two problems; one blocked; two refusals of what is scheduled;
    # the whole, six changes, two notes.
    assert names == ["warning"] * 3 + ["error"] * 5 + ["warning"] * 2 + ["notice"] * 9
    assert {name for item in found for name in item.properties} <= {"file", "line", "col", "title"}
    assert any(printable(said).strip() in item.data for item in found)


@pytest.mark.parametrize("name", files.EDITS)
def test_each_change_is_at_its_place_in_the_file(name: str) -> None:
    review = files.edit(name)
    found = {item.properties["title"]: item for item in commands("\n".join(annotations(reading_of(review))))}
    for change in review.changeset.changes:
        after = getattr(change, "after", None)
        item = found[f"{type(change).__name__.lower()} {change.address}"]
        place = (after.origin.file, str(after.origin.line), str(after.origin.column)) if after else (None,) * 3
        assert tuple(item.properties.get(key) for key in ("file", "line", "col")) == place
    assert len(found) == len(review.changeset.changes) + len(review.changeset.blocked) + 1


@pytest.mark.parametrize("path", ["commet.yaml", "billing/eu/commet.yaml", "a b/ä,ö:ü.yaml", "50%/x.yaml"])
def test_a_path_stays_as_it_was_given(path: str) -> None:
    (found,) = commands("\n".join(findings([Problem("x", "y", origin=Origin(path, 1, 2))])))
    assert found.properties["file"] == path


def test_a_catalog_that_is_invalid_has_an_error_at_each_place_and_one_of_the_whole() -> None:
    problems = [Problem("bad", "first", "do this", Origin("commet.yaml", 2, 3)), Problem("worse", "second")]
    found = commands("\n".join(trouble([InvalidCatalog("commet.yaml", problems), CommetctlError("m", "h", code="c")])))
    assert [(item.name, item.properties["title"], item.data) for item in found] == [
        ("error", "bad", "first\ndo this"),
        ("error", "worse", "second"),
        ("error", "invalid_catalog", "commet.yaml has 2 problems"),
        ("error", "c", "m\nh"),
    ]
    assert found[0].properties["line"] == "2"


def test_of_what_github_shows_the_most_telling_comes_first() -> None:
    """Ten of each sort are shown: of 551 notices the sum, what is deleted, and what moves by itself."""
    first = [item for item in commands(files.formatted("large", "github")) if item.name == "notice"][:10]
    titles = [item.properties["title"] for item in first]
    assert titles[0] == "64 to create, 484 to update, 2 to delete."
    assert "Tariff 07 has some higher and some lower prices for existing customers" in first[0].data
    assert titles[1:3] == ["delete plan.p00", "delete plan.p01"]

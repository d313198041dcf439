"""What is scheduled, on a page of GitHub: whole where there is room, and counted where there is not."""

import re
from dataclasses import replace

import pytest
from golden import dates, files, hostile
from golden.github import rendered
from hypothesis import given, settings
from hypothesis import strategies as st

from commetctl.core.errors import Refused
from commetctl.reading import Reading, reading_of
from commetctl.render.markdown import LEAST, plan_markdown, timeline_markdown
from commetctl.render.markup import size

HEADING = "### Scheduled"


@pytest.fixture(scope="module")
def reading() -> Reading:
    return dates.dated()


def test_the_part_has_a_heading_that_programs_find_and_nothing_of_today_stands_below_it(reading: Reading) -> None:
    today = files.reading("medium")
    lines = plan_markdown(replace(today, scheduled=reading.scheduled)).splitlines()
    assert lines.count(HEADING) == 1
    above, below = lines[: lines.index(HEADING)], lines[lines.index(HEADING) :]
    assert above == [*plan_markdown(today).splitlines(), ""]
    assert sum(line.startswith("**2027-") for line in below) == len(reading.scheduled)
    assert HEADING not in plan_markdown(today)


def test_each_change_says_when_why_for_whom_and_what_was_agreed_to(reading: Reading) -> None:
    found = rendered(plan_markdown(reading))
    assert ["Monthly price", "45.00", "49.00 USD", "+8.9%", "at renewal, 2027-01-01 to 2027-01-28"] in [
        row[:5] for row in found.rows
    ]
    for said in (
        "2027-01-01 · changes/2027-team.yaml · FIN-812, list prices 2027",
        "announcement on 1 December 2026, 31 days before the first bill",
        f"plan id {reading.scheduled[0].id[:19]}",
        "Refused as of its date:",
        "the first bill is on 2027-03-15 (notice)",
        "0 to create, 1 to update, 0 to delete.",
    ):
        assert said in found.text, said


def many(number: int, said: str) -> Reading:
    """As many scheduled changes, each with two amounts and a refusal, beside an edit of today."""
    one = dates.dated().scheduled[0]
    refused = replace(one, reading=reading_of(one.reading.review, [Refused(said, said, code="notice")]))
    each = [replace(refused, head=refused.head._replace(file=f"changes/{n}.yaml", why=said)) for n in range(number)]
    return replace(files.reading("small"), scheduled=tuple(each))


def counted(markdown: str, noun: str, mark: str) -> int:
    """How many of something a page shows, and says that it does not."""
    top = re.search(r"^\*\*Not shown here, because it would not fit: (.*)\.\*\*", markdown, re.MULTILINE)
    missing = re.search(rf"(\d+) {noun}s?\b", top[1]) if top else None
    return len(re.findall(mark, markdown, re.MULTILINE)) + int(missing[1] if missing else 0)


@given(st.integers(0, 120), st.sampled_from(["x", "some words " * 9, "日本語" * 40]), st.integers(LEAST, 70_000))
@settings(max_examples=40, deadline=None)
def test_any_number_fits_and_what_is_missing_is_counted(number: int, said: str, limit: int) -> None:
    reading = many(number, said)
    markdown = plan_markdown(reading, limit=limit)
    assert size(markdown) <= limit
    assert (HEADING in markdown.splitlines()) is bool(number)
    assert counted(markdown, "scheduled change", r"^\*\*2027-") == number
    assert counted(markdown, "error", "^- ❌ ") == number
    assert counted(markdown, "amount", r"^\| Monthly price(?: in EUR)? \|") == 2 * number + 2
    # What changes today comes first.
    assert "| 45.00 | **49.00 USD** | +8.9% |" in markdown
    rendered(markdown)


@given(st.integers(0, 300), st.integers(LEAST, 70_000))
@settings(max_examples=20, deadline=None)
def test_any_timeline_fits(number: int, limit: int) -> None:
    markdown = timeline_markdown(many(number, "x"), limit=limit)
    assert size(markdown) <= limit
    assert counted(markdown, "amount", r"^\| 2027-01-01 \|") == 2 * number
    assert HEADING in markdown.splitlines()


def test_the_timeline_is_a_table_by_date(reading: Reading) -> None:
    found = rendered(timeline_markdown(reading))
    head, first, *_, last = found.rows
    assert head == ["date", "what", "before", "after", "change", "for", "first bills", "file"]
    assert first[:5] == ["2027-01-01", "Team: monthly price", "45.00", "49.00 USD", "+8.9%"]
    assert last[:2] == ["2027-04-01", "Team: no amount"]
    assert "No changes" not in found.text
    assert "Nothing is scheduled." in timeline_markdown(files.reading("small"))


@pytest.mark.parametrize("said", hostile.TEXTS)
def test_no_name_changes_what_a_timeline_is_made_of(said: str) -> None:
    def made_of(text: str) -> list[str]:
        tags = rendered(timeline_markdown(hostile.reading(f"a{text}b"), limit=10**9)).tags
        return [tag for tag in tags if tag.strip("/") != "code"]

    assert made_of(said) == made_of(hostile.HARMLESS)

"""The limit of a page: never exceeded, nothing cut in the middle, and what is missing counted to the last piece."""

import re
from collections import Counter
from decimal import Decimal

import pytest
from golden import files, hostile
from golden.github import rendered
from hypothesis import given, settings
from hypothesis import strategies as st

from commetctl.core.change import Change, Create, Delete, FieldChange, Update
from commetctl.core.changeset import Blocked, Changeset, Notice
from commetctl.core.errors import CommetctlError, InvalidCatalog, Problem
from commetctl.core.money import Money
from commetctl.core.resource import Address, Resource, ResourceSet
from commetctl.reading import reading_of
from commetctl.render.markdown import LIMIT, failure_markdown, plan_markdown
from commetctl.render.markup import size
from commetctl.review.heading import Heading
from commetctl.review.review import Review

#: The smallest limit that is kept whatever there is.
LEAST = 4000
MARKS = {
    "change": r"^- (?:➕|✏️|➖) (?!…)",
    "blocked change": "^- 🚫 ",
    "error": "^- ❌ ",
    "warning": "^- ⚠️ ",
    "note": "^- ℹ️ ",
    "unmanaged object": r"^- (?:<code>|`)plan\.free",
    "amount": r"^\| i\d+ price(?:<br>.*?)? \|",
}
counts = st.one_of(st.integers(0, 9), st.integers(0, 150))
texts = st.sampled_from(["x", "some words " * 9, "日本語" * 40, "$@<_" * 30, "x" * 999])


def counted(markdown: str) -> Counter[str]:
    """How many of each there are, shown or folded, and missing."""
    found = Counter({noun: len(re.findall(mark, markdown, re.MULTILINE)) for noun, mark in MARKS.items()})
    if missing := re.search(r"^\*\*Not shown here, because it would not fit: (.*)\.\*\*", markdown, re.MULTILINE):
        for number, noun in re.findall(r"(\d+) ([a-z ]+)", missing[1]):
            found[noun if number == "1" else noun.removesuffix("s")] += int(number)
    return found


def made(numbers: dict[str, int], said: str) -> Review:
    """A review of so many of each."""
    changes: list[Change] = []
    for number in range(numbers["change"]):
        price, plan = Address("plan_price", f"p{number % 40}/i{number}"), Address("plan", f"p{number % 40}")
        before, after = (Resource(price, {"price": Money(Decimal(amount))}, (), plan) for amount in (1, 2))
        fields = (FieldChange("price", before.fields["price"], after.fields["price"]),)
        sorts: tuple[Change, ...] = (Create(after), Update(before, after, fields), Delete(before))
        changes.append(sorts[number // 40 % 3])
    old = [change.before for change in changes if not isinstance(change, Create)]
    plans = [Resource(Address("plan", f"p{number}"), {"name": said}) for number in range(40)]
    blocked = [Blocked(Create(plans[0]), said, said)] * numbers["blocked change"]
    unmanaged = tuple(Address("plan", f"free{number}{said}") for number in range(numbers["unmanaged object"]))
    notices = (Notice("x", said, said),) * numbers["note"]
    changeset = Changeset(tuple(sorted(changes, key=lambda c: c.address)), (), {}, tuple(blocked), unmanaged, notices)
    return Review(changeset, ResourceSet([*plans, *old]), heading=Heading(said), base=said)


@given(st.fixed_dictionaries({noun: counts for noun in MARKS if noun != "amount"}), texts, st.integers(LEAST, 70_000))
@settings(max_examples=40, deadline=None)
def test_any_review_fits_and_what_is_missing_is_counted(numbers: dict[str, int], said: str, limit: int) -> None:
    review = made(numbers, said)
    problems = [Problem("x", said, said)] * numbers["warning"]
    errors = [CommetctlError(said, said)] * numbers["error"]
    whole = plan_markdown(reading_of(review), problems, errors, 10**9)
    markdown = plan_markdown(reading_of(review), problems, errors, limit)
    assert size(markdown) <= limit
    assert (markdown == whole) is (size(whole) <= limit)
    assert "Not shown" not in whole
    found = counted(markdown)
    left_out = "the details of each change" in markdown
    assert {noun: found[noun] for noun in MARKS} == {
        **numbers, "change": 0 if left_out else numbers["change"], "amount": numbers["change"],
    }  # fmt: skip
    assert counted(whole)["change"] == numbers["change"]
    rendered(markdown)


@given(counts, counts, texts, st.integers(LEAST, 70_000))
@settings(max_examples=30, deadline=None)
def test_any_failure_fits(errors: int, problems: int, said: str, limit: int) -> None:
    found = [CommetctlError(said, said)] * errors + [InvalidCatalog(said, [Problem("x", said)] * problems)]
    markdown = failure_markdown(found, limit)
    assert size(markdown) <= limit
    assert counted(markdown)["error"] == errors + problems + 1


@pytest.mark.parametrize("limit", [LEAST, 6000, 9000, 15_000, LIMIT])
def test_what_tells_most_is_shown_first(limit: int) -> None:
    """Deletions and the plan whose own prices move, before those of which only an exchange rate does."""
    markdown = plan_markdown(files.reading("large"), limit=limit)
    assert size(markdown) <= limit
    lines = markdown.splitlines()
    assert lines[2].startswith("**Not shown here, because it would not fit: the details of each change, ")
    assert ("do not approve by this page alone" in lines[2]) is (limit < LIMIT)
    assert "64 to create, 484 to update, 2 to delete." in lines
    assert any(line.startswith("- **Tariff 0") for line in lines)
    assert sum(line == "| Plan |  | deleted |  |" for line in lines) == (1 if limit < 9000 else 2)


def test_errors_never_crowd_out_the_changes() -> None:
    told = hostile.told("x" * 500)
    review = files.edit("small")
    markdown = plan_markdown(reading_of(review), told.findings * 200, told.errors * 200, 20_000)
    assert "| 45.00 | **49.00 USD** | +8.9% |" in markdown
    assert markdown.count("❌") > 1

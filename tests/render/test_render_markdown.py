"""Markdown as GitHub reads it: what we write is what there is, and whatever somebody else chose stays text."""

from itertools import product

import pytest
from golden import files, hostile
from golden.github import Reader, collapsed, rendered
from hypothesis import example, given, settings
from hypothesis import strategies as st

from commetctl.core.text import printable
from commetctl.render.markdown import LIMIT, failure_markdown, plan_markdown
from commetctl.render.markup import code, prose, row, table_head, text
from every import every

#: Signs of every sort, with those that mean something in Markdown more often than they would come by themselves.
SIGNS = st.one_of(st.sampled_from("\\`*_{}[]()<>#+-.!|~&$@:/=\"'^%; \n\tw0a1x"), st.characters())
WORDS = st.sampled_from([*hostile.TEXTS, "www.", "http://", "GH-1", ":x:", "&amp;", "<b>", "-->", "1. ", "__", "**"])
ANY = st.lists(st.one_of(SIGNS, WORDS), max_size=12).map("".join)


#: Where a text of others may stand, and what is there then.
PLACES = {
    "{}": "p /p",
    "a {} b": "p /p",
    "- a {}": "ul li /li /ul",
    "### a {}": "h3 /h3",
    "**a {} b**": "p strong /strong /p",
    "_a {} b_": "p em /em /p",
    "a<br>{}": "p br /p",
    "<details><summary>{}</summary>\n\na\n\n</details>": "details summary /summary p /p /details",
    "| a | b |\n| --- | ---: |\n| {} | c |": (
        "table thead tr th /th th /th /tr /thead tbody tr td /td td /td /tr /tbody /table"
    ),
}


def test_a_text_is_only_itself_wherever_it_stands() -> None:
    every(product(PLACES, hostile.TEXTS), lambda case: _check(*case))


@given(st.sampled_from(sorted(PLACES)), ANY)
@settings(max_examples=400, deadline=None)
@example("_a {} b_", "__ b_")
@example("{}", "1.")
def test_any_text_is_only_itself_wherever_it_stands(place: str, said: str) -> None:
    _check(place, said)


def _check(place: str, said: str) -> None:
    found = rendered(place.format(text(said)))
    around = rendered(place.format("x"))
    if collapsed(printable(said)) or place != "{}":
        assert " ".join(found.tags) == PLACES[place]
    assert found.text == collapsed("".join(around.texts).replace("x", printable(said).strip(" "), 1))


@given(ANY)
@settings(max_examples=400, deadline=None)
def test_code_is_the_text_in_the_letters_of_code(said: str) -> None:
    found = rendered(f"- a {code(said)} b")
    assert " ".join(found.tags) == "ul li code /code /li /ul"
    assert found.text == collapsed(f"a {printable(said)} b")
    assert "".join(found.bare).split() == ["a", "b"]


@given(ANY)
@settings(max_examples=300, deadline=None)
def test_a_message_is_itself_with_code_where_it_has_backticks(said: str) -> None:
    found = rendered(f"- a {prose(said)}")
    assert set(found.tags) <= {"ul", "li", "code", "/code", "/li", "/ul"}
    assert found.text.replace("`", "").split() == f"a {printable(said)}".replace("`", "").split()


def test_prose_keeps_its_spaces() -> None:
    assert prose("use `--allow x` and `y`, or a key with `plan:r`") == (
        "use `--allow x` and `y`, or a key with `plan:r`"
    )
    assert prose("one ` alone") == "one &#96; alone"


def page(said: str, limit: int = LIMIT) -> str:
    told = hostile.told(said)
    return plan_markdown(hostile.reading(said), told.findings, [*told.warnings, *told.errors], limit)


def made_of(found: Reader) -> list[str]:
    """The elements but for code, which a message of ours has wherever it has backticks."""
    return [tag for tag in found.tags if tag.strip("/") != "code"]


ELEMENTS = made_of(rendered(page(hostile.HARMLESS)))


@pytest.mark.parametrize("said", hostile.TEXTS)
def test_no_name_changes_what_a_page_is_made_of(said: str) -> None:
    found = rendered(page(f"a{said}b", 10**9))
    assert made_of(found) == ELEMENTS
    assert collapsed(printable(f"a{said}b")) in found.text


@given(ANY)
@example("@.")
@settings(max_examples=60, deadline=None)
def test_no_text_at_all_changes_what_a_page_is_made_of(said: str) -> None:
    assert made_of(rendered(page(f"a{said}b", 10**9))) == ELEMENTS


@pytest.mark.parametrize("said", hostile.TEXTS)
def test_the_marker_of_the_comment_cannot_be_forged(said: str) -> None:
    made = page(f"<!-- commetctl:plan -->{said}")
    assert "<!-- commetctl" not in made
    assert made.count("<details>") == made.count("</details>")


@pytest.mark.parametrize("said", hostile.TEXTS)
def test_a_failure_is_as_safe(said: str) -> None:
    found, harmless = (rendered(failure_markdown(hostile.told(f"a{one}b").errors)) for one in (said, "harmless"))
    assert made_of(found) == made_of(harmless)


@pytest.mark.parametrize("name", files.EDITS)
def test_each_edit_is_well_formed(name: str) -> None:
    found = rendered(files.formatted(name, "markdown"))
    assert files.edit(name).heading.account in found.text
    assert found.tags.count("details") == found.tags.count("summary") == found.tags.count("/details")


def test_cells_are_where_they_belong() -> None:
    lines = [table_head(["", text("a|b"), "c"]), row([text("x|y"), code("p|q"), ""]), row(["", "**1**", "~~2~~ **3**"])]
    found = rendered("\n".join(lines))
    assert found.rows == [["", "a|b", "c"], ["x|y", "p|q", ""], ["", "1", "2 3"]]


def test_the_tables_of_an_edit_say_what_when_and_for_whom() -> None:
    rows = rendered(files.formatted("medium", "markdown")).rows
    for row_of in (
        ["Team", "before", "after", "change", "from", "for"],
        [
            "Monthly pricechanged in the catalog and in Commet since git:HEAD; the catalog wins",
            "45.00", "49.00 USD", "+8.9%", "at renewal, 2026-09-01 to 2026-09-30", "311 subscriptions",
        ],
        ["Yearly price", "", "9,000.00 USD", "", "", ""],
        ["Agent seats, included amount", "10", "8", "-20%", "at renewal", "1 subscription"],
        ["\u00a0\u00a0Overage", "19.00", "18.00 USD", "-5.3%", "at once", "1 subscription"],
        ["Large pack", "80.00", "85.00 USD", "+6.3%", "new customers", ""],
    ):  # fmt: skip
        assert row_of in rows, row_of
    (gone,) = [cells for cells in rows if cells[0].startswith("Monthly price in EUR")]
    assert gone[1:5] == ["8.50 EUR", "removed", "", "new customers"]

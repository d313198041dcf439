"""Every code that can be printed is described, and nothing else is; what is said of each fits what it is."""

import re
from functools import cache
from pathlib import Path

from source_codes import Reader

from commetctl.api.answers import TOLD_APART
from commetctl.core.change import Skipped
from commetctl.reference.codes import Code, Sort, codes, meanings, themes
from commetctl.review.guards import ALLOWABLE, GUARDS
from commetctl.review.lint import ABOUT_COMMENTS, change_rules, rules
from every import every

SOURCE = Path(__file__).parents[2] / "src" / "commetctl"
ALL = [code for theme in themes() for code in theme.codes]
#: Not of a diagnostic: what the outcome of a change says in place of an error.
OUTCOME = "skipped"
#: What is made with a code, and what may be said of it.
SORTS = {
    "Finding": {Sort.PROBLEM, Sort.WARNING},
    "Problem": {Sort.PROBLEM, Sort.WARNING},
    "Trouble": {Sort.PROBLEM},
    "Notice": {Sort.NOTICE, Sort.WARNING},
    "Note": {Sort.WARNING},
    "Refused": {Sort.REFUSAL},
}
#: What is raised may be told as something milder, or become a problem with a place.
OTHERS = {Sort.ERROR, Sort.WARNING, Sort.NOTICE, Sort.PROBLEM}
EXITS = {"NotPermitted": 6, "InvalidCatalog": 3, "Unclean": 3}


@cache
def source() -> Reader:
    return Reader(SOURCE)


def test_every_code_of_the_source_is_described_and_nothing_else() -> None:
    made = {*source().found, *TOLD_APART, OUTCOME}
    assert made - set(codes()) == set(), "describe these in src/commetctl/reference/paragraphs/"
    assert set(codes()) - made == set(), "nothing makes these any more"


def test_every_code_of_the_source_can_be_read() -> None:
    assert source().odd == set(), "give a code as a literal, so that it is found"


def test_the_reader_finds_what_is_there() -> None:
    """One of each way in which a code can be given."""
    found = source().found
    for code in ("mode", "no_key", "empty", "wrong_model", "metadata", "deletes", "plan_stale", "usage", "kept"):
        assert code in found, code
    assert {*ALLOWABLE, *(name for name, _ in GUARDS)} <= set(found)
    assert {*rules(), *change_rules(), *ABOUT_COMMENTS} <= set(found)
    assert Skipped.__name__.lower() == OUTCOME


def test_what_is_said_of_a_code_fits_what_is_made_with_it() -> None:
    every(sorted(source().found), check_meanings)


def check_meanings(code: str) -> None:
    for made in source().found[code]:
        said = [meaning for meaning in meanings(code) if meaning.sort in SORTS.get(made, OTHERS)]
        assert said, f"{made} with the code {code}, which is said to be another thing"
        if made in EXITS:
            assert EXITS[made] in {meaning.exit_code for meaning in said}


def test_a_paragraph_is_one_and_says_enough() -> None:
    every(ALL, check_paragraph, lambda code: f"{code.name}-{code.sort.value}")


def check_paragraph(code: Code) -> None:
    assert re.fullmatch(r"[a-z0-9_]+", code.name)
    assert re.match("[A-Z`]|commetctl ", code.text)
    assert code.text.endswith(".")
    assert "\n" not in code.text
    assert "  " not in code.text
    assert code.text.count("`") % 2 == 0
    assert 30 < len(code.text) < 500
    assert code.exit_code in (0, 1, 3, 4, 5, 6, 64, 70, 130)


def test_no_two_meanings_of_a_code_are_of_one_sort() -> None:
    pairs = [(code.name, code.sort) for code in ALL]
    assert len(pairs) == len(set(pairs))


def test_every_link_of_a_paragraph_is_in_its_page() -> None:
    for theme in themes():
        assert "](" not in "".join(code.text for code in theme.codes), "a terminal shows no link"

"""What is written for people is as long as GitHub takes it, in bytes, and says where the rest is."""

import pytest

from commetctl_ci.results import Done
from commetctl_ci.wording import LONGEST_COMMENT, LONGEST_SUMMARY, comment, summary

#: A line of three letters and seven bytes.
LINE = "é€o\n"
#: What GitHub takes for the summary of a step, in bytes, and for a comment, in characters.
MIB, CHARACTERS = 1024 * 1024, 65_536


def done(text: str, *, markdown: bool = True, whole: str = "") -> Done:
    return Done("plan", 4, text, "", markdown, notes=("a note at the end",), whole=whole)


def test_a_summary_is_whole_up_to_a_mebibyte() -> None:
    text = LINE * (1_000_000 // 7)
    said = summary(done("short", whole=text), "")
    assert text.strip() in said
    assert "Shortened" not in said
    assert len(said.encode()) < MIB


@pytest.mark.parametrize("markdown", [True, False])
def test_a_summary_that_is_longer_is_cut_and_says_where_the_rest_is(*, markdown: bool) -> None:
    said = summary(done(LINE * 1_000_000, markdown=markdown), "live")
    assert LONGEST_SUMMARY - 20_000 < len(said.encode()) < MIB
    assert "_Shortened: the whole is in the log of the run._" in said
    assert said.rstrip().endswith("a note at the end")
    assert said.count("```") % 2 == 0


def test_a_comment_keeps_its_notes_and_its_last_line() -> None:
    said = comment(done(LINE * 100_000), "<!-- m -->", "", "Commit 1")
    assert LONGEST_COMMENT - 1_000 < len(said.encode()) < CHARACTERS
    assert "_Shortened: the whole is with the run._\n\na note at the end\n\nCommit 1\n" in said


def test_notes_of_any_length_leave_room_for_the_changes() -> None:
    notes = tuple(f"**Allowed by `maria`**: `--allow-delete plan.p{number}`." for number in range(3000))
    said = comment(Done("plan", 2, LINE * 100_000, "", markdown=True, notes=notes), "<!-- m -->", "", "Commit 1")
    assert LONGEST_COMMENT - 1_000 < len(said.encode()) < CHARACTERS
    assert said.count(LINE) > 5_000
    assert said.count("plan.p") > 200
    assert said.count("Shortened") == 2


def test_a_block_of_code_with_fences_in_it_is_closed_by_its_own() -> None:
    said = summary(done("```\n````\n```text\n" + LINE * 1_000_000, markdown=False), "")
    kept, _, rest = said.partition("\n\n_Shortened")
    assert kept.endswith(LINE + "`````")
    assert "a note at the end" in rest


def test_a_comment_is_made_of_what_was_shortened_for_it() -> None:
    shortened = done("as short as a comment", whole="all of it")
    assert "as short as a comment" in comment(shortened, "<!-- m -->", "", "Commit 1")
    assert "all of it" in summary(shortened, "")

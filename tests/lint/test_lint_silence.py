"""Comments that silence a warning: where they count, what they cover, and what is said about the comments."""

from pathlib import Path

import pytest
from lints import codes, linted, said

from commetctl.core.errors import InvalidCatalog

CENTS = "# commetctl: ignore=odd_cents it is a birthday"
PLAN = """\
version: 1
plans:
  pro:{plan}
    name: Pro{name}
    prices:{prices}
      monthly:{monthly}
        price: 49.01{price}
        is_default: true
      yearly: {{price: 490.00}}{yearly}
"""


def at(**comments: str) -> str:
    """The plan with comments at the end of lines; it has one warning, for odd cents."""
    places = dict.fromkeys(("plan", "name", "prices", "monthly", "price", "yearly"), "")
    return PLAN.format(**places | {place: f"  {comment}" for place, comment in comments.items()})


def file(text: str) -> bytes:
    return text.encode()


@pytest.mark.parametrize("place", ["plan", "prices", "monthly", "price"])
def test_a_comment_covers_its_key_and_what_is_below(place: str, tmp_path: Path) -> None:
    assert codes(tmp_path, file(at(**{place: CENTS}))) == []


@pytest.mark.parametrize("place", ["name", "yearly"])
def test_a_comment_covers_nothing_beside_its_key(place: str, tmp_path: Path) -> None:
    assert sorted(codes(tmp_path, file(at(**{place: CENTS})))) == ["odd_cents", "unused_ignore"]


@pytest.mark.parametrize("line", ["  pro:", "    prices:", "      monthly:", "        price: 49.01"])
@pytest.mark.parametrize("between", ["", "    # and some more words\n"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_line_above_is_as_good(line: str, between: str, ending: str, tmp_path: Path) -> None:
    text = at().replace(f"{line}\n", f"  {CENTS}\n{between}{line}\n")
    assert codes(tmp_path, file(text.replace("\n", ending))) == []


def test_line_endings_of_windows_and_a_byte_order_mark_are_fine(tmp_path: Path) -> None:
    text = at(price=CENTS, name="# é 😀").replace("\n", "\r\n")
    assert codes(tmp_path, b"\xef\xbb\xbf" + file(text)) == []


def test_an_empty_line_separates(tmp_path: Path) -> None:
    text = at().replace("    prices:\n", f"    {CENTS}\n\n    prices:\n")
    assert sorted(codes(tmp_path, file(text))) == ["odd_cents", "unused_ignore"]


def test_in_one_line_the_shallowest_key_counts(tmp_path: Path) -> None:
    text = f"plans:\n  pro: {{name: Pro, prices: {{monthly: {{price: 49.01}}}}}}  {CENTS}"
    assert codes(tmp_path, text) == []
    text = f"plans: {{pro: {{name: Pro,\n  prices: {{monthly: {{price: 49.01}}}}, {CENTS}\n  description: x}}}}"
    assert codes(tmp_path, text) == []


def test_of_several_keys_as_shallow_the_first_counts(tmp_path: Path) -> None:
    two = "a: {name: Alpha, prices: {monthly: {price: 9.01}}}, b: {name: Bravo, prices: {monthly: {price: 8.01}}}"
    (left,) = linted(tmp_path, f"plans: {{\n  {two}  {CENTS}\n}}")
    assert left.address == "plan_price.b/monthly"


def test_after_a_closing_bracket_there_is_no_key(tmp_path: Path) -> None:
    lines = said(tmp_path, f"plans: {{pro: {{\n  name: Pro, prices: {{monthly: {{price: 49.01}}}}\n}}}} {CENTS}")
    assert lines[2:] == [
        "4:4: warning: the comment silences no `odd_cents` because it is not at a key [unused_ignore]",
        "  hint: remove it, or put it at the end of the line of the key, or above that line",
    ]


#: Descriptions that contain what looks like a comment and is text.
TEXTS = [
    f"|\n      before\n      {CENTS}",
    f">-\n      before\n\n      {CENTS}\n\n",
    f'"before {CENTS}"',
    f'"before\n      {CENTS}"',
    f"'it''s {CENTS}'",
    f"'before\n      {CENTS}\n      after'",
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_text_is_never_a_comment(text: str, ending: str, tmp_path: Path) -> None:
    whole = at().replace("    prices:", f"    description: {text}\n    prices:").replace("|\n", "|-\n")
    assert codes(tmp_path, file(whole.replace("\n", ending))) == ["odd_cents"]


def test_a_line_is_what_editors_call_one(tmp_path: Path) -> None:
    text = at(price="# commetctl: ignore=odd_cents").replace("name: Pro", 'name: "Pr\u2028o"')
    assert said(tmp_path, file(text))[0].startswith("7:23: ")


def test_a_key_is_never_a_comment(tmp_path: Path) -> None:
    whole = at().replace("    prices:", f'    metadata: {{"x {CENTS}": 1}}\n    prices:')
    assert codes(tmp_path, file(whole)) == ["odd_cents"]


def test_the_head_of_a_block_has_room_for_a_comment(tmp_path: Path) -> None:
    comment = "# commetctl: ignore=near_duplicate_name both are sold"
    text = f"plans:\n  a: {{name: Pro Plan}}\n  b:\n    name: >-  {comment}\n      ProPlan\n"
    assert codes(tmp_path, text) == []


def test_after_a_quoted_text_comes_a_comment(tmp_path: Path) -> None:
    assert codes(tmp_path, file(at().replace("49.01", f"'49.01' {CENTS}"))) == []


def test_what_is_inside_another_comment_does_not_count(tmp_path: Path) -> None:
    assert codes(tmp_path, file(at(price=f"# once there was {CENTS}"))) == ["odd_cents"]


def test_other_comments_are_left_alone(tmp_path: Path) -> None:
    comments = {
        "name": "# commetctl ignore=x",
        "prices": "# commetctl: ignored by all",
        "plan": "# commetctl: see docs",
    }
    assert codes(tmp_path, file(at(price=CENTS, **comments))) == []


def test_several_codes_are_separated_by_commas(tmp_path: Path) -> None:
    text = at(plan="# commetctl: ignore=odd_cents, yearly_dearer as agreed").replace("490.00", "4900.00")
    assert codes(tmp_path, file(text)) == []
    assert codes(tmp_path, file(at(plan="# commetctl: ignore=odd_cents,yearly_dearer as agreed"))) == ["unused_ignore"]


def test_two_comments_in_lines_above_both_count(tmp_path: Path) -> None:
    above = f"  {CENTS}\n  # commetctl: ignore=yearly_dearer as agreed\n  pro:\n"
    text = at().replace("490.00", "4900.00").replace("  pro:\n", above)
    assert codes(tmp_path, file(text)) == []


def test_both_of_two_comments_about_one_warning_are_used(tmp_path: Path) -> None:
    assert codes(tmp_path, file(at(plan=CENTS, price=CENTS))) == []


def test_an_alias_takes_the_comment_along(tmp_path: Path) -> None:
    text = "plans:\n  a: {name: A, prices: &p {monthly: {\n    price: 49.01 %s\n    }}}\n  b: {name: B, prices: *p}"
    assert len(codes(tmp_path, text % "")) == 2
    assert codes(tmp_path, text % CENTS) == []


def test_what_is_merged_takes_the_comment_along(tmp_path: Path) -> None:
    text = "plans:\n  a: &a\n    name: A\n    prices:\n      monthly: {price: 49.01}  %s\n  b: {<<: *a, name: B}"
    assert len(codes(tmp_path, text % "")) == 2
    assert codes(tmp_path, text % CENTS) == []


def test_without_a_reason_it_counts_and_is_warned_about(tmp_path: Path) -> None:
    for reason in ("", " ", " --"):
        assert said(tmp_path, file(at(price=f"# commetctl: ignore=odd_cents{reason}"))) == [
            "7:23: warning: the comment gives no reason [ignore_without_reason]",
            "  hint: write `# commetctl: ignore=CODE reason`, with the reason in words",
        ]


def test_a_code_that_is_none_is_guessed(tmp_path: Path) -> None:
    lines = said(tmp_path, file(at(name="# commetctl: ignore=odd_cent it is a birthday", price=CENTS)))
    assert lines == [
        "4:16: warning: there is no warning `odd_cent` [unknown_ignore]",
        "  hint: did you mean `odd_cents`?",
    ]
    hint = said(tmp_path, file(at(name="# commetctl: ignore=zzz so", price=CENTS)))[1]
    assert hint.startswith("  hint: known: addon_without_plan, change_overruled, currency_missing,")


def test_what_is_said_about_comments_cannot_be_silenced(tmp_path: Path) -> None:
    comment = "# commetctl: ignore=unused_ignore so"
    assert codes(tmp_path, file(at(name=comment, price=CENTS))) == ["unknown_ignore"]


@pytest.mark.parametrize("rest", ["", " odd_cents so", "=", "= ", ": odd_cents"])
def test_a_comment_that_names_no_code_is_warned_about(rest: str, tmp_path: Path) -> None:
    lines = said(tmp_path, file(at(price=f"# commetctl: ignore{rest}")))
    assert [line for line in lines if "49.01" not in line][1:] == [
        "7:23: warning: the comment names no warning [unknown_ignore]",
        "  hint: write `# commetctl: ignore=CODE reason`",
    ]


def test_a_comment_that_silences_nothing_is_warned_about(tmp_path: Path) -> None:
    lines = said(tmp_path, file(at(yearly=CENTS, price=CENTS)))
    assert lines[0] == "9:32: warning: the comment silences no `odd_cents` on its key [unused_ignore]"


def test_below_the_last_line_there_is_no_key(tmp_path: Path) -> None:
    assert codes(tmp_path, file(at(price=CENTS) + CENTS)) == ["unused_ignore"]


def test_a_problem_is_not_silenced(tmp_path: Path) -> None:
    with pytest.raises(InvalidCatalog):
        linted(tmp_path, "plans: {pro: {name: Pro, x: 1}}  # commetctl: ignore=unknown_key so")

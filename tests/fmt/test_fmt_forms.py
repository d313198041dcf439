"""The form of each text, to the letter; and that it is the same on other systems."""

import pytest

from commetctl.catalog import document
from commetctl.catalog.formatting import formatted
from commetctl.core.errors import InvalidCatalog, Refused
from fmt.forms import FORMS


def fmt(text: str) -> str:
    return formatted("commet.yaml", text.encode()).decode()


@pytest.mark.parametrize("name", FORMS)
def test_the_form(name: str) -> None:
    before, after = FORMS[name]
    after = before if after is None else after
    assert fmt(before) == after
    assert fmt(after) == after


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
@pytest.mark.parametrize("name", FORMS)
def test_line_ends_and_a_byte_order_mark_stay(name: str, newline: str) -> None:
    before, after = FORMS[name]
    after = before if after is None else after
    assert fmt("\ufeff" + before.replace("\n", newline)) == "\ufeff" + after.replace("\n", newline)


@pytest.mark.parametrize("name", FORMS)
def test_comments_that_ignore_stay_at_their_keys(name: str) -> None:
    before, after = (
        document.parse("commet.yaml", text.encode()).ignores for text in (FORMS[name][0], fmt(FORMS[name][0]))
    )
    assert sorted((found.codes, found.paths) for found in after) == sorted(
        (found.codes, found.paths) for found in before
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("# only this\n", "empty"),
        ("a: 1\na: 2\n", "duplicate_key"),
        ("a: !other 1\n", "tag"),
        ("a: {<<: 1}\n", "bad_merge"),
        ("{a: 1}: 2\n", "bad_key"),
        ("a: [\n", "yaml_syntax"),
        ("a: 1\n---\nb: 2\n", "yaml_syntax"),
        ("- a\n", "not_a_mapping"),
        ("text\n", "not_a_mapping"),
        ("a: " + "[" * 40 + "]" * 40 + "\n", "too_deep"),
        ('a: "\\ud800"\n', "not_unicode"),
    ],
)
def test_what_is_not_right_as_yaml_has_no_form(text: str, code: str) -> None:
    with pytest.raises(InvalidCatalog) as caught:
        fmt(text)
    assert code in [problem.code for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        # White space is all that the last line of the text has, so it would have to be at the end of a line.
        ("version: 1\nplans:\n  a:\n    description: |-\n      a\n         \n    name: A\n", 4),
        # A key of this length needs a `?`.
        (f"version: 1\n? {'k' * 1100}\n: 1\n", None),
    ],
)
def test_what_would_mean_something_else_is_refused(text: str, line: int | None) -> None:
    with pytest.raises(Refused, match=f"near line {line}" if line else "cannot be formatted") as caught:
        fmt(text)
    assert caught.value.code == "not_formattable"

"""The excerpt of a line: the marks stand under the value, and nothing is wider than the terminal."""

from hypothesis import example, given
from hypothesis import strategies as st

from commetctl.core.lines import Lines
from commetctl.core.resource import Origin
from commetctl.core.text import printable
from commetctl.render.excerpt import Excerpt
from commetctl.render.terminal import columns

SIGNS = st.sampled_from(
    ["a", " ", "\t", "é", "e\u0301", "価", "😀", "👩\u200d👧", "\x1b", "\u202e", "\ufe0f", "ｱ", "#", "##["]
)
TEXT = st.lists(SIGNS, max_size=60).map("".join)
LONG = st.builds(lambda text, times: text * times, TEXT, st.sampled_from([1, 1, 1, 30]))


def seen(text: str) -> str:
    """A text without the signs that have no column of their own."""
    return "".join(sign for sign in text if columns(sign))


def marked(excerpt: Excerpt) -> str:
    """What stands above the marks."""
    at, found = 0, ""
    for sign in seen(excerpt.text):
        found += sign if excerpt.before <= at < excerpt.before + excerpt.width else ""
        at += columns(sign)
    return found


@given(
    before=LONG,
    value=TEXT.filter(str.strip),
    after=LONG,
    room=st.integers(35, 200),
    fix=st.sampled_from(["", "490.00"]),
)
@example(before="\t\t", value="価格", after="", room=35, fix="x")
@example(before="a" * 100_000, value="b", after="c" * 100_000, room=35, fix="")
@example(before="", value="b" * 1000, after="", room=60, fix="c")
def test_the_marks_stand_under_the_value(before: str, value: str, after: str, room: int, fix: str) -> None:
    line = f"{before}{value}{after}"
    origin = Origin.at("f", Lines(line), len(before), len(before) + len(value))
    found = Excerpt.of(line, origin, room, fix)
    assert columns(found.text) <= room
    assert found.before + found.width + (columns(f" {found.fix}") if found.fix else 0) <= room
    assert found.text == printable(found.text)
    if "\t" not in line and "##" not in line and seen(printable(value)):
        above, whole = marked(found), seen(printable(value))
        assert above == whole or (above and whole.startswith(above) and "…" in found.text)


@given(before=TEXT, after=TEXT)
def test_a_line_that_fits_is_shown_whole(before: str, after: str) -> None:
    line = f"{before}x{after}".replace("\t", "")
    origin = Origin.at("f", Lines(line), line.index("x"), line.index("x") + 1)
    text = printable(line)
    assert Excerpt.of(line, origin, columns(text) + 10).text == "".join(text)

"""What goes takes along the comments that are about it alone, and no others."""

import pytest

from commetctl.catalog.loading import parse
from commetctl.kinds.sides import Live
from commetctl.usecases.pull import pull


def features(**names: str) -> str:
    return "version: 1\nfeatures: {" + ", ".join(f"{k}: {{name: {v}, type: boolean}}" for k, v in names.items()) + "}\n"


BLOCK = """\
version: 1
features:
  # heading for both
  a: {name: A, type: boolean}
  b: {name: B, type: boolean}   # bee

  # about c
  # more about c
  c: {name: C, type: boolean}   # cee

  # about d
  d: {name: D, type: boolean}
"""
FLOW = """\
version: 1
features: {a: {name: A, type: boolean}, # one
  b: {name: B, type: boolean}, # two
  c: {name: C, type: boolean}  # three
  }
"""
CASES = {
    "with the comments above": (
        BLOCK,
        "abd",
        BLOCK[: BLOCK.index("  # about c")] + BLOCK[BLOCK.index("  # about d") :],
    ),
    "not with a heading": (BLOCK, "bcd", BLOCK.replace("  a: {name: A, type: boolean}\n", "")),
    "the last, with the blank line above": (BLOCK, "abc", BLOCK[: BLOCK.index("\n  # about d")]),
    "two side by side": (BLOCK, "ab", BLOCK[: BLOCK.index("\n  # about c")]),
    "all": (BLOCK, "", "version: 1\nfeatures: {}\n  # heading for both\n"),
    "the last of a flow": (FLOW, "ab", FLOW.replace("  c: {name: C, type: boolean}  # three\n", "")),
    "the middle of a flow": (FLOW, "ac", FLOW.replace("  b: {name: B, type: boolean}, # two\n", "")),
    "the first of a flow": (FLOW, "bc", FLOW.replace("a: {name: A, type: boolean}, # one\n  ", "")),
}


@pytest.mark.parametrize("name", CASES)
def test_what_goes(name: str) -> None:
    before, left, after = CASES[name]
    live = Live(parse("live", features(**{code: code.upper() for code in left}).encode()).desired)
    found = pull(parse("file", before.encode()), live, proven=None).main.after.decode()
    assert found == after


def test_the_first_takes_the_blank_line_below() -> None:
    before = "version: 1\nfeatures:\n  # a\n  a: {name: A, type: boolean}\n\n  # b\n  b: {name: B, type: boolean}\n"
    live = Live(parse("live", features(b="B").encode()).desired)
    found = pull(parse("file", before.encode()), live, proven=None).main.after.decode()
    assert found == "version: 1\nfeatures:\n  # b\n  b: {name: B, type: boolean}\n"


def test_what_cannot_be_edited_is_written_anew_and_nothing_beside_it() -> None:
    """The line of a key that goes begins with the colon of another: no line of it can go."""
    before = """\
version: 1
plans:
  # kept
  basic: {name: 'Basic'}   # kept
  ? pro
  : description: goes
    name: 'Pro'
"""
    live = Live(parse("live", b"version: 1\nplans: {basic: {name: Basic}, pro: {name: Pro}}\n").desired)
    found = pull(parse("file", before.encode()), live, proven=None).main.after.decode()
    assert found.startswith(before[: before.index("  ? pro")])
    assert parse("found", found.encode()).desired == live.resources

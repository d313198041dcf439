"""Wherever a comment that silences stands, in whatever text: it is taken as one or left, and nothing breaks."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from lints import linted

from commetctl.core.errors import InvalidCatalog

PARTS = [
    "# commetctl: ignore=odd_cents so", "# commetctl: ignore", "#", " ", "\n", "\r\n", "\r", "\x85", "\u2028", "\ufeff",
    "\n  ", "plans:", " {", "}", ", ", "a: ", "b:", "&x ", "*x", "<<: *x", "|\n", " >-\n", '"', "'", "- ", "? ",
    "name: A", "prices: {monthly: {price: 9.01}}", "%YAML 1.1\n", "---\n", "...\n", "😀",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PARTS), max_size=25).map("".join)


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.booleans())
def test_comments_anywhere_break_nothing(text: str, whole: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            found = linted(Path(folder), text.encode() if whole else f"plans:\n  p:\n    name: P\n{text}")
        except InvalidCatalog:
            return
    assert all(problem.origin and problem.origin.line <= text.count("\n") + text.count("\r") + 5 for problem in found)

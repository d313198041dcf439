"""The page of the table of effects has all of the table."""

import re

from effects_page import page

from commetctl.kinds import every_kind

TABLE = [row for kind in every_kind() for row in kind.effects]


def test_the_page_has_a_line_for_each_row_and_none_twice_in_a_section() -> None:
    count = 0
    for section in page().split("\n## ")[1:]:
        rows = re.findall(r"^\| (?!what changes).*", section, re.MULTILINE)
        assert len(rows) == len(set(rows))
        assert all(row.count(" | ") == 4 for row in rows)
        count += len(rows)
    assert count == len(TABLE)

"""The page of the table of effects says what every row says, where it is looked for."""

import re

from effects_lines import SEVERAL, SWITCHED, TABLE, anchor, change, label, lines, section_of, sources
from effects_page import page
from pagetext import code, slug

from commetctl.kinds.effects import PLAN_VERSIONS, SILENT, Row

LINES = lines()
SECTION_OF = {row: line.section for line in LINES for row in line.rows}
SECTIONS = {title: text.split("\n") for title, _, text in (part.partition("\n") for part in page().split("\n## ")[1:])}


def test_every_row_is_in_one_line() -> None:
    told = [row for line in LINES for row in line.rows]
    assert sorted(told, key=TABLE.index) == TABLE


def test_every_row_is_on_the_page_with_its_meaning_its_time_and_its_source() -> None:
    lost = [row.name for row in TABLE if not any(says(line, row) for line in SECTIONS[SECTION_OF[row]])]
    assert lost == []


def says(line: str, row: Row) -> bool:
    """Whether a line of a table says what a row says."""
    changes, _, rest = line.partition(" | ")
    when, _, text = rest.partition(" | ")
    meaning, _, numbers = text.rpartition("[") if text.endswith("]") else (text, "", "")
    source = row.source == SILENT or str(sources().index(row.source) + 1) in re.findall(r"\d+", numbers)
    same = meaning.strip() in (row.text, re.sub("higher|lower", "higher or lower", row.text))
    return same and source and when == label(row.when) and is_about(changes, row)


def is_about(changes: str, row: Row) -> bool:
    """Whether the first cell of a line names the change of a row, its circumstance and its versions."""
    told = changes.replace("up or down", "up, down" if row.way.value == "up" else "down")
    named = change(row) in told if "up or down" not in changes else code(row.field) in changes
    given = row.given is None or row.given is PLAN_VERSIONS or row.given.words in changes
    kinds = re.findall(r"`(\w+)`", "".join(re.findall(r"\(([^)]*)\)", changes)))
    return named and given and (not kinds or row.kind in kinds or SECTION_OF[row] in (SEVERAL, SWITCHED))


def test_what_holds_for_plan_versions_alone_stands_with_them() -> None:
    assert {SECTION_OF[row] for row in TABLE if row.given is PLAN_VERSIONS} == {SWITCHED}
    assert all(SECTION_OF[row] in (SEVERAL, section_of(row.kind)) for row in TABLE if row.given is not PLAN_VERSIONS)
    assert {anchor(row.kind) for row in TABLE} <= {slug(title) for title in SECTIONS}

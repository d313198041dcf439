"""Every code is documented, and has a file that it is said about; what ships as an example has no warnings."""

import re
from pathlib import Path

import pytest
from firing import FIRES
from near_misses import SILENT

from commetctl.catalog import load
from commetctl.kinds import SECTIONS
from commetctl.review.lint import ABOUT_COMMENTS, FILE_RULES, change_rules, lint, rules
from commetctl.review.lint_changes import CHANGE_FILE_RULES

ROOT = Path(__file__).parents[2]
REFERENCE = (ROOT / "docs" / "lint.md").read_text("utf-8")
FILES = [*FILE_RULES, *CHANGE_FILE_RULES]
CODES = [name for name in rules() if name not in FILES]
CHANGES = list(change_rules())
CATALOGS = [*sorted((ROOT / "examples").glob("*/commet.yaml")), ROOT / "commet.yaml.example"]


def test_every_rule_has_its_own_name() -> None:
    assert len(set(CODES)) == len(CODES)
    own = (rule for section in SECTIONS for rule in (*section.lint.items(), *section.lint_changes.items()))
    assert all(rule.__name__ == name for name, rule in (*own, *FILE_RULES.items(), *CHANGE_FILE_RULES.items()))


def test_every_rule_has_files_that_fire_and_files_that_do_not() -> None:
    assert set(FIRES) == set(SILENT) == set(CODES)


def test_the_page_has_a_line_for_each_code_and_no_other() -> None:
    found = re.findall(r"^\| \[`([a-z_]+)`\]", REFERENCE, re.MULTILINE)
    assert sorted(found) == sorted([*CODES, *FILES, *CHANGES, *ABOUT_COMMENTS])


@pytest.mark.parametrize("path", CATALOGS, ids=str)
def test_an_example_has_no_warnings(path: Path) -> None:
    assert lint(load(path)) == []

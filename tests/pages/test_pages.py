"""The pages that are made of the code are as they are made, and those written by hand do not contradict them."""

import ast
import re

import click
import pytest
from codes_page import label, usual
from pagetext import prose, wrapped

from commetctl.cli import group
from commetctl.cli.describing import described
from commetctl.core.environment import VARIABLES
from commetctl.core.exits import EXITS
from commetctl.reference.codes import Sort, codes, meanings, themes
from commetctl.reference.kinds import kinds
from commetctl.review.lint import ABOUT_COMMENTS, change_rules, rules
from pages import DOCS, PAGES

ROOT = DOCS.parent
#: The words that a page may have, tables and code included: in all, or for each of its headings.
MOST_WORDS = {"effects.md": 3000, "reference/fields.md": 4000}
MOST_WORDS_OF_EACH = {"reference/cli.md": 125, "reference/codes.md": 26}
SOURCE = ROOT / "src" / "commetctl"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_as_it_is_made(name: str) -> None:
    assert (DOCS / name).read_text("utf-8") == PAGES[name](), "renew it: make docs"


def test_there_is_a_manual_page_for_every_command_and_no_other() -> None:
    assert {f"man/{path.name}" for path in (DOCS / "man").iterdir()} == {name for name in PAGES if name.endswith(".1")}


def test_every_code_has_a_heading_and_every_field_and_command_too() -> None:
    def headings(name: str) -> set[str]:
        return set(re.findall(r"^##+ `?([^`\n]+)`?$", PAGES[name](), re.MULTILINE))

    assert set(codes()) <= headings("reference/codes.md")
    assert {kind.name for kind in kinds()} <= headings("reference/fields.md")
    commands = {f"commetctl {item['name']}" for item in described([click.Context(group)])}
    assert commands <= headings("reference/cli.md")


def test_every_field_is_in_the_section_of_its_kind() -> None:
    sections = dict(re.findall(r"^## `(\w+)`\n(.*?)(?=^## )", PAGES["reference/fields.md"](), re.MULTILINE | re.DOTALL))
    for kind in kinds():
        told = re.findall(r"^- `([a-z_.]+)(?:: [^`]*)?`:", sections[kind.name], re.MULTILINE)
        told += re.findall(r"`([a-z_.]+)`", "".join(re.findall(r"^\[Shared\].*", sections[kind.name], re.MULTILINE)))
        assert sorted(told) == sorted(item.path for item in kind.fields)


@pytest.mark.parametrize(("name", "most"), MOST_WORDS.items())
def test_a_page_that_is_made_is_short_enough_to_be_read(name: str, most: int) -> None:
    assert len(PAGES[name]().split()) <= most


@pytest.mark.parametrize(("name", "most"), MOST_WORDS_OF_EACH.items())
def test_each_command_and_each_code_is_told_in_few_words(name: str, most: int) -> None:
    page = PAGES[name]()
    assert len(page.split()) <= most * len(re.findall("^##", page, re.MULTILINE))


def test_each_theme_of_the_codes_begins_with_what_most_of_them_are() -> None:
    for theme in themes():
        assert theme.about.startswith(f"*{label(usual(theme))}s*"), theme.title


def test_every_option_is_there_with_its_help() -> None:
    page = PAGES["reference/cli.md"]()
    for item in described([click.Context(group)]):
        for option in item["options"]:
            assert all(f"`{name}" in page for name in option["names"])
            assert prose(option["help"]) in page


def test_the_exit_codes_told_by_hand_are_those_that_there_are() -> None:
    told = (DOCS / "cli.md").read_text("utf-8").partition("## Exit codes")[2].partition("\n## ")[0]
    assert [int(code) for code in re.findall(r"^\| (\d+) \|", told, re.MULTILINE)] == list(EXITS)


def test_every_exit_code_of_a_code_is_told() -> None:
    assert {code.exit_code for name in codes() for code in meanings(name)} <= EXITS.keys()


def test_the_page_of_warnings_has_those_that_there_are() -> None:
    told = re.findall(r"^\| \[`(\w+)`\]", (DOCS / "lint.md").read_text("utf-8"), re.MULTILINE)
    known = {*rules(), *change_rules(), *ABOUT_COMMENTS}
    assert set(told) == known
    for name in known:
        assert any(code.sort is Sort.WARNING and code.strict for code in meanings(name)), name


def test_every_variable_that_is_read_is_told() -> None:
    """Those of commetctl itself; the emulator's `environ` is that of a request."""
    read = set()
    for path in SOURCE.rglob("*.py"):
        if "emulator" not in path.parts:
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    read |= set(re.findall(r"^(?:COMMET|NO|GITHUB|CI|GITLAB)_[A-Z_]+$", node.value))
    assert len(read) > 5
    said = " ".join([*VARIABLES, *VARIABLES.values()])
    assert {name for name in read if not re.search(rf"\b{name}\b", said)} == set()


def test_text_of_the_command_line_is_no_markup() -> None:
    assert prose("KIND[:X] a*b <c> `d*`") == r"KIND\[:X\] a\*b \<c> `d*`"
    assert prose("with --yes, NO_COLOR and the key in -f") == "with `--yes`, `NO_COLOR` and the key in -f"


def test_lines_are_broken_nowhere_in_code_and_begin_with_no_sign_of_a_list() -> None:
    assert wrapped("aaaa `b b b b b b` cc", 8) == "aaaa\n`b b b b b b`\ncc"
    assert wrapped("aaaa bbb - cc 1. dd", 8) == "aaaa\nbbb -\ncc 1. dd"

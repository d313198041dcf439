"""Every page that shows commands, walked: each command prints what the page says."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from docs_walk.walk import BLOCK, COMMAND, PAGES, START, Walk, edited, goes_on, same, shortened

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Walk, str]]:
    """Getting started, and the page as it came out."""
    walk = Walk(tmp_path_factory.mktemp("start"))
    try:
        yield walk, walk.play(START.read_text("utf-8"))
    finally:
        walk.stop()


def test_getting_started(start: tuple[Walk, str]) -> None:
    assert start[1] == START.read_text("utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page(page: Path, start: tuple[Walk, str], tmp_path: Path) -> None:
    text = page.read_text("utf-8")
    walk = Walk(tmp_path, start[0] if goes_on(text) else None)
    try:
        assert walk.play(text) == text
    finally:
        walk.stop()


def test_there_is_something_to_walk_and_no_bug_on_the_way() -> None:
    assert {"README", "approve-a-change", "raise-prices"} <= {page.stem for page in PAGES}
    for page in (START, *PAGES):
        text = page.read_text("utf-8")
        blocks = [block for block in BLOCK.finditer(text) if block["kind"] == "console" or block["quotation"]]
        assert blocks, page.name
        assert all(block["quotation"] or COMMAND.search(block["body"]) for block in blocks), page.name
        assert goes_on(text) or page.parent.name != "howto", page.name
        assert "this is a bug" not in text, page.name


def test_what_is_printed_otherwise_is_found(tmp_path: Path) -> None:
    page = "```console\n$ echo a >&2; X=b; export X; false\na\n\n$ echo $? $X\n{}\n```\n"
    assert Walk(tmp_path).play(page.format("0 b")) == page.format("1 b")


def test_files_are_written_edited_and_set_up(tmp_path: Path) -> None:
    page = (
        "<!-- run -->\n```sh\nmkdir x\n```\n```console\n$ cd x\n```\n<!-- file: a.txt -->\n```text\na\n\nb\n```\n"
        "<!-- file: a.txt -->\n```diff\n-a\n+c\n \n@@\n-b\n+d\n```\n```console\n$ cat a.txt\nc\n\nd\n```\n"
    )
    walk = Walk(tmp_path)
    assert walk.play(page) == page
    assert (walk.folder / "x" / "a.txt").read_text("utf-8") == "c\n\nd\n"


def test_what_is_not_shown_is_run_and_what_is_quoted_is_printed_anew(tmp_path: Path) -> None:
    page = "<!-- run\necho '*a*' > a.md; echo >> a.md; echo 49.00 >> a.md\n-->\n\n<!-- shown: cat a.md -->\n{}\nb\n"
    right = page.format("> *a*\n>\n> 49.00\n")
    for number, quotation in enumerate(("> *a*\n", "", "> *a*\n>\n> 49.00\n")):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert Walk(folder).play(page.format(quotation)) == right


def test_a_set_up_that_fails_fails_the_page(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="oh no"):
        Walk(tmp_path).play("<!-- run -->\n```sh\necho oh no; exit 1\n```\n")


@pytest.mark.parametrize("diff", [" a\n-x\n", "-a\n+b\n"])
def test_an_edit_that_fits_nowhere_or_twice_is_found(diff: str) -> None:
    with pytest.raises(AssertionError, match="no one place"):
        edited("a\na\n", diff)


SHORTENED = [
    ("  … the plan …\n\n  ok  a\n", "x\ny\n  ok  b\nz\n", "  … the plan …\n\n  ok  b\nz\n"),
    ("  … the plan …\n\n  ok  b\n", "  ok  a\n  ok  b\nz\n", "  … the plan …\n\n  ok  b\nz\n"),
    ("  … the plan …\n\n  ok  a\n", "x\ndone\n", "x\ndone\n"),
    ("  … the plan …\n", "x\n", "x\n"),
    ("  ok  a\n", "x\n  ok  b\n", "x\n  ok  b\n"),
]


@pytest.mark.parametrize(("page", "printed", "written"), SHORTENED)
def test_what_a_page_leaves_out_is_left_out_again(page: str, printed: str, written: str) -> None:
    assert shortened(page, printed) == written


SAME = [
    ("renew on 2026-12-21\n", "renew on 2027-01-02\n", True),
    ("(2026-08-27)\n", "(2026-07-11)\n", False),
    ("cpk_b7eaac113fa1eeb14144\n", "cpk_00000000000000000000\n", True),
    ("49.00\n", "59.00\n", False),
    ("a\n\n  … the plan again …\n\nb\n", "a\n\nmuch\n\nmore\n\nb\n", True),
    ("a\n  … the plan again …\nb\n", "a\nmuch\nc\n", False),
    ("a\n", "", False),
    ("", "", True),
    ("  a\n", "a\n", False),
]


@pytest.mark.parametrize(("page", "printed", "alike"), SAME)
def test_only_what_differs_from_run_to_run_may_differ(page: str, printed: str, alike: bool) -> None:
    assert same(page, printed) is alike

"""Three edits in every format, whole, as files: what a reviewer gets to see, and nothing else.

After a change that is meant: `PYTHONPATH=tests/render .venv/bin/python -m golden`, and read what it changed.
"""

import re

import pytest
from golden import files

from commetctl.core.change import Create, Delete, Update
from commetctl.render.terminal import columns

COLOR = re.compile("\x1b\\[[0-9;]+m")
#: Values, the heads of changes and requests, none of which is ever broken.
UNBROKEN = re.compile(r" {2}[-+~!] \S+.*|.* → .*| {6}(POST|PUT|PATCH|DELETE) .*|next .*| {6}\w+  +.*")


@pytest.mark.parametrize("name", files.FILES)
def test_each_edit_reads_as_its_file(name: str) -> None:
    made, kept = files.FILES[name](), (files.FOLDER / name).read_text(encoding="utf-8")
    assert made == kept, f"{name} reads otherwise; if that is meant: {__doc__}"


def test_there_is_no_file_that_nothing_is_compared_with() -> None:
    kept = {path.name for path in files.FOLDER.iterdir() if path.suffix not in ("", ".py")}
    assert kept == set(files.FILES)


@pytest.mark.parametrize("name", files.EDITS)
@pytest.mark.parametrize("width", [40, *files.WIDTHS])
def test_no_line_is_wider_than_the_terminal_but_for_what_cannot_be_broken(name: str, width: int) -> None:
    lines = files.text(name, width).splitlines()[1:]
    wide = [line for line in lines if columns(line) > width and not UNBROKEN.fullmatch(line)]
    assert wide == []


@pytest.mark.parametrize("name", files.EDITS)
@pytest.mark.parametrize("width", files.WIDTHS)
def test_colour_changes_nothing_but_the_colour(name: str, width: int) -> None:
    assert COLOR.sub("", files.text(name, width, color=True)) == files.text(name, width)


@pytest.mark.parametrize("name", files.EDITS)
def test_the_whole_text_has_every_change_and_every_request(name: str) -> None:
    changeset = files.edit(name).changeset
    lines = files.text(name, whole=True).splitlines()
    signs = [line[2] for line in lines if re.match(r" {2}[-+~] ", line)]
    addresses = [line.removeprefix("      address: ") for line in lines if line.startswith("      address: ")]
    assert signs == [{Create: "+", Update: "~", Delete: "-"}[type(change)] for change in changeset.changes]
    assert addresses == [str(change.address) for change in changeset.changes]
    assert sum(bool(re.match(r" {6}(POST|PUT|PATCH|DELETE) /", line)) for line in lines) >= len(changeset.steps)
    assert not any("more" in line and "`-v`" in line for line in lines)


@pytest.mark.parametrize("name", files.EDITS)
def test_what_is_folded_is_counted(name: str) -> None:
    lines = files.text(name).splitlines()
    shown = sum(bool(re.match(r" {2}[-+~] ", line)) for line in lines)
    folded = sum(int(found) for found in re.findall(r"^ {2}… and (\d+) more", "\n".join(lines), re.MULTILINE))
    assert shown + folded == len(files.edit(name).changeset.changes)

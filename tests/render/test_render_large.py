"""An edit of hundreds of changes in every format: nothing is lost, in its order, and every amount says both sides.

How a single change reads is in the files of the small edits.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import groupby, pairwise
from xml.etree import ElementTree as Xml

import pytest
from golden import files
from test_render_annotations import commands

from commetctl.core.change import Change, Update, action
from commetctl.reading.amounts import arrow, sides, without_shared_unit
from commetctl.render.markdown import LIMIT
from commetctl.render.markup import size

LARGE = files.edit("large")
CHANGES = LARGE.changeset.changes
NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?%?")


def collapsed(said: str) -> str:
    return " ".join(said.split())


def amounts(change: Change) -> Iterator[str]:
    """What is said of each field of an update: `49.00 → 59.00 USD`."""
    for item in change.fields if isinstance(change, Update) else ():
        yield arrow(*sides(item.before, item.after))


def blocks(text: str) -> dict[str, str]:
    """What the whole text says of each change, by its address, which follows its lines."""
    found: dict[str, str] = {}
    lines: list[str] = []
    address = ""
    for line in text.splitlines():
        if re.match(r" {2}[-+~] ", line):
            lines = []
        lines.append(line)
        if line.startswith("      address: "):
            address = line.removeprefix("      address: ")
        elif line.startswith("      ") and len(lines) > 1 and any("address: " in each for each in lines):
            pass
        else:
            continue
        found[address] = collapsed(" ".join(lines))
    return found


def said() -> dict[str, dict[str, str]]:
    """What each format that tells of every change says of each, by its action and address."""
    actions = {str(change.address): action(change) for change in CHANGES}
    text = blocks(files.text("large", whole=True))
    notes = commands(files.formatted("large", "github"))
    suite = Xml.fromstring(files.formatted("large", "junit").encode())  # noqa: S314  (our own)
    cases = suite.findall("testcase[@classname='commetctl.change']")
    return {
        "text": {f"{actions[address]} {address}": block for address, block in text.items() if address in actions},
        "github": {item.properties["title"]: collapsed(item.data) for item in notes},
        "junit": {case.get("name", ""): collapsed("".join(case.itertext())) for case in cases},
    }


SAID = said()


@pytest.mark.parametrize("output_format", SAID)
def test_every_change_is_there_with_both_sides_of_every_amount(output_format: str) -> None:
    found = SAID[output_format]
    assert len(CHANGES) > 500
    for change in CHANGES:
        told = found[f"{action(change)} {change.address}"]
        for amount in amounts(change):
            assert amount in told, change.address


@pytest.mark.parametrize("output_format", SAID)
def test_what_is_said_of_a_change_is_the_same_in_every_format(output_format: str) -> None:
    for name, told in SAID[output_format].items():
        if name in SAID["junit"]:
            expected = set(NUMBER.findall(SAID["junit"][name].replace("git:HEAD", "")))
            assert expected <= set(NUMBER.findall(told)), name


def test_the_order_is_that_of_the_plan() -> None:
    expected = [f"{action(change)} {change.address}" for change in CHANGES]
    assert list(SAID["text"]) == expected
    assert list(SAID["junit"]) == expected
    # GitHub shows ten: what goes comes first, then amounts that move, then the rest, each in the order of the plan.
    noted = [expected.index(title) for title in SAID["github"] if title in SAID["junit"]]
    assert sorted(noted) == list(range(len(expected)))
    assert [expected[place].split(".")[0] for place in noted[:3]] == ["delete plan"] * 2 + ["update exchange_rate"]
    assert sum(later < place for place, later in pairwise(noted)) == 1


@pytest.mark.parametrize("width", files.WIDTHS)
def test_a_width_breaks_lines_and_changes_no_word(width: int) -> None:
    words, usual = (Counter(re.findall(r"[\w.%+-]+", files.text("large", wide))) for wide in (width, 100))
    assert words == usual


def test_the_sum_and_what_is_not_known_stand_at_the_end_once() -> None:
    counts = {word: sum(action(change) == word for change in CHANGES) for word in ("create", "update", "delete")}
    total = ", ".join(f"{number} to {word}" for word, number in counts.items()) + "."
    unknown = "the number of affected subscriptions is not known: the key may not read subscriptions"
    formats = {name: files.formatted("large", name) for name in ("markdown", "github", "junit")}
    for name, made in {"text": files.text("large"), **formats}.items():
        # What a log of GitHub shows is the text, with the annotations before it.
        times = 2 if name == "github" else 1
        found = collapsed(made.replace("%2C", ",").replace("<!-- -->", "")).lower()
        for said in (total, unknown, "2 in commet, 2 unknown"):
            assert found.count(said) == times, (name, said)


def test_a_page_fits_and_has_both_sides_of_every_amount() -> None:
    """Where details, times and customers do not fit, each amount still has a row."""
    markdown = files.formatted("large", "markdown")
    assert size(markdown) <= LIMIT
    assert "do not approve by this page alone" not in markdown
    page = markdown.replace("**", "")
    for change in CHANGES:
        for item in change.fields if isinstance(change, Update) else ():
            before, after = sides(item.before, item.after)
            assert f"| {without_shared_unit(before, after)} | {after} |" in page, change.address


def test_what_belongs_to_one_plan_stands_together() -> None:
    plans = [key for key, _ in groupby(change.address.key.split("/")[0] for change in CHANGES)]
    assert len(plans) == len(set(plans)) == 31

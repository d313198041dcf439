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
from commetctl.core.resource import Value
from commetctl.core.text import change_text, value_text
from commetctl.render.markdown import LIMIT
from commetctl.render.markup import size

LARGE = files.edit("large")
CHANGES = LARGE.changeset.changes
HEAD = re.compile(r" {2}[-+~] (?!…)(\S+)")
FOLD = re.compile(r" {2}[-+~] … and \d+ more ")
PERCENT = re.compile(r"([+-])(\d+(?:\.\d+)?)%")
#: A change in a long list: address, fields and amounts on one line.
SHORT = re.compile(r" {2}[-+~] (\S+)  (.*)")
#: What only the whole text has.
REQUEST = re.compile(r" {6}(POST|PUT|PATCH|DELETE) /")


def collapsed(said: str) -> str:
    return " ".join(said.split())


def changes_of(text: str) -> list[str]:
    """The lines before the sum, which is followed by what is shorter elsewhere too."""
    lines = text.splitlines()
    return lines[: next(number for number, line in enumerate(lines) if re.match(r" {2}\d+ to create, ", line))]


def amount(value: Value) -> str:
    """The number of a value, without its currency and without that it is derived."""
    found = re.search(r"\d[\d.]*", value_text(value))
    assert found
    return found[0]


def amounts(change: Change) -> Iterator[str]:
    """What is said of each field of an update: `49.00 → 59.00 USD`."""
    for item in change.fields if isinstance(change, Update) else ():
        yield change_text(item.before, item.after)


def blocks(text: str) -> dict[str, str]:
    """What a text says of each change, by its address."""
    found: dict[str, str] = {}
    address = ""
    for line in text.splitlines():
        head = HEAD.match(line)
        address = head[1] if head else address if line.startswith("    ") else ""
        if address:
            found[address] = f"{found.get(address, '')} {line}"
    return {address: collapsed(block) for address, block in found.items()}


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
    """But for the places of colons and brackets, which are those of a line of text."""
    for name, told in SAID[output_format].items():
        if name in SAID["junit"]:
            expected = re.findall(r"[-+]?\d+(?:\.\d+)?%?", SAID["junit"][name].replace("git:HEAD", ""))
            rest = told.split(" POST /")[0].split(" PUT /")[0].split(" PATCH /")[0].split(" DELETE /")[0]
            assert set(expected) <= set(re.findall(r"[-+]?\d+(?:\.\d+)?%?", rest)), name


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
    # What opens each further line of a list that goes on.
    del words["also"], usual["also"]
    assert words == usual
    assert blocks(files.text("large", width)).keys() == blocks(files.text("large")).keys()


def test_what_is_not_folded_is_as_in_the_whole_text() -> None:
    whole = [line for line in changes_of(files.text("large", whole=True)) if not REQUEST.match(line)]
    said, rest = blocks("\n".join(whole)), iter(whole)
    for line in changes_of(files.text("large")):
        if (short := SHORT.match(line)) and line not in whole:
            assert set(short[2].split()) <= set(said[short[1]].split()), line
        else:
            assert FOLD.match(line) or line in rest, line


def test_a_fold_stands_behind_its_like_and_there_is_more_than_one_behind_it() -> None:
    for line in files.text("large").splitlines():
        if FOLD.match(line):
            assert re.fullmatch(r" {2}[-+~] … and \d+ more [a-z ]+ \(all of them: `-v`\)", line), line


def test_the_sum_and_what_is_not_known_stand_at_the_end_once() -> None:
    counts = {word: sum(action(change) == word for change in CHANGES) for word in ("create", "update", "delete")}
    total = ", ".join(f"{number} to {word}" for word, number in counts.items()) + ", 0 blocked, 0 unmanaged"
    unknown = "how many subscriptions this touches is not known: the key may not read subscriptions"
    formats = {name: files.formatted("large", name) for name in ("markdown", "github", "junit")}
    for name, made in {"text": files.text("large"), **formats}.items():
        # What a log of GitHub shows is the text, with the annotations before it.
        times = 2 if name == "github" else 1
        found = collapsed(made.replace("%2C", ",").replace("<!-- -->", "")).lower()
        for said in (total, unknown, "2 in commet, 2 unknown"):
            assert found.count(said) == times, (name, said)


def test_the_largest_moves_are_the_largest_in_their_order() -> None:
    text = files.text("large")
    moves = text[text.index("  largest moves:") :].splitlines()[1:-1]
    shown = [float(found[2]) for line in moves if (found := PERCENT.search(line))]
    # What Commet derives moves with its rate and its price, which are listed.
    own = [block for block in SAID["text"].values() if "(derived)" not in block and " was " not in block]
    every = {float(number) for block in own for _, number in PERCENT.findall(block)}
    assert len(shown) == len(moves) == 5
    assert shown == sorted(shown, reverse=True)
    assert all(number in shown or number <= shown[-1] for number in every)
    assert shown[-1] > min(every)


def test_a_page_fits_and_says_both_sides_of_every_amount() -> None:
    """Where tables and details do not fit, each change takes one line with its amounts."""
    markdown = files.formatted("large", "markdown")
    assert size(markdown) <= LIMIT
    page = collapsed(markdown.replace("**", "").replace("\\", ""))
    for change in CHANGES:
        for both in amounts(change):
            assert both.removeprefix("about ").removesuffix(" (derived)") in page, change.address


def test_what_belongs_to_one_plan_stands_together() -> None:
    plans = [key for key, _ in groupby(change.address.key.split("/")[0] for change in CHANGES)]
    assert len(plans) == len(set(plans)) == 31

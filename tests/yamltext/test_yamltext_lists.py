"""Lists as YAML text: written, and changed item by item with everything else as it was."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from commetctl.catalog import document
from commetctl.core.values import same
from commetctl.yamltext.form import NOTHING
from commetctl.yamltext.printing import Printable
from commetctl.yamltext.revising import revise
from commetctl.yamltext.writing import Writer

quick = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
LONG = "a text that is so long that two of its kind do not fit on one line together"


def read(text: str) -> dict[str, Any]:
    data: dict[str, Any] = document.parse("a.yaml", text.encode(), {}).data
    return data


def written(data: dict[str, Any]) -> str:
    return "\n".join(Writer().entries(data, 0, ())) + "\n"


def revised(text: str, wanted: dict[str, Any]) -> str:
    found = revise(text, wanted, read, Writer())
    assert same(read(found), wanted)
    return found


def test_a_long_list_has_a_line_for_each_item_and_an_object_begins_behind_its_dash() -> None:
    terms = [{"kind": "months", "count": 3}, {"kind": LONG, "about": LONG}, LONG, [LONG, LONG]]
    text = written({"terms": terms, "tags": ["a", "b"], "rest": []})
    assert (
        text
        == f"""\
terms:
  - {{kind: months, count: 3}}
  - kind: {LONG}
    about: {LONG}
  - {LONG}
  -
    - {LONG}
    - {LONG}
tags: [a, b]
rest: []
"""
    )
    assert Printable(text, NOTHING, lambda _: False).formatted().text == text


BLOCK = """\
k:
  # about the terms
  terms:
    # first
    - kind: percent  # a share
      percent: 20
    # second
    - {kind: amount, amounts: {usd: 5, eur: 4}}  # two

    - kind: months
      count: 3
  tags: [a, 'b']  # tags
"""


def terms(*changed: Any) -> dict[str, Any]:
    return {"k": {"terms": list(changed), "tags": ["a", "b"]}}


PERCENT = {"kind": "percent", "percent": 20}
AMOUNT = {"kind": "amount", "amounts": {"usd": 5, "eur": 4}}
MONTHS = {"kind": "months", "count": 3}


@pytest.mark.parametrize(
    ("wanted", "changes"),
    [
        (terms(PERCENT | {"percent": 25}, AMOUNT, MONTHS), {"percent: 20": "percent: 25"}),
        (
            terms(PERCENT, {"kind": "amount", "amounts": {"usd": 6, "chf": 7}}, MONTHS),
            {"{usd: 5, eur: 4}": "{usd: 6, chf: 7}"},
        ),
        (terms(PERCENT, AMOUNT), {"    - kind: months\n      count: 3\n": ""}),
        (terms(AMOUNT, MONTHS), {}),
        (
            terms(PERCENT, AMOUNT, MONTHS, {"kind": "months", "count": 4}),
            {"      count: 3\n": "      count: 3\n    - {kind: months, count: 4}\n"},
        ),
        (
            terms(PERCENT, AMOUNT, "a", MONTHS),
            {"eur: 4}}  # two\n": "eur: 4}}  # two\n    - a\n"},
        ),
        (
            {"k": {"terms": [PERCENT, AMOUNT, MONTHS], "tags": ["a", "c", "d"]}},
            {"[a, 'b']": "[a, 'c', d]"},
        ),
        ({"k": {"terms": [PERCENT, AMOUNT, MONTHS], "tags": ["b"]}}, {"[a, 'b']": "['b']"}),
        ({"k": {"terms": [PERCENT, AMOUNT, MONTHS], "tags": []}}, {"[a, 'b']": "[]"}),
    ],
)
def test_a_change_is_made_in_place(wanted: dict[str, Any], changes: dict[str, str]) -> None:
    found = revised(BLOCK, wanted)
    if changes:
        expected = BLOCK
        for before, after in changes.items():
            assert before in expected
            expected = expected.replace(before, after)
        assert found == expected


words = st.sampled_from(["a", "b", "x: y", "# c", "- d", "2026-12-01T00:00:00Z", "two\nlines", "", "1", LONG])
scalars = words | st.integers(-3, 3) | st.booleans() | st.none()
trees = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("pqrs"), inner, max_size=3),
    max_leaves=8,
)
documents = st.dictionaries(
    st.sampled_from(["s", "t"]), st.dictionaries(st.sampled_from("klm"), trees, min_size=1, max_size=3), min_size=1
)


@given(documents)
@quick
def test_what_is_written_is_read_and_has_the_form_it_is_written_in(data: dict[str, Any]) -> None:
    text = written(data)
    note(text)
    assert same(read(text), data)
    assert same(read(Printable(text, NOTHING, lambda _: False).formatted().text), data)


@given(documents, st.data(), st.booleans())
@quick
def test_any_tree_becomes_any_other(data: dict[str, Any], drawn: st.DataObject, in_form: bool) -> None:
    wanted = {name: drawn.draw(st.dictionaries(st.sampled_from("klm"), trees, max_size=3)) for name in data}
    text = written(data)
    text = Printable(text, NOTHING, lambda _: False).formatted().text if in_form else text
    note(text)
    revised(text, wanted)

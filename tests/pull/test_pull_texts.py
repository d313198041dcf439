"""Texts of any kind: whatever Commet has for a name or a label is read back as the same."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, reject, settings
from hypothesis import strategies as st

from commetctl.catalog import Catalog
from commetctl.catalog.loading import parse
from commetctl.core.errors import InvalidCatalog, Refused
from commetctl.core.resource import ResourceSet
from commetctl.kinds.sides import Live
from commetctl.usecases.pull import nothing, pull

quick = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
signs = st.sampled_from(
    [*"aZ09 _-:#,[]{}&*!|>'\"%@`?=~<\\/$.\n\t", "é", "日", "🚀", "\u00a0", "\u2028", "\u200e", "\u202e"]
)
texts = st.text(signs, min_size=1, max_size=12) | st.text(min_size=1, max_size=12)
words = st.sampled_from(
    ["yes", "null", "~", "1", "1.0", "0x1", "1e3", "2026-01-01", "<<", "on", "- a", "a: b", "a #b", "é:"]
)

#: The ways in which a text may stand in a file before.
STANDING = [
    "version: 1\nfeatures:\n  a:\n    name: was\n    type: boolean\n    description: was   # a comment\n",
    "version: 1\nfeatures: {a: {name: 'was', type: boolean, description: \"was\"}}   # a comment\n",
    "version: 1\nfeatures:\n  a:\n    name: >-\n      was\n    type: boolean\n    description: |-   # a comment\n"
    "      was\n      it\n",
    "version: 1\r\nfeatures:\r\n  a:\r\n    type: boolean   # a comment\r\n    name: was",
    '{"version": 1, "features": {"a": {"name": "was", "type": "boolean"}}}',
]


def catalog_with(name: str, description: str, labels: dict[str, Any]) -> Catalog:
    """A valid catalog with texts; what may not be in one is not drawn."""
    data = {
        "version": 1,
        "features": {"a": {"name": name, "type": "boolean", "description": description}},
        "plans": {"p": {"name": name, "metadata": labels}},
    }
    try:
        return parse("drawn", json.dumps(data).encode())
    except InvalidCatalog:
        reject()


@given(words | texts, words | texts, st.dictionaries(words | texts, words | texts | st.integers(-5, 5) | st.booleans()))
@quick
@example("two\u2028lines", "a\n\nb", {"<<": "x"})
def test_a_new_file_says_the_same(name: str, description: str, labels: dict[str, Any]) -> None:
    wanted = catalog_with(name, description, labels)
    found = pull(nothing("new", None), Live(wanted.desired), proven=None, new=True)
    assert dict(parse("new", found.main.after).desired) == dict(wanted.desired)


@pytest.mark.parametrize("text", STANDING, ids=["block", "flow", "folded", "windows", "json"])
@given(name=words | texts, description=words | texts)
@quick
def test_a_text_in_a_file_becomes_another(text: str, name: str, description: str) -> None:
    wanted = catalog_with(name, description, {})
    found = pull(parse("old", text.encode()), Live(wanted.desired), proven=None)
    again = parse("new", found.main.after).desired
    assert dict(again) == {address: resource for address, resource in wanted.desired.items() if address in again}
    assert found.main.after.count(b"# a comment") == text.count("# a comment")
    assert pull(parse("new", found.main.after), Live(wanted.desired), proven=None).main.after == found.main.after


def test_what_a_catalog_may_not_say_is_refused() -> None:
    wanted = parse("drawn", b"version: 1\nplans: {p: {name: P, prices: {monthly: {price: 1}}}}\n").desired
    wanted = ResourceSet(
        replace(item, fields={**item.fields, "trial_days": -1}) if "trial_days" in item.fields else item
        for item in wanted.values()
    )
    with pytest.raises(Refused, match=r"Commet has something that a catalog cannot declare: .*trial_days"):
        pull(nothing("new", None), Live(wanted), proven=None, new=True)

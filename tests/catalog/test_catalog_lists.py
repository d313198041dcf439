"""Lists of objects, unions and times in entries: validated all at once, formatted, and laid over by an environment."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from catalogs import load_text

from commetctl.catalog import Catalog, load
from commetctl.catalog.formatting import formatted
from commetctl.core.errors import InvalidCatalog
from commetctl.kinds import SECTIONS
from toy.toy_kind import COUPONS


@pytest.fixture(autouse=True)
def coupons() -> Iterator[None]:
    """The catalog has one kind more."""
    SECTIONS.append(COUPONS)
    yield
    SECTIONS.remove(COUPONS)


def problems(folder: Path, text: str) -> list[str]:
    """Each problem as `line:column message; hint`."""
    with pytest.raises(InvalidCatalog) as caught:
        load_text(folder, text)
    assert all(problem.address == "coupon.SUMMER" for problem in caught.value.problems)
    found = [(problem.origin, problem) for problem in caught.value.problems]
    return [f"{o.line}:{o.column} {p.message}{f'; {p.hint}' if p.hint else ''}" for o, p in found if o]


MISTAKES = """\
version: 1
coupons:
  SUMMER:
    name: Summer
    expires_at: tomorrow
    tags: [a, 5, b, ""]
    terms:
      - {kind: percent, percent: much}
      - kind: amount
        amounts: {usd: 5.00, eur: -1, chf: "1,50"}
      - {kind: amonut, amounts: {usd: 1}}
      - {kind: months, count: 3}
      - {amounts: {usd: 1}}
      - {kind: months, cuont: 3}
      - {kind: months}
      - 5
      - {kind: months, count: 1.5}
"""


def test_all_mistakes_are_found_at_once_each_at_its_place(tmp_path: Path) -> None:
    number = "must be a plain number such as 49.00: digits and at most one point"
    comma = "has a comma, and a number here has at most a point; write 1.50"
    assert problems(tmp_path, MISTAKES) == [
        "5:17 `expires_at` must be a time such as 2026-12-01T00:00:00Z",
        "6:15 `tags[1]` must be text; put it in quotes",
        "6:21 `tags[3]` is empty; leave it out instead",
        f"8:34 `terms[0].percent` {number}",
        "10:35 `terms[1].amounts.eur` cannot be negative",
        f"10:44 `terms[1].amounts.chf` {comma.replace('1.50', '`1.50`')}",
        "11:16 `terms[2].kind` must be one of: percent, amount, months",
        "13:9 `terms[4].kind` is required; add `kind:`",
        "14:24 `terms[5].cuont` is not a known key; did you mean `count`?",
        "15:9 `terms[6].count` is required; add `count:`",
        "16:9 `terms[7]` must be a mapping of keys to values",
        "17:31 `terms[8].count` must be a whole number",
    ]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("terms: 5", "4:12 `terms` must be a list"),
        ("terms: {kind: percent}", "4:12 `terms` must be a list"),
        (
            "terms:",
            "4:5 nothing is written after `coupons.SUMMER.terms`; write `[]` for none, or remove the key",
        ),
        ("expires_at: 2026-12-01T00:00:00", "4:17 `expires_at` has no time zone; end it with Z for UTC"),
        (
            "terms: [{kind: percent, percent: }]",
            "4:29 nothing is written after `coupons.SUMMER.terms[0].percent`; write a value, or remove the key",
        ),
    ],
)
def test_a_value_that_is_no_list_or_no_time(tmp_path: Path, written: str, said: str) -> None:
    with pytest.raises(InvalidCatalog) as caught:
        load_text(tmp_path, f"version: 1\ncoupons:\n  SUMMER:\n    {written}\n    name: Summer\n")
    found = [(problem.origin, problem) for problem in caught.value.problems]
    assert [f"{o.line}:{o.column} {p.message}{f'; {p.hint}' if p.hint else ''}" for o, p in found if o] == [said]


def test_lists_of_objects_have_a_form() -> None:
    text = """\
version: 1
coupons:
  SUMMER:
    tags: ['summer',   web]
    terms:
    # the first year
    - percent: 20   # a fifth
      kind: percent
    - {amounts: {usd: 5, jpy: 700, eur: "4.5"}, kind: amount}
    -
      count: 3
      kind: months
    name: Summer
    expires_at: "2026-12-01T00:00:00Z"
"""
    form = """\
version: 1

coupons:
  SUMMER:
    name: Summer
    expires_at: "2026-12-01T00:00:00Z"
    terms:
      # the first year
      - kind: percent
        percent: 20  # a fifth
      - {kind: amount, amounts: {usd: 5.00, jpy: 700, eur: 4.50}}
      - {kind: months, count: 3}
    tags: [summer, web]
"""
    assert formatted("commet.yaml", text.encode()).decode() == form
    assert formatted("commet.yaml", form.encode()).decode() == form


def laid_over(folder: Path, overlay: str) -> Catalog:
    base = """\
version: 1
coupons:
  SUMMER: {name: Summer, tags: [a, b, c], terms: [{kind: percent, percent: 20}, {kind: months, count: 3}]}
"""
    (folder / "commet.yaml").write_text(base, "utf-8")
    (folder / "commet.sandbox.yaml").write_text(f"version: 1\ncoupons:\n  SUMMER:\n    {overlay}\n", "utf-8")
    return load(folder / "commet.yaml", environment="sandbox")


def test_an_overlay_replaces_a_list_as_a_whole(tmp_path: Path) -> None:
    (coupon,) = laid_over(tmp_path, "terms: [{kind: months, count: 1}]").desired.values()
    assert coupon.fields["terms"] == ({"kind": "months", "count": 1},)
    assert coupon.fields["tags"] == ("a", "b", "c")


def test_a_mistake_in_the_list_of_an_overlay_is_at_its_place(tmp_path: Path) -> None:
    with pytest.raises(InvalidCatalog) as caught:
        laid_over(tmp_path, "terms: [{kind: percent, percent: 5}, {kind: months, count: x}]")
    (problem,) = caught.value.problems
    assert problem.origin
    assert problem.origin.file.endswith("commet.sandbox.yaml")
    assert (problem.origin.line, problem.message) == (4, "`terms[1].count` must be a whole number")

"""Lint of dated changes: their locks, overlays in their way, and what they will lead to."""

from pathlib import Path

import pytest

from changes.dated import BASE, RAISED, TODAY, WAS, at, change
from commetctl.core.errors import InvalidCatalog
from commetctl.review.lint import checked, lint
from telling import warned

LOCKED = f"effective: 2027-01-01, {WAS}"
OVERLAY = "version: 1\nplans: {pro: {prices: {monthly: {price: 40.00}}}}\n"
_LOCK = [
    "changes/raise.yaml:2:1: warning: `change` has no `was`: nobody will notice when what it replaces has changed "
    "before it is due [no_lock]",
    "  hint: `commetctl schedule changes/raise.yaml` adds it",
]


def said(folder: Path, changes: dict[str, str], environment: str = "", base: str = BASE) -> list[str]:
    """Every warning, without the folder."""
    found = lint(at(folder, changes, TODAY, environment, base))
    return [line.replace(f"{folder}/", "") for line in warned(found)]


def test_a_change_without_a_lock(tmp_path: Path) -> None:
    assert said(tmp_path, {"raise.yaml": change()}) == _LOCK
    assert said(tmp_path, {"raise.yaml": change(LOCKED)}) == []
    assert said(tmp_path, {"raise.yaml": change("effective: now")}) == _LOCK
    assert said(tmp_path, {"raise.yaml": change("effective: never")}) == []


def test_a_comment_counts_for_its_own_file_alone(tmp_path: Path) -> None:
    silenced = change().replace("01}\n", "01}  # commetctl: ignore=no_lock nothing else is edited this year\n")
    assert said(tmp_path, {"raise.yaml": silenced}) == []
    other = silenced.replace("plans: {pro: {prices: {monthly: {price: 59.00}}}}", "plans: {pro: {name: Pro 2}}")
    assert said(tmp_path, {"raise.yaml": change(), "z.yaml": other}) == _LOCK


def test_an_overlay_that_overrules_a_change(tmp_path: Path) -> None:
    head = f"effective: {{live: 2027-01-01, test: 2027-01-01}}, {WAS}"
    files = {"raise.yaml": change(head), "./commet.live.yaml": OVERLAY, "./commet.test.yaml": "version: 1\n"}
    assert said(tmp_path, files, "live") == [
        "changes/raise.yaml:3:41: warning: plan_price.pro/monthly: `price` has no effect in live: "
        "commet.live.yaml:2:34 sets it too [change_overruled]",
        "  hint: remove it there, or write `live: never` below `effective`",
    ]
    assert said(tmp_path, files, "test") == []


@pytest.mark.parametrize(
    ("overlay", "content", "found"),
    [
        ("plans: {pro: {prices: {monthly: {price: 59.00}}}}", RAISED, []),
        ("plans: {pro: {name: Pro for you}}", RAISED, []),
        ("plans: {pro: null}", "plans: {pro: {name: Pro 2}}", ["change_overruled"]),
        ("plans: {pro: {name: Pro 3, prices: {monthly: {price: 1}}}}", "plans: {pro: null}", ["change_overruled"]),
    ],
)
def test_what_overrules_it(tmp_path: Path, overlay: str, content: str, found: list[str]) -> None:
    change_ = change("effective: 2027-01-01, was: {}", content)
    files = {"raise.yaml": change_, "./commet.live.yaml": f"version: 1\n{overlay}\n"}
    assert [
        item.code
        for item in lint(at(tmp_path, files, TODAY, "live"))
        if item.code in ("change_overruled", "overlay_repeats")
    ] == found


YEARLY = BASE.replace("EUR", "").replace(
    "      monthly: {price: 49.00, regional_prices: {eur: 45.00}}\n",
    "      monthly: {price: 49.00, is_default: true}\n      yearly: {price: 490.00}\n",
)


def test_a_future_that_looks_like_a_mistake(tmp_path: Path) -> None:
    was = "was: {plans.pro.prices.yearly: {price: 490.00}}"
    text = change(f"effective: 2027-01-01, {was}", "plans: {pro: {prices: {yearly: {price: 700.00}}}}")
    [line, _] = said(tmp_path, {"raise.yaml": text}, base=YEARLY)
    assert line.startswith(
        "changes/raise.yaml:3:40: warning: plan_price.pro/yearly: from 2027-01-01 on: `price`: 700.00"
    )
    assert line.endswith("[yearly_dearer]")
    silenced = text.replace("700.00}}}}", "700.00}}}}  # commetctl: ignore=yearly_dearer it is meant to be")
    assert said(tmp_path, {"raise.yaml": silenced}, base=YEARLY) == []


def test_what_is_said_today_is_not_said_again(tmp_path: Path) -> None:
    """A later change makes it worse, and it is the same mistake."""
    base = YEARLY.replace("490.00", "700.00")
    was = "was: {plans.pro.prices.yearly: {price: 700.00}}"
    text = change(f"effective: 2027-01-01, {was}", "plans: {pro: {prices: {yearly: {price: 800.00}}}}")
    [line, _] = said(tmp_path, {"raise.yaml": text}, base=base)
    assert line.startswith("commet.yaml:9:23: warning: plan_price.pro/yearly: `price`: 700.00 USD")


def test_a_comment_about_a_later_state_is_used_and_one_about_none_is_not(tmp_path: Path) -> None:
    text = change(LOCKED).replace("}}}}\n", "}}}}  # commetctl: ignore=odd_cents of nothing\n")
    [line, *_] = said(tmp_path, {"raise.yaml": text})
    assert line.endswith("[unused_ignore]")


def test_strict_refuses_what_the_future_has(tmp_path: Path) -> None:
    with pytest.raises(InvalidCatalog) as caught:
        checked(at(tmp_path, {"raise.yaml": change()}), strict=True)
    assert [item.code for item in caught.value.problems] == ["no_lock"]

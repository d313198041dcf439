"""Warnings about what changes: between two files, and beside an account."""

from pathlib import Path

import pytest

from cli.running import run, write
from commetctl.catalog import load
from commetctl.core.errors import Problem
from commetctl.review.lint import lint
from commetctl.usecases.compare import compared


def catalog(days: str, comment: str = "") -> str:
    return f"version: 1\nplans:\n  pro:\n    name: Pro\n    prices:\n      monthly: {{price: 49{days}}}{comment}\n"


def found(folder: Path, before: str, after: str) -> list[Problem]:
    sides = [folder / "before.yaml", folder / "after.yaml"]
    for file, text in zip(sides, (before, after), strict=True):
        file.write_text(text)
    old, new = map(load, sides)
    return lint(new, compared(old, new).changeset.changes)


@pytest.mark.parametrize(("before", "after"), [(14, 7), (14, 0), (1, 0)])
def test_a_trial_that_shortens_is_warned_of_at_its_place(tmp_path: Path, before: int, after: int) -> None:
    (said,) = found(tmp_path, catalog(f", trial_days: {before}"), catalog(f", trial_days: {after}"))
    assert (said.code, said.address) == ("trial_shortens", "plan_price.pro/monthly")
    assert said.message == f"`trial_days`: the trial gets shorter, from {before} to {after} days"
    assert said.origin
    assert (said.origin.line, said.origin.column) == (6, 40)


def test_a_trial_that_goes_with_its_line_is_warned_of_at_the_price(tmp_path: Path) -> None:
    (said,) = found(tmp_path, catalog(", trial_days: 14"), catalog(""))
    assert said.origin
    assert (said.origin.line, said.origin.column) == (6, 7)


@pytest.mark.parametrize(("before", "after"), [("", ", trial_days: 7"), (", trial_days: 7", ", trial_days: 14")])
def test_a_trial_that_lengthens_is_not(tmp_path: Path, before: str, after: str) -> None:
    assert found(tmp_path, catalog(before), catalog(after)) == []


def test_a_comment_silences_it_and_is_never_called_unused(tmp_path: Path) -> None:
    after = catalog("", "  # commetctl: ignore=trial_shortens the offer ended")
    assert found(tmp_path, catalog(", trial_days: 14"), after) == []
    assert found(tmp_path, after, after) == []
    assert lint(load(tmp_path / "after.yaml")) == []


def test_a_plan_warns_of_it_and_strictly_refuses_it(tmp_path: Path) -> None:
    write(tmp_path, catalog(", trial_days: 14"))
    assert run(tmp_path, "apply", "--yes", "--local", key=None).code == 0
    write(tmp_path, catalog(""))
    warned = run(tmp_path, "plan", "--local", key=None)
    assert warned.code == 0
    assert "warning[trial_shortens]: `trial_days`: the trial gets shorter, from 14" in warned.err
    assert "\n  --> commet.yaml:6:7   plans.pro.prices.monthly.trial_days\n" in warned.err
    assert run(tmp_path, "plan", "--local", "--strict", key=None).code == 3
    assert run(tmp_path, "validate", "--strict", key=None).code == 0

"""Every amount that differs between two accounts is a move, and its digits are in every format of the plan."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings

from commetctl.core.money import Derived, Money
from commetctl.core.resource import Address, Resource, ResourceSet, Value
from commetctl.reading import reading_of
from commetctl.reading.amounts import grouped
from commetctl.render.ci import annotations, junit
from commetctl.render.json_output import plan_document
from commetctl.render.markdown import plan_markdown
from commetctl.render.page import page
from commetctl.render.text import plan_text
from commetctl.usecases.compare import compared
from drawing import as_yaml, catalogs
from harness import loaded

COUNTS = {"credits", "included_credits", "included_amount", "included_units", "credits_per_unit", "rate"}


def amounts(resources: ResourceSet) -> Iterator[tuple[Address, str, Value]]:
    """Every amount of an account, by a search that knows no kinds of object."""
    for address, resource in resources.items():
        for name, value in resource.fields.items():
            if isinstance(value, Money | Derived) or (name in COUNTS and value is not None):
                yield address, name, value


def number(value: Value) -> Any:
    if isinstance(value, Derived):
        return value.about.amount
    return value.amount if isinstance(value, Money) else value


def digits(value: Value) -> str:
    if isinstance(value, Derived):
        return value.about.number()
    if isinstance(value, Money):
        return value.number()
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def unlimited(resource: Resource) -> bool:
    return resource.fields.get("unlimited") is True


@given(first=catalogs(), second=catalogs())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_amount_that_differs_is_a_move_and_is_shown(
    first: dict[str, Any], second: dict[str, Any], tmp_path: Path
) -> None:
    before, after = (loaded(tmp_path, as_yaml(drawn), "2026-08-27") for drawn in (first, second))
    review = compared(before, after, prune=True)
    moves = {(move.address, move.path) for move in review.moves}
    html = page(reading_of(review), compare=True)
    told = {
        "text": plan_text(reading_of(review)),
        "Markdown": plan_markdown(reading_of(review), limit=10**7),
        "JSON": json.dumps(plan_document(review, after.desired)),
        "annotations": "\n".join(annotations(reading_of(review))),
        "JUnit": junit("plan", reading_of(review)),
    }
    told = {name: text.replace(",", "") for name, text in told.items()}
    for address, name, was in amounts(review.before):
        now = review.after[address].fields[name] if address in review.after else None
        if now is not None and number(was) == number(now):
            continue
        if address in review.after and not (unlimited(review.before[address]) and unlimited(review.after[address])):
            assert (address, name) in moves, (address, name, was, now)
        if name in COUNTS and not was and address not in review.after:
            # Nothing of it was included.
            continue
        for value in [was] if now is None else [was, now]:
            for what, text in told.items():
                assert digits(value) in text, (what, address, name, value)
            # A card of what goes says only that a feature was not included, where it was not enabled.
            disabled = review.before[address].fields.get("enabled") is False and now is None
            assert disabled or digits(value) in html or grouped(digits(value)) in html, (address, name, value)


@given(first=catalogs(), second=catalogs())
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_move_is_of_something_that_was_there(first: dict[str, Any], second: dict[str, Any], tmp_path: Path) -> None:
    before, after = (loaded(tmp_path, as_yaml(drawn), "2026-08-27") for drawn in (first, second))
    review = compared(before, after, prune=True)
    new = {address for address in review.after if address not in review.before}
    for move in review.moves:
        assert move.address in review.before or not any(parent in new for parent in _above(move.address, review.after))
        assert move.was != move.becomes
        assert move.percent_text


def _above(address: Address, resources: ResourceSet) -> Iterator[Address]:
    while parent := resources[address].parent:
        yield parent
        address = parent

"""Laws that hold for every catalog, in both generations, whatever the answers that the sources leave open."""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from commetctl.core.call import Step
from commetctl.core.change import Applied
from commetctl.core.changeset import Changeset
from commetctl.core.contract import CONTRACTS
from commetctl.core.resource import Resource, ResourceSet
from commetctl.emulator import QUIRKS
from drawing import OLDER, as_yaml, catalogs, without_codes, without_markets
from harness import Shop

#: `mixed_versions=refused` hides price ids from the older generation, and `regional_omitted=kept` leaves no way back
#: from an explicit unit price to a derived one: what becomes of those is tested on its own.
FREE_QUIRKS = {n: values for n, values in QUIRKS.items() if n not in ("mixed_versions", "regional_omitted")}
quirks = st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in FREE_QUIRKS.items()})
versions = st.sampled_from(sorted(CONTRACTS))
#: In every run few draws: `make proof` draws thousands, and finds what is rare.
quick = settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
long = settings(max_examples=3000, deadline=None, suppress_health_check=list(HealthCheck))


@contextmanager
def opened(version: str, chosen: dict[str, str]) -> Iterator[tuple[Shop, dict[str, str]]]:
    """A shop, and the settings that a file for it needs."""
    with TemporaryDirectory() as folder, Shop(Path(folder), version, chosen) as shop:
        needed = {"api_version": version, "balance_scale": chosen.get("balance_scale", "minor")}
        if version == "2026-07-11":
            needed["price_scale"] = chosen.get("price_scale", "rate")
        yield shop, needed


def converges(
    version: str, chosen: dict[str, str], first: dict[str, Any], then: dict[str, Any], *, prune: bool
) -> None:
    """Apply one catalog, then another: each time, nothing is left to do and the account equals the file."""
    with opened(version, chosen) as (shop, needed):
        for catalog, pruned in ((first, False), (then, prune)):
            text = as_yaml(catalog, **needed)
            note(text)
            shop.make(text, prune=pruned)
            after = shop.plan(text, prune=pruned)
            assert after.actions == []
            managed = [a for a in after.live.resources if a in after.catalog.desired]
            live = ResourceSet(after.live.resources[address] for address in managed)
            assert dict(as_far_as_read(live, after.catalog.desired)) == dict(after.catalog.desired)
            if pruned:
                assert set(after.live.resources) == set(after.catalog.desired)


def as_far_as_read(found: ResourceSet, wanted: ResourceSet) -> ResourceSet:
    """What was read, with the wanted values of fields that no read gives back and that nothing remembers."""

    def filled(resource: Resource) -> Resource:
        other = wanted.get(resource.address)
        known = {name: other.fields[name] for name in resource.open} if other else {}
        return replace(
            resource, fields={**resource.fields, **known}, refs=other.refs if other and known else resource.refs
        )

    return ResourceSet(map(filled, found.values()))


@given(versions, quirks, catalogs(), catalogs(), st.booleans())
@quick
def test_one_catalog_after_another_leaves_nothing_to_do(
    version: str, chosen: dict[str, str], first: dict[str, Any], then: dict[str, Any], prune: bool
) -> None:
    converges(version, chosen, first, then, prune=prune)


@pytest.mark.proof
@given(versions, quirks, catalogs(), catalogs(), st.booleans())
@long
def test_one_catalog_after_another_leaves_nothing_to_do_at_length(
    version: str, chosen: dict[str, str], first: dict[str, Any], then: dict[str, Any], prune: bool
) -> None:
    converges(version, chosen, first, then, prune=prune)


def resumes(
    version: str, chosen: dict[str, str], first: dict[str, Any], then: dict[str, Any], writes: int, *, arrives: bool
) -> None:
    """Lose the line at some write on the way from one catalog to another; whichever is wanted next is reached."""
    for wanted in (then, first):
        with opened(version, chosen) as (shop, needed):
            shop.make(as_yaml(first, **needed))
            shop.cut(as_yaml(then, **needed), writes, last_arrives=arrives)
            text = as_yaml(wanted, **needed)
            note(text)
            shop.make(text)
            assert shop.plan(text).actions == []


@given(versions, quirks, catalogs(), catalogs(), st.integers(0, 25), st.booleans())
@quick
def test_a_run_that_lost_the_line_is_finished_or_undone_by_the_next(
    version: str, chosen: dict[str, str], first: dict[str, Any], then: dict[str, Any], writes: int, arrives: bool
) -> None:
    resumes(version, chosen, first, then, writes, arrives=arrives)


@pytest.mark.proof
@given(versions, quirks, catalogs(), catalogs(), st.integers(0, 25), st.booleans())
@long
def test_a_run_that_lost_the_line_is_finished_or_undone_by_the_next_at_length(
    version: str, chosen: dict[str, str], first: dict[str, Any], then: dict[str, Any], writes: int, arrives: bool
) -> None:
    resumes(version, chosen, first, then, writes, arrives=arrives)


def in_any_order(
    version: str, chosen: dict[str, str], first: dict[str, Any], then: dict[str, Any], chance: random.Random
) -> None:
    """Take the steps in any order in which each comes after what it needs: the end is the same."""
    with opened(version, chosen) as (shop, needed):
        shop.make(as_yaml(first, **needed))
        text = as_yaml(then, **needed)
        note(text)
        planned = shop.plan(text, prune=True)
        steps = tuple(shuffled_steps(planned.changeset, chance))
        note("\n".join(step.name for step in steps))
        outcomes = shop.carry_out(planned.with_steps(steps))
        assert all(isinstance(outcome, Applied) for outcome in outcomes), outcomes
        assert shop.plan(text, prune=True).actions == []


@given(versions, quirks, catalogs(), catalogs(), st.randoms(use_true_random=False))
@quick
def test_any_order_that_the_needs_allow_ends_in_the_same_state(
    version: str, chosen: dict[str, str], first: dict[str, Any], then: dict[str, Any], chance: random.Random
) -> None:
    in_any_order(version, chosen, first, then, chance)


@pytest.mark.proof
@given(versions, quirks, catalogs(), catalogs(), st.randoms(use_true_random=False))
@settings(long, max_examples=1500)
def test_any_order_that_the_needs_allow_ends_in_the_same_state_at_length(
    version: str, chosen: dict[str, str], first: dict[str, Any], then: dict[str, Any], chance: random.Random
) -> None:
    in_any_order(version, chosen, first, then, chance)


def side_by_side(version: str, chosen: dict[str, str], first: dict[str, Any], then: dict[str, Any]) -> None:
    with opened(version, chosen) as (shop, needed):
        shop.parallelism = 8
        for catalog in (first, then):
            text = as_yaml(catalog, **needed)
            note(text)
            shop.make(text, prune=True)
            assert shop.plan(text, prune=True).actions == []


@given(versions, quirks, catalogs(), catalogs())
@quick
def test_side_by_side_ends_in_the_same_state(
    version: str, chosen: dict[str, str], first: dict[str, Any], then: dict[str, Any]
) -> None:
    side_by_side(version, chosen, first, then)


@pytest.mark.proof
@given(versions, quirks, catalogs(), catalogs())
@settings(long, max_examples=1000)
def test_side_by_side_ends_in_the_same_state_at_length(
    version: str, chosen: dict[str, str], first: dict[str, Any], then: dict[str, Any]
) -> None:
    side_by_side(version, chosen, first, then)


def plans_well(version: str, first: dict[str, Any], then: dict[str, Any], seed: int) -> None:
    """A plan writes nothing, what a change refers to comes first, and the order of a file changes nothing."""
    with opened(version, {}) as (shop, needed):
        shop.make(as_yaml(first, **needed))
        shop.recorder.requests.clear()
        changeset = shop.plan(as_yaml(then, **needed), prune=True).changeset
        assert {request.method for request in shop.recorder.requests} <= {"GET"}
        done: set[str] = set()
        for step in changeset.steps:
            assert changeset.needs[step.name] | changeset.follows.get(step.name, frozenset()) <= done
            done.add(step.name)
        one = shop.plan(as_yaml(then, **needed))
        other = shop.plan(as_yaml(shuffled(then, random.Random(seed)), **needed))  # noqa: S311  (not for secrets)
        assert sorted(one.actions) == sorted(other.actions)
        assert one.catalog.desired == other.catalog.desired


@given(versions, catalogs(), catalogs(), st.integers())
@quick
def test_a_plan_only_reads_puts_needs_first_and_ignores_the_order_of_the_file(
    version: str, first: dict[str, Any], then: dict[str, Any], seed: int
) -> None:
    plans_well(version, first, then, seed)


@pytest.mark.proof
@given(versions, catalogs(), catalogs(), st.integers())
@settings(long, max_examples=1000)
def test_a_plan_only_reads_puts_needs_first_and_ignores_the_order_of_the_file_at_length(
    version: str, first: dict[str, Any], then: dict[str, Any], seed: int
) -> None:
    plans_well(version, first, then, seed)


def seen_by_both(first: dict[str, Any], then: dict[str, Any], writer: str) -> None:
    """What one version writes, the other reads without a difference."""
    reader = next(version for version in CONTRACTS if version != writer)
    with opened(writer, {}) as (shop, _):
        for catalog in (first, then):
            shop.version = writer
            shop.make(said_in(catalog, writer))
            shop.version = reader
            # What the older one does not have, it did not write.
            assert shop.plan(said_in(catalog, OLDER if writer == OLDER else reader)).actions == []


@given(catalogs(), catalogs(), versions)
@quick
def test_both_generations_see_the_same_account(first: dict[str, Any], then: dict[str, Any], writer: str) -> None:
    seen_by_both(first, then, writer)


@pytest.mark.proof
@given(catalogs(), catalogs(), versions)
@settings(long, max_examples=1000)
def test_both_generations_see_the_same_account_at_length(
    first: dict[str, Any], then: dict[str, Any], writer: str
) -> None:
    seen_by_both(first, then, writer)


def said_in(catalog: dict[str, Any], version: str) -> str:
    both = without_codes(catalog)
    return json.dumps(without_markets(both) if version == OLDER else both)


def shuffled_steps(changeset: Changeset, chance: random.Random) -> Iterator[Step]:
    """The steps in an order drawn from all that respect the needs."""
    left, done = list(changeset.steps), set[str]()
    while left:
        step = chance.choice([step for step in left if changeset.needs[step.name] <= done])
        left.remove(step)
        done.add(step.name)
        yield step


def shuffled(data: Any, chance: random.Random) -> Any:
    """The same data with the keys of every mapping in another order."""
    if not isinstance(data, dict):
        return data
    keys = list(data)
    chance.shuffle(keys)
    return {key: shuffled(data[key], chance) for key in keys}

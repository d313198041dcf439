"""Turns: what is needed comes first, then what replaces, then the order of the file; the first of these wins."""

from contextlib import suppress
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, composite

from commetctl.core.call import Step
from commetctl.core.change import Create
from commetctl.core.resource import Address, Resource
from commetctl.planning.agenda import Agenda
from commetctl.planning.turns import in_turn

NAMES = [f"thing.{letter}" for letter in "abcdef"]
NOTHING: frozenset[str] = frozenset()
some = st.frozensets(st.sampled_from(NAMES), max_size=3)


@composite
def hard_needs(draw: DrawFn) -> dict[str, frozenset[str]]:
    """What each step needs: only steps that come earlier in some order, so that there is no cycle."""
    order = draw(st.permutations(NAMES))
    return {name: frozenset(o for o in draw(some) if order.index(o) < at) for at, name in enumerate(order)}


def step(name: str, replaced_by: frozenset[str] = NOTHING, note: str = "") -> Step:
    return Step(name, (Address.parse(name),), (), replaced_by=replaced_by, note=note)


def reaches(waits: dict[str, frozenset[str]], start: str, end: str) -> bool:
    seen, left = set[str](), [start]
    while left:
        if (name := left.pop()) not in seen:
            seen.add(name)
            left += waits[name]
    return end in seen


@given(hard_needs(), st.fixed_dictionaries(dict.fromkeys(NAMES, some)), st.frozensets(st.sampled_from(NAMES)))
def test_only_what_is_part_of_a_cycle_is_dropped(
    hard: dict[str, frozenset[str]], replaced: dict[str, frozenset[str]], created: frozenset[str]
) -> None:
    changes = {address: Create(Resource(address, {})) for address in map(Address.parse, created)}
    turns = in_turn([step(name, replaced[name]) for name in NAMES], hard, changes)
    every = {name: hard[name] | replaced[name] - {name} for name in NAMES}
    for each in turns.steps:
        kept = turns.needs[each.name]
        assert hard[each.name] <= kept <= every[each.name]
        dropped = every[each.name] - kept
        assert all(reaches(every, other, each.name) for other in dropped)
        assert bool(dropped) == bool(each.note)
    done: set[str] = set()
    for each in turns.steps:
        assert turns.needs[each.name] | turns.follows.get(each.name, NOTHING) <= done
        done.add(each.name)
    assert done == set(NAMES)
    chain = [each.name for each in turns.steps if each.name in created]
    assert all(turns.follows[after] == {before} for before, after in pairwise(chain))
    in_file_order = dict(pairwise(sorted(chain)))
    waits = {**turns.needs} | {after: turns.needs[after] | {before} for before, after in in_file_order.items()}
    with suppress(CycleError):
        TopologicalSorter(waits).prepare()
        assert chain == sorted(chain)


def test_what_has_to_go_first_goes_first_and_the_step_says_so() -> None:
    old, new, more = (
        step("thing.old", frozenset(["thing.new (closing)", "thing.more"]), note="as before"),
        "thing.new",
        "thing.more",
    )
    steps = [old, step(new), step(f"{new} (closing)"), step(more)]
    hard = {"thing.old": NOTHING, new: frozenset(["thing.old"]), f"{new} (closing)": frozenset([new]), more: NOTHING}
    turns = in_turn(steps, hard, {})
    assert [each.name for each in turns.steps] == [more, "thing.old", new, f"{new} (closing)"]
    assert turns.needs["thing.old"] == {more}
    said = "it must be removed before thing.new can be added: for a moment, customers have neither"
    assert [each.note for each in turns.steps if each.note] == [f"as before; {said}"]


def test_steps_that_need_each_other_are_an_error() -> None:
    with pytest.raises(CycleError):
        in_turn(
            [step("thing.a"), step("thing.b")],
            {"thing.a": frozenset(["thing.b"]), "thing.b": frozenset(["thing.a"])},
            {},
        )


def test_what_needs_a_failure_is_skipped_and_what_follows_it_is_not() -> None:
    needs = {"thing.b": frozenset(["thing.a"]), "thing.c": frozenset(["thing.b"])}
    follows = {"thing.d": frozenset(["thing.c"]), "thing.e": frozenset(["thing.a"])}
    agenda = Agenda([step(f"thing.{letter}") for letter in "abcde"], needs, follows)
    first = agenda.next()
    assert first
    assert (first.name, agenda.next()) == ("thing.a", None)
    agenda.failed(first)
    left = [each.name for each in iter(agenda.next, None)]
    assert left == ["thing.d", "thing.e"]

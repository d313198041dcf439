"""The law of footprints: an account is what the calls that were carried out say that they leave.

The emulator knows nothing of footprints, and draws its own conclusions from each request.
"""

import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

import reliability
from commetctl.apply.journal import Keys
from commetctl.apply.record import change_between
from commetctl.core.address import Address
from commetctl.core.footprint import Account, State, States
from commetctl.core.outcome import Applied
from commetctl.core.resource import ResourceSet
from commetctl.diff import diff
from commetctl.emulator import QUIRKS
from drawing import as_yaml, catalogs
from harness import Planned
from test_laws import long, opened, quick, versions

#: Without the newer version, the older generation does not reveal the ids of prices; that has tests of its own.
ALL_QUIRKS = {name: values for name, values in QUIRKS.items() if name != "mixed_versions"}
quirks = st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in ALL_QUIRKS.items()})


def targets_of(planned: Planned, chance: random.Random) -> tuple[Address, ...]:
    """Some of what a plan is about: changes, and neighbours of theirs."""
    known = [*(change.address for change in planned.changeset.changes), *planned.live.resources]
    return tuple(chance.sample(known, min(len(known), chance.choice((1, 1, 2, 3)))))


def alike(found: State, states: States) -> bool:
    return any(change_between(found, state) is None for state in states)


def unlike(found: ResourceSet, account: Account) -> dict[str, Any]:
    """What an account is not as it should be: address to what was found, and what it might have been."""
    every = {*found, *account.resources(), *account.unsure}
    return {
        str(address): (found.get(address), account.states(address))
        for address in every
        if not alike(found.get(address), account.states(address))
    }


def is_the_fold(
    version: str,
    chosen: dict[str, str],
    catalog: dict[str, Any],
    then: dict[str, Any],
    chance: random.Random,
    writes: int | None,
) -> list[str]:
    """Apply one catalog, then another, to targets or all of it, until the line is lost: the account is the fold.

    Says what was done, to be counted.
    """
    done = ["draws"]
    with opened(version, chosen) as (shop, needed):
        shop.make(as_yaml(catalog, **needed))
        text = as_yaml(then, **needed)
        note(text)
        prune, aimed = chance.random() < 0.5, chance.random() < 0.5
        planned = shop.plan(text, prune=prune)
        if aimed and (targets := targets_of(planned, chance)):
            note(f"targets {', '.join(map(str, targets))}")
            done.append("with_targets")
            planned = shop.plan(text, prune=prune, targets=targets)
        arrives = chance.random() < 0.5
        shop.recorder.writes_left, shop.recorder.last_arrives = writes, arrives
        run = shop.run(planned, Keys("law"))
        outcomes = list(run.outcomes())
        was_lost, shop.recorder.writes_left = (shop.recorder.writes_left or 0) < 0, None
        note("\n".join(f"{call.method} {call.path} {call.body}" for call in run.record.confirmed))
        found = shop.plan(text, prune=prune).live.resources
        without, carried = Account(planned.live.resources), Account(planned.live.resources)
        for call in run.record.confirmed:
            without.carry_out(call.leaves)
            carried.carry_out(call.leaves)
        for call in run.record.doubted:
            carried.carry_out(call.leaves)
        # A call in doubt was carried out, or it was not; nothing else is open.
        assert not unlike(found, without) or unlike(found, carried) == {}
        done += ["with_the_line_lost"] if was_lost else []
        if not was_lost and all(isinstance(outcome, Applied) for outcome in outcomes):
            does_what_it_shows(planned, found, chosen)
            done.append("held_to_what_was_shown")
        return done


def does_what_it_shows(planned: Planned, found: ResourceSet, chosen: dict[str, str]) -> None:
    """The account differs from what it was before in exactly what was shown."""
    if chosen.get("regional_omitted") == "kept":
        # What was written out stays so, and the read-back says that it did not take: see test_regional.
        return
    done = diff(found, planned.live.resources, prune=True)
    shown = planned.changeset
    assert {c.address: c for c in done.changes} == {c.address: c for c in shown.changes}
    assert {a: set(along) for a, along in done.along.items()} == {a: set(along) for a, along in shown.along.items()}


chances = st.randoms(use_true_random=False)
cuts = st.none() | st.integers(0, 25)


@given(versions, quirks, catalogs(), catalogs(), chances, cuts)
@quick
def test_an_account_is_the_fold_of_the_calls_that_were_carried_out(
    version: str,
    chosen: dict[str, str],
    first: dict[str, Any],
    then: dict[str, Any],
    chance: random.Random,
    writes: int | None,
) -> None:
    is_the_fold(version, chosen, first, then, chance, writes)


@pytest.mark.proof
def test_an_account_is_the_fold_of_the_calls_that_were_carried_out_at_length() -> None:
    counts: Counter[str] = Counter()

    @given(versions, quirks, catalogs(), catalogs(), chances, cuts)
    @long
    def holds(
        version: str,
        chosen: dict[str, str],
        first: dict[str, Any],
        then: dict[str, Any],
        chance: random.Random,
        writes: int | None,
    ) -> None:
        counts.update(is_the_fold(version, chosen, first, then, chance, writes))

    holds()
    reliability.record("footprints", **counts)

"""The law of footprints: an account is what the calls that were carried out say that they leave.

The emulator knows nothing of footprints, and draws its own conclusions from each request.
"""

import copy
import random
from collections import Counter, defaultdict
from typing import Any

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

import reliability
from commetctl.apply.journal import Journals
from commetctl.apply.record import Record, change_between
from commetctl.core.change import Applied, Change, is_replaced
from commetctl.core.footprint import Account, State, States
from commetctl.core.resource import Address, ResourceSet
from commetctl.emulator import QUIRKS
from commetctl.planning.diff import diff
from drawing import as_yaml, catalogs, exchanges
from harness import Planned, Shop
from other_clients import OtherClients
from test_laws import as_far_as_read, long, opened, quick, versions

Sides = tuple[dict[str, Any], dict[str, Any]]

#: Without the newer version, the older generation does not reveal the ids of prices; that has tests of its own.
ALL_QUIRKS = {name: values for name, values in QUIRKS.items() if name != "mixed_versions"}
quirks = st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in ALL_QUIRKS.items()})


def targets_of(planned: Planned, chance: random.Random) -> tuple[Address, ...]:
    """Some of what a plan is about: changes, and neighbours of theirs."""
    sides = (planned.catalog.desired, planned.live.resources)
    changed = (change.address for change in planned.changeset.changes)
    # What only the calls derive is no target: neither side has it.
    known = [*(address for address in changed if any(address in side for side in sides)), *planned.live.resources]
    return tuple(chance.sample(known, min(len(known), chance.choice((1, 1, 2, 3)))))


def replaced_of(planned: Planned, chance: random.Random) -> tuple[Address, ...]:
    """Some of what is blocked and can be replaced."""
    blocked = [item.change.address for item in planned.changeset.blocked if "--replace" in item.hint]
    return tuple(address for address in blocked if chance.random() < 0.7)


def remade(catalog: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """A catalog with other values for some of what Commet fixes at creation and a replacement changes."""
    other = copy.deepcopy(catalog)
    features = [feature for plan in other["plans"].values() for feature in plan.get("features", {}).values()]
    for item in (*features, *other.get("addons", {}).values()):
        if isinstance(item, dict) and chance.random() < 0.5:
            item |= {name: value for name, value in (("margin_percent", "25"), ("credit_cost", 4)) if name in item}
            if item.get("consumption_model") == "balance" and "feature" in item:
                item |= {"consumption_model": "metered", "included_units": 7}
    return other


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


def protected(catalog: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """A catalog in which some objects of plans are protected."""
    marked = copy.deepcopy(catalog)
    for plan in marked["plans"].values():
        prices = list(plan.get("prices", {}).values())
        regional = (row for price in prices for row in price.get("regional_prices", {}).values())
        features = (feature for feature in plan.get("features", {}).values() if isinstance(feature, dict))
        priced = [*prices, *(found for price in prices for found in price.get("variants", {}).values())]
        in_markets = [row for found in priced for row in found.get("market_prices", {}).values()]
        for item in (plan, *priced, *regional, *in_markets, *features):
            if chance.random() < 0.2:
                item["lifecycle"] = {"protect": True}
    return marked


def is_the_fold(
    version: str,
    chosen: dict[str, str],
    catalog: dict[str, Any],
    then: dict[str, Any],
    chance: random.Random,
    writes: int | None,
) -> list[str]:
    """Apply one catalog, let others edit the account, apply another until the line is lost: the account is the fold.

    Says what was done, to be counted.
    """
    done = ["draws"]
    with opened(version, chosen) as (shop, needed):
        shop.make(as_yaml(protected(catalog, chance), **needed))
        for _ in range(chance.choice((0, 0, 1, 3))):
            OtherClients(shop, chance).edit()
        text = as_yaml(protected(remade(then, chance), chance), **needed)
        note(text)
        prune, aimed = chance.random() < 0.5, chance.random() < 0.5
        planned = shop.plan(text, prune=prune)
        if replaced := replaced_of(planned, chance):
            note(f"replaced {', '.join(map(str, replaced))}")
            done.append("with_replacements")
            planned = shop.plan(text, prune=prune, replaced=replaced)
        if aimed and (targets := targets_of(planned, chance)):
            targets = (*targets, *replaced)
            note(f"targets {', '.join(map(str, targets))}")
            done.append("with_targets")
            planned = shop.plan(text, prune=prune, targets=targets, replaced=replaced)
        arrives, goes_on = chance.random() < 0.5, chance.random() < 0.5
        if goes_on:
            shop.recorder.writes_until_refusal = writes
        else:
            shop.recorder.writes_left, shop.recorder.last_arrives = writes, arrives
        ended = shop.conclude(planned)
        was_lost, shop.recorder.writes_left = (shop.recorder.writes_left or 0) < 0, None
        shop.recorder.writes_until_refusal = None
        assert ended.record
        note("\n".join(f"{call.method} {call.path} {call.body}" for call in ended.record.confirmed))
        found = shop.plan(text, prune=prune).live.resources
        is_fold_of(ended.record, planned, found)
        leaves_no_gap(ended.record, planned)
        done += ["with_the_line_lost"] if was_lost else []
        assert [error for error in ended.errors if error.code == "changed_beside"] == []
        if not was_lost and all(isinstance(outcome, Applied) for outcome in ended.outcomes):
            does_what_it_shows(planned, found, chosen)
            done.append("held_to_what_was_shown")
        return done


def is_fold_of(record: Record, planned: Planned, found: ResourceSet) -> None:
    """A call in doubt was carried out, or it was not; nothing else is open."""
    without, carried = Account(planned.live.resources), Account(planned.live.resources)
    for call in record.confirmed:
        without.carry_out(call.leaves)
        carried.carry_out(call.leaves)
    for call in record.doubted:
        carried.carry_out(call.leaves)
    assert not unlike(found, without) or unlike(found, carried) == {}


def offered(account: ResourceSet) -> dict[str, set[Address]]:
    """What customers can get: plans and packs on sale, and the prices and features of each plan."""
    found: dict[str, set[Address]] = defaultdict(set)
    for address, resource in account.items():
        fields = resource.fields
        if address.kind in ("plan", "credit_pack", "coupon"):
            if fields.get("visibility") != "private" and fields.get("is_active") is not False:
                found[address.kind].add(address)
        elif address.kind in ("plan_price", "plan_feature") and fields.get("enabled") is not False:
            found[f"{address.kind} of {resource.parent}"].add(address)
    return found


def leaves_no_gap(record: Record, planned: Planned) -> None:
    """At each moment of a run, what customers keep is there, and nothing is gone before all that comes is there.

    But for what is replaced, which is gone until the next request.
    """
    assert planned.changeset.expected is not None
    assert not any("customers have neither" in step.note for step in planned.changeset.steps)
    before, after = offered(planned.live.resources), offered(planned.changeset.expected)
    replaced = {change.address for change in planned.changeset.changes if is_replaced(change)}
    account = Account(planned.live.resources)
    for call in record.confirmed:
        account.carry_out(call.leaves)
        now = offered(account.resources())
        for what in before.keys() & after.keys():
            kept = before[what] & after[what]
            now[what] |= kept & replaced
            assert now[what] >= kept, f"{call.method} {call.path}: {what}"
            assert now[what] >= before[what] or now[what] >= after[what], f"{call.method} {call.path}: {what}"


def content(change: Change) -> tuple[Any, ...]:
    """What a change does, whatever else the file or the account refers to."""
    before, after = getattr(change, "before", None), getattr(change, "after", None)
    return type(change), before and before.fields, after and after.fields, getattr(change, "fields", ())


def does_what_it_shows(planned: Planned, found: ResourceSet, chosen: dict[str, str]) -> None:
    """The account differs from what it was before in exactly what was shown."""
    if chosen.get("regional_omitted") == "kept":
        # What was written out stays so, and the read-back says that it did not take: see test_regional.
        return
    assert planned.changeset.expected is not None
    done = diff(as_far_as_read(found, planned.changeset.expected), planned.live.resources, prune=True)
    shown = planned.changeset
    assert {c.address: content(c) for c in done.changes} == {c.address: content(c) for c in shown.changes}
    # What goes with an object that is replaced is there again in the end.
    replaced = {change.address for change in shown.changes if is_replaced(change)}
    gone = {a: set(along) for a, along in shown.along.items() if a not in replaced}
    assert {a: set(along) for a, along in done.along.items()} == gone


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


@given(versions, quirks, exchanges(), chances, st.integers(0, 15))
@quick
def test_nothing_is_gone_before_what_replaces_it_is_there(
    version: str, chosen: dict[str, str], sides: Sides, chance: random.Random, writes: int
) -> None:
    is_the_fold(version, chosen, *sides, chance, writes)


@pytest.mark.proof
@given(versions, quirks, exchanges(), chances, st.integers(0, 25))
@long
def test_nothing_is_gone_before_what_replaces_it_is_there_at_length(
    version: str, chosen: dict[str, str], sides: Sides, chance: random.Random, writes: int
) -> None:
    is_the_fold(version, chosen, *sides, chance, writes)


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


def command(
    shop: Shop,
    text: str,
    targets: tuple[Address, ...],
    writes: int | None = None,
    *,
    replaced: tuple[Address, ...] = (),
    prune: bool,
    arrives: bool = False,
) -> bool:
    """What `apply` does, with journals and until the line is lost; whether it did all."""
    assert shop.journals
    planned = shop.plan(text, prune=prune, targets=targets, replaced=replaced)
    if not planned.changeset.changes:
        return True
    shop.recorder.writes_left, shop.recorder.last_arrives = writes, arrives
    ended = shop.conclude(planned)
    shop.recorder.writes_left = None
    assert ended.record, ended.errors
    return all(isinstance(outcome, Applied) for outcome in ended.outcomes)


def ends_as_if_undisturbed(
    version: str,
    chosen: dict[str, str],
    first: dict[str, Any],
    then: dict[str, Any],
    chance: random.Random,
    writes: int,
) -> None:
    """Lose the line, and give the same command again, targets included: it ends where an undisturbed run does."""
    prune, arrives, aimed = chance.random() < 0.5, chance.random() < 0.5, chance.random() < 0.7
    ends: list[ResourceSet] = []
    state = chance.getstate()
    for cut in (None, writes):
        chance.setstate(state)
        with opened(version, chosen) as (shop, needed):
            shop.journals = Journals(shop.folder / "journals")
            shop.make(as_yaml(first, **needed))
            text = as_yaml(remade(then, chance), **needed)
            note(text)
            planned = shop.plan(text, prune=prune)
            replaced = replaced_of(planned, chance)
            targets = (*targets_of(planned, chance), *replaced) if aimed else ()
            note(f"targets {', '.join(map(str, targets))}, replaced {', '.join(map(str, replaced))}")
            if not command(shop, text, targets, cut, replaced=replaced, prune=prune, arrives=arrives):
                assert command(shop, text, targets, replaced=replaced, prune=prune)
            ends.append(shop.plan(text, prune=prune).live.resources)
    undisturbed, taken_up = ends
    every = {*undisturbed, *taken_up}
    assert {str(a) for a in every if change_between(undisturbed.get(a), taken_up.get(a))} == set()


#: Where a written amount stays although a call leaves it out, the second run finds nothing that tells it was to go.
settling = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(v) for name, v in ALL_QUIRKS.items() if name != "regional_omitted"}
)


@given(versions, settling, catalogs(), catalogs(), chances, st.integers(0, 20))
@quick
def test_the_same_command_again_ends_where_an_undisturbed_run_does(
    version: str,
    chosen: dict[str, str],
    first: dict[str, Any],
    then: dict[str, Any],
    chance: random.Random,
    writes: int,
) -> None:
    ends_as_if_undisturbed(version, chosen, first, then, chance, writes)


@pytest.mark.proof
@given(versions, settling, catalogs(), catalogs(), chances, st.integers(0, 20))
@settings(long, max_examples=1000)
def test_the_same_command_again_ends_where_an_undisturbed_run_does_at_length(
    version: str,
    chosen: dict[str, str],
    first: dict[str, Any],
    then: dict[str, Any],
    chance: random.Random,
    writes: int,
) -> None:
    ends_as_if_undisturbed(version, chosen, first, then, chance, writes)

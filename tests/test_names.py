"""Names that are taken: what a request would meet as a 409 is blocked in the plan, with the holder and the way out."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, note, reject
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, composite

import reliability
from commetctl.core.change import Applied
from commetctl.core.errors import InvalidCatalog
from drawing import as_yaml, catalogs
from harness import Planned, Shop
from test_laws import long, quick, versions

#: Whatever may be unique is unique, and objects that are deleted or not active count.
STRICT = {
    "plan_names": "unique",
    "feature_names": "unique",
    "pack_names": "unique",
    "inactive_names": "taken",
    "code_reuse": "refused",
    "name_reuse": "refused",
}


@pytest.fixture
def strict(version: str, tmp_path: Path) -> Iterator[Shop]:
    """An account in which no two objects share a name."""
    with Shop(tmp_path, version, STRICT) as opened:
        yield opened


def features(*lines: str) -> str:
    return "version: 1\nfeatures:\n" + "".join(f"  {line}\n" for line in lines)


def plans(*lines: str) -> str:
    return "version: 1\nplans:\n" + "".join(f"  {line}, is_free: true}}\n" for line in lines)


def packs(**names: str) -> str:
    """Packs by key: the name, and what else an entry says."""
    entries = [
        f"  {key}: {{name: {said}, credits: {n}, price: {n}}}\n" for n, (key, said) in enumerate(names.items(), 1)
    ]
    return "version: 1\ncredit_packs:" + ("\n" + "".join(entries) if entries else " {}\n")


def why(planned: Planned) -> dict[str, tuple[str, str]]:
    return {str(item.change.address): (item.reason, item.hint) for item in planned.changeset.blocked}


def ids(shop: Shop, yaml: str) -> dict[str, str]:
    return {address.key: id_ for address, id_ in shop.plan(yaml).live.ids.items()}


def does(shop: Shop, yaml: str, *actions: str, **options: Any) -> Planned:
    """Check what is planned, that all of it that is not blocked is carried out, and that nothing of it is left."""
    planned = shop.plan(yaml, **options)
    assert sorted(planned.actions) == sorted(actions)
    assert all(isinstance(outcome, Applied) for outcome in shop.carry_out(planned))
    left = shop.plan(yaml, **options).actions
    assert sorted(left) == sorted(action for action in actions if action.startswith("!"))
    return planned


def test_a_new_feature_does_not_take_the_name_of_one_that_is_not_declared(strict: Shop) -> None:
    strict.make(features("old: {name: Exports, type: boolean}"))
    planned = does(strict, features("new: {name: Exports, type: boolean}"), "! feature.new")
    reason, hint = why(planned)["feature.new"]
    assert reason == "feature.old, which is not in the catalog, has the name `Exports`"
    assert hint == "choose another name, or change that of feature.old first, in the catalog or in the dashboard"


def test_what_needs_a_blocked_creation_is_blocked_with_it(strict: Shop) -> None:
    plan = "plans: {pro: {name: Pro, features: {CODE: true}}}"
    strict.make(features("old: {name: Exports, type: boolean}") + plan.replace("CODE", "old"))
    found = strict.plan(features("new: {name: Exports, type: boolean}") + plan.replace("CODE", "new"))
    assert {"! feature.new", "! plan_feature.pro/new"} <= {*found.actions}


@pytest.mark.parametrize("code", ["a", "c"])
def test_a_rename_onto_a_name_that_another_keeps_is_blocked(strict: Shop, code: str) -> None:
    strict.make(plans("a: {name: A", "b: {name: B", "c: {name: C"))
    renamed = plans("a: {name: A", "b: {name: B", "c: {name: C").replace(f"name: {code.upper()}", "name: B")
    planned = does(strict, renamed, f"! plan.{code}")
    assert why(planned)[f"plan.{code}"] == ("plan.b has the name `B` and keeps it", "change one of the two")


def test_of_two_that_take_one_name_the_first_gets_it(strict: Shop) -> None:
    planned = does(strict, plans("a: {name: Pro", "b: {name: Pro"), "+ plan.a", "! plan.b")
    assert why(planned)["plan.b"][0] == "plan.a also takes `name` in this run"
    reason = why(strict.plan(plans("a: {name: Pro", "b: {name: Pro")))["plan.b"][0]
    assert reason == "plan.a has the name `Pro` and keeps it"


def test_names_move_on_in_a_chain_and_a_new_object_takes_the_last(strict: Shop) -> None:
    strict.make(features("a: {name: A, type: boolean}", "b: {name: B, type: boolean}"))
    moved = features("a: {name: B, type: boolean}", "b: {name: C, type: boolean}", "c: {name: A, type: boolean}")
    does(strict, moved, "~ feature.a", "~ feature.b", "+ feature.c")


def test_a_swap_is_blocked_with_the_way_out(strict: Shop) -> None:
    strict.make(plans("a: {name: A", "b: {name: B"))
    planned = does(strict, plans("a: {name: B", "b: {name: A"), "! plan.a", "! plan.b")
    assert {hint for _, hint in why(planned).values()} == {"give one of them a third value first, apply, then swap"}


def test_what_waits_for_a_blocked_rename_is_blocked(strict: Shop) -> None:
    """`b` cannot get the name of `c`, so `a` cannot get that of `b`."""
    strict.make(plans("a: {name: A", "b: {name: B", "c: {name: C"))
    planned = does(strict, plans("a: {name: B", "b: {name: C"), "! plan.a", "! plan.b")
    assert why(planned)["plan.a"][0] == "it needs plan.b, which is itself blocked"


def test_the_name_of_a_deleted_object_may_not_be_free(strict: Shop) -> None:
    strict.make(features("old: {name: Exports, type: boolean}"))
    new = features("new: {name: Exports, type: boolean}")
    planned = strict.plan(new, prune=True)
    assert sorted(planned.actions) == ["! feature.new", "! feature.old"]
    assert why(planned)["feature.new"] == (
        "feature.old has the name `Exports` and is deleted in this run: Commet does not document whether a "
        "deleted object keeps its name",
        "declare feature.old with another name, apply, and then delete it",
    )
    assert why(planned)["feature.old"][0].startswith("feature.new needs its name: ")
    # The way out.
    strict.make(features("old: {name: Exports (old), type: boolean}", "new: {name: Exports, type: boolean}"))
    strict.make(new, prune=True)


def test_what_a_blocked_deletion_keeps_in_use_is_kept(strict: Shop) -> None:
    both = features("seats: {name: Seats, type: boolean}") + "plans:\n"
    strict.make(both + "  pro: {name: Pro, is_free: true, features: {seats: true}}\n")
    planned = does(strict, "version: 1\nfeatures: {}\nplans: {new: {name: Pro, is_free: true}}\n",
                   "! plan.new", "! plan.pro", "! feature.seats", prune=True)  # fmt: skip
    assert why(planned)["feature.seats"][0] == "it needs plan.pro, which is itself blocked"


@pytest.mark.parametrize("sold", [["Small", "Big"], ["Small", "Huge"], ["Big", "Huge"], [], ["Small"], ["Huge"]])
def test_a_chain_of_renamed_packs_is_carried_out_from_wherever_it_stopped(strict: Shop, sold: list[str]) -> None:
    strict.make(packs(**{name.lower(): name for name in sold}))
    before = ids(strict, packs())
    chain = packs(small="Big, previous_name: Small", big="Huge, previous_name: Big")
    strict.make(chain)
    after = ids(strict, chain)
    assert {*after} == {"Big", "Huge"}
    if "Small" in sold:
        assert after["Big"] == before["Small"]
    if sold == ["Small", "Big"]:
        assert after["Huge"] == before["Big"]
    assert strict.plan(chain).actions == []


def test_renames_by_id_and_by_previous_name_go_together(strict: Shop) -> None:
    strict.make(packs(a="A", b="B", c="C"))
    known = ids(strict, packs(a="A", b="B", c="C"))
    moved = packs(a=f"B, id: {known['A']}", b="C, previous_name: B", c=f"D, id: {known['C']}")
    does(strict, moved, "~ credit_pack.B", "~ credit_pack.C", "~ credit_pack.D")
    assert ids(strict, moved) == {"B": known["A"], "C": known["B"], "D": known["C"]}


def test_packs_that_take_the_names_of_each_other_are_an_error_of_the_file(strict: Shop) -> None:
    circle = packs(a="B, previous_name: A", b="C, previous_name: B", c="A, previous_name: C")
    with pytest.raises(InvalidCatalog) as raised:
        strict.plan(circle)
    problems = [(item.code, str(item.origin).partition(":")[2]) for item in raised.value.problems]
    assert problems == [("rename_circle", f"{line}:31") for line in (3, 4, 5)]


def test_a_pack_whose_old_and_new_name_are_both_sold_is_not_touched(strict: Shop) -> None:
    strict.make(packs(old="Old", new="New"))
    said = "version: 1\ncredit_packs:\n  x: {name: New, previous_name: Old, credits: 9, price: 9}\n"
    assert strict.plan(said).actions == ["! credit_pack.New"]
    planned = strict.plan(said, prune=True)
    assert sorted(planned.actions) == ["! credit_pack.New", "! credit_pack.Old"]
    reason, hint = why(planned)["credit_pack.New"]
    known = ids(strict, packs(old="Old", new="New"))
    both = f"Commet has `New` ({known['New']}) and `Old` ({known['Old']})"
    assert reason == (f"it is not clear which pack belongs to `x`: {both}, and the renaming may or may not be done")
    assert "add the `id`" in hint
    strict.make(said.replace("previous_name: Old", f"id: {known['New']}"))


def test_a_chain_with_a_missing_pack_is_not_guessed(strict: Shop) -> None:
    """`Big` may be the renamed Small, or the one that is yet to be called Huge."""
    strict.make(packs(big="Big"))
    planned = strict.plan(packs(small="Big, previous_name: Small", big="Huge, previous_name: Big"))
    assert not [action for action in planned.actions if action[0] in "+~-"]
    assert planned.changeset.blocked


def test_a_new_pack_does_not_take_a_name_that_decides_a_doubt(strict: Shop) -> None:
    """Small may be the pack that is called so, or one that is yet to be renamed; a pack called Tiny would settle it."""
    strict.make(packs(small="Small"))
    said = packs(small="Small, previous_name: Tiny", tiny="Tiny", large="Large, previous_name: Small")
    does(strict, said, "! credit_pack.Tiny", "! credit_pack.Large")


def test_a_name_comes_back(strict: Shop) -> None:
    strict.make(packs(a="A"))
    (first,) = ids(strict, packs(a="A")).values()
    strict.make(packs(a="B, previous_name: A"))
    strict.make(packs(a="A, previous_name: B"))
    strict.make(packs(a="B, previous_name: A"))
    # An entry that was never renamed takes the name that another one gives up.
    strict.make(packs(a="C, previous_name: B", b="B"))
    assert ids(strict, packs(a="C", b="B"))["C"] == first


def test_an_id_of_another_account_is_not_passed_over(strict: Shop) -> None:
    strict.make(packs(a="A"))
    planned = strict.plan("version: 1\ncredit_packs:\n  a: {name: A, id: cpk_other, credits: 7, price: 7}\n")
    (found,) = ids(strict, packs(a="A")).values()
    reason, hint = why(planned)["credit_pack.A"]
    assert reason == f"Commet lists no pack with the id cpk_other, but another one with this name ({found})"
    assert hint.startswith("correct or remove `id`")


def test_a_pack_that_is_not_on_sale_keeps_the_name_that_it_had(strict: Shop) -> None:
    strict.make(packs(a="A"))
    strict.make("version: 1\ncredit_packs:\n  a: {name: A, credits: 1, price: 1, is_active: false}\n")
    renamed = "  a: {name: B, previous_name: A, credits: 1, price: 1, is_active: false}\n"
    planned = strict.plan(packs(c="A") + renamed)
    assert planned.actions == ["! credit_pack.A"]
    assert why(planned)["credit_pack.A"] == (
        "credit_pack.B, which is inactive, may still have the name `A`: Commet does not list inactive objects",
        "if it already has its new name, remove the previous one from its entry; otherwise choose another name",
    )
    does(strict, packs(c="B") + renamed.replace("name: B, previous_name: A", "name: A"), "+ credit_pack.B")


def test_the_name_of_a_pack_that_is_deactivated_goes_to_another_by_id_only(strict: Shop) -> None:
    """Once it is not listed, nothing but the id tells it from the pack that has its name."""
    strict.make(packs(a="A"))
    (id_,) = ids(strict, packs(a="A")).values()
    text = packs(old="Old, SAID, is_active: false", a="A")
    planned = does(strict, text.replace("SAID", "previous_name: A"), "! credit_pack.A")
    reason, hint = why(planned)["credit_pack.A"]
    assert reason.startswith(f"it is not clear which pack belongs to `a` and `old`: Commet has `A` ({id_})")
    assert hint.startswith("add the `id` of its pack")
    pinned = text.replace("SAID", f"id: {id_}")
    does(strict, pinned, "~ credit_pack.Old", "+ credit_pack.A")
    assert strict.plan(text.replace("SAID", "previous_name: A")).actions == []


@pytest.mark.parametrize("done", range(3))
def test_renamed_packs_of_which_one_is_deactivated_are_carried_out_from_wherever_it_stopped(
    strict: Shop, done: int
) -> None:
    strict.make(packs(small="Small", big="Big"))
    before = ids(strict, packs())
    chain = packs(small="Big, previous_name: Small", big="Huge, previous_name: Big, is_active: false")
    strict.recorder.writes_left = done
    strict.conclude(strict.plan(chain))
    strict.recorder.writes_left = None
    strict.make(chain)
    assert ids(strict, packs()) == {"Big": before["Small"]}


COMPOSED, DECOMPOSED = "Caf\u00e9", "Cafe\u0301"


def test_names_that_look_the_same_are_told_apart_in_the_plan(strict: Shop) -> None:
    strict.make(plans(f"a: {{name: {COMPOSED}"))
    notices = strict.plan(plans(f"b: {{name: {DECOMPOSED}")).changeset.notices
    assert [(str(found.address), found.code) for found in notices] == [("plan.b", "look_alike")]
    assert r'"Caf\u00e9", and here "Cafe\u0301"' in notices[0].message


def test_a_pack_is_found_by_a_name_in_other_code_points(strict: Shop) -> None:
    strict.make(packs(a=COMPOSED, b="Two words"))
    known = ids(strict, packs())
    spelled = packs(a=DECOMPOSED, b="'Two\u00a0words'")
    does(strict, spelled, f"~ credit_pack.{DECOMPOSED}", "~ credit_pack.Two\u00a0words")
    assert [*ids(strict, spelled).values()] == [*known.values()]


def test_two_plans_of_one_name_are_pulled_and_one_of_them_hidden(shop: Shop) -> None:
    """Where the account has them so, the file may say so."""
    both = plans("pro: {name: Pro", "pro_2: {name: Pro")
    planned = does(shop, both, "+ plan.pro", "+ plan.pro_2")
    assert planned.changeset.notices == ()
    does(shop, both.replace("pro: {name: Pro", "pro: {name: Pro, visibility: public"), "~ plan.pro")


def test_this_commet_may_allow_what_another_refuses(shop: Shop) -> None:
    shop.make(plans("pro: {name: Pro"))
    (notice,) = shop.plan(plans("pro_2: {name: Pro")).changeset.notices
    assert (str(notice.address), notice.code) == ("plan.pro_2", "same_name")
    does(shop, plans("pro_2: {name: Pro"), "+ plan.pro_2")


NAMES = ["North", "South", "East"]


@composite
def colliding(draw: DrawFn, *, apart: bool) -> dict[str, Any]:
    """A catalog whose names come from a few; all names of a kind differ where `apart`."""
    catalog = draw(catalogs())
    for section in ("features", "plans", "credit_packs"):
        unique = apart or section != "plans"
        entries = catalog[section] = dict([*catalog[section].items()][: len(NAMES)])
        names = draw(st.lists(st.sampled_from(NAMES), min_size=len(entries), max_size=len(entries), unique=unique))
        for entry, name in zip(entries.values(), names, strict=True):
            entry["name"] = name
    for plan in catalog["plans"].values():
        plan["features"] = {
            code: said for code, said in plan.get("features", {}).items() if code in catalog["features"]
        }
    addons = catalog["addons"].items()
    catalog["addons"] = {key: addon for key, addon in addons if addon["feature"] in catalog["features"]}
    for entry in catalog["credit_packs"].values():
        former = draw(st.sampled_from([None, None, *NAMES]))
        if not apart and former not in (None, entry["name"], *map(previous, catalog["credit_packs"].values())):
            entry["previous_name"] = former
    return catalog


def previous(entry: dict[str, Any]) -> object:
    return entry.get("previous_name")


def foretold(version: str, first: dict[str, Any], then: dict[str, Any], *, pinned: bool, prune: bool) -> bool:
    """What a plan does not block is carried out, wherever names are unique; whether it blocks anything."""
    with TemporaryDirectory() as folder, Shop(Path(folder), version, STRICT) as shop:
        settings = {"api_version": version, "balance_scale": "minor"}
        settings |= {"price_scale": "rate"} if version == "2026-07-11" else {}
        shop.make(as_yaml(first, **settings))
        if pinned:
            found = [row["id"] for row in shop.send("GET", "/credit-packs")["data"]]
            for entry, id_ in zip(then["credit_packs"].values(), found, strict=False):
                entry["id"] = id_
        text = as_yaml(then, **settings)
        note(text)
        try:
            planned = shop.plan(text, prune=prune)
        except InvalidCatalog as error:
            note(str(error.problems))
            reject()
        note("\n".join(f"{item.change.address}: {item.reason}" for item in planned.changeset.blocked))
        outcomes = shop.carry_out(planned)
        assert all(isinstance(outcome, Applied) for outcome in outcomes), outcomes
        left = shop.plan(text, prune=prune).actions
        assert not [action for action in left if not action.startswith("!")], left
        return bool(planned.changeset.blocked)


two = given(versions, colliding(apart=True), colliding(apart=False), st.booleans(), st.booleans())


@two
@quick
def test_what_is_not_blocked_is_carried_out(
    version: str, first: dict[str, Any], then: dict[str, Any], pinned: bool, prune: bool
) -> None:
    foretold(version, first, then, pinned=pinned, prune=prune)


@pytest.mark.proof
def test_what_is_not_blocked_is_carried_out_at_length() -> None:
    counts: Counter[str] = Counter()

    @two
    @long
    def holds(version: str, first: dict[str, Any], then: dict[str, Any], pinned: bool, prune: bool) -> None:
        blocked = foretold(version, first, then, pinned=pinned, prune=prune)
        counts.update(draws=1, blocked_in_part=int(blocked))

    holds()
    reliability.record("names", **counts)

"""Credit packs: found by name, renamed and pinned by the file, and listed by Commet only while they are active."""

from harness import Shop

HEAD = "version: 1\ncredit_packs:\n"


def packs(*lines: str) -> str:
    return HEAD + "".join(f"  {line}\n" for line in lines) if lines else HEAD.rstrip(":\n") + ": {}\n"


SMALL = "small: {name: Small, credits: 100, price: 10}"


def test_a_pack_that_is_not_declared_is_left_alone_and_pruned_on_demand(shop: Shop) -> None:
    shop.make(packs(SMALL, "big: {name: Big, credits: 1000, price: 80}"))
    planned = shop.plan(packs(SMALL))
    assert planned.actions == []
    assert [str(address) for address in planned.changeset.unmanaged] == ["credit_pack.Big"]
    assert shop.plan(packs(SMALL), prune=True).actions == ["- credit_pack.Big"]
    shop.make(packs(SMALL), prune=True)
    assert shop.plan(packs(SMALL)).changeset.unmanaged == ()


def test_a_missing_section_is_not_managed_even_by_prune(shop: Shop) -> None:
    shop.make(packs(SMALL))
    planned = shop.plan("version: 1\nfeatures: {}\n", prune=True)
    assert planned.actions == []
    assert planned.changeset.unmanaged == ()


def test_an_empty_section_declares_that_there_are_none(shop: Shop) -> None:
    shop.make(packs(SMALL))
    assert shop.plan(packs(), prune=True).actions == ["- credit_pack.Small"]


def test_a_previous_name_that_is_still_sold_beside_the_new_one_is_not_touched(shop: Shop) -> None:
    shop.make(packs("a: {name: Old, credits: 1, price: 1}", "b: {name: New, credits: 1, price: 1}"))
    planned = shop.plan(packs("b: {name: New, credits: 1, price: 1, previous_name: Old}"))
    assert planned.actions == []
    assert [str(address) for address in planned.changeset.unmanaged] == ["credit_pack.Old"]


def test_two_packs_that_swap_names_are_blocked_with_the_way_out(shop: Shop) -> None:
    shop.make(packs("a: {name: A, credits: 1, price: 1}", "b: {name: B, credits: 2, price: 2}"))
    ids = {str(address): id_ for address, id_ in shop.plan(packs()).live.ids.items()}
    swapped = packs(
        f"a: {{name: B, credits: 1, price: 1, id: {ids['credit_pack.A']}}}",
        f"b: {{name: A, credits: 2, price: 2, id: {ids['credit_pack.B']}}}",
    )
    planned = shop.plan(swapped)
    assert sorted(planned.actions) == ["! credit_pack.A", "! credit_pack.B"]
    assert {item.hint for item in planned.changeset.blocked} == {
        "give one of them a third value first, apply, then swap"
    }


def test_a_name_is_taken_only_after_it_is_let_go(shop: Shop) -> None:
    """`b` takes the name that `a` gives up in the same run."""
    shop.make(packs("a: {name: First, credits: 1, price: 1}"))
    shop.make(packs("b: {name: First, credits: 5, price: 5}", "a: {name: Second, credits: 1, price: 1}"), prune=True)


def test_an_inactive_pack_that_does_not_exist_is_said_and_not_created(shop: Shop) -> None:
    inactive = packs("small: {name: Small, credits: 100, price: 10, is_active: false}")
    planned = shop.plan(inactive)
    assert planned.actions == []
    (notice,) = planned.changeset.notices
    assert str(notice.address) == "credit_pack.Small"
    assert "cannot be compared" in notice.message


def test_a_pack_goes_off_sale_and_comes_back_by_its_id(shop: Shop) -> None:
    shop.make(packs(SMALL))
    (id_,) = shop.plan(packs(SMALL)).live.ids.values()
    off = packs("small: {name: Small, credits: 100, price: 10, is_active: false}")
    shop.make(off)
    assert shop.plan(off).actions == []
    back = packs(f"small: {{name: Small, credits: 100, price: 12, id: {id_}}}")
    assert shop.plan(back).actions == ["~ credit_pack.Small"]
    shop.make(back)
    assert shop.plan(back).actions == []
    (row,) = shop.send("GET", "/credit-packs")["data"]
    assert (row["id"], row["price"]) == (id_, 1200)


def test_an_inactive_pack_that_is_pinned_stays_as_it_is(shop: Shop) -> None:
    shop.make(packs(SMALL))
    (id_,) = shop.plan(packs(SMALL)).live.ids.values()
    off = packs(f"small: {{name: Small, credits: 100, price: 10, is_active: false, id: {id_}}}")
    shop.make(off)
    assert shop.plan(off).actions == []


def test_a_description_is_emptied_because_it_cannot_be_null(shop: Shop) -> None:
    shop.make(packs("small: {name: Small, credits: 100, price: 10, description: some}"))
    assert shop.calls(packs(SMALL))[0].endswith('{"description": ""}')
    assert shop.plan(packs(SMALL)).actions == []


PROTECTED = "s: {name: Starter, credits: 10, price: 5, lifecycle: {protect: true}}"


def test_a_protected_pack_is_not_pruned_when_its_entry_gets_another_name(shop: Shop) -> None:
    """Nothing tells which pack the entry was, so none is deleted until that is said, or the new one is there."""
    shop.make(packs(PROTECTED, SMALL))
    renamed = PROTECTED.replace("Starter", "Beginner")
    planned = shop.plan(packs(renamed), prune=True)
    assert planned.actions == ["+ credit_pack.Beginner", "! credit_pack.Starter", "! credit_pack.Small"]
    (blocked, _) = planned.changeset.blocked
    assert blocked.reason.startswith("it may be the pack that `s` declares, which is protected")
    said = renamed.replace("credits", "previous_name: Starter, credits")
    assert shop.plan(packs(said), prune=True).actions == ["~ credit_pack.Beginner", "- credit_pack.Small"]
    shop.make(packs(renamed))
    assert shop.plan(packs(renamed), prune=True).actions == ["- credit_pack.Starter", "- credit_pack.Small"]
    # The one that a protected entry names is never taken for another.
    assert "! credit_pack.Starter" in shop.plan(packs(said), prune=True).actions


def test_a_protected_pack_with_an_id_is_known_by_it(shop: Shop) -> None:
    shop.make(packs(PROTECTED, SMALL))
    id_ = next(id_ for address, id_ in shop.plan(packs()).live.ids.items() if address.key == "Starter")
    renamed = PROTECTED.replace("name: Starter", f"name: Beginner, id: {id_}")
    assert shop.plan(packs(renamed), prune=True).actions == ["~ credit_pack.Beginner", "- credit_pack.Small"]

"""The same command with the same targets, again: it ends where an undisturbed run would have ended."""

from pathlib import Path

import pytest

from commetctl.apply.journal import Journals
from commetctl.core.resource import Address, ResourceSet
from harness import Planned, Shop

TARGET = Address.parse("regional_price.pro/monthly/eur")
FILE = """
version: 1
plans:
  pro:
    name: Pro
    visibility: public
    description: For all
    lifecycle: {protect: true}
    prices:
      monthly: {price: 49, is_default: true, lifecycle: {protect: true}, regional_prices: {eur: 45}}
      yearly: {price: 490}
"""


def again(shop: Shop, text: str, target: Address) -> Planned:
    """One run of the command, as far as the line lets it."""
    planned = shop.plan(text, targets=(target,))
    shop.conclude(planned)
    return planned


def opened(folder: Path, version: str) -> Shop:
    folder.mkdir()
    return Shop(folder, version, journals=Journals(folder / "runs"))


@pytest.mark.parametrize("arrives", [False, True])
@pytest.mark.parametrize("writes", range(4))
def test_what_a_target_needs_is_completed(version: str, tmp_path: Path, writes: int, *, arrives: bool) -> None:
    """The plan and the price are made for the target, protection included, and the plan is not published."""
    ends: list[ResourceSet] = []
    for cut in (None, writes):
        with opened(tmp_path / str(cut), version) as shop:
            shop.recorder.writes_left, shop.recorder.last_arrives = cut, arrives
            again(shop, FILE, TARGET)
            shop.recorder.writes_left = None
            again(shop, FILE, TARGET)
            found = shop.plan(FILE)
            assert found.actions == ["~ plan.pro", "+ plan_price.pro/yearly"]
            ends.append(found.live.resources)
    assert dict(ends[0]) == dict(ends[1])
    plan = ends[0][Address.parse("plan.pro")].fields
    assert (plan["visibility"], plan["protect"]) == ("private", True)


def test_a_plan_that_gives_up_its_name_for_a_target_changes_in_nothing_else(shop: Shop) -> None:
    shop.make("version: 1\nplans:\n  old: {name: Pro, visibility: private, metadata: {tier: a}}\n")
    wanted = (
        "version: 1\nplans:\n  old: {name: Old, visibility: public, description: Sold, metadata: {tier: b}}\n"
        "  pro: {name: Pro}\n"
    )
    planned = shop.plan(wanted, targets=(Address.parse("plan.pro"),))
    shop.carry_out(planned)
    found = shop.plan(wanted).live.resources[Address.parse("plan.old")].fields
    assert (found["name"], found["visibility"], found["description"]) == ("Old", "private", None)
    assert found["metadata"] == {"tier": "a"}
    assert planned.actions == ["~ plan.old", "+ plan.pro"]

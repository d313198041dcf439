"""The price list: what each plan costs and includes, before and after, whole and in order."""

from browser.catalogs import changed, complete
from commetctl.core.money import Derived, Money
from commetctl.core.resource import Address, ResourceSet
from commetctl.render.pricing import Cell, Line, PlanList, pack_lines, plan_lists
from commetctl.review.review import Review

#: Each kind whose amounts are in the lists: the lists of a plan, and the field of the resource.
AMOUNTS = {
    "plan_price": (("prices", "price"), ("balances", "included_balance")),
    "regional_price": (("prices", "price"), ("balances", "included_balance")),
    "plan_feature": (("unit_prices", "overage"),),
    "regional_unit_price": (("unit_prices", "unit_price"),),
}


def lists(review: Review) -> dict[str, PlanList]:
    return {plan.code: plan for plan in plan_lists(review.before, review.after)}


def lines(plan: PlanList, name: str) -> dict[str, Line]:
    found: tuple[Line, ...] = getattr(plan, name)
    return {line.key: line for line in found}


def test_every_amount_of_a_catalog_is_in_it_once() -> None:
    desired = complete().desired
    plans = {plan.code: plan for plan in plan_lists(ResourceSet(), desired)}
    there = {
        (*address.key.split("/"), name): resource.fields[field]
        for address, resource in desired.items()
        for name, field in AMOUNTS.get(address.kind, ())
        if resource.fields[field] is not None
    }
    listed = {
        (code, line.key, *([currency] if currency != "usd" else []), name): cell.after
        for code, plan in plans.items()
        for name in ("prices", "balances", "unit_prices")
        for line in lines(plan, name).values()
        for currency, cell in line.cells.items()
    }
    assert listed == there
    assert all(plan.is_new and plan.is_changed for plan in plans.values())


def test_nothing_changes_between_a_catalog_and_itself() -> None:
    desired = complete().desired
    assert not any(plan.is_changed or plan.is_new or plan.is_gone for plan in plan_lists(desired, desired))
    assert not any(line.is_changed for line in pack_lines(desired, desired))


def test_both_sides_of_what_changes() -> None:
    plans = lists(changed())
    assert [(code, plan.is_changed, plan.is_new, plan.is_gone) for code, plan in plans.items()] == [
        ("solo", False, False, False), ("pro", True, False, False), ("team", True, True, False),
        ("old", True, False, True),
    ]  # fmt: skip
    pro = plans["pro"]
    assert pro.currencies == ("usd", "brl", "eur")
    assert list(lines(pro, "prices")) == ["monthly", "yearly"]
    monthly = lines(pro, "prices")["monthly"].cells
    assert monthly["usd"].percent == "+20.4%"
    assert isinstance(monthly["eur"].before, Money)
    assert monthly["eur"].after is None
    assert monthly["eur"].percent == ""
    assert isinstance(monthly["brl"].after, Derived)
    assert monthly["brl"].percent == "+25%"
    assert lines(pro, "terms")["monthly"].cells["trial_days"] == Cell(14, 7)
    assert not lines(pro, "unit_prices")["calls"].cells["brl"].is_changed


def test_another_unit_price_alone_is_a_change_of_the_plan() -> None:
    desired = complete().desired
    address = Address("regional_unit_price", "pro/api_calls/brl")
    other = ResourceSet(resource for resource in desired.values() if resource.address != address)
    assert [plan.code for plan in plan_lists(other, desired) if plan.is_changed] == ["pro"]


def test_packs_of_either_side() -> None:
    review = changed()
    packs = {line.key: line for line in pack_lines(review.before, review.after)}
    assert list(packs) == ["Starter Pack", "Bulk Pack"]
    assert packs["Starter Pack"].cells["credits"] == Cell(100, 120)
    assert packs["Starter Pack"].cells["description"] == Cell("A hundred", "A hundred and more")
    assert packs["Bulk Pack"].cells["price"].after is None

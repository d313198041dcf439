"""The price list: what each plan costs and includes, before and after, whole and in order."""

from browser.catalogs import changed, complete
from commetctl.catalog.loading import parse
from commetctl.core.money import Derived, Money
from commetctl.core.resource import Address, ResourceSet
from commetctl.reading import reading_of
from commetctl.render.markdown import plan_markdown
from commetctl.render.pricing import Cell, Line, PlanList, pack_lines, plan_lists
from commetctl.review.review import Review
from commetctl.usecases.compare import compared

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


MARKETS = """\
version: 1
markets: {br: {name: Brazil, countries: [BR]}, cl: {name: Chile, countries: [CL]}}
plans:
  pro:
    name: Pro
    prices:
      monthly:
        price: 49.00
        market_prices: {br: {currency: brl, price: 199.00}, cl: {currency: clp, price: 40000}}
        variants: {b: {market_prices: {br: {currency: brl, price: 149.00}}}}
"""


def in_markets(now: str) -> Review:
    """What another text than `MARKETS` changes."""
    before, after = (parse(name, text.encode()) for name, text in (("a", MARKETS), ("b", now)))
    return compared(before, after)


def test_market_prices_are_lines_by_market_and_currency() -> None:
    edits = {"199.00": "219.00", "currency: clp, price: 40000": "currency: usd, price: 45", "149.00": "139.00"}
    now = MARKETS
    for old, new in edits.items():
        now = now.replace(old, new)
    pro = lists(in_markets(now))["pro"]
    assert pro.is_changed
    assert [(line.key, line.name.after) for line in pro.markets] == [
        ("monthly/br", "Brazil"), ("monthly/cl", "Chile"), ("monthly/b/br", "Brazil"),
    ]  # fmt: skip
    brazil, chile, variant = (line.cells for line in pro.markets)
    assert brazil["brl"].percent == "+10.1%"
    assert variant["brl"].percent == "-6.7%"
    # In another currency, one amount goes and another comes.
    assert {currency: (str(cell.before), str(cell.after)) for currency, cell in chile.items()} == {
        "clp": ("40000 CLP", "None"),
        "usd": ("None", "45.00 USD"),
    }


def test_market_prices_have_rows_in_the_table_of_a_plan() -> None:
    said = plan_markdown(reading_of(in_markets(MARKETS.replace("199.00", "219.00").replace("149.00", "139.00"))))
    assert "| Monthly price in the market br | 199.00 | **219.00 BRL** | +10.1% |" in said
    assert "| Monthly variant b, price in the market br | 149.00 | **139.00 BRL** | -6.7% |" in said


def test_a_variant_that_goes_keeps_its_row() -> None:
    now = MARKETS[: MARKETS.index("        variants")]
    assert "Monthly variant b, price in the market br | 149.00 BRL |" in plan_markdown(reading_of(in_markets(now)))

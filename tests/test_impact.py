"""Impact: recurring revenue against a table computed by hand, whom a change touches, and what is said of the rest."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from commetctl.core.impact import Impact, Revenue, Use
from commetctl.core.money import Money
from commetctl.core.resource import Address
from commetctl.review.impact import concerned, impact
from commetctl.review.subscribers import Kind, Many, Subscribers
from harness import Shop

#: What some subscriptions have in common, where it is not what one would think.
Kinds = Sequence[Mapping[str, Any]]

PRICE = Address("plan_price", "pro/monthly")
FIRST, LAST = date(2026, 11, 23), date(2026, 12, 20)


@pytest.fixture
def newest(tmp_path: Path) -> Iterator[Shop]:
    """An empty sandbox that speaks today's version."""
    with Shop(tmp_path) as shop:
        yield shop


def catalog(interval: str = "monthly", price: str = "49.00", more: str = "", **plan: str) -> str:
    """One plan with one price."""
    rest = "".join(f", {name}: {value}" for name, value in plan.items())
    prices = f"prices: {{{interval}: {{price: {price}{more}}}}}"
    return (
        "version: 1\nfeatures: {calls: {name: Calls, type: usage}, seats: {name: Seats, type: seats}}\n"
        f"plans:\n  pro: {{name: Pro, consumption_model: metered, {prices}{rest}}}\n"
    )


def subscribed(shop: Shop, kinds: Kinds, interval: str = "monthly") -> Subscribers:
    """Subscriptions to the plan of the shop, as they would be counted."""
    live = shop.plan("version: 1\nplans: {}\n").live
    plan, price = live.ids[Address("plan", "pro")], live.ids.get(Address("plan_price", f"pro/{interval}"))
    found: dict[Kind, Many] = {}
    for kind in kinds:
        now = Use(plan, kind.get("price", price), kind.get("interval", interval))
        status = kind.get("status", "active")
        renews = kind.get("renews", status in ("active", "past_due"))
        key = Kind(now, kind.get("then"), status, renews, kind.get("discounted", False))
        found[key] = Many(kind["number"], kind.get("first", FIRST), kind.get("last", LAST))
    return Subscribers(found)


def seen(shop: Shop, after: str, kinds: Kinds, interval: str = "monthly") -> Impact:
    """What a change of the shop touches."""
    subscribers = subscribed(shop, kinds, interval)
    planned = shop.plan(after)
    return impact(planned.review, planned.live, subscribers)


def money(amount: str, currency: str = "usd") -> Money:
    return Money(Decimal(amount), currency)


def usd(amount: str) -> Money:
    return money(amount)


#: Interval, price before and after, renewing subscriptions at the full price, and what a month brings more, by hand:
#: (after - before) x subscriptions x how often the interval is in a month, a year having 12 months and 52 weeks.
BY_HAND = [
    ("monthly", "49.00", "59.00", 36, "360.00"),
    ("monthly", "59.00", "49.00", 36, "-360.00"),
    ("monthly", "49.00", "49.01", 1, "0.01"),
    ("yearly", "490.00", "590.00", 12, "100.00"),
    ("yearly", "490.00", "500.00", 7, "5.83"),  # 70 / 12 = 5.8333
    ("yearly", "100.00", "100.06", 1, "0.01"),  # 0.06 / 12 = 0.005, half up
    ("yearly", "100.06", "100.00", 1, "-0.01"),
    ("yearly", "100.00", "100.05", 1, "0.00"),  # 0.0041666
    ("quarterly", "120.00", "150.00", 5, "50.00"),  # 30 x 5 / 3
    ("quarterly", "100.00", "101.00", 1, "0.33"),
    ("semiannual", "300.00", "330.00", 4, "20.00"),  # 30 x 4 / 6
    ("weekly", "10.00", "13.00", 2, "26.00"),  # 3 x 2 x 52 / 12
    ("weekly", "10.00", "11.00", 1, "4.33"),  # 52 / 12 = 4.3333
    ("monthly", "0.00", "9.99", 100000, "999000.00"),
]


@pytest.mark.parametrize(("interval", "before", "after", "number", "revenue"), BY_HAND)
def test_recurring_revenue_is_what_the_table_says(
    newest: Shop, interval: str, before: str, after: str, number: int, revenue: str
) -> None:
    newest.make(catalog(interval, before))
    found = seen(newest, catalog(interval, after), [{"number": number}], interval)
    touched = found.touched[Address("plan_price", f"pro/{interval}")]
    assert touched.revenue == found.revenue == Revenue(usd(revenue), usd(revenue))
    assert (touched.count, touched.renewing, touched.first, touched.last) == (number, number, FIRST, LAST)
    assert touched.uncounted == {}


def test_what_is_not_sure_to_be_paid_is_counted_apart_and_said(newest: Shop) -> None:
    """Of 41, 30 pay 10 more each month; the reasons for the other 11 add up."""
    newest.make(catalog())
    kinds: Kinds = [
        {"number": 30}, {"number": 2, "discounted": True}, {"number": 3, "status": "trialing"},
        {"number": 1, "status": "paused"}, {"number": 2, "status": "pending_payment"},
        {"number": 1, "status": "active", "renews": False}, {"number": 2, "status": "of_a_later_version"},
    ]  # fmt: skip
    found = seen(newest, catalog(price="59.00"), kinds)
    touched = found.touched[PRICE]
    assert touched.revenue == Revenue(usd("300.00"), usd("300.00"))
    assert touched.uncounted == {
        "in a trial": 3, "paused": 1, "waiting for a payment": 2, "that will not renew unchanged": 1,
        "with an offer or a discount": 2, "with a status that this version of commetctl does not know": 2,
    }  # fmt: skip
    assert touched.count == 41 == 30 + sum(touched.uncounted.values())
    assert (touched.renewing, touched.at_most) == (32, False)


def test_who_is_on_another_price_is_not_on_this_one(newest: Shop) -> None:
    newest.make(catalog())
    kinds: Kinds = [
        {"number": 5},
        {"number": 7, "price": "pp_variant"},
        {"number": 11, "price": "pp_old", "interval": "yearly"},
    ]
    found = seen(newest, catalog(price="59.00"), kinds)
    assert found.touched[PRICE].count == 5
    assert found.revenue == Revenue(usd("50.00"), usd("50.00"))


@pytest.mark.parametrize("more", [{"more": ", regional_prices: {eur: 45.00}"}, {"exchange_rates": "{eur: 0.92}"}])
@pytest.mark.parametrize(("after", "low", "high"), [("59.00", "0.00", "100.00"), ("39.00", "-100.00", "0.00")])
def test_where_other_currencies_can_be_paid_revenue_is_a_range(
    newest: Shop, more: dict[str, str], after: str, low: str, high: str
) -> None:
    newest.make(catalog(**more))
    found = seen(newest, catalog(price=after, **more), [{"number": 10}])
    assert found.touched[PRICE].revenue == found.revenue == Revenue(usd(low), usd(high))


def test_a_regional_price_touches_at_most_those_of_the_price_and_moves_revenue_in_its_currency(newest: Shop) -> None:
    newest.make(catalog(more=", regional_prices: {eur: 45.00}"))
    found = seen(
        newest, catalog(more=", regional_prices: {eur: 55.00}"), [{"number": 10}, {"number": 4, "price": "pp_x"}]
    )
    touched = found.touched[Address("regional_price", "pro/monthly/eur")]
    assert (touched.count, touched.at_most, found.revenue) == (10, True, None)
    assert touched.revenue == Revenue(money("0.00", "eur"), money("100.00", "eur"))
    (euros,) = found.currencies
    assert (euros.today, euros.then) == (
        Revenue(money("0.00", "eur"), money("450.00", "eur")),
        Revenue(money("0.00", "eur"), money("550.00", "eur")),
    )
    assert (euros.change, euros.percents) == (touched.revenue, ("+22.2%",))


def test_what_is_paid_once_does_not_recur_and_touches_nobody_who_has_paid(newest: Shop) -> None:
    newest.make(catalog("one_time", "49.00"))
    assert seen(newest, catalog("one_time", "59.00"), [{"number": 3}], "one_time") == Impact()


def test_a_feature_touches_everybody_on_the_plan_and_a_new_plan_nobody(newest: Shop) -> None:
    newest.make(catalog(features="{calls: {included_amount: 100}}"))
    after = catalog(features="{calls: {included_amount: 50}}").replace(
        "\nplans:\n", "\nplans:\n  team: {name: Team, prices: {monthly: {price: 5}}}\n"
    )
    found = seen(newest, after, [{"number": 10}, {"number": 4, "interval": "yearly", "price": "pp_x"}])
    assert {str(address): touched.count for address, touched in found.touched.items()} == {"plan_feature.pro/calls": 14}


def test_a_change_of_words_needs_no_counting(newest: Shop) -> None:
    newest.make(catalog())
    planned = newest.plan(catalog().replace("name: Pro", "name: Pro+"))
    assert concerned(planned.changeset.changes, planned.review.effects, planned.live) == []


def test_the_older_generation_is_counted_by_interval(tmp_path: Path) -> None:
    with Shop(tmp_path, "2026-07-11") as shop:
        shop.make(catalog())
        found = seen(
            shop,
            catalog(price="59.00"),
            [{"number": 6, "price": None}, {"number": 3, "price": None, "interval": "yearly"}],
        )
    assert found.touched[PRICE].count == 6
    assert found.revenue == Revenue(usd("60.00"), usd("60.00"))


def test_the_sum_is_rounded_once(newest: Shop) -> None:
    """Three moves of a third of a cent are a cent, not nothing."""
    text = catalog("quarterly", "10.00")
    plans = "".join(f"  p{n}: {{name: P{n}, prices: {{quarterly: {{price: {{price}}}}}}}}\n" for n in range(3))
    before, after = (text + plans.replace("{price}", price) for price in ("10.00", "10.01"))
    newest.make(before)
    planned = newest.plan(after)
    kinds = {
        Kind(Use(planned.live.ids[Address("plan", f"p{n}")], planned.live.ids[Address("plan_price", f"p{n}/quarterly")],
                 "quarterly"), None, "active", renews=True, discounted=False): Many(1, FIRST, LAST)
        for n in range(3)
    }  # fmt: skip
    found = impact(planned.review, planned.live, Subscribers(kinds))
    assert {touched.revenue for touched in found.touched.values()} == {Revenue(usd("0.00"), usd("0.00"))}
    assert found.revenue == Revenue(usd("0.01"), usd("0.01"))


def test_what_could_not_be_counted_is_unknown_and_never_zero(newest: Shop) -> None:
    newest.make(catalog())
    planned = newest.plan(catalog(price="59.00"))
    unknown = Subscribers(unknown="the key is not allowed to read subscriptions", way_out="use a key that is")
    found = impact(planned.review, planned.live, unknown)
    assert found == Impact(unknown="the key is not allowed to read subscriptions", way_out="use a key that is")

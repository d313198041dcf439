"""Recurring revenue of an account: every kind of subscription once, in every currency, and only as exact as it is."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commetctl.core.contract import PER_MONTH
from commetctl.core.impact import Doubt, Impact, Revenue, Use
from commetctl.core.money import Money
from commetctl.core.resource import Address
from commetctl.kinds.sides import Live
from commetctl.review.impact import impact
from commetctl.review.subscribers import Kind, Many, Subscribers
from commetctl.usecases.compare import compared
from harness import Shop, loaded

FIRST, LAST = date(2026, 11, 23), date(2026, 12, 20)
MONTHLY, YEARLY = Address("plan_price", "pro/monthly"), Address("plan_price", "pro/yearly")
PRO = "{plan.pro}"
ON_MONTHLY = Use(PRO, "{plan_price.pro/monthly}", "monthly")


def plans(prices: str, more: str = "") -> str:
    markets = "{india: {name: India, countries: [IN]}, dach: {name: DACH, countries: [DE, AT, CH]}}"
    return f"version: 1\nmarkets: {markets}\nplans:\n  pro: {{name: Pro, prices: {{{prices}}}{more}}}\n"


def told(
    folder: Path,
    before: str,
    after: str,
    kinds: Mapping[Kind, int],
    unread: frozenset[Address] = frozenset(),
) -> Impact:
    """The impact of an edit on an account that is as `before` says, where ids are addresses in braces."""
    review = compared(loaded(folder, before, "2026-08-27"), loaded(folder, after, "2026-08-27"), prune=True)
    live = Live(review.before, dict(review.ids), unread=unread)
    return impact(review, live, Subscribers({kind: Many(number, FIRST, LAST) for kind, number in kinds.items()}))


def kind(now: Use = ON_MONTHLY, **fields: Any) -> Kind:
    """A subscription that pays, but for what is said otherwise."""
    return Kind(now, None, "active", renews=True, discounted=False)._replace(**fields)


def ranges(found: Impact) -> dict[str, tuple[str, str, str, tuple[str, ...]]]:
    """Each currency: today, then, the change, in short, and the percentages."""
    return {
        item.currency: (short(item.today), short(item.then), short(item.change), item.percents)
        for item in found.currencies
    }


def short(revenue: Revenue) -> str:
    """`30.00..50.00`"""
    return f"{revenue.low.number()}..{revenue.high.number()}"


RAISED = (plans("monthly: {price: 49.00}"), plans("monthly: {price: 59.00}"))
BOTH = (
    plans("monthly: {price: 49.00, is_default: true}, yearly: {price: 490.00}"),
    plans("monthly: {price: 59.00, is_default: true}, yearly: {price: 610.00}"),
)
#: The same with a market price, and with a variant that has one.
INR = ", market_prices: {india: {currency: inr, price: 999.00}}"
CHEAP = ", variants: {cheap: {market_prices: {india: {currency: inr, price: 799.00}}}}"
VARIANT = "{price_variant.pro/monthly/cheap}"


def edited(more: str, now: str = "") -> tuple[str, str]:
    """The price of 49.00 with more to it, raised to 59.00; or what is more, edited."""
    before = plans(f"monthly: {{price: 49.00{more}}}")
    return before, plans(f"monthly: {{price: 49.00{now}}}") if now else before.replace("49.00", "59.00")


def test_one_price_in_one_currency_is_exact(tmp_path: Path) -> None:
    found = told(tmp_path, *RAISED, {kind(): 34})
    assert ranges(found) == {"usd": ("1666.00..1666.00", "2006.00..2006.00", "340.00..340.00", ("+20.4%",))}
    assert (found.doubts, found.touched[MONTHLY].at_most) == (frozenset(), False)


def test_a_market_price_may_be_what_they_pay(tmp_path: Path) -> None:
    found = told(tmp_path, *edited(INR), {kind(): 10})
    assert ranges(found) == {"usd": ("0.00..490.00", "0.00..590.00", "0.00..100.00", ("+20.4%",))}
    assert found.doubts == {Doubt.MARKET}
    assert found.touched[MONTHLY].at_most


def test_a_market_price_in_dollars_stays_while_the_price_moves(tmp_path: Path) -> None:
    found = told(tmp_path, *edited(", market_prices: {india: {currency: usd, price: 29.00}}"), {kind(): 10})
    assert ranges(found) == {"usd": ("290.00..490.00", "290.00..590.00", "0.00..100.00", ("0%", "+20.4%"))}


def test_a_market_price_that_cannot_be_read_makes_a_range_too(tmp_path: Path) -> None:
    found = told(tmp_path, *RAISED, {kind(): 10}, frozenset({MONTHLY}))
    assert ranges(found)["usd"][2] == "0.00..100.00"
    assert found.doubts == {Doubt.MARKET}


def test_a_variant_costs_what_its_base_price_costs(tmp_path: Path) -> None:
    """Outside of its markets: it is on the price that moves, and no other subscription is counted for it."""
    kinds = {kind(): 3, kind(Use(PRO, VARIANT, "monthly")): 7, kind(Use(PRO, "pp_archived", "monthly")): 100}
    found = told(tmp_path, *edited(INR + CHEAP), kinds)
    assert found.touched[MONTHLY].count == 10
    assert ranges(found) == {"usd": ("0.00..490.00", "0.00..590.00", "0.00..100.00", ("+20.4%",))}
    assert found.doubts == {Doubt.MARKET}


def test_a_market_price_moves_what_those_of_its_market_pay(tmp_path: Path) -> None:
    now = INR.replace("999", "1299")
    kinds = {kind(): 3, kind(Use(PRO, VARIANT, "monthly")): 7}
    found = told(tmp_path, *edited(INR + CHEAP, now + CHEAP), kinds)
    touched = found.touched[Address("market_price", "pro/monthly/india")]
    # Those on the variant too: in a market that it does not override, it has the market price of its base.
    assert (touched.count, touched.at_most, touched.doubts) == (10, True, frozenset({Doubt.MARKET}))
    assert ranges(found)["inr"][2] == "0.00..3000.00"
    assert found.revenue is None


def test_a_market_price_of_a_variant_moves_what_those_on_the_variant_pay(tmp_path: Path) -> None:
    kinds = {kind(): 3, kind(Use(PRO, VARIANT, "monthly")): 7}
    found = told(tmp_path, *edited(INR + CHEAP, INR + CHEAP.replace("799", "699")), kinds)
    touched = found.touched[Address("variant_price", "pro/monthly/cheap/india")]
    assert (touched.count, touched.at_most, touched.doubts) == (7, True, frozenset({Doubt.MARKET}))
    assert ranges(found)["inr"][2] == "-700.00..0.00"


def test_a_market_price_in_another_currency_leaves_one_and_comes_to_the_other(tmp_path: Path) -> None:
    found = told(tmp_path, *edited(INR, INR.replace("inr", "eur").replace("999", "19")), {kind(): 10})
    assert {currency: item[2] for currency, item in ranges(found).items()} == {
        "inr": "-9990.00..0.00",
        "eur": "0.00..190.00",
    }
    assert found.touched[Address("market_price", "pro/monthly/india")].revenue is None


def test_a_subscription_on_one_of_two_prices_counts_once(tmp_path: Path) -> None:
    """+10.00 a month on either: +10.00, though what is paid is 49.00 or 40.83."""
    found = told(tmp_path, *BOTH, {kind(Use(PRO, None, None)): 1})
    assert ranges(found) == {"usd": ("40.83..49.00", "50.83..59.00", "10.00..10.00", ("+20.4%", "+24.5%"))}
    assert found.revenue is not None
    assert (found.revenue.low, found.revenue.high) == (Money(Decimal(10)), Money(Decimal(10)))
    assert found.doubts == {Doubt.PRICE}
    assert all(touched.at_most and touched.count == 1 for touched in found.touched.values())


def test_a_subscription_that_may_be_on_a_price_that_stays_is_a_range(tmp_path: Path) -> None:
    before = BOTH[0]
    found = told(tmp_path, before, before.replace("49.00", "59.00"), {kind(Use(PRO, None, None)): 2, kind(): 3})
    assert ranges(found)["usd"][2] == "30.00..50.00"


def test_each_currency_has_a_sum_of_its_own(tmp_path: Path) -> None:
    before = plans("monthly: {price: 49.00, regional_prices: {eur: 45.00, cad: 60.00}}")
    after = before.replace("49.00", "59.00").replace("45.00", "54.00")
    found = told(tmp_path, before, after, {kind(): 34})
    assert ranges(found) == {
        "usd": ("0.00..1666.00", "0.00..2006.00", "0.00..340.00", ("+20.4%",)),
        "eur": ("0.00..1530.00", "0.00..1836.00", "0.00..306.00", ("+20%",)),
    }
    assert found.doubts == {Doubt.CURRENCY}


def test_a_moved_rate_moves_what_is_derived_from_it(tmp_path: Path) -> None:
    before = plans("monthly: {price: 10.00}, yearly: {price: 100.00}", ", exchange_rates: {brl: 5}")
    before = before.replace("10.00}", "10.00, is_default: true}")
    found = told(tmp_path, before, before.replace("brl: 5", "brl: 6"), {kind(): 2})
    assert ranges(found) == {"brl": ("0.00..100.00", "0.00..120.00", "0.00..20.00", ("+20%",))}
    assert found.currencies[0].estimated
    # A price that moves takes along what is derived from it.
    found = told(tmp_path, before, before.replace("10.00", "11.00"), {kind(): 2})
    assert {currency: parts[2] for currency, parts in ranges(found).items()} == {
        "usd": "0.00..2.00",
        "brl": "0.00..10.00",
    }


def test_an_amount_written_out_is_a_change_in_its_currency(tmp_path: Path) -> None:
    before = plans("monthly: {price: 10.00}", ", exchange_rates: {brl: 5}")
    after = plans("monthly: {price: 10.00, regional_prices: {brl: 5000}}", ", exchange_rates: {brl: 5}")
    found = told(tmp_path, before, after, {kind(): 2})
    assert ranges(found)["brl"] == ("0.00..100.00", "0.00..10000.00", "0.00..9900.00", ("+9900%",))


def test_a_currency_without_decimals_is_rounded_to_whole_units(tmp_path: Path) -> None:
    before = plans("yearly: {price: 100.00, regional_prices: {jpy: 10000}}")
    use = Use(PRO, "{plan_price.pro/yearly}", "yearly")
    found = told(tmp_path, before, before.replace("jpy: 10000", "jpy: 10007"), {kind(use): 1})
    assert ranges(found)["jpy"] == ("0..833", "0..834", "0..1", ("+0.1%",))


LEFT_OUT: Mapping[str, dict[str, Any]] = {
    "in a trial": {"status": "trialing", "renews": False},
    "paused": {"status": "paused", "renews": False},
    "waiting for a payment": {"status": "pending_payment", "renews": False},
    "not started yet": {"renews": False, "begun": False},
    "that will not renew unchanged": {"renews": False},
    "with an offer or a discount": {"discounted": True},
}


@pytest.mark.parametrize("why", LEFT_OUT)
def test_who_does_not_pay_the_price_itself_is_told_and_not_counted(why: str, tmp_path: Path) -> None:
    found = told(tmp_path, *BOTH, {kind(): 3, kind(**LEFT_OUT[why]): 5})
    assert ranges(found)["usd"][2] == "30.00..30.00"
    assert found.uncounted == {why: 5}


def test_a_scheduled_move_is_told_once_and_not_counted(tmp_path: Path) -> None:
    before = plans("monthly: {price: 49.00}") + "  team: {name: Team, prices: {monthly: {price: 9.00}}}\n"
    team = Use("{plan.team}", None, "monthly")
    to_pro, away = kind(team, then=Use(PRO, None, "monthly")), kind(then=team)
    found = told(tmp_path, before, before.replace("49.00", "59.00"), {kind(): 3, to_pro: 4, away: 5})
    assert ranges(found)["usd"][2] == "30.00..30.00"
    assert found.uncounted == {
        "that will not renew unchanged": 5,
        "that are scheduled to move to one of these prices": 4,
    }


def test_a_subscription_that_names_no_billing_day_may_pay_nothing(tmp_path: Path) -> None:
    found = told(tmp_path, *RAISED, {kind(): 3, kind(dated=False): 2})
    assert ranges(found)["usd"] == ("147.00..245.00", "177.00..295.00", "30.00..50.00", ("+20.4%",))
    assert found.doubts == {Doubt.BILLING}


def test_what_goes_leaves_its_amount_to_those_who_pay_it(tmp_path: Path) -> None:
    kinds = {kind(): 3, kind(Use(PRO, "{plan_price.pro/yearly}", "yearly")): 4}
    before = BOTH[0]
    assert told(tmp_path, before, plans("monthly: {price: 49.00}"), kinds).currencies == ()


INTERVALS = ("weekly", "monthly", "quarterly", "semiannual", "yearly")
PRICES = st.dictionaries(
    st.sampled_from(INTERVALS),
    st.tuples(*(st.integers(0, 10**7).map(lambda cents: Decimal(cents) / 100) for _ in range(2))),
    min_size=1,
)


def drawn(prices: Mapping[str, tuple[Decimal, Decimal]], side: int) -> str:
    first = next(iter(prices))
    default = {first: ", is_default: true"}
    return plans(
        ", ".join(f"{name}: {{price: {pair[side]:.2f}{default.get(name, '')}}}" for name, pair in prices.items())
    )


@given(prices=PRICES, numbers=st.lists(st.integers(0, 5000), min_size=6, max_size=6))
@settings(max_examples=60, deadline=None)
def test_drawn_sums_are_what_arithmetic_gives(
    prices: Mapping[str, tuple[Decimal, Decimal]], numbers: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    uses = {name: Use(PRO, f"{{plan_price.pro/{name}}}", name) for name in prices}
    kinds = {kind(use): number for use, number in zip(uses.values(), numbers[1:], strict=False)}
    anywhere = kind(Use(PRO, None, None))
    found = told(tmp_path_factory.mktemp("drawn"), drawn(prices, 0), drawn(prices, 1), {**kinds, anywhere: numbers[0]})
    moves = {name: (Fraction(pair[1]) - Fraction(pair[0])) * PER_MONTH[name] for name, pair in prices.items()}
    if not any(moves.values()):
        assert found.revenue is None
        return
    certain = sum((moves[item.now.interval or ""] * number for item, number in kinds.items()), Fraction(0))
    assert found.revenue is not None
    assert found.revenue.low.amount == cents(certain + min(moves.values()) * numbers[0])
    assert found.revenue.high.amount == cents(certain + max(moves.values()) * numbers[0])


def cents(amount: Fraction) -> Decimal:
    """Half up, away from zero."""
    exact = Decimal(abs(amount).numerator) / Decimal(abs(amount).denominator)
    rounded = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return rounded if amount >= 0 else -rounded


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with Shop(tmp_path) as shop:
        yield shop


def test_market_prices_and_variants_are_read_with_the_plans(shop: Shop) -> None:
    shop.make(RAISED[0])
    ids = shop.plan(RAISED[0]).live.ids
    plan, base, india = (ids[found] for found in (Address("plan", "pro"), MONTHLY, Address("market", "India")))
    market = [{"marketGroupId": india, "currency": "inr", "price": 99900}]
    shop.send("PATCH", f"/plans/{plan}/prices/{base}", {"marketPrices": market})
    variant = {"billingInterval": "monthly", "inheritsFromPriceId": base, "metadata": {"name": "cheap"}}
    shop.send("POST", f"/plans/{plan}/prices", {**variant, "marketPrices": [{**market[0], "price": 79900}]})
    live = shop.plan(RAISED[0]).live
    amounts = {str(address): resource.fields.get("price") for address, resource in live.resources.items()}
    assert amounts["market_price.pro/monthly/india"] == Money(Decimal("999.00"), "inr")
    assert amounts["variant_price.pro/monthly/cheap/india"] == Money(Decimal("799.00"), "inr")
    assert Address("price_variant", "pro/monthly/cheap") in live.ids
    assert live.unread == frozenset()

"""Moves between two accounts: forms that no file and no API can be brought to have, beside those that a guard sees."""

from dataclasses import replace
from decimal import Decimal

import pytest

from commetctl.core.amount_move import AmountMove, leading
from commetctl.core.money import Derived, Money, UnitPrice
from commetctl.core.resource import UNKNOWN, Address, Resource, ResourceSet, Value
from commetctl.kinds import moves

PLAN, PRICE, FEATURE = (
    Address("plan", "pro"),
    Address("plan_price", "pro/monthly"),
    Address("plan_feature", "pro/calls"),
)
RATE, EURO = Address("exchange_rate", "pro/eur"), Address("regional_price", "pro/monthly/eur")
UNIT = Address("regional_unit_price", "pro/calls/eur")
PACK = Address("credit_pack", "Small")


def account(**fields: dict[str, Value]) -> ResourceSet:
    """A plan with one of each, and a pack; fields by what they are of, and None for what is not there."""
    plan: dict[str, Value] = {"name": "Pro", "is_free": False}
    price: dict[str, Value] = {"price": usd("49"), "included_balance": None, "included_credits": None}
    euro: dict[str, Value] = {"price": about("45.08"), "included_balance": None}
    feature: dict[str, Value] = {"unlimited": False, "included_amount": 5, "overage": None, "credits_per_unit": None}
    pack: dict[str, Value] = {"price": usd("10"), "credits": 100, "is_active": True}
    return ResourceSet(
        [
            Resource(PLAN, plan | fields.get("plan", {})),
            Resource(RATE, {"rate": Decimal("0.92")} | fields.get("rate", {}), (PLAN,), PLAN),
            Resource(PRICE, price | fields.get("price", {}), (PLAN,), PLAN),
            Resource(EURO, euro | fields.get("euro", {}), (PRICE,), PRICE),
            Resource(FEATURE, feature | fields.get("feature", {}), (PLAN,), PLAN),
            Resource(PACK, pack | fields.get("pack", {})),
        ]
    )


def usd(amount: str) -> Money:
    return Money(Decimal(amount))


def about(amount: str) -> Derived:
    return Derived(Money(Decimal(amount), "eur"))


def without(resources: ResourceSet, *gone: Address) -> ResourceSet:
    return ResourceSet(resource for address, resource in resources.items() if address not in gone)


def only(before: ResourceSet, after: ResourceSet) -> AmountMove:
    (move,) = moves(before, after)
    return move


def test_nothing_moves_where_both_are_the_same() -> None:
    assert moves(account(), account()) == ()
    # What was derived is written out, and is as much.
    assert moves(account(), account(euro={"price": Money(Decimal("45.080"), "eur")})) == ()


def test_what_commet_derives_follows_although_nobody_says_so() -> None:
    found = moves(account(), account(price={"price": usd("98")}))
    assert [(move.address, str(move.becomes)) for move in found] == [
        (PRICE, "98.00 USD"),
        (EURO, "about 90.16 EUR (derived)"),
    ]
    assert [move.address for move in leading(found)] == [PRICE]
    both = moves(account(), account(price={"price": usd("98")}, rate={"rate": Decimal("0.46")}))
    assert [move.address for move in both] == [RATE, PRICE]


@pytest.mark.parametrize(
    ("before", "after", "text", "beyond"),
    [
        ({"overage": None}, {"overage": UnitPrice(Decimal("0.01"))}, "from none", True),
        ({"overage": None}, {"overage": UnitPrice(Decimal(0))}, "from none", False),
        ({"overage": UnitPrice(Decimal(0))}, {"overage": UnitPrice(Decimal("0.01"))}, "from zero", True),
        ({"overage": UnitPrice(Decimal("0.01"))}, {"overage": None}, "to none", False),
        ({"unlimited": True, "included_amount": 0}, {}, "from unlimited", True),
        ({}, {"unlimited": True, "included_amount": 0}, "to unlimited", False),
        ({"included_amount": 0}, {}, "from zero", False),
        ({}, {"included_amount": 0}, "-100%", True),
        ({}, {"included_amount": UNKNOWN}, "not known after", True),
        ({"overage": UNKNOWN}, {}, "not known before", True),
        ({"credits_per_unit": None}, {"credits_per_unit": 3}, "from none", True),
        ({"credits_per_unit": UNKNOWN}, {"credits_per_unit": 3}, "not known before", False),
        ({"margin_percent": Decimal(20)}, {"margin_percent": Decimal(40)}, "+100%", True),
    ],
)
def test_what_has_no_number_on_one_side(
    before: dict[str, Value], after: dict[str, Value], text: str, beyond: bool
) -> None:
    move = only(account(feature=before), account(feature=after))
    assert (move.percent_text, move.is_beyond(Decimal(50))) == (text, beyond)


def test_what_was_free_costs() -> None:
    free = without(account(plan={"is_free": True}), PRICE, EURO)
    move = only(free, without(account(), EURO))
    assert (move.address, str(move.was), move.percent_text) == (PRICE, "free", "from free")
    assert move.is_beyond(Decimal(500))
    # A price more on a plan that costs already is nobody's yet.
    assert moves(without(account(), PRICE, EURO), account()) == ()


def test_a_currency_that_goes_is_the_us_dollar_price() -> None:
    gone = without(account(), EURO)
    compared = only(account(euro={"price": Money(Decimal(90), "eur")}), gone)
    # There is a rate to compare by.
    assert (str(compared.becomes), compared.percent_text) == ("49.00 USD", "-49.9%")
    blind = only(without(account(euro={"price": Money(Decimal(90), "eur")}), RATE), without(gone, RATE))
    assert (blind.percent_text, blind.is_beyond(Decimal(1000))) == ("in another currency", True)
    # With the price, nobody is charged anew.
    assert moves(account(), without(account(), EURO, PRICE)) == ()


def test_a_unit_price_in_a_currency_appears_where_there_was_none() -> None:
    paid = account(feature={"overage": UnitPrice(Decimal(0))})
    unit = Resource(UNIT, {"unit_price": UnitPrice(Decimal(5), "eur")}, (FEATURE,), FEATURE)
    found = {move.address: move for move in moves(account(), ResourceSet([*paid.values(), unit]))}
    assert not found[FEATURE].is_beyond(Decimal(50))
    assert (found[UNIT].percent_text, found[UNIT].is_beyond(Decimal(50))) == ("from none", True)


def test_a_pack_that_is_not_on_sale_costs_nobody_anything() -> None:
    lost: dict[str, Value] = {"price": UNKNOWN, "credits": UNKNOWN}
    assert moves(account(pack={**lost, "is_active": False}), account()) == ()
    assert {move.path for move in moves(account(pack=lost), account())} == {"price", "credits"}
    assert all(move.is_beyond(Decimal(50)) for move in moves(account(pack=lost), account()))


def test_the_price_of_a_credit_is_exact() -> None:
    """Thirds: no decimal is, and 50% of it is the limit to the last digit."""
    move = only(account(pack={"credits": 3}), account(pack={"credits": 2}))
    assert (move.percent_text, move.is_beyond(Decimal(50))) == ("+50%", False)
    assert move.is_beyond(Decimal("49.99"))
    assert move.meaning == "a credit costs 5 instead of 3.33333 USD"
    assert replace(move, meaning="").share == Decimal("0.5")

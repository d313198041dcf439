"""What a journal keeps of the amounts that a step clears and writes back, and what it is believed."""

import json
from decimal import Decimal
from typing import Any

import pytest

from commetctl.apply.earlier_runs import document, restored
from commetctl.core.money import Derived, Money, UnitPrice
from commetctl.core.resource import UNKNOWN, Address, Resource, Value

PRICE = Address("plan_price", "pro/monthly")
EUR = Address("regional_price", "pro/monthly/eur")


def resource(**fields: Value) -> Resource:
    return Resource(EUR, fields, (PRICE, Address("exchange_rate", "pro/eur")), PRICE)


@pytest.mark.parametrize(
    "value",
    [
        Money(Decimal("45.10"), "eur"),
        UnitPrice(Decimal("0.0021"), "eur"),
        Derived(Money(Decimal("45.08"), "eur")),
        Derived(UnitPrice(Decimal("0.0021"), "eur")),
        None,
        True,
    ],
)
def test_an_amount_comes_back_as_it_was(value: Value) -> None:
    kept = json.loads(json.dumps(document([resource(price=value, protect=False)])))
    assert restored(kept) == {EUR: resource(price=value, protect=False)}
    assert type(restored(kept)[EUR].fields["price"]) is type(value)


def test_what_is_not_known_is_not_kept() -> None:
    assert document([resource(price=UNKNOWN)]) == {}


@pytest.mark.parametrize(
    "value",
    [
        {"amount": 45, "currency": "eur"},
        {"amount": "45.00", "currency": "xyz"},
        {"amount": "NaN", "currency": "eur"},
        {"amount": "-1", "currency": "eur"},
        {"amount": "4_5", "currency": "eur"},
        {"derived": {"value": None}},
        {"value": "text"},
        {},
    ],
)
def test_nothing_else_is_believed(value: Any) -> None:
    content = {str(EUR): {"fields": {"price": value}, "refs": [], "parent": ""}}
    with pytest.raises((KeyError, TypeError, ValueError)):
        restored(content)

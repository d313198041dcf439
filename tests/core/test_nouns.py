"""Addresses, calls and digests: the small nouns that everything else is made of."""

from decimal import Decimal

import pytest

from commetctl.core.call import ApiCall, Ref, digest, fill, refs
from commetctl.core.contract import CONTRACTS, V2026_07_11, V2026_08_27
from commetctl.core.money import EXPONENTS, Money, Scale
from commetctl.core.resource import Address, Resource, ResourceSet, Value
from commetctl.core.snapshot import snapshot
from commetctl.kinds.plans import wire


@pytest.mark.parametrize("text", ["plan.pro", "plan_price.pro/monthly", "credit_pack.Dr. No. 1"])
def test_an_address_reads_as_it_is_written(text: str) -> None:
    assert str(Address.parse(text)) == text


@pytest.mark.parametrize("text", ["", "plan", "plan.", ".pro"])
def test_what_is_no_address_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"one looks like `plan\.pro`"):
        Address.parse(text)


def test_references_are_found_and_filled_wherever_they_are() -> None:
    plan, price, pack = (Ref(Address("plan", key)) for key in "abc")
    call = ApiCall("POST", ("plans", plan), {"one": price, "many": [{"deep": pack}, 1, True, None, "text"]})
    assert refs(call) == [plan, price, pack]
    assert fill(call.body, lambda ref: ref.address.key) == {"one": "b", "many": [{"deep": "c"}, 1, True, None, "text"]}


def one(**fields: Value) -> ResourceSet:
    return ResourceSet([Resource(Address("plan", "pro"), fields)])


def test_a_digest_does_not_depend_on_order() -> None:
    resources = [Resource(Address("plan", key), {"name": key, "is_free": False}) for key in "abc"]
    turned = [Resource(r.address, dict(reversed(list(r.fields.items())))) for r in reversed(resources)]
    assert digest(snapshot(ResourceSet(resources))) == digest(snapshot(ResourceSet(turned)))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("1", 1),
        (1, True),
        (None, "None"),
        (Money(Decimal(49)), "49.00 USD"),
        (Money(Decimal(49), "usd"), Money(Decimal(49), "eur")),
        (Money(Decimal(49)), Money(Decimal("49.01"))),
        ({"a": 1}, {"a": "1"}),
    ],
    ids=str,
)
def test_a_digest_tells_values_apart(before: Value, after: Value) -> None:
    assert digest(snapshot(one(value=before))) != digest(snapshot(one(value=after)))


def test_a_digest_is_of_the_amount_and_not_of_how_it_is_written() -> None:
    assert digest(snapshot(one(price=Money(Decimal("49"))))) == digest(snapshot(one(price=Money(Decimal("49.00")))))


def test_the_contracts_differ_in_what_the_versions_differ_in() -> None:
    assert set(CONTRACTS) == {"2026-08-27", "2026-07-11"}
    assert (V2026_08_27.price_scale, V2026_07_11.price_scale) == (Scale.MINOR, Scale.RATE)
    assert V2026_08_27.currencies - V2026_07_11.currencies == {"gbp"}
    assert set(V2026_08_27.intervals) - set(V2026_07_11.intervals) == {"semiannual"}
    assert V2026_08_27.currencies == EXPONENTS.keys()


@pytest.mark.parametrize("version", sorted(CONTRACTS))
def test_an_operation_fills_its_path(version: str) -> None:
    call = CONTRACTS[version].call(
        wire.UPDATE_PRICE, {"price": 1}, plan="pln_1", price=Ref(Address("plan_price", "p/m"))
    )
    assert call.method == {"2026-08-27": "PATCH", "2026-07-11": "PUT"}[version]
    assert call.path == ("plans", "pln_1", "prices", Ref(Address("plan_price", "p/m")))

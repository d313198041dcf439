"""Money: exact amounts, and the only bridge between them and the integers of the API."""

from decimal import ROUND_HALF_UP, Decimal, localcontext
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from commetctl.core.money import EXPONENTS, LARGEST_WIRE_INTEGER, Derived, Money, Scale, UnitPrice, percent_text, places

WITHOUT_MINOR_UNIT = {"clp", "jpy", "krw", "pyg"}
CURRENCIES = sorted(EXPONENTS)
INTEGERS = st.integers(0, LARGEST_WIRE_INTEGER)


@pytest.mark.parametrize("currency", CURRENCIES)
def test_a_currency_has_the_digits_of_iso_4217(currency: str) -> None:
    assert EXPONENTS[currency] == (0 if currency in WITHOUT_MINOR_UNIT else 2)


@pytest.mark.parametrize(
    ("amount", "currency", "minor", "rate"),
    [
        ("49.00", "usd", 4900, 490000),
        ("0.01", "usd", 1, 100),
        ("0", "usd", 0, 0),
        ("49", "eur", 4900, 490000),
        ("49.000000", "usd", 4900, 490000),
        ("7200", "jpy", 7200, 72000000),
        ("7200.0", "jpy", 7200, 72000000),
        ("1", "clp", 1, 10000),
        ("90071992547409.91", "usd", LARGEST_WIRE_INTEGER, None),
        ("9007199254740991", "jpy", LARGEST_WIRE_INTEGER, None),
        ("900719925474.09", "usd", 90071992547409, 9007199254740900),
    ],
)
def test_an_amount_has_one_integer_in_each_scale(amount: str, currency: str, minor: int, rate: int | None) -> None:
    money = Money(Decimal(amount), currency)
    assert money.to_wire(Scale.MINOR) == minor
    if rate is None:
        with pytest.raises(ValueError, match="of this size cannot be sent exactly"):
            money.to_wire(Scale.RATE)
    else:
        assert money.to_wire(Scale.RATE) == rate


@pytest.mark.parametrize(("amount", "wire"), [("0.002", 20), ("0.0001", 1), ("12.00", 120000), ("0", 0)])
@pytest.mark.parametrize("currency", ["usd", "jpy", "clp"])
def test_a_unit_price_has_four_decimals_in_any_currency(amount: str, wire: int, currency: str) -> None:
    price = UnitPrice(Decimal(amount), currency)
    assert price.to_wire(Scale.RATE) == wire
    assert UnitPrice.from_wire(wire, currency, Scale.RATE) == price


TOO_LARGE = "an amount of this size cannot be sent exactly"
LONG = "1." + "0" * 33 + "1"


@pytest.mark.parametrize(
    ("money", "problem"),
    [
        (Money(Decimal("49.00")), None),
        (Money(Decimal("49.0000")), None),
        (Money(Decimal("-0.01")), "an amount cannot be negative"),
        (UnitPrice(Decimal("-1")), "a unit price cannot be negative"),
        (Money(Decimal("0.001")), "an amount in USD has at most 2 digits after the point"),
        (Money(Decimal("7200.5"), "jpy"), "an amount in JPY has no digits after the point"),
        (Money(Decimal(LONG)), "an amount in USD has at most 2 digits after the point"),
        (UnitPrice(Decimal("0.00001")), "a unit price in USD has at most 4 digits after the point"),
        (UnitPrice(Decimal(LONG), "jpy"), "a unit price in JPY has at most 4 digits after the point"),
        (Money(Decimal("90071992547409.92")), TOO_LARGE),
        (Money(Decimal("9" * 40)), TOO_LARGE),
    ],
    ids=str,
)
def test_what_cannot_be_sent_is_said_in_words(money: Money, problem: str | None) -> None:
    assert money.problem(Scale.MINOR) == problem
    if problem:
        with pytest.raises(ValueError, match=problem):
            money.to_wire(Scale.MINOR)


@pytest.mark.parametrize(
    ("amount", "rate", "currency", "converted"),
    [
        ("49.00", "5.20", "brl", "254.80"),
        ("0.05", "0.5", "eur", "0.03"),
        ("0.01", "0.5", "eur", "0.01"),
        ("0.01", "0.49", "eur", "0.00"),
        ("10.00", "150.05", "jpy", "1501"),
        ("10.00", "150.04", "jpy", "1500"),
        ("1.00", "0.005", "clp", "0"),
        ("90071992547409.91", "1.23456789012345", "eur", "111199989798470.97"),
    ],
)
def test_a_conversion_rounds_half_up(amount: str, rate: str, currency: str, converted: str) -> None:
    assert str(Money(Decimal(amount)).converted(Decimal(rate), currency).amount) == converted


def test_a_unit_price_converts_to_four_decimals() -> None:
    assert UnitPrice(Decimal("0.0001")).converted(Decimal("0.5"), "jpy") == UnitPrice(Decimal("0.0001"), "jpy")


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (Money(Decimal("49")), "49.00 USD"),
        (Money(Decimal("49.5")), "49.50 USD"),
        (Money(Decimal("7200"), "jpy"), "7200 JPY"),
        (Money(Decimal("7200.00"), "jpy"), "7200 JPY"),
        (UnitPrice(Decimal("0.002")), "0.002 USD"),
        (UnitPrice(Decimal("12")), "12.00 USD"),
        (UnitPrice(Decimal("0.0110"), "clp"), "0.011 CLP"),
        (Money(Decimal(10) ** 15), "1000000000000000.00 USD"),
        (Derived(Money(Decimal("254.8"), "brl")), "about 254.80 BRL (derived)"),
    ],
)
def test_money_reads_like_a_price_tag(money: Money | Derived, text: str) -> None:
    assert str(money) == text


@pytest.mark.parametrize(("currency", "scale"), list(product(CURRENCIES, Scale)))
@given(integer=INTEGERS)
def test_every_integer_of_the_api_comes_back(currency: str, scale: Scale, integer: int) -> None:
    if scale is Scale.RATE:
        integer -= integer % (10 ** (4 - EXPONENTS[currency]))  # what a price tag can state
    assert Money.from_wire(integer, currency, scale).to_wire(scale) == integer


@given(INTEGERS, st.sampled_from(CURRENCIES))
def test_every_unit_price_comes_back(integer: int, currency: str) -> None:
    assert UnitPrice.from_wire(integer, currency, Scale.RATE).to_wire(Scale.RATE) == integer


@given(st.integers(0, 10**14 - 1), st.integers(0, 99))
def test_no_amount_that_can_be_sent_ever_changes(whole: int, cents: int) -> None:
    money = Money(Decimal(f"{whole}.{cents:02}"))
    if money.problem(Scale.MINOR) is None:
        assert money.to_wire(Scale.MINOR) == whole * 100 + cents
        assert money.number() == f"{whole}.{cents:02}"


@given(st.decimals(min_value=0, max_value=10**30, allow_nan=False, allow_infinity=False))
def test_what_is_sent_is_the_amount_itself(amount: Decimal) -> None:
    money = Money(amount)
    if money.problem(Scale.MINOR) is None:
        assert Decimal(money.to_wire(Scale.MINOR)).scaleb(-2) == amount
    else:
        assert places(amount) > 2 or amount > Decimal(LARGEST_WIRE_INTEGER).scaleb(-2)


def test_near_is_one_smallest_step_of_the_same_currency() -> None:
    money = Money(Decimal("10.00"), "eur")
    assert money.is_near(Money(Decimal("10.01"), "eur"))
    assert not money.is_near(Money(Decimal("10.02"), "eur"))
    assert not money.is_near(Money(Decimal("10.00"), "usd"))
    assert Money(Decimal(100), "jpy").is_near(Money(Decimal(101), "jpy"))


@given(st.decimals(Decimal("0.01"), 10**6, places=2), st.decimals(Decimal("0.01"), 10**6, places=2))
@settings(max_examples=300)
@example(Decimal(49), Decimal(59))
@example(Decimal(42), Decimal(46))
@example(Decimal(499), Decimal(490))
@example(Decimal("80"), Decimal("85"))
def test_a_percentage_is_what_a_calculator_says(before: Decimal, after: Decimal) -> None:
    """Half up to one digit, except where that would read as no change at all, or as nothing left."""
    with localcontext(prec=60):
        exact = (after - before) / before * 100
        rounded = exact.quantize(Decimal("0.1"), ROUND_HALF_UP)
    said = percent_text(before, after)
    if rounded not in (0, -100) or exact in (0, -100):
        assert said == (f"{rounded:+f}".removesuffix(".0") + "%" if rounded else "0%")
    else:
        assert Decimal(said.rstrip("%")) not in (0, -100)

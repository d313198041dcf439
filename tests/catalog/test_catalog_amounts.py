"""Amounts are taken from the text of the file, digit by digit: what is no plain decimal is refused, never rounded."""

from decimal import Decimal
from pathlib import Path

import pytest
from catalogs import load_text, problems

from commetctl.core.money import Money
from commetctl.core.resource import Address, Value

NOT_PLAIN = "must be a plain number such as 49.00: digits and at most one point"


def catalog(price: str) -> str:
    return f"version: 1\nplans: {{pro: {{name: Pro, prices: {{monthly: {{price: {price}}}}}}}}}\n"


def field(folder: Path, text: str, address: str, name: str) -> Value:
    return load_text(folder, text).desired[Address.parse(address)].fields[name]


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("49.00", "49"),
        ("49", "49"),
        ('"49.00"', "49"),
        ("'49'", "49"),
        ("0", "0"),
        ("0.0", "0"),
        ("-0", "0"),
        ("-0.00", "0"),
        ("0.10", "0.1"),
        ("0.1000000000000000000000000000", "0.1"),
        ("49.990000000000000000000000", "49.99"),
        ("!!str 49.99", "49.99"),
        ("90071992547409.91", "90071992547409.91"),
    ],
)
def test_a_plain_number_is_taken_exactly(tmp_path: Path, written: str, amount: str) -> None:
    price = field(tmp_path, catalog(written), "plan_price.pro/monthly", "price")
    assert price == Money(Decimal(amount))
    assert "-" not in str(price), "there is no negative nothing"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("0.1000000000000000055511151231257827", "an amount in USD has at most 2 digits after the point"),
        ("49.0000000000000000000000000000001", "an amount in USD has at most 2 digits after the point"),
        ("0.005", "an amount in USD has at most 2 digits after the point"),
        ("90071992547409.92", "an amount of this size cannot be sent exactly"),
        ("99999999999999999999", "an amount of this size cannot be sent exactly"),
        ("9" * 41, NOT_PLAIN),
        ("-1", "cannot be negative"),
        ('"-1"', "cannot be negative"),
        *(
            (odd, NOT_PLAIN)
            for odd in (
                "1e3", "4.9e1", "0x10", "0o17", "007", ".5", "5.", "+5", ".inf", "-.inf", ".nan", "nan", "inf",
                '" 49"', '"49 "', '"49\\n"', '""',
                "true", "[49]", "{a: 49}", "2026-08-27", "1:30", "one",
            )
        ),
    ],
)  # fmt: skip
def test_anything_else_is_refused(tmp_path: Path, written: str, said: str) -> None:
    text = catalog(written)
    assert problems(tmp_path, text) == [
        f"2:52: plan_price.pro/monthly: `price`{':' if said.startswith('an ') else ''} {said}"
    ]


@pytest.mark.parametrize(
    ("written", "named", "meant"),
    [
        ("٤٩", "U+0664 (arabic-indic digit four)", "49"),
        ("４９．５０", "U+FF14 (fullwidth digit four)", "49.50"),
        ('"4９"', "U+FF19 (fullwidth digit nine)", "49"),
    ],
)
def test_other_digits_are_named(tmp_path: Path, written: str, named: str, meant: str) -> None:
    hint = f"  hint: {named} is not one of the digits 0 to 9; write `{meant}`"
    assert problems(tmp_path, catalog(written)) == [f"2:52: plan_price.pro/monthly: `price` {NOT_PLAIN}", hint]
    found = problems(tmp_path, catalog(f"5, trial_days: {written}"))
    assert found == ["2:67: plan_price.pro/monthly: `trial_days` must be a whole number", hint]


@pytest.mark.parametrize(("written", "sign"), [("$49", "$"), ("49 USD", "USD"), ("49€", "€")])
def test_a_currency_beside_a_number_is_named(tmp_path: Path, written: str, sign: str) -> None:
    assert problems(tmp_path, catalog(written)) == [
        f"2:52: plan_price.pro/monthly: `price` has `{sign}`, and a number here has at most a point",
        "  hint: write `49`",
    ]


@pytest.mark.parametrize(
    ("written", "rate"), [("5.20", "5.2"), ('"0.92"', "0.92"), ("1500", "1500"), ("0.00000001", "0.00000001")]
)
def test_a_rate_is_taken_exactly(tmp_path: Path, written: str, rate: str) -> None:
    text = catalog("1").replace("}}}}", f"}}}}, exchange_rates: {{eur: {written}}}}}}}")
    assert field(tmp_path, text, "exchange_rate.pro/eur", "rate") == Decimal(rate)


@pytest.mark.parametrize("written", ["1e3", ".inf", ".nan", "abc", "true", "[1]"])
def test_a_rate_is_as_plain_as_an_amount(tmp_path: Path, written: str) -> None:
    text = catalog("1").replace("}}}}", f"}}}}, exchange_rates: {{eur: {written}}}}}}}")
    assert [line.partition("exchange_rate.pro/eur: ")[2] for line in problems(tmp_path, text)] == [NOT_PLAIN]


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("prices: {monthly: {price: 9, regional_prices: {eur: 8}}}",
         "prices: {monthly: {price: 9, regional_prices: {eur: {price: 8}}}}"),
        ("features: {sso: true}", "features: {sso: {enabled: true}}"),
        ("features: {sso: false}", "features: {sso: {enabled: false}}"),
        ("features: {seats: unlimited}", "features: {seats: {unlimited: true}}"),
        ("prices: {monthly: {price: 9}}", "prices: {monthly: {price: 9, is_default: true}}"),
        ("description: null", "visibility: private"),
        ("prices: {monthly: null, yearly: {price: 9, trial_days: ~, regional_prices: {eur: null}}}",
         "prices: {yearly: {price: 9}}"),
        ("features: {sso: null, seats: {overage: null}}", "features: {seats: {}}"),
        ("metadata: {gone: null, kept: 1}", "metadata: {kept: 1}"),
        ("exchange_rates: {eur: null}\n    lifecycle: null", "lifecycle: {protect: false}"),
    ],
)  # fmt: skip
def test_a_short_form_and_a_null_mean_what_the_long_form_says(tmp_path: Path, short: str, long: str) -> None:
    head = "version: 1\nfeatures: {sso: {name: SSO, type: boolean}, seats: {name: Seats, type: seats}}\n"
    head += "plans:\n  pro:\n    name: Pro\n    "
    first, second = (load_text(tmp_path, head + text + "\n").desired for text in (short, long))
    assert dict(first) == dict(second)

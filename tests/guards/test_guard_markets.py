"""The guards see the market prices of prices and of variants, in their own currency."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from judging import Judged, judged, lifted_by_its_own_name_alone

from harness import Shop

YAML = """
version: 1
policy: {max_updates: off, max_deletes: off}
markets:
  br: {name: Brazil, countries: [BR]}
  cl: {name: Chile, countries: [CL]}
  jp: {name: Japan, countries: [JP]}
plans:
  pro:
    name: Pro
    exchange_rates: {brl: 5}
    prices:
      monthly:
        price: 40.00
        regional_prices: {clp: 40000}
        market_prices:
          br: {currency: brl, price: 100.00}
          jp: {currency: jpy, price: 5000}
        variants:
          b:
            market_prices:
              br: {currency: brl, price: 90.00}
"""
JP = "          jp: {currency: jpy, price: 5000}\n"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with Shop(tmp_path) as made:
        yield made


def after(shop: Shop, *edits: tuple[str, str]) -> Judged:
    shop.found(YAML)
    text = YAML
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return judged(shop, text)


@pytest.mark.parametrize(
    ("old", "new", "address", "said"),
    [
        ("price: 100.00", "price: 10000.00", "market_price.pro/monthly/br", "×100: 100.00 → 10000.00 BRL"),
        ("price: 5000", "price: 50", "market_price.pro/monthly/jp", "÷100: 5000 → 50 JPY"),
        ("price: 90.00", "price: 9000.00", "variant_price.pro/monthly/b/br", "×100: 90.00 → 9000.00 BRL"),
    ],
)
def test_a_market_price_that_moves_by_exactly_a_hundred_is_suspected(
    shop: Shop, old: str, new: str, address: str, said: str
) -> None:
    found = after(shop, (old, new))
    refused = found.only("scale")
    assert str(refused.address) == address
    assert said in refused.message
    assert lifted_by_its_own_name_alone(found, "scale")


@pytest.mark.parametrize(
    ("edit", "address", "percent"),
    [
        (("price: 100.00", "price: 151.00"), "market_price.pro/monthly/br", "+51%"),
        (("price: 90.00", "price: 44.00"), "variant_price.pro/monthly/b/br", "-51.1%"),
        (("currency: jpy, price: 5000", "currency: usd, price: 35"), "market_price.pro/monthly/jp", "another currency"),
    ],
)
def test_a_market_price_that_moves_far_is_refused(
    shop: Shop, edit: tuple[str, str], address: str, percent: str
) -> None:
    found = after(shop, edit)
    refused = found.only("price_change")
    assert str(refused.address) == address
    assert percent in refused.message
    assert lifted_by_its_own_name_alone(found, "price_change")


@pytest.mark.parametrize(
    "edit",
    [
        ("price: 100.00", "price: 149.00"),
        # A new one may be any: nobody has paid in that market yet.
        (JP, JP + "          cl: {currency: clp, price: 9000}\n"),
        # What goes, and cannot be compared, is left to the guard that asks who uses it.
        (JP, ""),
        # What a customer in Brazil pays on the variant then: 100.00 instead of 90.00.
        ("br: {currency: brl, price: 90.00}", "jp: {currency: jpy, price: 4000}"),
    ],
)
def test_what_moves_little_or_is_new_is_not_refused(shop: Shop, edit: tuple[str, str]) -> None:
    assert after(shop, edit).codes == []


@pytest.mark.parametrize(
    ("added", "was", "is_"),
    [
        ("cl: {currency: clp, price: 4000000}", "40000 CLP", "4000000 CLP"),
        # Beside the price of the base, at the exchange rate of the plan.
        ("cl: {currency: brl, price: 2.00}", "200.00", "2.00 BRL"),
    ],
)
def test_a_slip_in_a_new_market_price_shows_beside_the_price_that_was_paid(
    shop: Shop, added: str, was: str, is_: str
) -> None:
    refused = after(shop, (JP, f"{JP}          {added}\n")).only("scale")
    assert str(refused.address) == "market_price.pro/monthly/cl"
    assert was in refused.message
    assert is_ in refused.message

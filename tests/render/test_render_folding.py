"""What a long plan folds and what it never does; and what goes says what it cost, in every format."""

import json
import re

import pytest
from scenes import planned

from commetctl.reading import reading_of
from commetctl.render.ci import annotations, junit
from commetctl.render.json_output import plan_document
from commetctl.render.markdown import plan_markdown
from commetctl.render.page import page
from commetctl.render.text import plan_text
from commetctl.review.review import Review
from harness import Shop

#: Ten currencies, so that a change of each is a long run.
RATES = {"eur": "0.92", "brl": "5.2", "cad": "1.3", "inr": "83", "mxn": "17", "sgd": "1.3", "thb": "35", "twd": "32"}
LIST = [*RATES, "jpy", "clp"]
START = f"""
version: 1
features: {{calls: {{name: Calls, type: usage}}}}
plans:
  pro:
    name: Pro
    consumption_model: metered
    prices:
      monthly: {{price: 49.00, is_default: true}}
      yearly: {{price: 490.00, regional_prices: {{eur: 451.00, pen: 399.00}}}}
    features: {{calls: {{included_amount: 7, overage: {{unit_price: 0.0123}}}}}}
    exchange_rates: {{{", ".join(f"{code}: {rate}" for code, rate in RATES.items())}, jpy: 150, clp: 900}}
credit_packs: {{small: {{name: Small, credits: 1234, price: 56.78}}}}
"""


def formats(review: Review) -> dict[str, str]:
    """A review in every format, as `plan` writes it."""
    return {
        "text": plan_text(reading_of(review)),
        "Markdown": plan_markdown(reading_of(review)),
        "page": page(reading_of(review), compare=True),
        "annotations": "\n".join(annotations(reading_of(review))),
        "JUnit": junit("plan", reading_of(review)),
        "JSON": json.dumps(plan_document(review, review.after)),
    }


def test_an_amount_that_is_wrong_in_a_long_list_is_seen_in_every_format(shop: Shop) -> None:
    amounts = {code: f"{40 + number}.5{number}" for number, code in enumerate(RATES)} | {
        "jpy": "735111",
        "clp": "44111",
    }
    written = ", ".join(f"{code}: {amount}" for code, amount in amounts.items())
    after = START.replace("price: 49.00,", f"price: 49.00, regional_prices: {{{written}}},")
    for name, text in formats(planned(shop, START, after).review).items():
        for amount in amounts.values():
            assert re.search(rf"(?<!\d){amount}", text.replace(",", "")), (name, amount)


@pytest.mark.parametrize(
    ("gone", "amounts"),
    [
        (
            "      yearly: {price: 490.00, regional_prices: {eur: 451.00, pen: 399.00}}\n",
            ["490.00", "451.00", "399.00"],
        ),
        ("    features: {calls: {included_amount: 7, overage: {unit_price: 0.0123}}}\n", ["0.0123", "0.064"]),
        ("small: {name: Small, credits: 1234, price: 56.78}", ["1234", "56.78"]),
        (", pen: 399.00", ["399.00"]),
    ],
)
def test_what_goes_says_what_it_cost_in_every_format(shop: Shop, gone: str, amounts: list[str]) -> None:
    assert START.count(gone) == 1
    shop.make(START)
    review = shop.plan(START.replace(gone, ""), prune=True).review
    for name, text in formats(review).items():
        for amount in amounts:
            assert amount in text.replace(",", ""), (name, amount)


def test_json_has_the_fields_of_what_goes_along(shop: Shop) -> None:
    text = START.replace(", pen: 399.00", "")
    shop.make(text)
    gone = text.replace("      yearly: {price: 490.00, regional_prices: {eur: 451.00}}\n", "")
    (change,) = [c for c in shop.plan(gone).document["changes"] if c["address"] == "plan_price.pro/yearly"]
    assert [part["address"] for part in change["along_objects"]] == change["along"]
    (euro,) = [part for part in change["along_objects"] if part["address"].endswith("/eur")]
    assert {"path": "price", "before": "451.00", "after": None, "currency": "eur"} in euro["fields"]

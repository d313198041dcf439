"""The guards `scale` and `price_change` see every amount that customers pay or get, in every form."""

from dataclasses import replace

import pytest
from judging import Judged, judged, lifted_by_its_own_name_alone

from commetctl.core.change import FieldChange, Update
from commetctl.core.resource import UNKNOWN, Address, ResourceSet
from commetctl.review.review import Review
from harness import Shop

PLANS = """
version: 1
policy: {max_updates: off, max_deletes: off}
features:
  calls: {name: Calls, type: usage}
  seats: {name: Seats, type: seats}
plans:
  pro:
    name: Pro
    consumption_model: balance
    prices:
      monthly: {price: 49.00, included_balance: 20.00}
      yearly:
        price: 490.00
        is_default: true
        included_balance: 20.00
        regional_prices: {inr: {price: 9000, included_balance: 400}}
    features:
      calls: {overage: {unit_price: 0.02}}
    exchange_rates: {jpy: 150, eur: 0.92}
  team:
    name: Team
    consumption_model: credits
    prices: {monthly: {price: 99.00, included_credits: 1000, regional_prices: {brl: 500.00}}}
    features: {calls: {credits_per_unit: 1}}
  office:
    name: Office
    consumption_model: metered
    prices: {monthly: {price: 30.00}}
    features: {calls: unlimited, seats: {included_amount: 10}}
credit_packs:
  small: {name: Small, credits: 1000, price: 10.00}
  large: {name: Large, credits: 9000, price: 80.00}
"""
MONTHLY = "monthly: {price: 49.00, included_balance: 20.00}"
CALLS = "calls: {overage: {unit_price: 0.02}}"
RATES = "exchange_rates: {jpy: 150, eur: 0.92}"


def written(**regional: str) -> tuple[str, str]:
    """The edit that writes out what the monthly price of Pro is in other currencies."""
    prices = ", ".join(f"{name}: {{price: {price}, included_balance: 18}}" for name, price in regional.items())
    return MONTHLY, MONTHLY.replace("20.00}", f"20.00, regional_prices: {{{prices}}}}}")


def after(shop: Shop, *edits: tuple[str, str], start: str = PLANS) -> Judged:
    """What the guards say of edits to an account as `start` has it."""
    begin = shop.make if shop.recorder.requests else shop.found
    begin(start)
    text = start
    for old, new in edits:
        assert text.count(old) == 1, (old, text.count(old))
        text = text.replace(old, new)
    return judged(shop, text)


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        # What was derived is written out in cents.
        ([written(jpy="735000")], "regional_price.pro/monthly/jpy `price` changes by exactly ×100: about 7350 JPY"),
        ([written(eur="4508")], "regional_price.pro/monthly/eur `price` changes by exactly ×100: about 45.08 EUR"),
        ([written(jpy="73")], "7350 JPY (derived) → 73 JPY, after rounding"),
        # A rate and a base price, neither of which moves by a hundred, and what both make of it.
        (
            [(RATES, RATES.replace("150", "1500")), (MONTHLY, MONTHLY.replace("49.00", "490.00"))],
            "regional_price.pro/monthly/jpy `price` changes by exactly ×100: about 7350 → 735000 JPY (derived)",
        ),
        ([(RATES, RATES.replace("0.92", "92"))], "exchange_rate.pro/eur `rate` changes by exactly ×100: 0.92 → 92"),
        (
            [("unit_price: 0.02", "unit_price: 2")],
            "plan_feature.pro/calls `overage` changes by exactly ×100: 0.02 → 2.00",
        ),
        (
            [(CALLS, CALLS.replace("0.02", "0.02, regional_prices: {eur: 1.84}"))],
            "regional_unit_price.pro/calls/eur `unit_price` changes by exactly ×100: about 0.0184 EUR",
        ),
        (
            [("included_balance: 400", "included_balance: 40000")],
            "regional_price.pro/yearly/inr `included_balance` changes by exactly ×100: 400.00 → 40000.00 INR",
        ),
        (
            [("included_credits: 1000", "included_credits: 10")],
            "changes by exactly ÷100: 1000 → 10: the price includes 10 credits instead of 1000 credits",
        ),
        (
            [("credits_per_unit: 1", "credits_per_unit: 100")],
            "`credits_per_unit` changes by exactly ×100: 1 → 100: a unit costs 100 credits instead of 1 credit",
        ),
        (
            [("name: Small, credits: 1000", "name: Small, credits: 10")],
            "credit_pack.Small `credits` changes by exactly ×100: 1000 → 10: a credit costs 1 instead of 0.01 USD",
        ),
        # Another name at the same time, as in the file.
        (
            [
                (
                    "name: Small, credits: 1000, price: 10.00",
                    "name: Tiny, previous_name: Small, credits: 1000, price: 1000",
                )
            ],
            "credit_pack.Tiny `price` changes by exactly ×100: 10.00 → 1000.00 USD",
        ),
        # A currency that is new, with a rate to compare by: nobody pays in it yet, and the slip is the same.
        (
            [(RATES, RATES.replace("0.92", "0.92, cad: 0.8")), written(cad="3920")],
            "regional_price.pro/monthly/cad `price` changes by exactly ×100",
        ),
    ],
)
def test_a_slip_by_a_hundred_is_seen_in_every_form(shop: Shop, edits: list[tuple[str, str]], said: str) -> None:
    found = after(shop, *edits)
    refused = found.only("scale")
    assert said in f"{refused.address} {refused.message}"
    assert lifted_by_its_own_name_alone(found, "scale")


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        ([written(eur="90.00")], "about 45.08 EUR (derived) → 90.00 EUR (+99.6%; the limit is 50%)"),
        (
            [(RATES, RATES.replace("150", "300"))],
            "exchange_rate.pro/jpy `rate` changes too much: 150 → 300 (+100%; the",
        ),
        # Each for itself is allowed, and what they make together is not.
        (
            [(RATES, RATES.replace("0.92", "1.3")), (MONTHLY, MONTHLY.replace("49.00", "69.00"))],
            "regional_price.pro/monthly/eur `price` changes too much: about 45.08 → 89.70 EUR (derived) (+99%;",
        ),
        (
            [("balance: 400", "balance: 100")],
            "`included_balance` changes too much: 400.00 → 100.00 INR (-75%; the limit",
        ),
        ([("included_credits: 1000", "included_credits: 400")], "1000 → 400 (-60%: the price includes 400 credits"),
        ([("included_credits: 1000, ", "")], "1000 → none (to none: the price includes no credits instead of 1000"),
        ([("credits_per_unit: 1", "credits_per_unit: 2")], "1 → 2 (+100%: a unit costs 2 credits instead of 1 credit"),
        (
            [("included_amount: 10", "included_amount: 4")],
            "`included_amount` changes too much: 10 → 4 (-60%; the limit",
        ),
        # The price of a pack is that of its credits.
        ([("Large, credits: 9000", "Large, credits: 4500")], "9000 → 4500 (+100%: a credit costs 0.0177778 instead"),
        # What was without limit, or free, costs.
        (
            [("calls: unlimited", "calls: {included_amount: 5, overage: {unit_price: 0.01}}")],
            "plan_feature.office/calls `included_amount` unlimited → 5 (from unlimited), "
            "plan_feature.office/calls `overage` unlimited → 0.01 USD (from unlimited)",
        ),
        (
            [("seats: {included_amount: 10}", "seats: {included_amount: 10, overage: {unit_price: 3.00}}")],
            "plan_feature.office/seats `overage` changes too much: none → 3.00 USD (from none; the limit is 50%)",
        ),
    ],
)
def test_what_goes_too_far_is_seen_in_every_form(shop: Shop, edits: list[tuple[str, str]], said: str) -> None:
    found = after(shop, *edits)
    refused = found.only("price_change")
    assert said in f"{refused.address} {refused.message}"
    assert lifted_by_its_own_name_alone(found, "price_change")


@pytest.mark.parametrize(
    "edits",
    [
        # Written out as it was.
        [written(eur="45.08")],
        # More for the same price.
        [("included_credits: 1000", "included_credits: 3000")],
        [("included_amount: 10", "included_amount: 400")],
        [("seats: {included_amount: 10}", "seats: unlimited")],
        # A credit costs half as much, which is the limit.
        [("Large, credits: 9000", "Large, credits: 18000")],
        # Currencies that are new, one of them with a rate.
        [(RATES, RATES.replace("0.92", "0.92, cad: 0.8"))],
        [(RATES, RATES.replace("0.92", "0.92, cad: 0.8")), written(cad="10.00")],
        [("brl: 500.00", "brl: 500.00, ars: 90000.00")],
        # What nobody has yet.
        [("  large:", "  huge: {name: Huge, credits: 1, price: 900.00}\n  large:")],
        [
            (
                "prices: {monthly: {price: 30.00}}",
                "prices: {monthly: {price: 30.00, is_default: true}, weekly: {price: 900}}",
            )
        ],
    ],
)
def test_what_moves_no_amount_too_far_passes(shop: Shop, edits: list[tuple[str, str]]) -> None:
    assert after(shop, *edits).codes == []


def test_a_derived_amount_that_only_follows_is_not_named_beside_what_moved_it(shop: Shop) -> None:
    found = after(shop, (MONTHLY, MONTHLY.replace("49.00", "98.01")))
    assert found.only("price_change").address == "plan_price.pro/monthly"
    assert {str(move.address) for move in found.subject.review.moves} == {
        "plan_price.pro/monthly", "regional_price.pro/monthly/eur", "regional_price.pro/monthly/jpy",
    }  # fmt: skip


def test_a_currency_that_goes_is_judged_by_its_customers(shop: Shop) -> None:
    """Without an exchange rate, the price that its customers pay then cannot be compared with the old one."""
    edit = (", regional_prices: {brl: 500.00}", "")
    assert after(shop, edit).codes == []
    shop.send("POST", "/subscriptions", {"customerId": "cus_1", "planCode": "team", "billingInterval": "monthly"})
    found = after(shop, edit)
    assert found.codes == ["in_use"]
    assert found.allowing(deletes=("regional_price.team/monthly/brl",)).codes == []
    assert found.allowing(deletes=("regional_price.pro/yearly/inr",)).codes == ["in_use"]


def test_what_commet_derives_is_seen_where_the_file_has_no_rate_for_it(shop: Shop) -> None:
    """The rate stays, because nothing can remove it, and with a target nothing says that it is blocked."""
    shop.found(PLANS)
    text = PLANS.replace(f"    {RATES}\n", "").replace("49.00", "59.00")
    targeted = judged(shop, text, targets=("plan_price.pro/monthly",))
    assert targeted.subject.changeset.blocked == ()
    moves = {str(move.address): (str(move.was), str(move.becomes)) for move in targeted.subject.review.moves}
    assert moves == {
        "plan_price.pro/monthly": ("49.00 USD", "59.00 USD"),
        "regional_price.pro/monthly/eur": ("about 45.08 EUR (derived)", "about 54.28 EUR (derived)"),
        "regional_price.pro/monthly/jpy": ("about 7350 JPY (derived)", "about 8850 JPY (derived)"),
    }


@pytest.mark.parametrize(
    ("address", "field", "codes"),
    [
        ("plan_price.pro/monthly", "price", ["price_change"]),
        ("plan_price.pro/monthly", "included_balance", ["price_change"]),
        ("credit_pack.Small", "credits", ["price_change"]),
        # The API never gives it back: it is found out, and no change that anybody made.
        ("plan_feature.team/calls", "credits_per_unit", []),
    ],
)
def test_what_was_not_known_is_no_permission(shop: Shop, address: str, field: str, codes: list[str]) -> None:
    shop.found(PLANS)
    subject = judged(shop, PLANS).subject
    known = subject.live.resources[Address.parse(address)]
    lost = replace(known, fields={**known.fields, field: UNKNOWN})
    resources = ResourceSet(lost if each.address == lost.address else each for each in subject.live.resources.values())
    found = replace(lost, fields=known.fields)
    change = Update(lost, found, (FieldChange(field, UNKNOWN, found.fields[field]),))
    review = Review(replace(subject.changeset, changes=(change,)), resources)
    assert Judged(replace(subject, review=review, live=replace(subject.live, resources=resources))).codes == codes

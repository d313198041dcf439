"""Regional prices and exchange rates together, under the answers that no source settles."""

from pathlib import Path
from typing import Any

import pytest

from commetctl.core.resource import Address
from harness import Shop, not_held

YAML = """
version: 1
features:
  calls: {name: Calls, type: usage}
plans:
  pro:
    name: Pro
    consumption_model: metered
    exchange_rates: {brl: 5.2}
    prices:
      monthly: {price: 49, regional_prices: {brl: 249, eur: 45}}
    features:
      calls: {overage: {unit_price: 0.002, regional_prices: {brl: 0.011}}}
"""
DERIVED = YAML.replace("brl: 249, ", "").replace(", regional_prices: {brl: 0.011}", "")


def test_an_explicit_value_becomes_derived(shop: Shop) -> None:
    shop.make(YAML)
    assert shop.plan(DERIVED).actions == [
        "~ regional_price.pro/monthly/brl",
        "~ regional_unit_price.pro/calls/brl",
    ]
    shop.make(DERIVED)
    assert shop.plan(DERIVED).actions == []


def test_an_explicit_value_that_commet_keeps_is_a_failure_that_names_it(version: str, tmp_path: Path) -> None:
    """`regional_omitted=kept`: the API confirms the call, and only reading back shows that nothing became derived."""
    with Shop(tmp_path, version, {"regional_omitted": "kept"}) as shop:
        shop.make(YAML)
        planned = shop.plan(DERIVED)
        outcomes = shop.carry_out(planned)
        assert not_held(outcomes, planned, shop.plan(DERIVED).live) == {
            "regional_price.pro/monthly/brl": "`price` is 249.00 BRL instead of about 254.80 BRL (derived)",
            "regional_unit_price.pro/calls/brl": "`unit_price` is 0.011 BRL a unit instead of about 0.0104 BRL a unit "
            "(derived)",
        }


def test_a_stale_derived_value_is_seen_and_put_right(version: str, tmp_path: Path) -> None:
    """`auto_sync=off`: the dashboard moved the base price, and the derived one did not follow."""
    with Shop(tmp_path, version, {"auto_sync": "off"}) as shop:
        shop.make(DERIVED)
        plan = shop.send("GET", "/plans/pro")
        shop.send("PATCH", f"/plans/{plan['id']}/prices/{plan['prices'][0]['id']}", {"price": 5900})
        raised = DERIVED.replace("price: 49", "price: 59")
        assert shop.plan(raised).actions == ["~ regional_price.pro/monthly/brl"]
        shop.make(raised)
        assert shop.plan(raised).actions == []


def test_a_derived_value_that_is_rounded_another_way_is_no_difference(shop: Shop) -> None:
    """How Commet rounds is not documented: 255.5595 may be 255.55 or 255.56, and 254.80 is nothing but itself."""
    moved = ["~ regional_price.pro/monthly/brl"]
    for rate, amounts in (("5.2155", {25554: moved, 25555: [], 25556: [], 25557: moved}), ("5.2", {25479: moved})):
        derived = DERIVED.replace("brl: 5.2", f"brl: {rate}")
        shop.make(derived)
        for amount, actions in amounts.items():
            shop.app._store._connection.execute(  # the emulator rounds one way only, so its answer is written by hand
                "UPDATE regional_price SET price = ? WHERE currency = 'brl'", (amount * 100,)
            )
            assert shop.plan(derived).actions == actions


def test_a_unit_price_of_half_of_what_it_should_be_is_a_difference(shop: Shop) -> None:
    """One smallest step is little of a price and may be half of the price of a unit."""
    derived = DERIVED.replace("brl: 5.2", "brl: 1").replace("unit_price: 0.002", "unit_price: 0.0002")
    assert derived != DERIVED
    shop.make(derived)
    shop.app._store._connection.execute("UPDATE regional_overage SET unit_price = 1 WHERE currency = 'brl'")
    assert shop.plan(derived).actions == ["~ regional_unit_price.pro/calls/brl"]


def test_overrides_of_a_price_survive_a_put_that_replaces_them_all(version: str, tmp_path: Path) -> None:
    """`regional_put=replace`: what has an exchange rate is sent again after a price's own overrides."""
    with Shop(tmp_path, version, {"regional_put": "replace"}) as shop:
        shop.make(YAML)
        more = YAML.replace("eur: 45", "eur: 46")
        shop.remember_ids(YAML)
        calls = shop.calls(more)
        assert [call.split(" {")[0].split("/")[-1] for call in calls] == ["regional", "regional"]
        assert shop.plan(more).actions == []


def test_a_failing_put_after_the_clearing_is_reported_for_what_was_cleared(shop: Shop) -> None:
    shop.make(YAML)
    less = YAML.replace(", eur: 45", "")
    assert shop.cut(less, 1, last_arrives=False) > 0
    shop.make(less)
    assert shop.plan(less).actions == []


RATED = """
version: 1
plans:
  pro:
    name: Pro
    exchange_rates: {brl: 5.2}
    prices:
      monthly: {price: 49, is_default: true}
      yearly: {price: 490}
"""


def target(address: str) -> dict[str, Any]:
    return {"targets": (Address.parse(address),)}


@pytest.mark.parametrize("auto_sync", ["on", "off"])
def test_a_target_brings_the_amounts_that_are_derived_from_it(version: str, tmp_path: Path, auto_sync: str) -> None:
    """Whether they would follow by themselves is not documented, so the call for their currency settles it."""
    with Shop(tmp_path, version, {"auto_sync": auto_sync}) as shop:
        shop.make(RATED)
        raised = RATED.replace("price: 49,", "price: 59,")
        planned = shop.plan(raised, **target("plan_price.pro/monthly"))
        assert planned.actions == ["~ plan_price.pro/monthly", "~ regional_price.pro/monthly/brl"]
        outcomes = shop.carry_out(planned)
        found = shop.plan(raised)
        assert not_held(outcomes, planned, found.live) == {}
        assert found.actions == []


def test_a_new_price_shows_the_amount_in_a_currency_that_the_file_does_not_declare(shop: Shop) -> None:
    shop.make(RATED)
    plan = shop.send("GET", "/plans/pro")
    shop.send("PUT", f"/plans/{plan['id']}/regional", {"currency": "eur", "exchangeRate": 0.9})
    more = RATED + "      weekly: {price: 15}\n"
    planned = shop.plan(more, **target("plan_price.pro/weekly"))
    shown = {"+ plan_price.pro/weekly", "+ regional_price.pro/weekly/brl", "+ regional_price.pro/weekly/eur"}
    assert set(planned.actions) == shown
    shop.carry_out(planned)
    found = shop.plan(more).live.resources
    assert {str(a) for a in found if a not in planned.live.resources} == {action[2:] for action in shown}


def test_a_protection_that_outlived_its_amount_is_forgotten_when_the_amount_is_derived_again(shop: Shop) -> None:
    shop.make(RATED)
    plan = shop.send("GET", "/plans/pro")
    ledger = '{"v":1,"o":{"regional_price/yearly/eur":{"protect":true}}}'
    shop.send("PUT", f"/plans/{plan['id']}/regional", {"currency": "eur", "exchangeRate": 0.9})
    yearly = next(price for price in plan["prices"] if price["billingInterval"] == "yearly")
    shop.send("DELETE", f"/plans/{plan['id']}/prices/{yearly['id']}/regional")
    shop.send("PATCH", f"/plans/{plan['id']}", {"metadata": {"commetctl": ledger}})
    raised = RATED.replace("price: 49,", "price: 59,")
    planned = shop.plan(raised, **target("plan_price.pro/monthly"))
    outcomes = shop.carry_out(planned)
    found = shop.plan(raised)
    assert not_held(outcomes, planned, found.live) == {}
    assert found.live.resources[Address.parse("regional_price.pro/yearly/eur")].fields["protect"] is False

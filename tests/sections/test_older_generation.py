"""The older generation: price ids that it does not reveal, and integers that sources read in two ways."""

from pathlib import Path

import pytest

from commetctl.core.change import Failed, Skipped
from commetctl.core.errors import Refused
from harness import Shop

YAML = """
version: 1
{settings}
features: {{}}
plans:
  pro:
    name: Pro
    visibility: public
    prices:
      monthly: {{price: {price}, is_default: true}}
      yearly: {{price: 490}}
"""


def catalog(price: str = "49", settings: str = "") -> str:
    return YAML.format(price=price, settings=settings)


def test_without_the_newer_version_a_price_can_be_created_and_not_changed(tmp_path: Path) -> None:
    """`mixed_versions=refused`: the organization answers one version only, so no price id is to be had."""
    with Shop(tmp_path, "2026-07-11", {"mixed_versions": "refused"}) as shop:
        shop.make(catalog())
        assert shop.plan(catalog()).actions == []
        (blocked,) = shop.plan(catalog("59")).changeset.blocked
        assert str(blocked.change.address) == "plan_price.pro/monthly"
        assert "does not return the id of an existing price" in blocked.reason
        assert "--api-version 2026-08-27" in blocked.hint


def test_what_hangs_on_a_price_without_id_is_blocked_too(tmp_path: Path) -> None:
    with Shop(tmp_path, "2026-07-11", {"mixed_versions": "refused"}) as shop:
        shop.make(catalog())
        planned = shop.plan(catalog().replace("is_default: true", "is_default: true, regional_prices: {eur: 45}"))
        assert planned.actions == ["! regional_price.pro/monthly/eur"]


def test_a_wrong_scale_is_a_refusal_that_names_the_right_one(tmp_path: Path) -> None:
    with Shop(tmp_path, "2026-07-11", {"price_scale": "minor"}) as shop:
        shop.make(catalog(settings="price_scale: minor"))
        assert shop.plan(catalog(settings="price_scale: minor")).actions == []
        for settings in ("", "price_scale: rate"):
            with pytest.raises(Refused) as refused:
                shop.plan(catalog("4900", settings=settings))
            assert "4900 for the price pro/monthly" in refused.value.message
            assert "`price_scale: minor`" in refused.value.hint


def test_the_other_wrong_scale_too(tmp_path: Path) -> None:
    with Shop(tmp_path, "2026-07-11") as shop:
        shop.make(catalog())
        with pytest.raises(Refused) as refused:
            shop.plan(catalog(settings="price_scale: minor"))
        assert "`price_scale: rate`" in refused.value.hint


def test_an_empty_account_proves_nothing_so_the_first_price_is_checked_before_anything_is_shown(tmp_path: Path) -> None:
    """The plan is still hidden when the mistake is found: no customer ever saw the price."""
    with Shop(tmp_path, "2026-07-11", {"price_scale": "minor"}) as shop:
        outcomes = shop.apply(catalog())
        failed = [outcome for outcome in outcomes if isinstance(outcome, Failed)]
        assert [str(outcome.change.address) for outcome in failed] == ["plan_price.pro/monthly"]
        assert "490000 for the price pro/monthly" in failed[0].error.message
        assert {str(o.change.address) for o in outcomes if isinstance(o, Skipped)} == {
            "plan.pro",
            "plan_price.pro/yearly",
        }
        (row,) = shop.send("GET", "/plans?includePrivate=true")["data"]
        assert row["isPublic"] is False
        right = catalog(settings="price_scale: minor")
        shop.make(right)
        assert shop.plan(right).actions == []


def test_a_market_variant_is_no_price_of_the_plan(tmp_path: Path) -> None:
    """A variant shares the interval of the base price that it inherits from; the older version shows no such thing."""
    for version in ("2026-08-27", "2026-07-11"):
        with Shop(tmp_path, version) as shop:
            shop.make(catalog())
            plan = shop.send("GET", "/plans/pro")
            base = next(price for price in plan["prices"] if price["billingInterval"] == "monthly")
            market = shop.send("POST", "/markets", {"name": "Italy", "countryCodes": ["IT"]})["id"]
            body = {
                "billingInterval": "monthly",
                "inheritsFromPriceId": base["id"],
                "marketPrices": [{"marketGroupId": market, "currency": "eur", "price": 4000}],
            }
            shop.send("PATCH", f"/plans/{plan['id']}/prices/{base['id']}", {"marketPrices": body["marketPrices"]})
            shop.send("POST", f"/plans/{plan['id']}/prices", body)
            assert shop.plan(catalog()).actions == []
            shop.make(catalog("59"))
            assert shop.plan(catalog("59")).actions == []

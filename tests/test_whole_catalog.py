"""A catalog with every kind and more than two hundred objects: applied, pulled and planned, nothing is left to do."""

from pathlib import Path
from typing import Any

import pytest

from commetctl.kinds import SECTIONS
from commetctl.usecases.pull import nothing, pull
from drawing import as_yaml
from harness import Shop

CURRENCIES = {"eur": 0.92, "brl": 5.4, "jpy": 151}
INTERVALS = ("monthly", "yearly")


def catalog(*, newest: bool) -> dict[str, Any]:
    """Ten plans in two groups with all that can belong to them; `newest` adds what only the newest version has."""
    features = {f"f{n}": {"name": f"Feature {n}", "type": "quota", "unit_name": "unit"} for n in range(12)}
    plans = {f"p{n}": plan(n, newest=newest) for n in range(10)}
    return {
        "version": 1,
        "features": features | {"extra": {"name": "Extra", "type": "boolean"}},
        **({"markets": MARKETS, "offers": OFFERS} if newest else {}),
        "plans": plans,
        "plan_groups": {
            "low": {"name": "Low", "plans": ["p3", "p1", "p0", "p2"]},
            "high": {"name": "High", "visibility": "private", "plans": ["p4", "p9", "p5"]},
        },
        "credit_packs": {f"c{n}": {"name": f"Pack {n}", "credits": 100 * (n + 1), "price": n} for n in range(6)},
        "promo_codes": {f"CODE-{n}": code(n, newest=newest) for n in range(8)},
        "addons": {
            "extra": {"name": "Extra", "feature": "extra", "consumption_model": "boolean", "base_price": 5},
            "more": {
                "name": "More",
                "feature": "f11",
                "consumption_model": "metered",
                "base_price": 7.5,
                "included_units": 10,
                "overage_rate": 0.125,
            },
        },
    }


MARKETS = {
    "brazil": {"name": "Brazil", "countries": ["BR"]},
    "dach": {"name": "D, A & CH", "countries": ["DE", "AT", "CH"], "metadata": {"owner": "emea"}},
}
OFFERS = {
    f"o{n}": {
        "name": f"Offer {n}",
        "active": bool(n % 2),
        "phases": [
            {"free_trial": {"days": n + 1}},
            {"percentage": {"percent": 12.5, "cycles": 2}},
            {"fixed_price": {"prices": {"usd": 19, "jpy": 2900}, "interval": "monthly"}},
        ],
    }
    for n in range(4)
}


def plan(number: int, *, newest: bool) -> dict[str, Any]:
    prices = {interval: price(number, interval, newest=newest) for interval in INTERVALS}
    return {
        "name": f"Plan {number}",
        "consumption_model": "metered",
        "visibility": "public" if number % 2 else "private",
        "prices": prices,
        "features": {f"f{n}": {"included_amount": n, "overage": {"unit_price": 0.01 * (n + 1)}} for n in range(4)},
        "exchange_rates": {"brl": CURRENCIES["brl"]},
    }


def price(number: int, interval: str, *, newest: bool) -> dict[str, Any]:
    amount = (number + 1) * (10 if interval == "monthly" else 100)
    found: dict[str, Any] = {
        "price": amount,
        "is_default": interval == "monthly",
        "regional_prices": {"eur": amount, "jpy": amount * 100},
    }
    if newest:
        lower = {"dach": {"currency": "eur", "price": amount - 1}}
        found["market_prices"] = {"brazil": {"currency": "brl", "price": amount * 4}} | lower
        found["variants"] = {"test": {"market_prices": {"brazil": {"currency": "brl", "price": amount * 3}}}}
    return found


def code(number: int, *, newest: bool) -> dict[str, Any]:
    gives = {"offer": f"o{number % 4}"} if newest else {"discount": {"percent": 12.5, "cycles": 3}}
    return {**gives, "plans": ["p1", "p0"], "max_redemptions": 5 + number, "expires_at": "2035-01-31T23:59:59Z"}


@pytest.mark.parametrize("version", ["2026-08-27", "2026-07-11"])
def test_it_is_applied_pulled_and_planned(version: str, tmp_path: Path) -> None:
    yaml = as_yaml(catalog(newest=version == "2026-08-27"))
    with Shop(tmp_path, version) as shop:
        shop.make(yaml)
        planned = shop.plan(yaml, prune=True)
        assert planned.actions == []
        assert len(planned.live.resources) > 200
        kinds = {kind.name for section in SECTIONS for kind in section.kinds.values() if version in kind.versions}
        assert {address.kind for address in planned.live.resources} == kinds
        empty = nothing("commet.yaml", version)
        fresh = shop.plan("version: 1\n" + "".join(f"{section.name}: {{}}\n" for section in empty.sections))
        pulled = pull(empty, fresh.live, proven=False, new=True).main.after.decode()
        assert shop.plan(pulled, prune=True).actions == []

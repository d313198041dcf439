"""The official SDK and commetctl on the same account: neither sees a difference in what the other wrote."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from commetctl.api.client import Client
from commetctl.api.connection import Connection
from commetctl.apply.ids import Ids
from commetctl.apply.record import Record
from commetctl.apply.run import Run
from commetctl.apply.sending import Sender
from commetctl.catalog import load
from commetctl.core.change import Applied
from commetctl.core.changeset import Changeset
from commetctl.planning.reconcile import Options
from emulator.serving import emulator_server
from harness import compare, unwritten
from sdk.conftest import MakeSdk, Sdk

pytestmark = pytest.mark.process

KEY = "ck_sandbox_test"
VERSIONS = {"7.10.0": "2026-07-11", "9.7.0": "2026-08-27"}
#: One US dollar of a plan price in each version, and one of any other currency with two decimals.
UNIT = {"7.10.0": 10000, "9.7.0": 100}
YEN = {"7.10.0": 10000, "9.7.0": 1}

YAML = """
version: 1
features:
  calls: {name: API calls, type: usage, unit_name: call, description: Requests}
  seats: {name: Seats, type: seats, unit_name: seat}
  sso: {name: Single sign-on, type: boolean}
plans:
  pro:
    name: Pro
    description: For growing teams
    consumption_model: metered
    visibility: public
    metadata: {tier: "2"}
    prices:
      monthly:
        price: 49.00
        trial_days: 14
        is_default: true
        regional_prices: {eur: 45.50, jpy: 7200}
      yearly: {price: 490.00}
    features:
      sso: true
      seats: {included_amount: 5, overage: {unit_price: 12.00}}
      calls: {included_amount: 10000, overage: {unit_price: 0.002, regional_prices: {brl: 0.011}}}
    exchange_rates: {brl: 5.20}
  purse:
    name: Purse
    consumption_model: balance
    block_on_exhaustion: true
    prices:
      monthly: {price: 20.00, included_balance: 25.00}
credit_packs:
  starter: {name: Starter Pack, credits: 100, price: 10.00, description: A start}
"""


@pytest.fixture
def url() -> Iterator[str]:
    with emulator_server(":memory:") as running:
        yield running.url


@pytest.fixture(params=sorted(VERSIONS))
def sdk(request: pytest.FixtureRequest, make_sdk: MakeSdk, url: str) -> Sdk:
    """Each version of the SDK on the emulator that commetctl works on."""
    return make_sdk(request.param, url=url, key=KEY)


@pytest.fixture
def plan(url: str, sdk: Sdk, tmp_path: Path) -> Callable[[str], Changeset]:
    """What commetctl would do for a text; `plan(text, apply=True)` does it."""

    def run(text: str, *, apply: bool = False, version: str = VERSIONS[sdk.version]) -> Changeset:
        file = tmp_path / "commet.yaml"
        file.write_text(text, "utf-8")
        catalog = load(file, version)
        client = Client(Connection(url, KEY), catalog.contract)
        world, changeset = compare(catalog, client, Options())
        if apply:
            record = Record(world.live.resources)
            sender = Sender(client, Ids(world.live.ids), unwritten("run"), livemode=False, record=record)
            outcomes = list(Run(changeset, sender).outcomes())
            assert all(isinstance(outcome, Applied) for outcome in outcomes), outcomes
        client.close()
        return changeset

    return run


def write_with(sdk: Sdk) -> dict[str, Any]:
    """What YAML declares, written by the SDK in its own words; the ids of what it made."""
    unit, yen = UNIT[sdk.version], YEN[sdk.version]
    calls = sdk.call(
        "features.create", name="API calls", code="calls", type="usage", unit_name="call", description="Requests"
    )
    seats = sdk.call("features.create", name="Seats", code="seats", type="seats", unit_name="seat")
    sso = sdk.call("features.create", name="Single sign-on", code="sso", type="boolean")
    pro = sdk.call(
        "plans.create",
        name="Pro",
        code="pro",
        description="For growing teams",
        consumption_model="metered",
        is_public=False,
        metadata={"tier": "2"},
    )["id"]
    monthly = sdk.call(
        "plans.add_price", pro, billing_interval="monthly", price=49 * unit, trial_days=14, is_default=True
    )["id"]
    sdk.call("plans.add_price", pro, billing_interval="yearly", price=490 * unit, is_default=False)
    sdk.call("plans.add_feature", pro, feature_id=sso["id"], enabled=True)
    overage = {"enabled": True, "unitPrice": 120000}
    sdk.call("plans.add_feature", pro, feature_id=seats["id"], included_amount=5, overage=overage)
    overage = {"enabled": True, "unitPrice": 20}
    sdk.call("plans.add_feature", pro, feature_id=calls["id"], included_amount=10000, overage=overage)
    overrides = [{"currency": "eur", "price": 4550 * unit // 100}, {"currency": "jpy", "price": 7200 * yen}]
    sdk.call("plans.set_regional_prices", pro, monthly, overrides=overrides)
    features = [{"featureId": calls["id"], "overageUnitPrice": 110}]
    sdk.call("plans.set_regional_pricing", pro, currency="brl", exchange_rate=5.2, features=features)
    sdk.call("plans.set_visibility", pro, is_public=True)
    purse = sdk.call(
        "plans.create",
        name="Purse",
        code="purse",
        consumption_model="balance",
        is_public=False,
        block_on_exhaustion=True,
    )["id"]
    sdk.call(
        "plans.add_price",
        purse,
        billing_interval="monthly",
        price=20 * unit,
        included_balance=2500,
        is_default=True,
    )
    sdk.call("credit_packs.create", name="Starter Pack", credits=100, price=1000, description="A start")
    return {"pro": pro, "monthly": monthly}


def test_what_the_sdk_wrote_is_as_the_file_says(sdk: Sdk, plan: Callable[..., Changeset]) -> None:
    write_with(sdk)
    for version in VERSIONS.values():
        assert plan(YAML, version=version).changes == ()


def test_what_the_sdk_changes_is_seen_and_put_right(sdk: Sdk, plan: Callable[..., Changeset]) -> None:
    ids = write_with(sdk)
    sdk.call("plans.update_price", ids["pro"], ids["monthly"], price=59 * UNIT[sdk.version])
    sdk.call("plans.update", ids["pro"], name="Professional")
    assert [str(change.address) for change in plan(YAML, apply=True).changes] == [
        "plan.pro",
        "plan_price.pro/monthly",
        "regional_price.pro/monthly/brl",
    ]
    assert plan(YAML).changes == ()


def test_what_commetctl_wrote_is_what_the_sdk_reads(sdk: Sdk, plan: Callable[..., Changeset]) -> None:
    plan(YAML, apply=True)
    unit, yen = UNIT[sdk.version], YEN[sdk.version]
    plans = {row["code"]: row for row in sdk.listed("plans.list", include_private=sdk.is_new or "true")}
    pro = plans["pro"]
    assert (pro["name"], pro["is_public"], pro["consumption_model"]) == ("Pro", True, "metered")
    assert pro["metadata"] == {"tier": "2"}
    assert [(rate["currency"], rate["exchange_rate"]) for rate in pro["exchange_rates"]] == [("brl", 5.2)]
    prices = {row["billing_interval"]: row for row in pro["prices"]}
    monthly = prices["monthly"]
    assert (monthly["price"], monthly["trial_days"], monthly["is_default"]) == (49 * unit, 14, True)
    regional = {row["currency"]: (row["price"], row["auto_synced"]) for row in monthly["regional_prices"]}
    assert regional == {
        "eur": (4550 * unit // 100, False),
        "jpy": (7200 * yen, False),
        "brl": (25480 * unit // 100, True),
    }
    features = {row["code"]: row for row in pro["features"]}
    assert features["calls"]["overage"] == {"enabled": True, "model": "per_unit", "unit_price": 20}
    assert [row["overage_unit_price"] for row in features["calls"]["regional_prices"]] == [110]
    assert (features["seats"]["included_amount"], features["sso"]["enabled"]) == (5, True)
    assert (plans["purse"]["is_public"], plans["purse"]["prices"][0]["included_balance"]) == (False, 2500)
    (pack,) = sdk.listed("credit_packs.list")
    assert (pack["name"], pack["credits"], pack["price"]) == ("Starter Pack", 100, 1000)


def test_what_no_read_reveals_of_the_sdks_work_is_unknown_never_in_sync(
    sdk: Sdk, plan: Callable[..., Changeset]
) -> None:
    text = YAML.split("plans:", maxsplit=1)[0] + (
        "plans:\n  creator:\n    name: Creator\n    consumption_model: credits\n"
        "    features:\n      calls: {credits_per_unit: 10}\n      sso: true\n"
    )
    plan(text.split("plans:")[0], apply=True)
    features = {row["code"]: row["id"] for row in sdk.listed("features.list")}
    creator = sdk.call("plans.create", name="Creator", code="creator", consumption_model="credits", is_public=False)[
        "id"
    ]
    sdk.call("plans.add_feature", creator, feature_id=features["calls"], credits_per_unit=10)
    sdk.call("plans.add_feature", creator, feature_id=features["sso"], enabled=True)
    assert [str(change.address) for change in plan(text, apply=True).changes] == ["plan_feature.creator/calls"]
    assert plan(text).changes == ()

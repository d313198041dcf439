"""Every key that either form of a configuration has: carried over, or listed with a hint that fits the catalog."""

import json
from typing import Any

import pytest

from commetctl.emulator import cli_config
from commetctl.usecases.migration import Note, Unit, migrate

#: Something valid for each key, so that a key without a value here is one that nobody has thought of.
VALUES: dict[str, Any] = {
    "name": "Name",
    "type": "usage",
    "unitName": "call",
    "description": "Text",
    "consumptionModel": "metered",
    "defaultInterval": "monthly",
    "isFree": False,
    "isPublic": False,
    "sortOrder": 3,
    "interval": "monthly",
    "amount": 490000,
    "amountInCents": 4900,
    "trialDays": 7,
    "included": 5,
    "unlimited": False,
    "overage": {"unitPrice": 20},
}


def whole(*, strict: bool) -> dict[str, Any]:
    """A configuration with every key of its form."""
    plan = cli_config._plan(strict=strict).fields
    price = plan["prices"].kind.kind.fields  # type: ignore[attr-defined]  # a list of records
    made = {name: VALUES[name] for name in plan if name not in ("prices", "features")}
    made["prices"] = [{name: VALUES[name] for name in price}]
    made["features"] = {"calls": {name: VALUES[name] for name in ("included", "unlimited", "overage")}}
    feature = {name: VALUES[name] for name in cli_config._FEATURE.fields}
    config: dict[str, Any] = {"features": {"calls": feature}, "plans": {"pro": made}}
    config |= {"schemaVersion": 1} if strict else {}
    assert cli_config.issues(config) == []
    return config


def notes(config: dict[str, Any]) -> list[Note]:
    unit = None if "schemaVersion" in config else Unit.RATE
    return list(migrate("x.json", json.dumps(config).encode(), unit, file="commet.yaml").notes)


@pytest.mark.parametrize("strict", [False, True])
def test_every_key_is_carried_over_or_listed(*, strict: bool) -> None:
    config = whole(strict=strict)
    (left,) = notes(config)
    assert left.path == ("plans", "pro", "sortOrder")
    migrated = migrate("x.json", json.dumps(config).encode(), Unit.RATE, file="commet.yaml")
    text = migrated.content.decode()
    for said in ("unit_name: call", "description: Text", "trial_days: 7", "price: 49.00"):
        assert said in text
    # Without `isPublic: false`, it would be public.
    assert "visibility: public" not in text
    assert "{included_amount: 5, overage: {unit_price: 0.002}}" in text


def test_the_order_of_plans_is_that_of_a_group_which_the_hint_writes_out() -> None:
    config = whole(strict=True)
    plans = config["plans"]
    plans |= {"max": {**plans["pro"], "name": "Max", "sortOrder": 7}, "free": {**plans["pro"], "name": "Free"}}
    plans["free"]["sortOrder"] = 0
    plans["other"] = {name: value for name, value in plans["pro"].items() if name != "sortOrder"} | {"name": "Other"}
    found = {note.path[1]: note for note in notes(config)}
    assert found.keys() == {"pro", "max", "free"}
    for note in found.values():
        assert note.message.endswith("a catalog orders plans only inside a plan group")
        assert "`plan_groups: {KEY: {name: NAME, plans: [free, pro, max, other]}}`" in note.hint


@pytest.mark.parametrize(
    ("path", "called"),
    [
        (("planGroups",), "plan_groups"),
        (("creditPacks",), "credit_packs"),
        (("addons",), "addons"),
        (("plans", "pro", "blockOnExhaustion"), "block_on_exhaustion"),
        (("plans", "pro", "exchangeRates"), "exchange_rates"),
        (("plans", "pro", "prices", 0, "includedBalance"), "included_balance"),
        (("plans", "pro", "features", "calls", "creditsPerUnit"), "credits_per_unit"),
        (("plans", "pro", "icon"), ""),
        (("webhooks",), ""),
    ],
)
def test_the_hint_of_an_unknown_key_says_what_a_catalog_calls_it(path: tuple[str | int, ...], called: str) -> None:
    config: Any = whole(strict=False)
    *above, key = path
    holder = config
    for part in above:
        holder = holder[part]
    holder[key] = {}
    (note,) = [note for note in notes(config) if note.path == path]
    assert note.hint == (
        f"a catalog has `{called}`: write it there"
        if called
        else "`commetctl explain` shows what a catalog can have; set anything else in the dashboard"
    )

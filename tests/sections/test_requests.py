"""For a given change, exactly these calls, in this order, with these bodies, in each generation.

A line is the request of version 2026-08-27. `<49.00>` stands for an amount of a plan price, which each version writes
in a scale of its own; everything else that version 2026-07-11 does differently is in `older`.
"""

import re

import pytest

from harness import Shop

BASE = """
version: 1
features:
  calls: {name: Calls, type: usage}
  sso: {name: SSO, type: boolean}
plans:
  pro:
    name: Pro
    consumption_model: metered
    prices:
      monthly: {price: 49.00, is_default: true, regional_prices: {eur: 45, jpy: 7200}}
      yearly: {price: 490.00}
    features:
      calls: {included_amount: 100, overage: {unit_price: 0.002}}
credit_packs:
  small: {name: Small, credits: 100, price: 10.00}
"""
MONTHLY, YEARLY = "{plan_price.pro/monthly}", "{plan_price.pro/yearly}"
PRICES = "/plans/{plan.pro}/prices"

#: What a catalog is created with.
CREATED = [
    'POST /features {"code": "calls", "name": "Calls", "type": "usage"}',
    'POST /features {"code": "sso", "name": "SSO", "type": "boolean"}',
    'POST /plans {"code": "pro", "name": "Pro", "consumptionModel": "metered", "isPublic": false, "isFree": false, '
    '"blockOnExhaustion": false}',
    f'POST {PRICES} {{"billingInterval": "monthly", "price": <49.00>, "isDefault": true}}',
    f'POST {PRICES} {{"billingInterval": "yearly", "price": <490.00>, "isDefault": false}}',
    'POST /plans/{plan.pro}/features {"featureId": "{feature.calls}", "enabled": true, "includedAmount": 100, '
    '"overage": {"enabled": true, "unitPrice": 20}}',
    f"PUT {PRICES}/{MONTHLY}/regional "
    '{"overrides": [{"currency": "eur", "price": <45.00>}, {"currency": "jpy", "price": <7200>}]}',
    'POST /credit-packs {"name": "Small", "credits": 100, "price": 1000, "isActive": true}',
]

#: Name, edits of BASE, calls.
CASES: list[tuple[str, list[tuple[str, str]], list[str]]] = [
    (
        "a feature is renamed and described",
        [("{name: SSO, type: boolean}", "{name: Single sign-on, type: boolean, description: Log in once}")],
        ['PATCH /features/sso {"name": "Single sign-on", "description": "Log in once"}'],
    ),
    ("a price moves", [("49.00", "59.00")], [f'PATCH {PRICES}/{MONTHLY} {{"price": <59.00>}}']),
    (
        "a plan is shown: its own endpoint",
        [("name: Pro", "name: Pro\n    visibility: public")],
        ['PUT /plans/{plan.pro}/visibility {"isPublic": true}'],
    ),
    (
        "a plan is renamed and shown: one call",
        [("name: Pro", "name: Prof\n    visibility: public")],
        ['PATCH /plans/{plan.pro} {"name": "Prof", "isPublic": true}'],
    ),
    (
        "a plan is shown only once its price has moved",
        [("name: Pro", "name: Prof\n    visibility: public"), ("49.00", "59.00")],
        [
            'PATCH /plans/{plan.pro} {"name": "Prof"}',
            f'PATCH {PRICES}/{MONTHLY} {{"price": <59.00>}}',
            'PUT /plans/{plan.pro}/visibility {"isPublic": true}',
        ],
    ),
    (
        "the default moves: its own endpoint, once",
        [(", is_default: true", ""), ("{price: 490.00}", "{price: 490.00, is_default: true}")],
        [f"PUT {PRICES}/{YEARLY}/default"],
    ),
    (
        "the default moves with its price: one call",
        [(", is_default: true", ""), ("{price: 490.00}", "{price: 480.00, is_default: true}")],
        [f'PATCH {PRICES}/{YEARLY} {{"price": <480.00>, "isDefault": true}}'],
    ),
    (
        "a price is created before the one it replaces is archived",
        [
            (
                "monthly: {price: 49.00, is_default: true, regional_prices: {eur: 45, jpy: 7200}}",
                "quarterly: {price: 120, is_default: true, trial_days: 7}",
            )
        ],
        [
            f'POST {PRICES} {{"billingInterval": "quarterly", "price": <120.00>, "trialDays": 7, "isDefault": true}}',
            f"DELETE {PRICES}/{MONTHLY}",
        ],
    ),
    (
        "a currency more: one PUT for the price, of the whole list",
        [("jpy: 7200", "jpy: 7200, brl: 249")],
        [
            f'PUT {PRICES}/{MONTHLY}/regional {{"overrides": [{{"currency": "eur", "price": <45.00>}}, '
            '{"currency": "jpy", "price": <7200>}, {"currency": "brl", "price": <249.00>}]}',
        ],
    ),
    (
        "a currency less: clear all, write the rest back",
        [("eur: 45, ", "")],
        [
            f"DELETE {PRICES}/{MONTHLY}/regional",
            f'PUT {PRICES}/{MONTHLY}/regional {{"overrides": [{{"currency": "jpy", "price": <7200>}}]}}',
        ],
    ),
    ("no currency left", [(", regional_prices: {eur: 45, jpy: 7200}", "")], [f"DELETE {PRICES}/{MONTHLY}/regional"]),
    (
        "an exchange rate derives what is not written out",
        [("name: Pro", "name: Pro\n    exchange_rates: {brl: 5.20}")],
        ['PUT /plans/{plan.pro}/regional {"currency": "brl", "exchangeRate": 5.2}'],
    ),
    (
        "an exchange rate, with what is written out",
        [
            ("name: Pro", "name: Pro\n    exchange_rates: {brl: 5.20}"),
            ("{price: 490.00}", "{price: 490.00, regional_prices: {brl: 2490}}"),
            ("{unit_price: 0.002}", "{unit_price: 0.002, regional_prices: {brl: 0.0111}}"),
        ],
        [
            'PUT /plans/{plan.pro}/regional {"currency": "brl", "exchangeRate": 5.2, '
            f'"prices": [{{"priceId": "{YEARLY}", "price": <2490.00>}}], '
            '"features": [{"featureId": "{feature.calls}", "overageUnitPrice": 111}]}',
        ],
    ),
    (
        "a limit changes",
        [("included_amount: 100", "included_amount: 200")],
        ['PATCH /plans/{plan.pro}/features/{feature.calls} {"includedAmount": 200}'],
    ),
    (
        "an overage goes: both of its keys are sent",
        [(", overage: {unit_price: 0.002}", "")],
        ['PATCH /plans/{plan.pro}/features/{feature.calls} {"overage": {"enabled": false, "unitPrice": 0}}'],
    ),
    (
        "a plan includes more",
        [("    features:\n      calls", "    features:\n      sso: true\n      calls")],
        ['POST /plans/{plan.pro}/features {"featureId": "{feature.sso}", "enabled": true}'],
    ),
    (
        "a plan includes less",
        [("    features:\n      calls: {included_amount: 100, overage: {unit_price: 0.002}}\n", "")],
        ["DELETE /plans/{plan.pro}/features/{feature.calls}"],
    ),
    ("a pack's price moves: cents", [("10.00", "12.50")], ['PATCH /credit-packs/{credit_pack.Small} {"price": 1250}']),
    (
        "a pack is renamed, not replaced",
        [("name: Small,", "name: Tiny, previous_name: Small,")],
        ['PATCH /credit-packs/{credit_pack.Tiny} {"name": "Tiny"}'],
    ),
    (
        "a pack is taken off sale",
        [("price: 10.00", "price: 10.00, is_active: false")],
        ['PATCH /credit-packs/{credit_pack.Small} {"isActive": false}'],
    ),
    (
        "labels change",
        [("name: Pro", "name: Pro\n    metadata: {tier: '2'}")],
        ['PATCH /plans/{plan.pro} {"metadata": {"tier": "2"}}'],
    ),
]


def in_version(line: str, version: str) -> str:
    """A line as the version writes it."""
    scale = 100 if version == "2026-08-27" else 10000
    yen = 1 if version == "2026-08-27" else 10000

    def amount(found: re.Match[str]) -> str:
        text = found[1]
        return str(round(float(text) * scale)) if "." in text else str(int(text) * yen)

    line = re.sub(r"<([0-9.]+)>", amount, line)
    return line if version == "2026-08-27" else older(line)


def older(line: str) -> str:
    """PUT for PATCH, and `/manage` where the older generation wrote the catalog."""
    method, path, *body = line.split(" ", 2)
    method = "PUT" if method == "PATCH" else method
    if (method == "POST" and path in ("/features", "/plans", "/credit-packs")) or path in (
        "/features/sso",
        "/plans/{plan.pro}",
    ):
        path += "/manage"
    return " ".join([method, path, *body])


def edited(edits: list[tuple[str, str]]) -> str:
    text = BASE
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def test_a_catalog_is_created_with_one_call_an_object(shop: Shop, version: str) -> None:
    assert shop.calls(BASE) == [in_version(line, version) for line in CREATED]


@pytest.mark.parametrize(("edits", "lines"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_change_takes_exactly_these_calls(
    shop: Shop, version: str, edits: list[tuple[str, str]], lines: list[str]
) -> None:
    shop.make(BASE)
    shop.remember_ids(BASE)
    assert shop.calls(edited(edits)) == [in_version(line, version) for line in lines]
    assert shop.plan(edited(edits)).actions == []


def test_an_account_is_read_with_one_list_call_a_kind(shop: Shop, version: str) -> None:
    """In the older generation, the list of plans once more, as the newer one answers it: it names the price ids."""
    shop.make(BASE)
    shop.recorder.requests.clear()
    shop.plan(BASE)
    read = [(r.url.path.removeprefix("/api/v1"), r.headers["commet-version"]) for r in shop.recorder.requests]
    again = [("/plans", "2026-08-27")] if version == "2026-07-11" else []
    assert read == [("/features", version), ("/plans", version), *again, ("/credit-packs", version)]


def test_a_public_plan_is_created_hidden_and_shown_by_its_last_call(shop: Shop, version: str) -> None:
    calls = shop.calls(BASE.replace("name: Pro", "name: Pro\n    visibility: public"))
    of_plan = [call for call in calls if "/plans" in call]
    assert '"isPublic": false' in of_plan[0]
    assert of_plan[-1] == 'PUT /plans/{plan.pro}/visibility {"isPublic": true}'


def test_every_request_says_its_version_and_every_write_its_key(shop: Shop, version: str) -> None:
    shop.recorder.requests.clear()
    shop.make(BASE)
    writes = [request for request in shop.recorder.requests if request.method in ("POST", "PUT", "PATCH")]
    keys = [request.headers["idempotency-key"] for request in writes]
    assert len(set(keys)) == len(keys) > 0
    assert {request.headers["commet-version"] for request in writes} == {version}


def test_removing_a_currency_is_safe_to_run_again_from_inside_it(shop: Shop) -> None:
    """After the clearing call the run died: the next one writes back what was to stay."""
    shop.make(BASE)
    ids = {str(address): id_ for address, id_ in shop.plan(BASE).live.ids.items()}
    shop.send("DELETE", f"/plans/{ids['plan.pro']}/prices/{ids['plan_price.pro/monthly']}/regional")
    wanted = edited([("eur: 45, ", "")])
    assert shop.plan(wanted).actions == ["+ regional_price.pro/monthly/jpy"]
    shop.make(wanted)
    assert shop.plan(wanted).actions == []


def test_the_plan_says_the_window_in_which_regional_prices_are_gone(shop: Shop) -> None:
    shop.make(BASE)
    step = next(step for step in shop.plan(edited([("eur: 45, ", "")])).changeset.steps)
    assert "for a moment jpy customers see the US dollar price" in step.note

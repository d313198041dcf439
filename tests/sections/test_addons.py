"""Add-ons: found by their feature, with what each model has, what Commet fixes, and what customers pay."""

import httpx
import pytest

from commetctl.core.change import Failed
from commetctl.core.resource import Address
from harness import Shop

HEAD = """\
version: 1
features: {space: {name: Space, type: quota}, sso: {name: SSO, type: boolean}, calls: {name: Calls, type: usage}}
addons:
"""
SPACE = (
    "more: {name: More space, feature: space, consumption_model: metered, base_price: 5.00, included_units: 100, "
    "overage_rate: 0.02, description: Some}"
)
SSO = "sign_on: {name: Sign-on, feature: sso, consumption_model: boolean, base_price: 20}"
CALLS = "calls: {name: Calls too, feature: calls, consumption_model: credits, base_price: 0, credit_cost: 5}"


def addons(*lines: str) -> str:
    return HEAD + "".join(f"  {line}\n" for line in lines) if lines else HEAD.rstrip(":\n") + ": {}\n"


def test_each_is_created_with_what_its_model_has(shop: Shop) -> None:
    writes = [call for call in shop.calls(addons(SPACE, SSO, CALLS)) if "/addons" in call]
    assert writes == [
        'POST /addons {"name": "More space", "description": "Some", "featureId": "{feature.space}", '
        '"consumptionModel": "metered", "basePrice": 500, "includedUnits": 100, "overageRate": 200}',
        'POST /addons {"name": "Sign-on", "featureId": "{feature.sso}", "consumptionModel": "boolean", '
        '"basePrice": 2000}',
        'POST /addons {"name": "Calls too", "featureId": "{feature.calls}", "consumptionModel": "credits", '
        '"basePrice": 0, "creditCost": 5}',
    ]
    assert shop.plan(addons(SPACE, SSO, CALLS)).actions == []


@pytest.mark.parametrize(("version", "method"), [("2026-08-27", "PATCH"), ("2026-07-11", "PUT")])
def test_an_update_sends_what_differs(version: str, method: str, shop: Shop) -> None:
    shop.version = version
    shop.make(addons(SPACE))
    # The key is the file's own; a description is emptied, because it cannot be null.
    new = SPACE.replace("more:", "extra:").replace("5.00", "6.50").replace("0.02, description: Some", "0.0225")
    assert shop.calls(addons(new)) == [
        f'{method} /addons/{{addon.space}} {{"description": "", "basePrice": 650, "overageRate": 225}}'
    ]


def test_what_commet_fixes_is_blocked_with_the_way_out(shop: Shop) -> None:
    shop.make(addons(CALLS, SSO))
    planned = shop.plan(addons(CALLS.replace("cost: 5", "cost: 6"), SSO.replace("boolean", "credits, credit_cost: 1")))
    assert planned.actions == ["! addon.calls", "! addon.sso"]
    reasons = {str(item.change.address): item.reason for item in planned.changeset.blocked}
    assert reasons["addon.calls"] == "`credit_cost` is fixed once created, and is 5 in Commet"
    assert reasons["addon.sso"] == "`consumption_model` is fixed once created, and is boolean in Commet"
    assert all("apply with `--prune`, and add it again" in item.hint for item in planned.changeset.blocked)


def test_an_entry_for_another_feature_is_another_add_on(shop: Shop) -> None:
    shop.make(addons(SPACE))
    other = SPACE.replace("feature: space", "feature: calls")
    planned = shop.plan(addons(other))
    assert planned.actions == ["+ addon.calls"]
    assert planned.unmanaged == ["addon.space"]
    shop.make(addons(other), prune=True)
    assert shop.plan(addons(other), prune=True).actions == []


def test_one_that_a_subscription_has_is_not_deleted_and_commet_says_why(shop: Shop) -> None:
    yaml = addons(SSO) + "plans: {free: {name: Free, is_free: true}}\n"
    shop.make(yaml)
    ids = {str(address): id_ for address, id_ in shop.plan(yaml).live.ids.items()}
    customer = shop.send("POST", "/customers", {"email": "a@example.com"})
    body = {"planId": ids["plan.free"], "customerId": customer["id"]}
    subscription = shop.send("POST", "/subscriptions", body)
    shop.send("POST", f"/subscriptions/{subscription['id']}/addons", {"addonId": ids["addon.sso"]})

    without = yaml.replace(addons(SSO), addons())
    planned = shop.plan(without, prune=True)
    (effect,) = planned.review.effects[Address("addon", "sso")]
    assert "Commet refuses the deletion while a subscription has it" in effect.text
    (failed,) = shop.carry_out(planned)
    assert isinstance(failed, Failed)
    assert failed.error.code == "addon_has_activations"
    assert "deactivate it on each of them" in failed.error.hint

    shop.send("DELETE", f"/subscriptions/{subscription['id']}/addons/{ids['addon.sso']}")
    shop.make(without, prune=True)
    assert shop.send("GET", "/addons")["data"] == []


def test_a_feature_goes_after_its_add_on(shop: Shop) -> None:
    shop.make(addons(SSO))
    shop.remember_ids(addons(SSO))
    empty = "version: 1\nfeatures: {}\naddons: {}\n"
    calls = [call.split("?")[0].removesuffix("/manage") for call in shop.calls(empty, prune=True)]
    assert calls.index("DELETE /addons/{addon.sso}") < calls.index("DELETE /features/sso")
    assert shop.plan(empty, prune=True).actions == []


def test_a_feature_of_an_add_on_that_the_file_does_not_manage_stays(shop: Shop) -> None:
    shop.make(addons(SSO))
    planned = shop.plan("version: 1\nfeatures: {}\n", prune=True)
    blocked = {str(item.change.address): item for item in planned.changeset.blocked}
    assert list(blocked) == ["feature.sso"]
    assert blocked["feature.sso"].reason == "addon.sso still refers to it and stays"
    assert blocked["feature.sso"].hint == (
        "add `addons:` with everything that should stay: without that key, nothing there is changed"
    )


def test_every_page_of_the_list_is_read(shop: Shop) -> None:
    codes = [f"f{number}" for number in range(101)]
    features = ", ".join(f"{code}: {{name: Feature {code}, type: boolean}}" for code in codes)
    entry = "{name: Add-on %s, feature: %s, consumption_model: boolean, base_price: 1}"
    yaml = f"version: 1\nfeatures: {{{features}}}\naddons:\n" + "".join(
        f"  {code}: {entry % (code, code)}\n" for code in codes
    )
    shop.make(yaml)
    shop.recorder.requests.clear()
    assert shop.plan(yaml, prune=True).actions == []
    asked = [request for request in shop.recorder.requests if request.url.path.endswith("/addons")]
    assert len(asked) > 1


def test_its_amounts_are_moves(shop: Shop) -> None:
    shop.make(addons(SPACE))
    after = SPACE.replace("5.00", "500").replace("units: 100", "units: 50").replace("0.02", "0.03")
    moves = {(str(move.address), move.path): move.percent_text for move in shop.plan(addons(after)).review.moves}
    assert moves == {
        ("addon.space", "base_price"): "+9900%",
        ("addon.space", "overage_rate"): "+50%",
        ("addon.space", "included_units"): "-50%",
    }


class Tokens(httpx.BaseTransport):
    """The emulator, if its add-ons had a model that nobody knows yet."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self.inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        content = self.inner.handle_request(request).read()
        return httpx.Response(
            200, content=content.replace(b'"consumptionModel":"boolean"', b'"consumptionModel":"new"')
        )


def test_a_model_that_this_version_does_not_know_is_left_alone(shop: Shop) -> None:
    shop.make(addons(SSO))
    shop.recorder.inner = Tokens(shop.recorder.inner)
    planned = shop.plan(addons(), prune=True)
    assert "! addon.sso" not in planned.actions
    assert "addon.sso" in planned.unmanaged
    (notice,) = [notice for notice in planned.changeset.notices if notice.address == Address("addon", "sso")]
    assert "does not know the consumption model of an add-on `new`" in notice.message
    # And its feature stays with it.
    assert "! feature.sso" in shop.plan("version: 1\nfeatures: {}\naddons: {}\n", prune=True).actions

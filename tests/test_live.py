"""Reading an account: what an answer does not say is an error or unknown, never a default."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from commetctl.core.errors import Unreachable
from commetctl.core.resource import UNKNOWN
from harness import Shop

YAML = """
version: 1
features:
  calls: {name: Calls, type: usage}
plans:
  pro:
    name: Pro
    consumption_model: metered
    prices: {monthly: {price: 5}}
    features: {calls: {included_amount: 10}}
credit_packs:
  small: {name: Small, credits: 1, price: 1}
"""

REMOVED = "(the key is removed)"


class Edited(httpx.BaseTransport):
    """A Commet whose lists have one value changed, or a key removed."""

    def __init__(self, inner: httpx.BaseTransport, path: str, keys: tuple[str | int, ...], value: object) -> None:
        self.inner, self.path, self.keys, self.value = inner, path, keys, value

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self.inner.handle_request(request)
        response.read()
        if request.method != "GET" or not request.url.path.endswith(self.path):
            return response
        content = json.loads(response.content)
        place: Any = content["data"]
        for key in self.keys[:-1]:
            place = place[key]
        if self.value == REMOVED:
            del place[self.keys[-1]]
        else:
            place[self.keys[-1]] = self.value
        return httpx.Response(200, json=content)


@pytest.mark.parametrize(
    ("path", "keys", "value"),
    [
        ("/features", (0, "code"), ["a"]),
        ("/features", (0, "code"), 3),
        ("/features", (0, "code"), REMOVED),
        ("/features", (0, "id"), None),
        ("/plans", (0, "code"), ""),
        ("/credit-packs", (0, "name"), None),
        ("/credit-packs", (0,), "pack"),
    ],
    ids=str,
)
def test_an_answer_that_is_not_as_described_is_refused(
    shop: Shop, path: str, keys: tuple[str | int, ...], value: object
) -> None:
    shop.make(YAML)
    shop.recorder.inner = Edited(shop.recorder.inner, path, keys, value)
    with pytest.raises(Unreachable):
        shop.plan(YAML)


@pytest.mark.parametrize(
    ("path", "keys", "address", "field"),
    [
        ("/features", (0, "description"), "feature.calls", "description"),
        ("/plans", (0, "description"), "plan.pro", "description"),
        ("/plans", (0, "prices", 0, "trialDays"), "plan_price.pro/monthly", "trial_days"),
        ("/plans", (0, "features", 0, "unlimited"), "plan_feature.pro/calls", "unlimited"),
        ("/credit-packs", (0, "price"), "credit_pack.Small", "price"),
    ],
)
def test_a_field_that_the_answer_lacks_is_unknown(
    shop: Shop, path: str, keys: tuple[str | int, ...], address: str, field: str
) -> None:
    shop.make(YAML)
    shop.recorder.inner = Edited(shop.recorder.inner, path, keys, REMOVED)
    planned = shop.plan(YAML)
    assert planned.actions == [f"~ {address}"]
    resource = next(r for a, r in planned.live.resources.items() if str(a) == address)
    assert resource.fields[field] is UNKNOWN


def test_a_field_that_is_new_in_an_answer_is_no_outage(shop: Shop) -> None:
    shop.make(YAML)
    shop.recorder.inner = Edited(shop.recorder.inner, "/plans", (0, "somethingNew"), {"a": [1]})
    assert shop.plan(YAML).actions == []


def test_a_plan_of_an_interval_or_currency_that_is_not_known_is_not_broken(tmp_path: Path) -> None:
    """New enum values may appear at any time (API reference, versioning)."""
    with Shop(tmp_path) as shop:
        shop.make(YAML)
        regional = [{"currency": "aud", "price": 700, "includedBalance": None, "autoSynced": False}]
        shop.recorder.inner = Edited(shop.recorder.inner, "/plans", (0, "prices", 0, "regionalPrices"), regional)
        planned = shop.plan(YAML)
        assert planned.actions == []
        assert planned.unmanaged == ["regional_price.pro/monthly/aud"]
        (notice,) = planned.changeset.notices
        assert "currency `aud`" in notice.message
        assert "upgrade commetctl" in notice.hint

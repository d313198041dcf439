"""Answers with values of any size and shape: what cannot be read at all is an error that names its place."""

import json
from collections.abc import Callable
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
  seats: {name: Seats, type: seats}
plans:
  pro:
    name: Pro
    consumption_model: metered
    prices: {monthly: {price: 5}, yearly: {price: 50, is_default: true}}
    features: {calls: {included_amount: 10}, seats: {included_amount: 5}}
    exchange_rates: {eur: 0.9}
credit_packs:
  small: {name: Small, credits: 1, price: 1}
"""
Rows = list[dict[str, Any]]


class Rewritten(httpx.BaseTransport):
    """A Commet of which one list answers other rows."""

    def __init__(self, inner: httpx.BaseTransport, path: str, edit: Callable[[Rows], object]) -> None:
        self.inner, self.path, self.edit = inner, path, edit

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self.inner.handle_request(request)
        response.read()
        if request.method != "GET" or not request.url.path.endswith(self.path):
            return response
        content = json.loads(response.content)
        self.edit(content["data"])
        return httpx.Response(200, content=json.dumps(content).encode())


def rewritten(shop: Shop, path: str, edit: Callable[[Rows], object]) -> None:
    """The shop with the catalog applied, and one list rewritten."""
    shop.make(YAML)
    shop.recorder.inner = Rewritten(shop.recorder.inner, path, edit)


@pytest.mark.parametrize(
    ("path", "edit", "said"),
    [
        ("/features", lambda rows: rows[1].update(code=7), "has `7` where a name, code or id is expected, in `"),
        ("/features", lambda rows: rows[1].pop("id"), "`id` is missing, in `"),
        (
            "/credit-packs",
            lambda rows: rows[0].update(name=1.5),
            "`1.5` where a name, code or id is expected, in row 1",
        ),
        ("/plans", lambda rows: rows[0].update(code="a/b"), "has `a/b` where a code is expected, in `a/b`"),
        ("/plans", lambda rows: rows[0]["prices"][1].pop("billingInterval"), "`billingInterval` is missing"),
        ("/plans", lambda rows: rows[0]["features"][0].update(code=None), "has `null` where a name"),
        ("/plans", lambda rows: rows[0]["exchangeRates"][0].pop("currency"), "missing, in `exchangeRates` of `pro`"),
    ],
)
def test_what_says_not_what_it_is_is_named_by_its_place(
    shop: Shop, path: str, edit: Callable[[Rows], object], said: str
) -> None:
    rewritten(shop, path, edit)
    with pytest.raises(Unreachable) as raised:
        shop.plan(YAML)
    assert said in raised.value.message
    assert "Error" not in raised.value.message


@pytest.mark.parametrize("number", [1e300, -1e300, 1e-300, 10**300])
def test_a_number_of_any_size_in_metadata_is_kept(shop: Shop, number: float) -> None:
    rewritten(shop, "/plans", lambda rows: rows[0].update(metadata={"other": {"n": [number]}}))
    planned = shop.plan(YAML)
    assert planned.actions == []
    assert any("`metadata.other`" in notice.message for notice in planned.changeset.notices)


@pytest.mark.parametrize("rate", [1e-300, 1e300, -1])
def test_a_rate_that_is_none_is_unknown(shop: Shop, rate: float) -> None:
    rewritten(shop, "/plans", lambda rows: rows[0]["exchangeRates"][0].update(exchangeRate=rate))
    planned = shop.plan(YAML)
    assert "! exchange_rate.pro/eur" in planned.actions
    assert [r.fields["rate"] for a, r in planned.live.resources.items() if a.kind == "exchange_rate"] == [UNKNOWN]


def test_a_plan_feature_of_a_feature_that_cannot_be_declared_is_left_alone(shop: Shop) -> None:
    def edit(rows: Rows) -> None:
        for row in rows:
            row["type"] = "licence" if row["code"] == "seats" else row["type"]

    rewritten(shop, "/features", edit)
    without = YAML.replace("  seats: {name: Seats, type: seats}\n", "").replace(", seats: {included_amount: 5}", "")
    for prune in (False, True):
        planned = shop.plan(without, prune=prune)
        assert planned.actions == []
        assert sorted(map(str, planned.changeset.unmanaged)) == ["feature.seats", "plan_feature.pro/seats"]


@pytest.mark.parametrize(
    ("path", "edit", "address"),
    [
        ("/plans", lambda rows: rows[0]["prices"][0].pop("price"), "plan_price.pro/"),
        ("/plans", lambda rows: rows[0].pop("name"), "plan.pro"),
        ("/features", lambda rows: rows[0].pop("type"), "feature."),
        ("/credit-packs", lambda rows: rows[0].pop("price"), "credit_pack.Small"),
    ],
)
def test_an_object_that_lacks_what_a_file_declares_is_never_deleted(
    shop: Shop, path: str, edit: Callable[[Rows], object], address: str
) -> None:
    rewritten(shop, path, edit)
    others = YAML.replace("monthly: {price: 5}, ", "").replace("small: {name: Small", "large: {name: Large")
    empty = "version: 1\nfeatures: {}\nplans: {}\ncredit_packs: {}\n"
    for text in (others, empty):
        planned = shop.plan(text, prune=True)
        (lacking,) = [notice for notice in planned.changeset.notices if str(notice.address).startswith(address)]
        assert f"- {lacking.address}" not in planned.actions


@pytest.mark.parametrize(
    ("path", "kind", "edit"),
    [
        ("/plans", "plan", lambda rows: rows.append({**rows[0], "code": "other", "name": "Other"})),
        ("/features", "feature", lambda rows: rows.append({**rows[0], "code": "other", "name": "Other"})),
        ("/credit-packs", "credit_pack", lambda rows: rows.append({**rows[0], "name": "Other"})),
    ],
)
def test_of_two_objects_with_one_id_neither_is_changed(
    shop: Shop, path: str, kind: str, edit: Callable[[Rows], object]
) -> None:
    """A request about one of them may reach the other."""
    rewritten(shop, path, edit)
    planned = shop.plan(YAML.replace("name: ", "name: New "), prune=True)
    touched = [action for action in planned.actions if action[2:].startswith(f"{kind}.") and action[0] in "~-"]
    assert len(touched) == (1 if kind == "feature" else 0)
    assert len([n for n in planned.changeset.notices if "the same id" in n.message]) >= 2


@pytest.mark.parametrize("metadata", [False, 0, "", "text", 7, [1]])
def test_metadata_that_is_no_mapping_is_not_taken_for_none(shop: Shop, metadata: object) -> None:
    rewritten(shop, "/plans", lambda rows: rows[0].update(metadata=metadata))
    planned = shop.plan(YAML)
    assert planned.actions == ["! plan.pro"]
    assert any("`metadata: " in notice.message for notice in planned.changeset.notices)

"""Carrying out a changeset against a Commet that fails, lies or answers late."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from commetctl.core.change import Applied, Failed, Skipped
from harness import Shop, not_held

YAML = """
version: 1
features:
  calls: {name: Calls, type: usage}
plans:
  pro:
    name: Pro
    visibility: public
    consumption_model: metered
    prices:
      monthly: {price: 49, is_default: true, trial_days: 14, regional_prices: {eur: 45}}
    features:
      calls: {included_amount: 100}
  other: {name: Other}
"""

Alter = Callable[[httpx.Request, httpx.Response], httpx.Response]


class Altered(httpx.BaseTransport):
    """A Commet whose answers to writes are altered on the way back."""

    def __init__(self, inner: httpx.BaseTransport, alter: Alter) -> None:
        self.inner, self.alter = inner, alter

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self.inner.handle_request(request)
        response.read()
        return response if request.method == "GET" else self.alter(request, response)


def answered(response: httpx.Response, status: int | None = None, **changed: Any) -> httpx.Response:
    content = json.loads(response.content or b"{}")
    where = content.get("data", content)
    where.update(changed)
    return httpx.Response(status or response.status_code, json=content)


def failing(path: str, status: int, code: str) -> Alter:
    def alter(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if request.url.path.endswith(path):
            return httpx.Response(status, json={"error": {"type": "x", "code": code, "message": "no"}})
        return response

    return alter


def outcomes(shop: Shop, alter: Alter, yaml: str = YAML) -> dict[str, str]:
    planned = shop.plan(yaml)
    shop.recorder.inner = Altered(shop.recorder.inner, alter)
    try:
        found = shop.carry_out(planned)
    finally:
        shop.recorder.inner = shop.recorder.inner.inner
    words: dict[str, str] = {}
    for outcome in found:
        match outcome:
            case Applied():
                words[str(outcome.change.address)] = "applied"
            case Failed(error=error):
                words[str(outcome.change.address)] = f"failed: {error.message}"
            case Skipped(reason=reason):
                words[str(outcome.change.address)] = f"skipped: {reason}"
    return words


def test_a_failure_stops_what_depends_on_it_and_lets_the_rest_finish(shop: Shop) -> None:
    found = outcomes(shop, failing("/prices", 400, "validation_error"))
    assert found.pop("plan_price.pro/monthly").startswith("failed: POST /plans/")
    waiting = "skipped: it needs plan_price.pro/monthly, which was not done"
    assert found == {
        "feature.calls": "applied",
        "plan_feature.pro/calls": "applied",
        "regional_price.pro/monthly/eur": waiting,
        "plan.pro": "skipped: it needs plan_price.pro/monthly, regional_prices.pro/monthly, which was not done",
        "plan.other": "applied",
    }
    (pro,) = (row for row in shop.send("GET", "/plans?includePrivate=true")["data"] if row["code"] == "pro")
    assert pro["isPublic"] is False
    shop.make(YAML)
    assert shop.plan(YAML).actions == []


@pytest.mark.parametrize("code", ["unauthorized", "internal"])
def test_a_key_that_is_no_longer_accepted_stops_everything(shop: Shop, code: str) -> None:
    def alter(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if not request.url.path.endswith("/prices"):
            return response
        if code == "unauthorized":
            return httpx.Response(401, json={"error": {"type": "authentication_error", "code": code, "message": "no"}})
        return httpx.Response(502, text="<html>bad gateway</html>")

    found = outcomes(shop, alter)
    assert found["plan_price.pro/monthly"].startswith("failed: ")
    assert found["plan.other"] == "skipped: the run stopped at plan_price.pro/monthly"


def test_a_field_that_was_accepted_and_ignored_is_named(shop: Shop) -> None:
    def alter(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        return answered(response, trialDays=0) if request.url.path.endswith("/prices") else response

    found = outcomes(shop, alter)
    assert "did not do all of it: `trialDays` should be 14 and is 0" in found["plan_price.pro/monthly"]


def test_a_currency_that_was_accepted_and_ignored_is_named(shop: Shop) -> None:
    def alter(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        return answered(response, overrides=[]) if request.url.path.endswith("/regional") else response

    found = outcomes(shop, alter)
    assert '`overrides` lacks {"currency": "eur"' in found["regional_price.pro/monthly/eur"]


def test_an_answer_without_the_id_of_what_was_created_is_no_success(shop: Shop) -> None:
    def alter(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        return answered(response, id=None) if request.url.path.endswith("/prices") else response

    assert "did not return its id" in outcomes(shop, alter)["plan_price.pro/monthly"]


def test_an_empty_answer_to_a_create_is_no_success(shop: Shop) -> None:
    def alter(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        return httpx.Response(204) if request.url.path.endswith("/prices") else response

    assert "did not return its id" in outcomes(shop, alter)["plan_price.pro/monthly"]


def test_an_answer_of_the_other_mode_stops_the_run(shop: Shop) -> None:
    def alter(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        return answered(response, livemode=True)

    found = outcomes(shop, alter)
    assert "belongs to a live account, but sandbox was expected" in found.pop("feature.calls")
    assert {word.split(":")[0] for word in found.values()} == {"skipped"}


def test_what_is_gone_already_counts_as_deleted(shop: Shop) -> None:
    shop.make(YAML)
    without = YAML.replace("    features:\n      calls: {included_amount: 100}\n", "")
    planned = shop.plan(without)
    shop.carry_out(planned)
    again = shop.sent(planned)
    assert [type(outcome).__name__ for outcome in again] == ["Applied"]


def test_what_does_not_hold_when_read_back_is_found(shop: Shop) -> None:
    planned = shop.plan(YAML)
    outcomes = shop.carry_out(planned)
    (plan,) = (row for row in shop.send("GET", "/plans")["data"] if row["code"] == "pro")
    price = plan["prices"][0]
    shop.send("PATCH", f"/plans/{plan['id']}/prices/{price['id']}", {"price": 1})
    assert not_held(outcomes, planned, shop.plan(YAML).live) == {
        "plan_price.pro/monthly": "`price` is 0.01 USD instead of 49.00 USD"
    }


def test_a_run_uses_other_idempotency_keys_than_the_run_before(shop: Shop, tmp_path: Path) -> None:
    """A price goes up, down and up again: each time it takes, because no key is made from content alone."""
    shop.make(YAML)
    for price in ("59", "49", "59"):
        shop.make(YAML.replace("price: 49", f"price: {price}"))
        assert shop.plan(YAML.replace("price: 49", f"price: {price}")).actions == []

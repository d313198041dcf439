"""Answers about another object: they confirm nothing, whatever else is right in them."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from commetctl.core.change import Applied, Failed
from harness import Shop

BEFORE = """
version: 1
features: {calls: {name: Calls, type: seats}, gone: {name: Gone, type: boolean}}
plans:
  pro: {name: Pro, prices: {monthly: {price: 10, is_default: true}, yearly: {price: 100}, weekly: {price: 3}}}
  old: {name: Old, features: {calls: {included_amount: 5}}}
credit_packs: {small: {name: Small, credits: 10, price: 5}}
"""
EDITS = (
    ("name: Calls", "name: Called"),
    (", gone: {name: Gone, type: boolean}", ""),
    ("name: Pro,", "name: Pros,"),
    ("price: 10,", "price: 11,"),
    (", weekly: {price: 3}", ""),
    ("included_amount: 5", "included_amount: 6"),
    ("credits: 10", "credits: 11"),
)


class Elsewhere(httpx.BaseTransport):
    """Answers each write as if it had been about another object."""

    def __init__(self, inner: httpx.BaseTransport, field: str, value: str) -> None:
        self.inner, self.field, self.value = inner, field, value
        self.hits = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self.inner.handle_request(request)
        response.read()
        if request.method == "GET" or not response.content:
            return response
        content = json.loads(response.content)
        found = content.get("data", content)
        if self.field in found:
            self.hits += 1
            found[self.field] = self.value
        return httpx.Response(response.status_code, json=content)


@pytest.fixture
def made(version: str, tmp_path: Path) -> Iterator[Shop]:
    with Shop(tmp_path, version) as shop:
        shop.found(BEFORE)
        yield shop


@pytest.mark.parametrize("field", ["id", "code", "planId", "featureId", "billingInterval"])
@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit[0])
def test_an_answer_about_another_object_confirms_nothing(made: Shop, field: str, edit: tuple[str, str]) -> None:
    planned = made.plan(BEFORE.replace(*edit), prune=True)
    # What belongs to a plan may have an id of its own, but not that of another object.
    other = {"id": made.send("GET", "/plans/pro")["id"] if "included" in edit[0] else "other_1"}
    made.recorder.inner = elsewhere = Elsewhere(made.recorder.inner, field, other.get(field, "other"))
    outcomes = made.carry_out(planned)
    made.recorder.inner = elsewhere.inner
    if elsewhere.hits:
        assert not any(isinstance(outcome, Applied) for outcome in outcomes)
        codes = {outcome.error.code for outcome in outcomes if isinstance(outcome, Failed)}
        assert codes == {"another_object"}
    else:
        assert all(isinstance(outcome, Applied) for outcome in outcomes)

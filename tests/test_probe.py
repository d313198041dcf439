"""Plan versions: one question finds out whether Commet has switched, and what is said is true in both worlds."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from cli.running import run, send, write
from commetctl.core.impact import Impact, Revenue, When
from commetctl.core.money import Money
from commetctl.review.impact import NO_CHANGE, impact
from commetctl.review.plan_versions import has_switched
from commetctl.review.subscribers import Subscribers
from emulator.serving import emulator_server
from harness import Planned, Shop

YAML = """\
version: 1
mode: sandbox
features: {calls: {name: Calls, type: usage}}
plans:
  pro:
    name: Pro
    consumption_model: metered
    prices: {monthly: {price: 49.00}}
    features: {calls: {included_amount: 10, overage: {unit_price: 0.02}}}
"""
RAISED = YAML.replace("49.00", "59.00").replace("0.02", "0.01")
SAID = "Commet has switched to plan versions"


@pytest.fixture(params=["off", "on"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    with Shop(tmp_path, quirks={"plan_versions": request.param}) as shop:
        yield shop


def asked(shop: Shop, planned: Planned) -> bool:
    return has_switched(shop.client(planned.catalog), planned.changeset.changes, planned.catalog.contract, planned.live)


def probes(shop: Shop) -> list[str]:
    return [str(r.url.path) for r in shop.recorder.requests if r.url.path.endswith("/versions")]


def test_one_question_tells(shop: Shop) -> None:
    shop.make(YAML)
    planned = shop.plan(RAISED)
    shop.recorder.requests.clear()
    assert asked(shop, planned) is (shop.quirks["plan_versions"] == "on")
    (request,) = [r for r in shop.recorder.requests if r.url.path.endswith("/versions")]
    assert (request.method, request.headers["Commet-Version"]) == ("GET", "2026-10-04")


@pytest.mark.parametrize("edit", [("name: Pro", "name: Professional"), ("Calls", "API calls"), ("", "")])
def test_nobody_asks_where_the_answer_changes_nothing(shop: Shop, edit: tuple[str, str]) -> None:
    shop.make(YAML)
    assert not asked(shop, shop.plan(YAML.replace(*edit) if edit[0] else YAML))
    assert probes(shop) == []


def test_nobody_asks_where_there_is_no_plan_or_only_a_new_one(shop: Shop) -> None:
    assert not asked(shop, shop.plan(YAML))
    assert probes(shop) == []


LIST = {"object": "list", "data": [], "hasMore": False}


@pytest.mark.parametrize(
    ("status", "content", "switched"),
    [
        (200, LIST, True),
        (200, {**LIST, "object": "plan"}, False),
        (200, {"object": "list"}, False),
        (200, [], False),
        (200, "html", False),
        (204, None, False),
        (404, {"error": {"code": "endpoint_not_available"}}, False),
        (404, {"error": {"code": "not_found"}}, False),
        (410, {"error": {"code": "endpoint_deprecated"}}, False),
        (401, {"error": {"code": "unauthorized"}}, False),
        (403, {"error": {"code": "forbidden"}}, False),
        (429, {"error": {"code": "rate_limited"}}, False),
        (500, LIST, False),
        (503, None, False),
        (None, None, False),
    ],
)
def test_only_the_list_says_that_commet_has_switched(
    status: int | None, content: Any, switched: bool, tmp_path: Path
) -> None:
    with Shop(tmp_path) as shop:
        shop.make(YAML)
        planned = shop.plan(RAISED)
        answers: list[str] = []

        def answer(request: httpx.Request) -> httpx.Response:
            answers.append(request.url.path)
            if status is None:
                raise httpx.ConnectError("no way", request=request)
            return httpx.Response(status, content=b"" if content is None else json.dumps(content).encode())

        shop.recorder.inner = httpx.MockTransport(answer)
        assert asked(shop, planned) is switched
        # Asked once, whatever the answer: a plan does not wait for it.
        assert len(answers) == 1


def test_the_impact_in_a_switched_world_is_none(tmp_path: Path) -> None:
    with Shop(tmp_path, quirks={"plan_versions": "on"}) as shop:
        shop.make(YAML)
        planned = shop.plan(RAISED)
        review = planned.reviewed(switched=True)
        assert {effect.when for found in review.effects.values() for effect in found} == {When.NEW_ONLY}
        assert impact(review, planned.live, Subscribers()) == Impact(revenue=NO_CHANGE)
        assert Revenue(Money(NO_CHANGE.low.amount), NO_CHANGE.high) == NO_CHANGE


@pytest.mark.process
@pytest.mark.parametrize("version", ["2026-08-27", "2026-07-11"])
def test_a_plan_says_once_that_edits_reach_new_purchases_only(tmp_path: Path, version: str) -> None:
    with emulator_server(":memory:", "--quirk", "plan_versions=on") as running:
        write(tmp_path, YAML)
        options = ("--api-url", running.url, "--api-version", version)
        assert run(tmp_path, "apply", "--yes", *options).code == 0
        send(running.url, "POST", "/subscriptions", {"customerId": "c", "planCode": "pro"})
        write(tmp_path, RAISED)
        ended = run(tmp_path, "plan", *options, "-v")
        words = " ".join(ended.out.split())
        assert words.count(SAID) == 1
        assert "new customers only: existing subscriptions keep the plan version that they accepted" in words
        assert "at renewal" not in words
        assert (ended.err.count("/versions"), ended.err.count("GET /subscriptions")) == (1, 0)
        # The log of a workflow has the plan as text, beside the annotation.
        for form, times in (("markdown", 1), ("github", 2), ("html", 1)):
            assert run(tmp_path, "plan", *options, "--format", form).out.count(SAID) == times
        document = run(tmp_path, "plan", *options, "--format", "json").document
        assert document["plan_versions"] is True
        assert document["impact"]["monthly_revenue"] == {"low": "0.00", "high": "0.00", "currency": "usd"}
        assert document["impact"]["revenue"] == []
        # What is in use stays in use.
        write(tmp_path, YAML[: YAML.index("plans:")] + "plans: {}\n")
        gone = run(tmp_path, "apply", *options, "--prune", "--yes", "--format", "json")
        assert (gone.code, gone.document["diagnostics"][0]["code"]) == (4, "in_use")

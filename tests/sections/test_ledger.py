"""What the API never gives back is remembered truly, or not at all."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from commetctl.core.resource import UNKNOWN
from harness import Shop

CREDITS = """
version: 1
features:
  images: {{name: Images, type: usage}}
  videos: {{name: Videos, type: usage}}
  sso: {{name: SSO, type: boolean}}
plans:
  creator:
    name: Creator
    consumption_model: credits
    {extra}
    prices:
      monthly: {{price: 20, included_credits: 1000}}
    features:
      {features}
"""


def creator(images: int | None = 10, videos: int | None = None, extra: str = "visibility: private") -> str:
    given = {"images": images, "videos": videos}
    lines = [f"{code}: {{credits_per_unit: {cost}}}" for code, cost in given.items() if cost is not None]
    return CREDITS.format(features="\n      ".join([*lines, "sso: true"]), extra=extra)


BALANCE = """
version: 1
features:
  tokens: {name: Tokens, type: usage}
plans:
  purse:
    name: Purse
    consumption_model: balance
    prices:
      monthly: {price: 20, included_balance: 20}
    features:
      tokens: {pricing_mode: ai_model, margin_percent: 20}
"""


def truth(shop: Shop, feature: str, plan: str = "creator") -> dict[str, object]:
    """What Commet really holds for a plan feature: only the answer to a write says it."""
    plans = {row["code"]: row["id"] for row in shop.send("GET", "/plans?includePrivate=true")["data"]}
    features = {row["code"]: row["id"] for row in shop.send("GET", "/features")["data"]}
    answer = shop.send("PATCH", f"/plans/{plans[plan]}/features/{features[feature]}", {"enabled": True})
    return {name: answer[name] for name in ("creditsPerUnit", "pricingMode", "margin")}


def ledger_of(shop: Shop, plan: str = "creator") -> dict[str, object]:
    rows = {row["code"]: row for row in shop.send("GET", "/plans?includePrivate=true")["data"]}
    text = (rows[plan]["metadata"] or {}).get("commetctl")
    return json.loads(text)["o"] if text else {}


@pytest.fixture(params=["replace", "merge"])
def shop(request: pytest.FixtureRequest, version: str, tmp_path: Path) -> Iterator[Shop]:
    """A shop in each version, under both answers to what an update of metadata does."""
    with Shop(tmp_path, version, {"plan_metadata": request.param}) as opened:
        yield opened


def test_an_applied_value_is_remembered_and_hidden(shop: Shop) -> None:
    shop.make(creator(10))
    assert shop.plan(creator(10)).actions == []
    assert ledger_of(shop) == {"plan_feature/images": {"credits_per_unit": 10}}
    plan = next(r for a, r in shop.plan(creator(10)).live.resources.items() if a.kind == "plan")
    assert plan.fields["metadata"] == {}


def test_a_value_that_nothing_remembers_is_unknown_never_in_sync(shop: Shop) -> None:
    shop.make(creator(10))
    plan_id = shop.send("GET", "/plans/creator")["id"]
    shop.send("PATCH", f"/plans/{plan_id}", {"metadata": {"commetctl": None}})
    planned = shop.plan(creator(10))
    assert planned.actions == ["~ plan_feature.creator/images"]
    (change,) = planned.changeset.changes
    assert [(c.path, c.before, c.after) for c in change.fields] == [("credits_per_unit", UNKNOWN, 10)]  # type: ignore[union-attr]  # an update
    shop.make(creator(10))
    assert shop.plan(creator(10)).actions == []


@pytest.mark.parametrize("damage", ["nonsense", "[]", '{"v": 2, "o": {}}', '{"v": 1, "o": []}', "", "7"])
def test_a_damaged_ledger_remembers_nothing(shop: Shop, damage: str) -> None:
    shop.make(creator(10))
    plan_id = shop.send("GET", "/plans/creator")["id"]
    shop.send("PATCH", f"/plans/{plan_id}", {"metadata": {"commetctl": damage}})
    assert shop.plan(creator(10)).actions == ["~ plan_feature.creator/images"]


def test_a_value_leaves_the_ledger_before_it_changes_and_returns_after(shop: Shop, version: str) -> None:
    shop.make(creator(10))
    calls = shop.calls(creator(25))
    assert [call.split()[0] for call in calls] == (["PATCH"] * 3 if version == "2026-08-27" else ["PUT"] * 3)
    assert '"metadata": {"commetctl": null}' in calls[0]
    assert '{"creditsPerUnit": 25}' in calls[1]
    assert r"\"credits_per_unit\":25" in calls[2]


@pytest.mark.parametrize("arrives", [False, True], ids=["lost", "arrived"])
@pytest.mark.parametrize("writes", range(3))
def test_a_run_that_dies_leaves_a_ledger_that_does_not_lie(shop: Shop, writes: int, arrives: bool) -> None:
    """10 → 25 dies at any call; whoever then wants 10 or 25 gets it, in truth."""
    for wanted in (10, 25):
        shop.make(creator(10))
        shop.cut(creator(25), writes, last_arrives=arrives)
        shop.make(creator(wanted))
        assert truth(shop, "images")["creditsPerUnit"] == wanted
        assert shop.plan(creator(wanted)).actions == []


@pytest.mark.parametrize("arrives", [False, True], ids=["lost", "arrived"])
@pytest.mark.parametrize("writes", range(3))
def test_a_feature_that_left_is_not_remembered(shop: Shop, writes: int, arrives: bool) -> None:
    """It leaves, perhaps by a run that dies; the dashboard adds it again with another cost: that is not in sync."""
    shop.make(creator(10))
    shop.cut(creator(None), writes, last_arrives=arrives)
    shop.make(creator(None))
    plan_id = shop.send("GET", "/plans/creator")["id"]
    images = next(row["id"] for row in shop.send("GET", "/features")["data"] if row["code"] == "images")
    shop.send("POST", f"/plans/{plan_id}/features", {"featureId": images, "creditsPerUnit": 99})
    assert shop.plan(creator(10)).actions == ["~ plan_feature.creator/images"]
    shop.make(creator(10))
    assert truth(shop, "images")["creditsPerUnit"] == 10


def test_labels_and_ledger_share_the_map_and_lose_nothing(shop: Shop) -> None:
    shop.make(creator(10, extra="metadata: {tier: '1', old: x}"))
    both = creator(25, 5, extra="metadata: {tier: '2'}")
    shop.make(both)
    assert shop.plan(both).actions == []
    assert ledger_of(shop) == {
        "plan_feature/images": {"credits_per_unit": 25},
        "plan_feature/videos": {"credits_per_unit": 5},
    }
    none = creator(25, 5)
    shop.make(none)
    assert shop.plan(none).actions == []
    assert len(ledger_of(shop)) == 2


def test_a_margin_is_sent_in_basis_points_and_remembered(shop: Shop) -> None:
    shop.make(BALANCE)
    assert shop.plan(BALANCE).actions == []
    assert truth(shop, "tokens", "purse") == {"creditsPerUnit": None, "pricingMode": "ai_model", "margin": 2000}


def test_a_remembered_margin_cannot_be_changed_and_says_the_way_out(shop: Shop) -> None:
    shop.make(BALANCE)
    (blocked,) = shop.plan(BALANCE.replace("percent: 20", "percent: 30")).changeset.blocked
    assert "`margin_percent` is fixed once created, and is 20 in Commet" in blocked.reason
    assert "remove the feature from the plan, apply, and add it again" in blocked.hint


def forgotten_balance(shop: Shop) -> None:
    shop.make(BALANCE)
    plan_id = shop.send("GET", "/plans/purse")["id"]
    shop.send("PATCH", f"/plans/{plan_id}", {"metadata": {"commetctl": None}})


def test_an_unknown_margin_is_revealed_by_a_harmless_write(shop: Shop) -> None:
    forgotten_balance(shop)
    assert shop.plan(BALANCE).actions == ["~ plan_feature.purse/tokens"]
    assert '/features/{feature.tokens} {"enabled": true}' in shop.calls(BALANCE)[0]
    assert shop.plan(BALANCE).actions == []


def test_an_unknown_margin_that_proves_different_is_a_failure_that_names_it(shop: Shop) -> None:
    forgotten_balance(shop)
    (outcome,) = shop.apply(BALANCE.replace("percent: 20", "percent: 30"))
    assert "`margin_percent` is 20 in Commet and 30 in the catalog" in outcome.error.message  # type: ignore[union-attr]  # a failure
    assert ledger_of(shop, "purse") == {}
    assert shop.plan(BALANCE.replace("percent: 20", "percent: 30")).actions == ["~ plan_feature.purse/tokens"]


def test_a_metered_plan_needs_no_ledger(shop: Shop) -> None:
    shop.make(
        creator(None)
        .replace("consumption_model: credits", "consumption_model: metered")
        .replace(", included_credits: 1000", "")
    )
    assert ledger_of(shop) == {}


def test_a_protected_object_cannot_be_deleted_until_it_is_released(shop: Shop) -> None:
    protected = (
        creator(10)
        .replace("price: 20,", "price: 20, lifecycle: {protect: true},")
        .replace("included_credits: 1000}", "included_credits: 1000, is_default: true}\n      yearly: {price: 200}")
    )
    without = protected.replace(
        "monthly: {price: 20, lifecycle: {protect: true}, included_credits: 1000, is_default: true}\n      ", ""
    )
    assert without != protected
    shop.make(protected)
    assert shop.plan(protected).actions == []
    (blocked,) = shop.plan(without).changeset.blocked
    assert str(blocked.change.address) == "plan_price.creator/monthly"
    assert "protect" in blocked.reason
    released = protected.replace("protect: true", "protect: false")
    shop.make(released)
    shop.make(without)
    assert shop.plan(without).actions == []


def test_a_protected_price_keeps_its_plan_from_being_pruned(shop: Shop) -> None:
    shop.make(creator(10).replace("price: 20,", "price: 20, lifecycle: {protect: true},"))
    gone = creator(10).split("plans:", maxsplit=1)[0] + "plans: {}\n"
    (blocked,) = shop.plan(gone, prune=True).changeset.blocked
    assert str(blocked.change.address) == "plan.creator"

"""Nothing goes before what replaces it is there, and it stays where that fails."""

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import httpx
import pytest

from commetctl.apply.journal import Journals
from commetctl.core.change import Applied
from commetctl.core.resource import Address, Resource
from harness import Shop

PLANS = """
version: 1
features:
  calls: {name: Calls, type: usage}
  seats: {name: Seats, type: seats}
plans:
  pro:
    name: Pro
    visibility: public
    consumption_model: metered
    prices:
      monthly: {price: 49.00, is_default: true, regional_prices: {eur: 45, jpy: 7200}}
      yearly: {price: 490.00}
    features: {calls: {included_amount: 1000}}
  team: {name: Team, prices: {monthly: {price: 99.00}}}
credit_packs:
  small: {name: Small, credits: 100, price: 10.00}
"""
NEW = "  team: {name: Team, visibility: public, prices: {monthly: {price: 99.00}}}"


class Case(NamedTuple):
    """An edit of PLANS, the request that is refused, and what has to stay: an object, and fields of it."""

    edits: tuple[tuple[str, str], ...]
    refused: str
    stays: str
    fields: Mapping[str, object] = MappingProxyType({})


def swap(old: str, new: str) -> tuple[tuple[str, str], ...]:
    return ((old, new),)


HIDDEN = ("name: Pro\n    visibility: public", "name: Pro\n    visibility: private")
SHOWN = ("  team: {name: Team,", "  team: {name: Team, visibility: public,")
PRO_2026 = (
    "credit_packs:",
    "  pro_2026: {name: Pro 2026, visibility: public, prices: {monthly: {price: 59.00}}}\ncredit_packs:",
)
REQUESTS = (("calls: {name: Calls", "requests: {name: Requests"), ("{calls: {included", "{requests: {included"))
NO_PRO = (PLANS[PLANS.index("  pro:") : PLANS.index("  team:")], "")
TAKES_NAME = (PRO_2026[0], PRO_2026[1].replace("Pro 2026", "Pro"))
PUBLIC = {"visibility": "public"}

CASES: Mapping[str, Case] = {
    "a feature, and the new one cannot be created": Case(REQUESTS, r"POST /features .*", "plan_feature.pro/calls"),
    "a feature, and the new one cannot be attached": Case(
        REQUESTS, r"POST /plans/\w+/features .*", "plan_feature.pro/calls"
    ),
    "a feature that is switched off": Case(
        (("{calls: {included_amount: 1000}}", "{calls: false, seats: {included_amount: 5}}"),),
        r"POST /plans/\w+/features .*", "plan_feature.pro/calls", {"enabled": True},
    ),
    "a price": Case(swap("yearly: {price", "quarterly: {price"), r"POST .*/prices .*", "plan_price.pro/yearly"),
    "the default price": Case(
        (("monthly: {price: 49.00, is", "weekly: {price: 19.00, is"),), r"POST .*/prices .*", "plan_price.pro/monthly"
    ),
    "a currency of one price": Case(
        swap("eur: 45,", "brl: 250,"), r"PUT .*/prices/.*brl.*", "regional_price.pro/monthly/eur"
    ),
    "a currency of one price, for that of another": Case(
        (("eur: 45, ", ""), ("yearly: {price: 490.00}", "yearly: {price: 490.00, regional_prices: {brl: 2500}}")),
        r"PUT .*/prices/.*brl.*", "regional_price.pro/monthly/eur",
    ),
    "a currency, for one with an exchange rate": Case(
        (("eur: 45, ", ""), ("name: Pro\n", "name: Pro\n    exchange_rates: {brl: 5.20}\n")),
        r"PUT /plans/\w+/regional .*", "regional_price.pro/monthly/eur",
    ),
    "a plan, for a new one that cannot be created": Case((HIDDEN, PRO_2026), r"POST /plans .*", "plan.pro", PUBLIC),
    "a plan, for a new one that gets no price": Case((HIDDEN, PRO_2026), r"POST .*/prices .*", "plan.pro", PUBLIC),
    "a plan, for one that cannot be shown": Case((HIDDEN, SHOWN), r"PUT .*/visibility .*true.*", "plan.pro", PUBLIC),
    "a plan, for several of which one cannot be shown": Case(
        (HIDDEN, SHOWN, PRO_2026), r"POST /plans .*", "plan.pro", PUBLIC
    ),
    "a plan that is renamed, for one that takes its name": Case(
        (("name: Pro\n    visibility: public", "name: Pro 2025\n    visibility: private"),
         TAKES_NAME),
        r"PUT .*/visibility .*true.*", "plan.pro", PUBLIC,
    ),
    "a plan that is deleted": Case(
        (NO_PRO, PRO_2026), r"PUT .*/visibility .*true.*", "plan.pro",
    ),
    "a pack that is deleted": Case(
        swap("small: {name: Small", "large: {name: Large"), r"POST /credit-packs .*", "credit_pack.Small"
    ),
    "a pack that is deactivated": Case(
        swap("price: 10.00}", "price: 10.00, is_active: false}\n  large: {name: Large, credits: 500, price: 40.00}"),
        r"POST /credit-packs .*", "credit_pack.Small", {"is_active": True},
    ),
}  # fmt: skip


class Refusing(httpx.BaseTransport):
    """Refuses the writes that match, before they arrive."""

    def __init__(self, inner: httpx.BaseTransport, pattern: str) -> None:
        self.inner, self.pattern, self.refused = inner, re.compile(pattern), 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        text = f"{request.method} {request.url.path.removeprefix('/api/v1')} {request.read().decode()}"
        if self.pattern.fullmatch(text.replace("/manage", "")):
            self.refused += 1
            error = {"type": "invalid_request_error", "code": "validation_error", "message": "refused by the test"}
            return httpx.Response(400, json={"error": error}, request=request)
        return self.inner.handle_request(request)


def edited(edits: tuple[tuple[str, str], ...]) -> str:
    text = PLANS
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def found(shop: Shop, text: str, address: str) -> Resource | None:
    return shop.plan(text, prune=True).live.resources.get(Address.parse(address))


@pytest.mark.parametrize("parallelism", [1, 4])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_goes_stays_where_what_replaces_it_fails(shop: Shop, case: Case, parallelism: int) -> None:
    shop.parallelism = parallelism
    shop.found(PLANS)
    text = edited(case.edits)
    planned = shop.plan(text, prune=True)
    assert not planned.changeset.blocked
    assert not any("have neither" in step.note for step in planned.changeset.steps)
    refusing = Refusing(shop.recorder.inner, case.refused)
    shop.recorder.inner = refusing
    ended = shop.conclude(planned)
    shop.recorder.inner = refusing.inner
    assert refusing.refused
    assert ended.exit_code != 0
    assert any(not isinstance(outcome, Applied) for outcome in ended.outcomes)
    left = found(shop, text, case.stays)
    assert left, case.stays
    assert left.fields.items() >= case.fields.items()
    shop.make(text, prune=True)
    assert shop.plan(text, prune=True).actions == []


def test_a_plan_gives_up_its_name_first_and_is_hidden_last(shop: Shop) -> None:
    shop.found(PLANS)
    case = CASES["a plan that is renamed, for one that takes its name"]
    sent = shop.calls(edited(case.edits))
    at = [next(i for i, line in enumerate(sent) if re.search(part, line)) for part in (
        r'PATCH /plans/\{plan.pro\}.* \{"name": "Pro 2025"\}|PUT /plans/\{plan.pro\}/manage \{"name": "Pro 2025"\}',
        "POST /plans.*pro_2026", r"/plans/\{plan.pro_2026\}/visibility.*true", r"/plans/\{plan.pro\}/visibility.*false",
    )]  # fmt: skip
    assert at == sorted(at)


def test_a_currency_is_added_before_all_are_cleared(shop: Shop) -> None:
    shop.found(PLANS)
    sent = shop.calls(edited(swap("eur: 45,", "brl: 250,")))
    kinds = [(line.split()[0], sorted(re.findall("eur|jpy|brl", line))) for line in sent]
    assert kinds == [("PUT", ["brl", "eur", "jpy"]), ("DELETE", []), ("PUT", ["brl", "jpy"])]


def test_a_pack_gives_up_its_name_first_and_is_deactivated_last(shop: Shop) -> None:
    shop.found(PLANS)
    pack = "small: {name: Small, credits: 100, price: 10.00}"
    known = shop.plan(PLANS).live.ids[Address.parse("credit_pack.Small")]
    old = f"old: {{name: Old, id: {known}, credits: 100, price: 10.00, is_active: false}}"
    changeset = shop.plan(edited(((pack, f"{old}\n  {pack}"),))).changeset
    bodies = [call.body for step in changeset.steps for call in step.calls]
    assert bodies[0] == {"name": "Old"}
    assert bodies[1]
    assert bodies[1]["name"] == "Small"
    assert bodies[2] == {"isActive": False}
    assert changeset.needs["credit_pack.Old (closing)"] == {"credit_pack.Old", "credit_pack.Small"}


def test_a_currency_that_was_written_before_others_are_cleared_is_written_again_after_it(tmp_path: Path) -> None:
    """The first of two equal requests arrives, its answer does not: the next run needs another key for the second."""
    text = edited(CASES["a currency, for one with an exchange rate"].edits)
    with Shop(tmp_path, journals=Journals(tmp_path / "runs")) as shop:
        shop.found(PLANS)
        planned = shop.plan(text)
        assert planned.changeset.steps[0].name == "exchange_rate.pro/brl (adding)"
        shop.recorder.writes_left, shop.recorder.last_arrives = 0, True
        shop.conclude(planned)
        shop.recorder.writes_left = None
        shop.make(text)
        assert shop.plan(text).actions == []


ALL_GONE = (
    ("monthly: {price: 49.00, is_default: true, regional_prices: {eur: 45, jpy: 7200}}", ""),
    ("yearly: {price: 490.00}", ""),
    ("    prices:\n", ""),
)


@pytest.mark.parametrize("parallelism", [1, 4])
def test_all_prices_of_a_plan_can_go(shop: Shop, parallelism: int) -> None:
    """Commet archives the default price only as the last of its plan."""
    shop.parallelism = parallelism
    shop.found(PLANS)
    shop.make(edited(ALL_GONE))
    assert shop.plan(edited(ALL_GONE)).actions == []


def test_the_default_price_alone_takes_the_others_along_or_stays(shop: Shop) -> None:
    """Commet refuses to archive it as long as another is there."""
    monthly = [Address("plan_price", "pro/monthly")]
    shop.found(PLANS)
    both = ["- plan_price.pro/monthly", "- plan_price.pro/yearly"]
    assert shop.plan(edited(ALL_GONE), targets=monthly).actions == both
    shop.make(edited(swap("{price: 490.00}", "{price: 490.00, lifecycle: {protect: true}}")))
    planned = shop.plan(edited(ALL_GONE), targets=monthly)
    (blocked,) = planned.changeset.blocked
    assert str(blocked.change.address) == "plan_price.pro/monthly"
    assert blocked.reason == "it waits for plan_price.pro/yearly, which is itself blocked"


SAME_NAME = (("calls: {name: Calls", "requests: {name: Calls"), ("{calls: {included", "{requests: {included"))


@pytest.mark.parametrize("prune", [False, True])
def test_a_feature_stays_where_the_new_one_would_take_its_name(shop: Shop, prune: bool) -> None:
    shop.found(PLANS)
    planned = shop.plan(edited(SAME_NAME), prune=prune)
    reasons = {str(item.change.address): item.reason for item in planned.changeset.blocked}
    assert reasons["plan_feature.pro/calls"] == "it waits for plan_feature.pro/requests, which is itself blocked"
    assert planned.changeset.steps == ()


def test_what_waits_for_a_blocked_change_is_blocked_too(shop: Shop) -> None:
    """Once created, the consumption model of a plan is fixed, so team cannot be shown in this run."""
    shop.found(PLANS)
    text = edited(
        (HIDDEN, ("  team: {name: Team,", "  team: {name: Team, visibility: public, consumption_model: credits,"))
    )
    planned = shop.plan(text)
    reasons = {str(item.change.address): item.reason for item in planned.changeset.blocked}
    assert reasons.keys() == {"plan.pro", "plan.team"}
    assert reasons["plan.pro"] == "it waits for plan.team, which is itself blocked"
    # What is not part of the run is not waited for.
    assert not shop.plan(text, targets=[Address("plan", "pro")]).changeset.blocked


def test_what_belongs_to_a_change_that_waits_for_a_blocked_one_is_blocked_too(shop: Shop) -> None:
    """Without its overage, a feature has no price per unit in a currency."""
    shop.make(PLANS.replace("calls: {name: Calls", "old: {name: Requests, type: boolean}\n  calls: {name: Calls"))
    overage = "{enabled: false, overage: {unit_price: 0.20, regional_prices: {brl: 1.10}}}"
    text = edited(
        (
            (
                "features: {calls: {included_amount: 1000}}",
                f"features: {{calls: {overage}, requests: {{included_amount: 5}}}}",
            ),
            ("calls: {name: Calls", "requests: {name: Requests, type: usage}\n  calls: {name: Calls"),
            ("name: Pro\n", "name: Pro\n    exchange_rates: {brl: 5.20}\n"),
        )
    )
    reasons = {str(item.change.address): item.reason for item in shop.plan(text).changeset.blocked}
    assert reasons["plan_feature.pro/calls"] == "it waits for plan_feature.pro/requests, which is itself blocked"
    needs = "it needs plan_feature.pro/calls, which is itself blocked"
    assert reasons["regional_unit_price.pro/calls/brl"] == needs


def test_a_price_per_unit_in_a_currency_takes_its_new_overage_along(shop: Shop) -> None:
    shop.found(PLANS)
    text = edited(
        (
            (
                "calls: {included_amount: 1000}",
                "calls: {included_amount: 1000, overage: {unit_price: 0.20, regional_prices: {brl: 1.10}}}",
            ),
            ("name: Pro\n", "name: Pro\n    exchange_rates: {brl: 5.20}\n"),
        )
    )
    planned = shop.plan(text, targets=[Address.parse("regional_unit_price.pro/calls/brl")])
    assert not planned.changeset.blocked
    assert {"~ plan_feature.pro/calls", "+ regional_unit_price.pro/calls/brl"} <= {*planned.actions}


def test_a_private_plan_is_not_waited_with(shop: Shop) -> None:
    """Nobody can buy it, so nothing has to replace it."""
    shop.found(PLANS)
    planned = shop.plan(
        edited(((PLANS[PLANS.index("  team:") : PLANS.index("credit_packs:")], ""), PRO_2026)), prune=True
    )
    assert planned.changeset.needs["plan.team"] == frozenset()

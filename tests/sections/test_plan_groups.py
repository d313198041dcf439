"""Plan groups: known by name, with their plans in order, by the fewest calls and in an order that Commet takes."""

import httpx
import pytest

from commetctl.core.change import Failed
from commetctl.core.resource import Address
from harness import Shop

PLAN = "{name: %s, consumption_model: metered, prices: {monthly: {price: 9}}}"
PLANS = "version: 1\nplans:\n" + "".join(f"  {code}: {PLAN % code.upper()}\n" for code in "abcd")
MAIN = "main: {name: Main, visibility: public, plans: [a, b, c]}"


def groups(*lines: str, plans: str = PLANS) -> str:
    return plans + ("plan_groups:\n" + "".join(f"  {line}\n" for line in lines) if lines else "plan_groups: {}\n")


def of_groups(calls: list[str]) -> list[str]:
    return [call for call in calls if "/plan-groups" in call]


def main(*codes: str) -> str:
    return groups(MAIN.replace("[a, b, c]", f"[{', '.join(codes)}]"))


AT = "/plan-groups/{plan_group.Main}"


def test_a_group_is_created_and_then_filled_in_order(shop: Shop) -> None:
    assert of_groups(shop.calls(groups(MAIN))) == [
        'POST /plan-groups {"name": "Main", "isPublic": true}',
        f'POST {AT}/plans {{"planId": "{{plan.a}}", "sortOrder": 0}}',
        f'POST {AT}/plans {{"planId": "{{plan.b}}", "sortOrder": 1}}',
        f'POST {AT}/plans {{"planId": "{{plan.c}}", "sortOrder": 2}}',
    ]
    assert shop.plan(groups(MAIN)).actions == []


def order(*codes: str) -> str:
    return f'PUT {AT}/plans/reorder {{"planIds": [' + ", ".join(f'"{{plan.{code}}}"' for code in codes) + "]}"


def joins(code: str) -> str:
    return f'POST {AT}/plans {{"planId": "{{plan.{code}}}", "sortOrder": 3}}'


def leaves(code: str) -> str:
    return f"DELETE {AT}/plans/{{plan.{code}}}"


@pytest.mark.parametrize(
    ("codes", "calls"),
    [
        ("abcd", [joins("d")]),
        ("ac", [leaves("b")]),
        ("cab", [order("c", "a", "b")]),
        ("acd", [leaves("b"), joins("d")]),
        ("dabc", [joins("d"), order("d", "a", "b", "c")]),
        ("db", [leaves("a"), leaves("c"), joins("d"), order("d", "b")]),
        ("d", [leaves("a"), leaves("b"), leaves("c"), joins("d")]),
        ("", [leaves("a"), leaves("b"), leaves("c")]),
    ],
)
def test_other_plans_take_the_fewest_calls(codes: str, calls: list[str], shop: Shop) -> None:
    shop.make(groups(MAIN))
    shop.remember_ids(groups(MAIN))
    assert shop.calls(main(*codes)) == calls
    assert shop.plan(main(*codes)).actions == []


@pytest.mark.parametrize(("version", "method"), [("2026-08-27", "PATCH"), ("2026-07-11", "PUT")])
def test_its_own_fields_take_one_call(version: str, method: str, shop: Shop) -> None:
    shop.version = version
    shop.make(groups(MAIN.replace("public", "public, description: All")))
    renamed = MAIN.replace("name: Main, visibility: public", "name: Teams, previous_name: Main")
    assert shop.calls(groups(renamed)) == [
        f'{method} /plan-groups/{{plan_group.Teams}} {{"name": "Teams", "description": null, "isPublic": false}}'
    ]


def test_a_plan_leaves_its_group_before_it_joins_another(shop: Shop) -> None:
    side = "side: {name: Side, plans: [d]}"
    before = groups(side, MAIN)
    shop.make(before)
    shop.remember_ids(before)
    # Also where the group that it joins comes first in the file.
    after = groups(side.replace("[d]", "[d, c]"), MAIN.replace(", c]", "]"))
    joined = 'POST /plan-groups/{plan_group.Side}/plans {"planId": "{plan.c}", "sortOrder": 1}'
    assert shop.calls(after) == [leaves("c"), joined]
    assert shop.plan(after).actions == []


def test_a_plan_of_a_group_that_the_file_does_not_declare_stays_there(shop: Shop) -> None:
    shop.make(groups(MAIN))
    planned = shop.plan(groups("new: {name: New, plans: [c, d]}"))
    assert planned.actions == ["! plan_group.New"]
    assert planned.unmanaged == ["plan_group.Main"]
    (blocked,) = planned.changeset.blocked
    assert blocked.reason == "plan_group.Main, which is not in the catalog, has `c` among its plans"
    assert blocked.hint == "remove it from plan_group.Main first, in the catalog or in the dashboard"


def test_a_plan_joins_once_it_has_its_currencies(shop: Shop) -> None:
    """Commet refuses a plan whose currencies are not those of the group."""
    euros = PLANS.replace("price: 9}", "price: 9, regional_prices: {eur: 8}}")
    calls = shop.calls(groups(MAIN, plans=euros.replace("D, ", "D, visibility: public, ")))
    first = next(number for number, call in enumerate(calls) if call.startswith("POST /plan-groups"))
    of_plans = [n for n, call in enumerate(calls) if "/regional" in call and "{plan.d}" not in call]
    assert max(of_plans) < first

    # A plan that is there already gets a currency and joins in one run.
    shop.make(groups(MAIN.replace(", c]", "]"), plans=PLANS))
    assert shop.plan(groups(MAIN, plans=euros)).actions
    shop.make(groups(MAIN, plans=euros))
    assert shop.plan(groups(MAIN, plans=euros)).actions == []


def test_a_plan_that_is_deleted_leaves_its_group_first(shop: Shop) -> None:
    shop.make(groups(MAIN))
    shop.remember_ids(groups(MAIN))
    without = main("a", "b").replace(f"  c: {PLAN % 'C'}\n", "")
    calls = shop.calls(without, prune=True)
    assert calls[0] == leaves("c")
    assert calls[1].startswith("DELETE /plans/{plan.c}")
    assert shop.plan(without, prune=True).actions == []


def test_a_plan_of_a_group_that_is_not_managed_is_not_deleted(shop: Shop) -> None:
    shop.make(groups(MAIN))
    planned = shop.plan(PLANS.replace(f"  c: {PLAN % 'C'}\n", ""), prune=True)
    assert planned.actions == ["! plan.c"]
    (blocked,) = planned.changeset.blocked
    assert blocked.reason == "plan_group.Main still refers to it and stays"
    assert blocked.hint.startswith("add `plan_groups:` with everything")


def test_a_key_that_may_not_read_groups_deletes_no_plan(shop: Shop) -> None:
    shop.make(groups(MAIN))
    may = "plan:rw,feature:r,market:r,offer:r,promo_code:r"
    shop.key = f"rk_sandbox_x.{may}"
    # Where nothing is deleted, it makes no difference.
    assert shop.plan(PLANS, prune=True).actions == []
    without = PLANS.replace(f"  d: {PLAN % 'D'}\n", "")
    (blocked,) = shop.plan(without, prune=True).changeset.blocked
    assert str(blocked.change.address) == "plan.d"
    assert (
        blocked.reason
        == "it is not known whether any of `plan_groups` refers to it: the key is not allowed to read them"
    )
    assert blocked.hint == "give the key this permission in the dashboard, or use another key"
    shop.key = f"rk_sandbox_x.{may},plan_group:r"
    assert shop.plan(without, prune=True).actions == ["- plan.d"]


def test_a_group_is_deleted_and_its_plans_stay(shop: Shop) -> None:
    shop.make(groups(MAIN))
    assert shop.plan(groups()).actions == []
    assert shop.plan(groups()).unmanaged == ["plan_group.Main"]
    shop.remember_ids(groups(MAIN))
    assert shop.calls(groups(), prune=True) == ["DELETE /plan-groups/{plan_group.Main}"]
    assert len(shop.send("GET", "/plans?includePrivate=true")["data"]) == 4


def test_plans_that_the_file_does_not_declare_are_held_to_the_rules_of_a_group(shop: Shop) -> None:
    others = "  x: {name: X, consumption_model: credits, prices: {monthly: {price: 9}}}\n"
    others += "  y: {name: Y, consumption_model: metered, prices: {monthly: {price: 9, regional_prices: {eur: 8}}}}\n"
    shop.make(PLANS + others)
    for code, reason in {
        "x": "`x` has `consumption_model: credits`, and `a` in the same group has `consumption_model: metered`",
        "y": "`y` is sold in EUR, and `a` in the same group is not",
    }.items():
        planned = shop.plan(f"version: 1\nplan_groups: {{main: {{name: Main, plans: [a, {code}]}}}}\n")
        assert [item.reason for item in planned.changeset.blocked] == [reason]
    fitting = "version: 1\nplan_groups: {main: {name: Main, plans: [b, a]}}\n"
    shop.make(fitting)
    assert shop.plan(fitting).actions == []


def test_a_new_order_says_which_switches_are_charged_at_once(shop: Shop) -> None:
    shop.make(groups(MAIN))
    (effect,) = shop.plan(main("b", "a", "c")).review.effects[Address("plan_group", "Main")]
    assert str(effect) == (
        "at once: plan switches within a billing interval follow the new order from now on; now an "
        "upgrade, charged at once: `b` to `a`; now a downgrade, at the end of the period: `a` to `b`"
    )


def test_a_run_that_ends_between_two_calls_is_finished_by_the_next(shop: Shop) -> None:
    shop.make(groups(MAIN))
    for writes in range(4):
        assert shop.cut(main("d", "b"), writes, last_arrives=False)
        shop.make(main("d", "b"))
        shop.make(main("a", "b", "c"))


class Without(httpx.BaseTransport):
    """The emulator, if a group did not say its plans."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self.inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        content = self.inner.handle_request(request).read()
        is_group = request.url.path.rpartition("/")[2].startswith("plg_")
        return httpx.Response(200, content=content.replace(b'"plans"', b'"members"') if is_group else content)


def test_a_group_that_does_not_say_its_plans_is_not_changed(shop: Shop) -> None:
    shop.make(groups(MAIN))
    shop.recorder.inner = Without(shop.recorder.inner)
    planned = shop.plan(main("b", "a"))
    assert planned.actions == ["! plan_group.Main"]
    assert "has no `plans` list" in planned.changeset.blocked[0].reason


def test_a_plan_that_fails_does_not_join(shop: Shop) -> None:
    """A plan without its currencies must not be in a group that has them."""
    euros = PLANS.replace("price: 9}", "price: 9, regional_prices: {eur: 8}}")
    shop.make(groups(MAIN.replace(", c]", "]"), plans=euros.replace("  c: ", "  z: ").replace("C,", "Z,")))
    planned = shop.plan(groups(MAIN, plans=euros))
    shop.recorder.writes_until_refusal = 2
    outcomes = {str(outcome.change.address): outcome for outcome in shop.carry_out(planned)}
    shop.recorder.writes_until_refusal = None
    assert any(isinstance(outcome, Failed) for outcome in outcomes.values())
    assert "needs" in getattr(outcomes["plan_group.Main"], "reason", "")

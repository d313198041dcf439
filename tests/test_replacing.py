"""`--replace`: what Commet fixes at creation is changed by taking the object away and making it again, on request."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from commetctl.apply.journal import Journals
from commetctl.core.change import Delete, Failed, Update
from commetctl.core.errors import CommetctlError, Refused
from commetctl.core.footprint import Account
from commetctl.core.impact import When
from commetctl.core.resource import Address
from commetctl.review.guards import refusals
from harness import Shop, line

TOKENS, STORAGE = Address("plan_feature", "purse/tokens"), Address("addon", "storage")
SEATS, BRL = Address("plan_feature", "purse/seats"), Address("regional_unit_price", "purse/tokens/brl")
FILE = """
version: 1
features:
  tokens: {name: Tokens, type: usage}
  seats: {name: Seats, type: seats}
  storage: {name: Storage, type: usage}
plans:
  purse:
    name: Purse
    consumption_model: balance
    prices: {monthly: {price: 49, is_default: true, included_balance: 10}}
    exchange_rates: {brl: 5.2, jpy: 151.25}
    features:
      tokens:
        pricing_mode: ai_model
        margin_percent: 20
        included_amount: 100
        overage: {unit_price: 0.5, regional_prices: {brl: 3}}
      seats: {included_amount: 5}
addons:
  storage: {name: Storage, feature: storage, consumption_model: boolean, base_price: 5, description: More}
"""
MARGIN = FILE.replace("margin_percent: 20", "margin_percent: 25")
MODEL = FILE.replace("consumption_model: boolean", "consumption_model: balance, overage_rate: 0.02")
BOTH = MARGIN.replace("consumption_model: boolean", "consumption_model: balance, overage_rate: 0.02")


def done(shop: Shop, text: str, *replaced: Address) -> list[str]:
    """The writes that a text takes, as methods and paths, once it is applied."""
    shop.remember_ids(text)
    shop.recorder.requests.clear()
    shop.make(text, replaced=replaced)
    writes = [line(request, shop.names) for request in shop.recorder.requests if request.method != "GET"]
    return [write.replace("/manage", "").partition(' {"')[0] for write in writes]


@pytest.fixture
def made(shop: Shop) -> Shop:
    shop.make(FILE)
    return shop


def test_without_it_both_are_blocked_and_the_way_out_names_it(made: Shop) -> None:
    planned = made.plan(BOTH)
    assert planned.actions == [f"! {TOKENS}", f"! {STORAGE}"]
    hints = [item.hint for item in planned.changeset.blocked]
    assert hints[0].endswith(f"; or apply with `--replace {TOKENS}`")
    assert hints[1].endswith(f"; or apply with `--replace {STORAGE}`")


def test_a_feature_of_a_plan_is_taken_out_and_added_again(made: Shop) -> None:
    before = made.plan(FILE).live.resources
    planned = made.plan(MARGIN, replaced=[TOKENS])
    assert planned.actions == [f"± {TOKENS}"]
    assert done(made, MARGIN, TOKENS) == [
        "PATCH /plans/{plan.purse}" if made.version == "2026-08-27" else "PUT /plans/{plan.purse}",
        "DELETE /plans/{plan.purse}/features/{feature.tokens}",
        "POST /plans/{plan.purse}/features",
        "PUT /plans/{plan.purse}/regional",
        "PUT /plans/{plan.purse}/regional",
        "PATCH /plans/{plan.purse}" if made.version == "2026-08-27" else "PUT /plans/{plan.purse}",
    ]
    after = made.plan(MARGIN)
    assert after.actions == []
    found = after.live.resources
    assert str(found[TOKENS].fields["margin_percent"]) == "25"
    assert {a: r.fields for a, r in found.items() if a != TOKENS} == {
        a: r.fields for a, r in before.items() if a != TOKENS
    }


def test_its_prices_in_other_currencies_go_with_it_and_are_written_again(made: Shop) -> None:
    changeset = made.plan(MARGIN, replaced=[TOKENS]).changeset
    (change,) = changeset.changes
    assert BRL in changeset.along[TOKENS]
    account = Account(made.plan(MARGIN).live.resources)
    step = next(step for step in changeset.steps if len(step.calls) == 2)
    account.carry_out(step.calls[0].leaves)
    assert account.state(TOKENS) is None
    assert account.state(BRL) is None
    for call in [step.calls[1], *(call for later in changeset.steps[2:] for call in later.calls)]:
        account.carry_out(call.leaves)
    assert account.state(BRL) == made.plan(FILE).live.resources[BRL]
    assert isinstance(change, Update)
    assert change.replaced


def test_an_add_on_is_deleted_and_created_again(made: Shop) -> None:
    first = made.plan(FILE).live.ids[STORAGE]
    assert done(made, MODEL, STORAGE) == ["DELETE /addons/{addon.storage}", "POST /addons"]
    after = made.plan(MODEL)
    assert after.actions == []
    assert after.live.ids[STORAGE] != first
    assert after.live.resources[STORAGE].fields["description"] == "More"


def test_only_what_is_named_is_replaced(made: Shop) -> None:
    assert made.plan(BOTH, replaced=[STORAGE]).actions == [f"± {STORAGE}", f"! {TOKENS}"]


def test_other_changes_of_the_object_come_with_it(made: Shop) -> None:
    text = MARGIN.replace("included_amount: 100", "included_amount: 200").replace("{brl: 3}", "{brl: 4}")
    planned = made.plan(text, replaced=[TOKENS])
    assert planned.actions == [f"± {TOKENS}", f"~ {BRL}"]
    made.make(text, replaced=[TOKENS])
    assert made.plan(text).actions == []


def test_the_plan_says_what_subscribers_feel_and_that_there_is_a_gap(made: Shop) -> None:
    planned = made.plan(BOTH, replaced=[TOKENS, STORAGE])
    effects = planned.review.effects
    assert [(effect.when, effect.text.rpartition(" (")[2]) for effect in effects[TOKENS][:2]] == [
        (When.AT_RENEWAL, "the object that is deleted)"),
        (When.AT_ONCE, "the object that is created again)"),
    ]
    assert effects[TOKENS][2].when is When.UNKNOWN
    assert "whether their usage in this period still counts" in effects[TOKENS][2].text
    ((nobody),) = effects[STORAGE]
    assert nobody.when is When.NOT_AT_ALL
    noted = [step.name for step in planned.changeset.steps if "does not exist in between" in step.note]
    assert noted == [str(TOKENS), str(STORAGE)]
    documents = {change["address"]: change for change in planned.document["changes"]}
    assert documents[str(TOKENS)]["action"] == "update"
    assert documents[str(TOKENS)]["replaced"] is True
    assert str(BRL) in documents[str(TOKENS)]["along"]
    assert planned.document["summary"]["update"] == planned.document["summary"]["replaced"] == 2


@pytest.mark.parametrize(
    ("change", "address", "reason", "way_out"),
    [
        (
            ("consumption_model: balance", "consumption_model: metered"),
            "plan.purse",
            "a plan",
            "a new plan under a new",
        ),
        (("type: seats", "type: quota"), "feature.seats", "a feature", "declare a new feature"),
    ],
)
def test_where_there_is_no_safe_way_it_is_refused(
    made: Shop, change: tuple[str, str], address: str, reason: str, way_out: str
) -> None:
    text = FILE.replace(*change)
    if address == "plan.purse":
        text = text.replace("pricing_mode: ai_model\n        margin_percent: 20\n        ", "").replace(
            ", included_balance: 10", ""
        )
    with pytest.raises(Refused) as raised:
        made.plan(text, replaced=[Address.parse(address)])
    assert raised.value.code == "no_safe_way"
    assert f"there is no safe way to replace {reason}" in raised.value.message
    assert way_out in raised.value.hint
    assert raised.value.exit_code == 4


def test_a_part_of_a_field_that_is_fixed_is_fixed_too(tmp_path: Path) -> None:
    text = "version: 1\nprice_scale: rate\npromo_codes: {SPRING: {discount: {percent: 50, cycles: 3}}}\n"
    with Shop(tmp_path, "2026-07-11") as shop:
        shop.make(text)
        with pytest.raises(Refused, match=r"`discount\S* is fixed once created, and there is no safe way") as raised:
            shop.plan(text.replace("percent: 50", "percent: 60"), replaced=[Address.parse("promo_code.SPRING")])
        assert raised.value.code == "no_safe_way"


@pytest.mark.parametrize(
    ("address", "code", "message"),
    [
        ("plan_feature.purse/tokns", "unknown_replace", "is neither in the catalog nor in Commet"),
        ("plan_feature.purse/seats", "not_replaced", "none of its fields that are fixed once created differs"),
        ("exchange_rate.purse/brl", "not_replaced", "none of its fields that are fixed once created differs"),
        ("plan_feature.purse/gone", "not_replaced", "it is not in the catalog"),
    ],
)
def test_an_address_that_has_nothing_to_replace_is_an_error(made: Shop, address: str, code: str, message: str) -> None:
    if address.endswith("gone"):
        made.make(
            FILE.replace("seats: {name", "gone: {name: Gone, type: boolean}\n  seats: {name").replace(
                "      seats:", "      gone: true\n      seats:"
            )
        )
    with pytest.raises(CommetctlError, match="`") as raised:
        made.plan(MARGIN, replaced=[Address.parse(address)])
    assert raised.value.code == code
    assert message in raised.value.message
    assert raised.value.exit_code == 1


def test_targets_have_to_include_it(made: Shop) -> None:
    with pytest.raises(CommetctlError, match="it is not among the targets") as raised:
        made.plan(BOTH, replaced=[TOKENS], targets=[STORAGE])
    assert raised.value.hint == f"add `--target {TOKENS}`"
    planned = made.plan(BOTH, replaced=[TOKENS], targets=[TOKENS])
    assert planned.actions == [f"± {TOKENS}"]
    made.make(BOTH, replaced=[TOKENS], targets=[TOKENS])
    assert made.plan(BOTH).actions == [f"! {STORAGE}"]


def test_what_is_protected_is_not_replaced(shop: Shop) -> None:
    protected = FILE.replace("pricing_mode: ai_model\n", "pricing_mode: ai_model\n        lifecycle: {protect: true}\n")
    shop.make(protected)
    text = protected.replace("margin_percent: 20", "margin_percent: 25").replace("protect: true", "protect: false")
    (blocked,) = shop.plan(text, replaced=[TOKENS]).changeset.blocked
    assert blocked.reason == f"{TOKENS} is protected by `lifecycle: {{protect: true}}`"
    assert "`protect: false` with all other fields unchanged" in blocked.hint
    shop.make(text.replace("margin_percent: 25", "margin_percent: 20"))
    shop.make(text, replaced=[TOKENS])
    assert shop.plan(text).actions == []


def test_a_replaced_object_may_be_protected_from_then_on(made: Shop) -> None:
    text = MARGIN.replace("pricing_mode: ai_model\n", "pricing_mode: ai_model\n        lifecycle: {protect: true}\n")
    made.make(text, replaced=[TOKENS])
    after = made.plan(text)
    assert after.actions == []
    assert after.live.resources[TOKENS].fields["protect"] is True


def test_it_counts_as_a_deletion_and_not_as_an_update(made: Shop) -> None:
    def codes(policy: str, *replaced: Address) -> list[str]:
        planned = made.plan(f'{BOTH}policy: {{max_price_change: "off", {policy}}}\n', replaced=replaced)
        return [refused.message for refused in refusals(planned.prepared.subject) if refused.code != "blocked"]

    # The feature with two unit prices, and the add-on.
    assert codes("max_deletes: 4, max_updates: 0", TOKENS, STORAGE) == []
    assert codes("max_deletes: 3", TOKENS, STORAGE) == ["4 objects would be deleted or replaced, and the limit is 3"]


def test_an_add_on_that_a_subscription_has_stays_as_it_is(made: Shop) -> None:
    ids = {str(address): id_ for address, id_ in made.plan(FILE).live.ids.items()}
    customer = made.send("POST", "/customers", {"email": "a@example.com"})
    body = {"planId": ids["plan.purse"], "customerId": customer["id"]}
    subscription = made.send("POST", "/subscriptions", body)
    made.send("POST", f"/subscriptions/{subscription['id']}/addons", {"addonId": ids["addon.storage"]})
    before = made.send("GET", "/addons")
    (failed,) = made.carry_out(made.plan(MODEL, replaced=[STORAGE]))
    assert isinstance(failed, Failed)
    assert failed.error.code == "addon_has_activations"
    assert "deactivate it" in failed.error.hint
    assert failed.left is None
    assert made.send("GET", "/addons") == before


def states(shop: Shop, text: str) -> dict[str, Any]:
    return {str(a): r.fields for a, r in shop.plan(text).live.resources.items()}


def end(folder: Path, version: str, writes: int | None, *, arrives: bool) -> dict[str, Any]:
    """Where both replacements end when the line is lost after some writes, or never, and the command is given again."""
    with Shop(folder, version, journals=Journals(folder / "runs")) as shop:
        shop.make(FILE)
        shop.recorder.writes_left, shop.recorder.last_arrives = writes, arrives
        first = shop.conclude(shop.plan(BOTH, replaced=[TOKENS, STORAGE]))
        shop.recorder.writes_left = None
        if first.exit_code:
            shop.make(BOTH, replaced=[TOKENS, STORAGE])
        assert shop.plan(BOTH).actions == []
        return states(shop, BOTH)


@cache
def undisturbed_end(version: str) -> dict[str, Any]:
    with TemporaryDirectory() as folder:
        return end(Path(folder), version, None, arrives=False)


@pytest.mark.parametrize("arrives", [False, True])
@pytest.mark.parametrize("cut", range(8))
def test_wherever_the_line_is_lost_the_same_command_ends_right(
    version: str, tmp_path: Path, cut: int, *, arrives: bool
) -> None:
    assert end(tmp_path, version, cut, arrives=arrives) == undisturbed_end(version)


@pytest.mark.parametrize(("text", "address", "writes"), [(MARGIN, TOKENS, 2), (MODEL, STORAGE, 1)])
@pytest.mark.parametrize("arrives", [False, True])
def test_killed_in_between_it_is_completed_also_without_naming_it_and_without_a_journal(
    made: Shop, text: str, address: Address, writes: int, *, arrives: bool
) -> None:
    made.recorder.writes_left, made.recorder.last_arrives = writes - arrives, arrives
    ended = made.conclude(made.plan(text, replaced=[address]))
    assert ended.exit_code
    made.recorder.writes_left = None
    assert address not in made.plan(text).live.resources
    assert f"+ {address}" in made.plan(text, replaced=[address]).actions
    made.make(text)
    assert made.plan(text).actions == []


def test_what_is_lost_in_between_has_a_line_each(made: Shop) -> None:
    made.recorder.writes_until_refusal = 2
    ended = made.conclude(made.plan(MARGIN, replaced=[TOKENS]))
    assert ended.exit_code == 5
    left = {outcome.change.address: outcome for outcome in ended.outcomes if isinstance(outcome, Failed)}
    assert isinstance(left[TOKENS].left, Delete)
    assert left[BRL].error.code == "half_done"
    assert "is gone" in left[BRL].error.message


def test_what_is_replaced_is_not_replaced_again_by_the_same_command(shop: Shop, tmp_path: Path) -> None:
    """Killed before the ledger holds the margin again, which nothing then reveals: the second run only finds it out."""
    shop.journals = Journals(tmp_path / "runs")
    shop.make(FILE)
    shop.recorder.writes_left = 5
    shop.conclude(shop.plan(MARGIN, replaced=[TOKENS]))
    shop.recorder.writes_left = None
    calls = done(shop, MARGIN, TOKENS)
    assert not [call for call in calls if call.startswith(("DELETE", "POST"))]
    assert shop.plan(MARGIN).actions == []

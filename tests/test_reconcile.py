"""What is done, what is left alone and what is refused, seen from a whole catalog."""

import pytest

from commetctl.core.changeset import Changeset
from commetctl.core.errors import CommetctlError
from commetctl.core.resource import ABSENT, Address
from harness import Shop

YAML = """
version: 1
features:
  calls: {name: Calls, type: usage}
  sso: {name: SSO, type: boolean}
plans:
  pro:
    name: Pro
    consumption_model: metered
    metadata: {tier: '1', team: growth}
    prices:
      monthly: {price: 49, is_default: true, regional_prices: {eur: 45}}
      yearly: {price: 490}
    features:
      calls: {included_amount: 100, overage: {unit_price: 0.002}}
      sso: true
    exchange_rates: {brl: 5.2}
  team: {name: Team, prices: {monthly: {price: 99}}}
"""


def edited(*edits: tuple[str, str]) -> str:
    text = YAML
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


@pytest.fixture
def made(shop: Shop) -> Shop:
    shop.make(YAML)
    return shop


def reasons(changeset: Changeset) -> dict[str, str]:
    return {str(item.change.address): f"{item.reason} / {item.hint}" for item in changeset.blocked}


@pytest.mark.parametrize(
    ("old", "new", "address", "reason"),
    [
        ("type: boolean", "type: seats", "feature.sso", "`type` is fixed once created, and is boolean in Commet"),
        (
            "consumption_model: metered",
            "consumption_model: balance",
            "plan.pro",
            "`consumption_model` is fixed once created, and is metered in Commet",
        ),
        ("name: Pro", "name: Pro\n    block_on_exhaustion: true", "plan.pro", "`block_on_exhaustion` is fixed"),
        ("    exchange_rates: {brl: 5.2}\n", "", "exchange_rate.pro/brl", "cannot remove an exchange rate"),
    ],
)
def test_what_cannot_be_changed_is_blocked_with_the_way_out(
    made: Shop, old: str, new: str, address: str, reason: str
) -> None:
    found = reasons(made.plan(edited((old, new))).changeset)
    assert reason in found[address]
    assert not found[address].endswith("/ ")


def test_what_stands_alone_and_is_not_declared_is_unmanaged(made: Shop) -> None:
    planned = made.plan(edited(("  team: {name: Team, prices: {monthly: {price: 99}}}\n", "")))
    assert planned.actions == []
    assert [str(address) for address in planned.changeset.unmanaged] == ["plan.team"]


def test_a_deleted_plan_takes_its_parts_along_in_one_call(made: Shop) -> None:
    planned = made.plan(edited(("  team: {name: Team, prices: {monthly: {price: 99}}}\n", "")), prune=True)
    assert planned.actions == ["- plan.team"]
    assert [str(a) for a in planned.changeset.along[Address("plan", "team")]] == ["plan_price.team/monthly"]
    assert [len(step.calls) for step in planned.changeset.steps] == [1]


def test_a_feature_is_deleted_after_it_left_the_plans(made: Shop) -> None:
    gone = edited(("  sso: {name: SSO, type: boolean}\n", ""), ("      sso: true\n", ""))
    steps = [step.name for step in made.plan(gone, prune=True).changeset.steps]
    assert steps == ["plan_feature.pro/sso", "feature.sso"]
    made.make(gone, prune=True)


def test_a_feature_that_an_undeclared_plan_includes_is_not_deleted(made: Shop) -> None:
    """The plan went out of the file and its feature too; without `--prune` neither is touched."""
    without = edited(("  team: {name: Team, prices: {monthly: {price: 99}}}\n", "")).split("  pro:")[0]
    planned = made.plan(without.replace("  sso: {name: SSO, type: boolean}\n", "").rstrip() + " {}\n")
    assert planned.actions == []
    assert {str(address) for address in planned.changeset.unmanaged} == {"feature.sso", "plan.pro", "plan.team"}


def test_a_feature_that_only_commet_knows_can_be_used(made: Shop) -> None:
    """A file without the section of features refers to what is there."""
    plans = edited().split("plans:")[1]
    made.make("version: 1\nplans:" + plans.replace("sso: true", "sso: false"))
    planned = made.plan("version: 1\nplans:" + plans.replace("sso: true", "nope: true"))
    assert (
        "it needs feature.nope, which does not exist in Commet" in reasons(planned.changeset)["plan_feature.pro/nope"]
    )


@pytest.mark.parametrize(
    ("target", "actions"),
    [
        ("plan_price.pro/monthly", ["~ plan_price.pro/monthly", "~ regional_price.pro/monthly/brl"]),
        ("plan_price.pro/yearly", ["~ plan_price.pro/yearly"]),
        ("plan_feature.pro/sso", ["- plan_feature.pro/sso"]),
        ("plan.team", ["~ plan.team"]),
        ("feature.extra", ["+ feature.extra"]),
        ("plan_feature.pro/extra", ["+ feature.extra", "+ plan_feature.pro/extra"]),
    ],
)
def test_a_target_takes_what_belongs_to_it_and_what_it_needs(made: Shop, target: str, actions: list[str]) -> None:
    wanted = edited(
        ("price: 49,", "price: 59,"),
        ("      yearly: {price: 490}", "      yearly: {price: 490, trial_days: 7}"),
        ("      sso: true\n", "      extra: true\n"),
        ("features:\n  calls", "features:\n  extra: {name: Extra, type: boolean}\n  calls"),
        ("name: Team", "name: Teams"),
    )
    planned = made.plan(wanted, targets=(Address.parse(target),))
    assert sorted(planned.actions) == sorted(actions)
    made.carry_out(planned)
    assert not set(made.plan(wanted).actions) & set(actions)


def test_a_target_leaves_the_rest_of_its_plan_alone(made: Shop) -> None:
    """Also a change that the ledger has to follow, which takes three calls of its own."""
    credits_plan = (
        "  studio:\n    name: Studio\n    consumption_model: credits\n    prices: {monthly: {price: 20}}\n"
        "    features: {calls: {credits_per_unit: 10}}\n"
    )
    made.make(YAML + credits_plan)
    edits = (("name: Studio", "name: Studios"), ("price: 20", "price: 25"), ("unit: 10", "unit: 12"))
    wanted = YAML + credits_plan
    for old, new in edits:
        wanted = wanted.replace(old, new)
    one = made.plan(wanted, targets=(Address.parse("plan_price.studio/monthly"),))
    assert one.actions == ["~ plan_price.studio/monthly"]
    made.carry_out(one)
    one = made.plan(wanted, targets=(Address.parse("plan_feature.studio/calls"),))
    assert one.actions == ["~ plan_feature.studio/calls"]
    made.carry_out(one)
    assert made.plan(wanted).actions == ["~ plan.studio"]


def test_a_target_that_names_nothing_is_an_error(made: Shop) -> None:
    with pytest.raises(CommetctlError, match=r"`plan\.prro` is neither in the catalog nor in Commet"):
        made.plan(YAML, targets=(Address.parse("plan.prro"),))


def test_a_blocked_change_outside_the_target_does_not_count(made: Shop) -> None:
    wanted = edited(("type: boolean", "type: seats"), ("name: Team", "name: Teams"))
    planned = made.plan(wanted, targets=(Address.parse("plan.team"),))
    assert planned.actions == ["~ plan.team"]


def test_a_changed_label_is_named_alone(made: Shop) -> None:
    (change,) = made.plan(edited(("tier: '1', team: growth", "tier: '2'"))).changeset.changes
    found = [(c.path, c.before, c.after) for c in change.fields]  # type: ignore[union-attr]  # an update
    assert found == [("metadata.team", "growth", ABSENT), ("metadata.tier", "1", "2")]


def test_a_base_price_that_moves_shows_the_derived_prices_that_move_with_it(made: Shop) -> None:
    planned = made.plan(edited(("price: 49,", "price: 59,")))
    assert planned.actions == ["~ plan_price.pro/monthly", "~ regional_price.pro/monthly/brl"]
    derived = planned.changeset.changes[1].fields[0]  # type: ignore[union-attr]  # an update
    assert (str(derived.before), str(derived.after)) == ("about 254.80 BRL (derived)", "about 306.80 BRL (derived)")


def test_a_feature_that_a_protected_plan_includes_is_not_deleted(made: Shop) -> None:
    made.make(edited(("name: Pro", "name: Pro\n    lifecycle: {protect: true}")))
    planned = made.plan("version: 1\nfeatures: {}\nplans: {}\n", prune=True)
    found = reasons(planned.changeset)
    assert planned.actions == ["- plan.team", "! feature.calls", "! feature.sso", "! plan.pro"]
    assert "plan_feature.pro/sso still refers to it and stays" in found["feature.sso"]


def test_pruning_features_looks_at_the_plans_that_the_file_does_not_manage(made: Shop) -> None:
    planned = made.plan("version: 1\nfeatures: {calls: {name: Calls, type: usage}}\n", prune=True)
    assert planned.actions == ["! feature.sso"]


def test_a_new_plan_that_is_called_like_an_undeclared_one_is_pointed_out(made: Shop) -> None:
    planned = made.plan(edited(("  pro:\n", "  pro2:\n")))
    (notice,) = planned.changeset.notices
    assert (str(notice.address), notice.code) == ("plan.pro2", "same_name")
    assert "plan.pro, which is not in the catalog, has the same name" in notice.message


def test_a_misspelt_target_gets_a_suggestion(made: Shop) -> None:
    with pytest.raises(CommetctlError) as raised:
        made.plan(YAML, targets=(Address.parse("plan_price.pro/montly"),))
    assert raised.value.hint == "did you mean `plan_price.pro/monthly`?"

"""Existing customers and a dated change: what the plan says of them, and what Commet does."""

from pathlib import Path

import pytest

from changes.rehearsing import town
from commetctl.core.impact import When

BASE = "version: 1\nplans: {pro: {name: Pro, prices: {monthly: {price: 49.00, is_default: true}}}}\n"
RAISED = "plans: {pro: {prices: {monthly: {price: 59.00}}}}"


@pytest.mark.parametrize(("quirk", "when"), [("off", When.AT_RENEWAL), ("on", When.NEW_ONLY)])
def test_a_plan_with_nothing_to_do_today_knows_whether_commet_has_plan_versions(
    quirk: str, when: When, tmp_path: Path
) -> None:
    with town(tmp_path, BASE, quirks={"plan_versions": quirk}) as here:
        here.change(RAISED)
        (outlook,) = here.prepare(impact=True).coming
    effects = [effect.when for found in outlook.review.effects.values() for effect in found]
    assert effects == [when]
    assert outlook.review.switched is (quirk == "on")


@pytest.mark.parametrize("word", ["keep", "{from: 2027-06-01}"])
def test_what_existing_customers_cannot_keep_is_refused_with_the_way_out(word: str, tmp_path: Path) -> None:
    with town(tmp_path, BASE) as here:
        here.change(RAISED, f"effective: 2027-01-01, existing: {word}")
        (outlook,) = here.prepare().coming
        (refused,) = outlook.refused
        assert (refused.code, refused.address) == ("existing", "plan_price.pro/monthly")
        assert "--as CODE" in refused.hint
        here.move("2027-01-01T00:00:00Z")
        ended = here.apply(only_due=True)
        assert ([error.code for error in ended.errors], ended.exit_code) == (["existing"], 4)


def test_with_plan_versions_existing_customers_keep_what_they_have(tmp_path: Path) -> None:
    with town(tmp_path, BASE, quirks={"plan_versions": "on"}) as here:
        made = here.billed("2026-11-15T00:00:00Z")["id"]
        here.change(RAISED, "effective: 2027-01-01, existing: keep")
        here.move("2027-01-01T00:00:00Z")
        assert here.apply(only_due=True).exit_code == 0
        here.move("2027-01-16T00:00:00Z")
        assert here.bills()[made] == [("2026-12-15", "4900 usd"), ("2027-01-15", "4900 usd")]


def test_with_plan_versions_nobody_is_promised_a_change_at_renewal(tmp_path: Path) -> None:
    """What the head does not say is shown by the plan; what it says and Commet does not do is refused."""
    with town(tmp_path, BASE, quirks={"plan_versions": "on"}) as here:
        here.billed("2026-11-15T00:00:00Z")
        for head, codes in (
            ("effective: 2027-01-01, existing: at_renewal", ["existing"]),
            ("effective: 2027-01-01", []),
        ):
            here.change(RAISED, head)
            (coming,) = here.prepare(impact=True).coming
            assert [refused.code for refused in coming.refused] == codes


def test_what_holds_at_once_is_part_of_the_catalog_and_overrules_commet(tmp_path: Path) -> None:
    """The base was edited together with a change that holds now: an apply makes both, and `--due` alone does not."""
    with town(tmp_path, BASE) as here:
        here.base = BASE.replace("49.00", "52.00")
        here.change(RAISED, "effective: now")
        assert [held.code for held in here.prepare(only_due=True).held] == ["due_moved"]
        assert here.apply().exit_code == 0
        assert not here.prepare().changeset.changes

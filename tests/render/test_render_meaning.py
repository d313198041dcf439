"""What is said of a change, where another object happens to have the key of a new plan."""

from pathlib import Path

import pytest

from commetctl.core.resource import Address
from commetctl.reading.effects import effects_of
from commetctl.usecases.compare import compared
from harness import loaded

FEATURE = "features: {{pro: {{name: {name}, type: boolean}}}}\n"
PACK = "credit_packs: {{pro: {{name: pro, credits: 10, price: {price}}}}}\n"
PLAN = "plans: {pro: {name: Pro, prices: {monthly: {price: 9.00}}}}\n"


@pytest.mark.parametrize("address", ["feature.pro", "credit_pack.pro"])
def test_what_is_no_part_of_a_new_plan_keeps_its_effects(address: str, tmp_path: Path) -> None:
    before = "version: 1\n" + FEATURE.format(name="SSO") + PACK.format(price="5.00") + "plans: {}\n"
    after = "version: 1\n" + FEATURE.format(name="Login") + PACK.format(price="6.00") + PLAN
    review = compared(loaded(tmp_path, before, "2026-08-27"), loaded(tmp_path, after, "2026-08-27"))
    said = {change.address: effects_of(review, change) for change in review.changeset.changes}
    assert said[Address.parse(address)]
    assert not said[Address("plan_price", "pro/monthly")]

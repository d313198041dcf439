"""All guards together: their names, their order, and where they are listed."""

import re
from pathlib import Path

from judging import judged

from commetctl.cli import options
from commetctl.review.guards import ALLOWABLE, GUARDS
from harness import Shop

REFERENCE = Path(__file__).parents[2] / "docs" / "cli.md"
NAMES = [name for name, _ in GUARDS]

YAML = """
version: 1
policy: {max_deletes: 0, max_updates: 0}
features: {calls: {name: Calls, type: usage}}
plans:
  pro:
    name: Pro
    prices: {monthly: {price: 5, is_default: true}, yearly: {price: 50}}
  team: {name: Team, prices: {monthly: {price: 9}}}
"""


def test_the_command_line_offers_the_guards_that_can_be_allowed_by_name() -> None:
    assert options.ALLOWABLE == ALLOWABLE
    assert set(ALLOWABLE) < set(NAMES)


def test_the_reference_lists_every_guard_in_its_order() -> None:
    table = REFERENCE.read_text("utf-8").partition("## Guards")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `([a-z_]+)` \|", table, re.MULTILINE) == NAMES


def test_everything_that_is_wrong_is_said_at_once_each_with_its_way_past(shop: Shop) -> None:
    shop.found(YAML)
    for interval in ("monthly", "yearly"):
        shop.send("POST", "/subscriptions", {"customerId": "c", "planCode": "pro", "billingInterval": interval})
    text = YAML.replace("type: usage", "type: quota").replace("price: 5,", "price: 500,")
    text = text.replace(", yearly: {price: 50}", "")
    found = judged(shop, text)
    assert found.codes == ["blocked", "scale", "price_change", "deletes", "updates", "in_use"]
    ways = {refused.code: refused.hint for refused in found.refusals}
    # Nothing is promised about notice here.
    assert all(f"`--allow {name}`" in ways[name] for name in ALLOWABLE if name != "notice")
    assert "`--allow-delete plan_price.pro/yearly`" in ways["in_use"]
    passed = found.allowing(*ALLOWABLE, deletes=("plan_price.pro/yearly",))
    assert passed.codes == ["blocked"]


def test_what_is_protected_or_of_the_wrong_mode_passes_with_no_flag(shop: Shop) -> None:
    protected = YAML.replace("price: 50}", "price: 50, lifecycle: {protect: true}}")
    shop.make(protected)
    found = judged(shop, protected.replace(", yearly: {price: 50, lifecycle: {protect: true}}", ""))
    assert found.codes == ["blocked"]
    assert found.allowing(*NAMES, deletes=("plan_price.pro/yearly",)).codes == ["blocked"]


def test_a_first_apply_and_one_without_changes_pass(shop: Shop) -> None:
    assert judged(shop, YAML).codes == []
    shop.make(YAML)
    assert judged(shop, YAML, prune=True).codes == []

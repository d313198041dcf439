"""The guard `blocked`: one change that cannot be made stops all."""

from judging import judged

from harness import Shop

YAML = "version: 1\nfeatures:\n  a: {name: A, type: usage}\n  b: {name: B, type: usage}\n"


def test_blocked_changes_are_one_refusal(shop: Shop) -> None:
    shop.found(YAML)
    one = judged(shop, YAML.replace("name: A, type: usage", "name: A, type: seats"))
    assert one.only("blocked").message == "1 change is blocked, so nothing is applied"
    both = judged(shop, YAML.replace("usage", "seats"))
    assert both.codes == ["blocked"]
    assert both.only("blocked").message == "2 changes are blocked, so nothing is applied"
    assert "--target" in both.only("blocked").hint

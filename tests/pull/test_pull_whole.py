"""After a pull, a plan is empty, or the pull has said of each difference that it could not be written."""

from typing import Any

from hypothesis import given, note
from hypothesis import strategies as st

from commetctl.core.change import Failed
from drawing import catalogs
from harness import Shop
from pull.pulling import opened, planned, pulled, text_of
from pull.test_pull_laws import in_version, quick, versions

RATED = """\
version: 1
plans:
  pro:
    name: Pro
    prices:
      monthly: {price: 10.00, is_default: true}
      yearly: {price: 100.00}
    exchange_rates: {eur: 0.9}
"""


def without_amounts(shop: Shop, code: str, interval: str) -> None:
    """Remove all amounts of a price in other currencies, as another client would."""
    (plan,) = [row for row in shop.send("GET", "/plans?includePrivate=true")["data"] if row["code"] == code]
    (price,) = [row for row in plan["prices"] if row["billingInterval"] == interval]
    shop.send("DELETE", f"/plans/{plan['id']}/prices/{price['id']}/regional")


def test_an_amount_that_a_price_lacks_beside_a_rate_is_said(shop: Shop) -> None:
    shop.make(RATED)
    without_amounts(shop, "pro", "monthly")
    for text in (None, RATED):
        found = pulled(shop, text)
        assert planned(shop, found.main.after).actions == ["+ regional_price.pro/monthly/eur"]
        (notice,) = found.notices
        assert (notice.code, str(notice.address)) == ("not_written", "regional_price.pro/monthly/eur")
        assert "the next apply would create it (price about 9.00 EUR (derived))" in notice.message


def test_one_that_was_written_is_not_said(shop: Shop) -> None:
    shop.make(RATED)
    assert pulled(shop).notices == pulled(shop, RATED).notices == ()


@given(versions, catalogs(), st.lists(st.sampled_from(["amounts", "ledger", "default"]), min_size=1, max_size=4))
@quick
def test_what_is_left_after_a_pull_was_said(version: str, catalog: dict[str, Any], events: list[str]) -> None:
    with opened(version) as shop:
        shop.make(in_version(catalog, version))
        for number, plan in enumerate(shop.send("GET", "/plans?includePrivate=true")["data"]):
            event = events[number % len(events)]
            prices = [price for price in plan["prices"] if price.get("inheritsFromPriceId") is None]
            if event == "ledger":
                shop.send("PATCH", f"/plans/{plan['id']}", {"metadata": {"commetctl": None}})
            elif prices and event == "amounts":
                shop.send("DELETE", f"/plans/{plan['id']}/prices/{prices[0]['id']}/regional")
            elif prices:
                shop.send("PUT", f"/plans/{plan['id']}/prices/{prices[-1]['id']}/default")
        found = pulled(shop)
        note(text_of(found))
        left = {change.address for change in planned(shop, found.main.after).changeset.changes}
        assert left <= {notice.address for notice in found.notices}


AI = """\
version: 1
features:
  ai: {name: AI, type: usage}
plans:
  pro:
    name: Pro
    consumption_model: balance
    prices: {monthly: {price: 59.00, included_balance: 10.00}}
    features:
      ai: {pricing_mode: ai_model, margin_percent: 12.5}
"""


def revealed(shop: Shop, text: str) -> Failed:
    failures = [outcome for outcome in shop.apply(text) if isinstance(outcome, Failed)]
    (failed,) = failures
    return failed


def test_a_value_that_only_an_answer_shows_is_offered_as_the_line_to_write(shop: Shop) -> None:
    shop.make(AI)
    (plan,) = shop.send("GET", "/plans?includePrivate=true")["data"]
    shop.send("PATCH", f"/plans/{plan['id']}", {"metadata": {"commetctl": None}})
    fixed = AI.replace("{pricing_mode: ai_model, margin_percent: 12.5}", "true")
    error = revealed(shop, fixed).error
    assert (error.code, str(error.address)) == ("revealed", "plan_feature.pro/ai")
    assert "`pricing_mode` is ai_model in Commet and fixed in the catalog" in error.message
    assert "if Commet is right, write `pricing_mode: ai_model` and `margin_percent: 12.5`; otherwise" in error.hint
    assert "support" not in error.hint
    # The lines are what the file lacks.
    shop.make(AI)
    assert shop.plan(AI).actions == []

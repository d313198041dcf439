"""Prices that are not there: a currency that the rest has, or any price at all."""

from collections import Counter
from collections.abc import Iterator

from commetctl.kinds.plans.spec import PlanSpec
from commetctl.kinds.section import Finding, Sheet
from commetctl.review.lint.shared import plans, sold, upper


def public_without_price(sheet: Sheet) -> Iterator[Finding]:
    """Public plans that are neither free nor for sale."""
    for code, plan in plans(sheet).items():
        if plan.visibility == "public" and not plan.is_free and not plan.prices:
            hint = "add `prices:`, or set `is_free: true` or `visibility: private`"
            yield Finding(("plans", code), "public_without_price", "is public and has no price to buy it at", hint)


def currency_missing(sheet: Sheet) -> Iterator[Finding]:
    """Currencies that one plan, or one price of a plan, lacks alone."""
    yield from _missing_from_plans(sheet)
    for code, plan in plans(sheet).items():
        everywhere = _in_order(plan)
        for interval, price in plan.prices.items():
            missing = [it for it in everywhere if it not in price.regional_prices and it not in plan.exchange_rates]
            if missing:
                yield Finding(
                    ("plans", code, "prices", interval),
                    "currency_missing",
                    f"has no price in {upper(missing)}, which another price of the plan has",
                    "add it under `regional_prices`, or an exchange rate to the plan",
                )


def _missing_from_plans(sheet: Sheet) -> Iterator[Finding]:
    priced = dict(sold(sheet))
    if len(priced) < 2:
        return
    had = {code: _in_order(plan) for code, plan in priced.items()}
    counts = Counter(currency for currencies in had.values() for currency in currencies)
    for code, own in had.items():
        missing = [it for it, count in counts.items() if count == len(priced) - 1 and it not in own]
        if missing:
            yield Finding(
                ("plans", code, "prices"),
                "currency_missing",
                f"none is in {upper(missing)}, which every other public plan is sold in",
                "add it under `regional_prices`, or an exchange rate to the plan",
            )


def _in_order(plan: PlanSpec) -> list[str]:
    """The currencies of a plan beside US dollars, written out or derived, each once."""
    written = (currency for price in plan.prices.values() for currency in price.regional_prices)
    return list(dict.fromkeys([*written, *plan.exchange_rates]))

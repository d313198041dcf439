"""Market prices in a currency in which the plan has nothing else that its customers pay or get."""

from collections.abc import Iterator

from commetctl.core.text import listed
from commetctl.kinds.plans.lint.prices import plans
from commetctl.kinds.plans.price_spec import PriceSpec
from commetctl.kinds.plans.spec import PlanSpec
from commetctl.kinds.section import Finding, Sheet


def market_currency_missing(sheet: Sheet) -> Iterator[Finding]:
    """Market prices whose currency has neither unit prices nor a balance: a market price carries none of them."""
    for code, plan in plans(sheet).items():
        for interval, price in plan.prices.items():
            for market, in_market in price.market_prices.items():
                currency = in_market.currency
                if missing := _missing(plan, price, currency):
                    name = currency.upper()
                    yield Finding(
                        ("plans", code, "prices", interval, "market_prices", market),
                        "market_currency_missing",
                        f"is in {name}, and the plan has no {listed(missing)} in {name}",
                        f"give the plan an exchange rate for `{currency}`, or a regional price in it",
                    )


def _missing(plan: PlanSpec, price: PriceSpec, currency: str) -> list[str]:
    """What the plan has in US dollars and not in a currency; everything, where it has a rate for it."""
    if currency == "usd" or currency in plan.exchange_rates:
        return []
    balance = price.included_balance is not None and currency not in price.regional_prices
    # A unit price in a currency needs the exchange rate too.
    overage = any(feature.overage for feature in plan.features.values())
    return ["included balance"] * balance + ["unit price of overage"] * overage

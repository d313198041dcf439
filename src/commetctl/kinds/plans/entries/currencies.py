"""The currencies in which a declared plan is sold."""

from commetctl.kinds.plans.spec import PlanSpec


def written_currencies(plan: PlanSpec) -> frozenset[str]:
    """Every currency with a regional price or an exchange rate."""
    regional = (currency for price in plan.prices.values() for currency in price.regional_prices)
    return frozenset({*regional, *plan.exchange_rates})


def currencies_sold(plan: PlanSpec) -> frozenset[str]:
    """US dollars, and every currency with a price, in a market too, or an exchange rate; none without prices."""
    prices = plan.prices.values()
    markets = [*(price.market_prices for price in prices)]
    markets += [variant.market_prices for price in prices for variant in price.variants.values()]
    in_markets = {row.currency for rows in markets for row in rows.values()}
    return written_currencies(plan) | in_markets | {"usd"} if plan.prices else frozenset()

"""The currencies in which a declared plan is sold."""

from commetctl.kinds.plans.spec import PlanSpec


def currencies_sold(plan: PlanSpec) -> frozenset[str]:
    """US dollars, and every currency with a price or an exchange rate; none for a plan without prices."""
    if not plan.prices:
        return frozenset()
    regional = (currency for price in plan.prices.values() for currency in price.regional_prices)
    return frozenset({"usd", *regional, *plan.exchange_rates})

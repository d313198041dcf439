"""Missing prices: in a currency that the others have, or any price at all; and prices far from the exchange rate."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from commetctl.core.money import EXPONENTS, Money, UnitPrice
from commetctl.core.values import KeyPath
from commetctl.kinds.plans.lint.prices import plans, sold, upper
from commetctl.kinds.plans.spec import PlanSpec
from commetctl.kinds.section import Finding, Sheet


def public_without_price(sheet: Sheet) -> Iterator[Finding]:
    """Public plans that are neither free nor for sale."""
    for code, plan in plans(sheet).items():
        if plan.visibility == "public" and not plan.is_free and not plan.prices:
            hint = "add `prices:`, or set `is_free: true` or `visibility: private`"
            yield Finding(("plans", code), "public_without_price", "is public but has no price", hint)


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
                f"has no price in {upper(missing)}, and every other public plan has one",
                "add it under `regional_prices`, or an exchange rate to the plan",
            )


def _in_order(plan: PlanSpec) -> list[str]:
    """The currencies of a plan beside US dollars, written out or derived, each once."""
    written = (currency for price in plan.prices.values() for currency in price.regional_prices)
    return list(dict.fromkeys([*written, *plan.exchange_rates]))


#: What is sold for less where people earn less is seldom below half; dollars copied into reais are a fifth.
LEAST = Decimal("0.5")
#: Tax that is included and a premium make up to a third more; a wrong currency or a digit makes more than half.
MOST = Decimal("1.5")
#: Two prices that disagree do not say which of them is wrong; of three, the one in the middle is believed.
ENOUGH = 3
#: From this factor on, the amount was written in cents: a hundred, with room for a price that is off too.
CENTS = 30


@dataclass(frozen=True)
class _Rate:
    """How much of a currency a US dollar is, and the source of that."""

    rate: Decimal
    source: str


def regional_off_rate(sheet: Sheet) -> Iterator[Finding]:
    """Written prices, balances and unit prices that do not fit the rate of the plan, or else of the file."""
    elsewhere = _usual(plans(sheet)) | _written(plans(sheet))
    for code, plan in plans(sheet).items():
        own = {
            currency: _Rate(rate, "the exchange rate of this plan") for currency, rate in plan.exchange_rates.items()
        }
        rates = elsewhere | own
        for path, base, regional in _amounts(plan):
            rate = rates.get(regional.currency)
            if rate and _is_far(regional, expected := base.converted(rate.rate, regional.currency)):
                yield Finding(
                    ("plans", code, *path),
                    "regional_off_rate",
                    f"{regional} is far from {expected}, which is {base} at {rate.source}",
                    _hint(regional, expected),
                )


def _written(found: Mapping[str, PlanSpec]) -> dict[str, _Rate]:
    """The first rate of each currency that any plan has."""
    rates: dict[str, _Rate] = {}
    for code, plan in found.items():
        for currency, rate in plan.exchange_rates.items():
            rates.setdefault(currency, _Rate(rate, f"the exchange rate of `plan.{code}`"))
    return rates


def _usual(found: Mapping[str, PlanSpec]) -> dict[str, _Rate]:
    """The rate in the middle of those that the prices of a currency imply, where there are enough."""
    implied: dict[str, list[Decimal]] = {}
    for plan in found.values():
        for price in plan.prices.values():
            for currency, regional in price.regional_prices.items():
                if price.price and regional.price:
                    implied.setdefault(currency, []).append(regional.price / price.price)
    source = "the rate of most prices in this currency"
    return {currency: _Rate(median(some), source) for currency, some in implied.items() if len(some) >= ENOUGH}


def _amounts(plan: PlanSpec) -> Iterator[tuple[KeyPath, Money, Money]]:
    """Each regional amount that is written out: its path in the plan, the amount in US dollars, and itself."""
    for interval, price in plan.prices.items():
        for currency, regional in price.regional_prices.items():
            at = ("prices", interval, "regional_prices", currency)
            yield (*at, "price"), Money(price.price), Money(regional.price, currency)
            if price.included_balance is not None and regional.included_balance is not None:
                balance = Money(regional.included_balance, currency)
                yield (*at, "included_balance"), Money(price.included_balance), balance
    for code, feature in plan.features.items():
        if feature.overage:
            base = UnitPrice(feature.overage.unit_price)
            for currency, amount in feature.overage.regional_prices.items():
                yield ("features", code, "overage", "regional_prices", currency), base, UnitPrice(amount, currency)


def _is_far(regional: Money, expected: Money) -> bool:
    """Whether more lies between the two than regional pricing; a smallest step is rounding, whatever its share."""
    fits = expected.amount * LEAST <= regional.amount <= expected.amount * MOST
    return not fits and not regional.is_near(expected)


def _hint(regional: Money, expected: Money) -> str:
    if expected.amount and regional.amount >= expected.amount * CENTS:
        whole = EXPONENTS[regional.currency] == 0
        return (
            f"{regional.currency.upper()} has no smaller unit"
            if whole
            else "write amounts as on a price tag, not in cents"
        )
    return "check the digits, the currency and the rate"

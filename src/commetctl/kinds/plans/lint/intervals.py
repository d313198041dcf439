"""Prices of one plan that are out of proportion to each other: who pays for longer should not pay more."""

from collections.abc import Iterator
from decimal import Decimal

from commetctl.core.contract import PER_YEAR
from commetctl.core.money import Money
from commetctl.kinds.plans.lint.shared import plans, upper
from commetctl.kinds.plans.spec import PlanSpec
from commetctl.kinds.section import Finding, Path, Sheet

#: Three times 9.99 is sold as 29.99: up to one percent is the ending of a price and no mistake.
ROUNDING = Decimal("1.01")
#: Who pays for longer gets a tenth to a half off. Less than three tenths of the price is a digit or an interval missed.
CHEAPEST = Decimal("0.3")

#: What one plan asks in one currency: the path inside the plan and the amount, by interval from the shortest on.
_Asked = dict[str, tuple[Path, Money]]


def yearly_dearer(sheet: Sheet) -> Iterator[Finding]:
    """Yearly prices that are more than twelve monthly ones."""
    for code, plan in plans(sheet).items():
        for currency, asked in _by_currency(plan).items():
            if not _is_yearly_dearer(asked):
                continue
            (path, yearly), (_, monthly) = asked["yearly"], asked["monthly"]
            twelve = Money(monthly.amount * 12, currency)
            yield Finding(
                ("plans", code, *path),
                "yearly_dearer",
                f"{yearly} is more than twelve monthly payments, {twelve}",
                "a yearly price is twelve monthly ones or less; check the digits of both",
            )


def interval_proportion(sheet: Sheet) -> Iterator[Finding]:
    """Other prices that do not fit the price of a shorter interval."""
    for code, plan in plans(sheet).items():
        found: dict[tuple[str, str, str], list[str]] = {}
        asked_in = _by_currency(plan)
        for currency, asked in asked_in.items():
            for kind, shorter, longer in _misfits(asked):
                found.setdefault((kind, shorter, longer), []).append(currency)
        for (kind, shorter, longer), (currency, *more) in found.items():
            (_, low), (path, high) = asked_in[currency][shorter], asked_in[currency][longer]
            also = f", and so in {upper(more)}" if more else ""
            per = "more" if kind == "dear" else "far less"
            message = f"{high} is {per} than `{shorter}` comes to in that time, {_over(low, shorter, longer)}{also}"
            hint = "check the digits of both, and that each stands under its interval"
            yield Finding(("plans", code, *path), "interval_proportion", message, hint)


def _by_currency(plan: PlanSpec) -> dict[str, _Asked]:
    """What is written out in each currency; what Commet derives follows the US dollars."""
    found: dict[str, _Asked] = {"usd": {}}
    for interval in (interval for interval in PER_YEAR if interval in plan.prices):
        price, path = plan.prices[interval], ("prices", interval)
        found["usd"][interval] = ((*path, "price"), Money(price.price))
        for currency, regional in price.regional_prices.items():
            at = (*path, "regional_prices", currency, "price")
            found.setdefault(currency, {})[interval] = (at, Money(regional.price, currency))
    return found


def _is_yearly_dearer(asked: _Asked) -> bool:
    return {"monthly", "yearly"} <= asked.keys() and asked["yearly"][1].amount > asked["monthly"][1].amount * 12


def _misfits(asked: _Asked) -> Iterator[tuple[str, str, str]]:
    """How, and which two intervals; each is held to the last one that fits, so that one slip is found once."""
    reference = ""
    for interval, (_, price) in asked.items():
        if reference:
            kind = _misfit(asked[reference][1].amount * PER_YEAR[reference], price.amount * PER_YEAR[interval])
            if asked[reference][1].amount >= price.amount > 0:
                kind = "cheap"
            if interval == "yearly" and _is_yearly_dearer(asked):
                return  # which says it already
            if kind:
                yield kind, reference, interval
                continue
        reference = interval


def _over(price: Money, shorter: str, longer: str) -> Money:
    """What the price of a shorter interval comes to in a longer one; half a year has twenty-six weeks."""
    return price.converted(Decimal(PER_YEAR[shorter]) / PER_YEAR[longer], price.currency)


def _misfit(shorter: Decimal, longer: Decimal) -> str:
    """What is wrong with two prices by what they come to in a year."""
    if longer > shorter * ROUNDING:
        return "dear"
    return "cheap" if longer < shorter * CHEAPEST else ""

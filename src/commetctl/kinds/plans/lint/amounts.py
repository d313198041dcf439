"""Amounts and trials of plans that look like slips: odd digits, and a trial that gets shorter."""

from collections.abc import Iterable, Iterator

from commetctl.core.change import Change, Update
from commetctl.core.contract import PER_YEAR
from commetctl.core.money import Money, places
from commetctl.kinds.plans import addresses
from commetctl.kinds.plans.lint.shared import plans
from commetctl.kinds.plans.spec import PlanSpec, PriceSpec
from commetctl.kinds.price_tags import Tag, is_usual, odd
from commetctl.kinds.section import Finding, Path, Sheet


def odd_cents(sheet: Sheet) -> Iterator[Finding]:
    """Written prices and balances in currencies with cents whose digits are probably not what was meant."""
    return odd(_tags(sheet))


def _tags(sheet: Sheet) -> Iterator[Tag]:
    for code, plan in plans(sheet).items():
        for interval, price in plan.prices.items():
            yield from _of_price(("plans", code, "prices", interval), interval, plan, price)


def _of_price(path: Path, interval: str, plan: PlanSpec, price: PriceSpec) -> Iterator[Tag]:
    amounts = {"price": price.price, "included_balance": price.included_balance}
    for field, amount in amounts.items():
        if amount is None:
            continue
        base = Money(amount)
        # A balance is per month, whatever the interval.
        kind = (field, interval if field == "price" else "")
        yield Tag((*path, field), (*kind, "usd"), base, _monthly(base, *kind))
        for currency, regional in price.regional_prices.items():
            written = getattr(regional, field)
            if written is not None:
                money = Money(written, currency)
                rate = plan.exchange_rates.get(currency)
                converted = (base.converted(rate, currency),) if rate else ()
                follows = (*_monthly(money, *kind), *converted)
                yield Tag((*path, "regional_prices", currency, field), (*kind, currency), money, follows)


def _monthly(money: Money, field: str, interval: str) -> tuple[Money, ...]:
    """The amount itself where it is made of a usual one a month: 95.88 a year is sold as 7.99 a month."""
    times = 12 // PER_YEAR.get(interval, 12) if interval != "weekly" else 1
    month = money.amount / times
    return (money,) if field == "price" and places(month) <= 2 and is_usual(month) else ()


def trial_shortens(changes: Iterable[Change]) -> Iterator[Finding]:
    """A trial that becomes shorter, or none: who was promised the longer one and has not begun gets less."""
    for change in changes:
        if not (isinstance(change, Update) and change.address.kind == addresses.PRICE):
            continue
        before, after = (side.fields["trial_days"] for side in (change.before, change.after))
        if isinstance(before, int) and isinstance(after, int) and after < before:
            code, interval = change.address.key.split("/")
            message = f"the trial shortens from {before} to {after} days"
            hint = "check that no offer, page or contract promises the longer one"
            yield Finding(("plans", code, "prices", interval, "trial_days"), "trial_shortens", message, hint)

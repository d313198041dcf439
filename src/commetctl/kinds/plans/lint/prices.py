"""Prices that look like slips: odd digits, out of proportion to other intervals; a trial that gets shorter."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal

from commetctl.core.change import Change, Update
from commetctl.core.contract import PER_YEAR
from commetctl.core.money import Money, places
from commetctl.core.text import listed
from commetctl.core.values import KeyPath
from commetctl.kinds.amount_slips import Tag, is_usual, odd
from commetctl.kinds.plans import addresses
from commetctl.kinds.plans.price_spec import MarketPriceSpec, PriceSpec
from commetctl.kinds.plans.spec import PlanSpec
from commetctl.kinds.section import Finding, Sheet


def plans(sheet: Sheet) -> Mapping[str, PlanSpec]:
    """The plans of the file by code; none where it has no such section."""
    return sheet.sections.get("plans", {})


def sold(sheet: Sheet) -> Iterator[tuple[str, PlanSpec]]:
    """The public plans that have prices."""
    return ((code, plan) for code, plan in plans(sheet).items() if plan.visibility == "public" and plan.prices)


def upper(currencies: Collection[str]) -> str:
    """Currencies as prose names them: `EUR and BRL`."""
    return listed([currency.upper() for currency in currencies])


def odd_cents(sheet: Sheet) -> Iterator[Finding]:
    """Written prices and balances whose digits are probably not what was meant."""
    return odd(_tags(sheet))


def _tags(sheet: Sheet) -> Iterator[Tag]:
    for code, plan in plans(sheet).items():
        for interval, price in plan.prices.items():
            yield from _of_price(("plans", code, "prices", interval), interval, plan, price)


def _of_price(path: KeyPath, interval: str, plan: PlanSpec, price: PriceSpec) -> Iterator[Tag]:
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
    for at, in_market in _in_markets(price):
        money, kind = Money(in_market.price, in_market.currency), ("price", interval)
        yield Tag((*path, *at, "price"), (*kind, money.currency), money, _monthly(money, *kind))


def _in_markets(price: PriceSpec) -> Iterator[tuple[KeyPath, MarketPriceSpec]]:
    """The market prices of a price and of its variants, each with its path in the price."""
    yield from ((("market_prices", market), found) for market, found in price.market_prices.items())
    for name, variant in price.variants.items():
        at = ("variants", name, "market_prices")
        yield from (((*at, market), found) for market, found in variant.market_prices.items())


def _monthly(money: Money, field: str, interval: str) -> tuple[Money, ...]:
    """The amount itself where it is made of a usual one a month: 95.88 a year is sold as 7.99 a month."""
    times = 12 // PER_YEAR.get(interval, 12) if interval != "weekly" else 1
    month = money.amount / times
    return (money,) if field == "price" and places(month) <= 2 and is_usual(month) else ()


def trial_shortens(changes: Iterable[Change]) -> Iterator[Finding]:
    """A trial that becomes shorter or ends: customers that were promised the longer one get less."""
    for change in changes:
        if not (isinstance(change, Update) and change.address.kind == addresses.PRICE):
            continue
        before, after = (side.fields["trial_days"] for side in (change.before, change.after))
        if isinstance(before, int) and isinstance(after, int) and after < before:
            code, interval = change.address.key.split("/")
            message = f"the trial gets shorter, from {before} to {after} days"
            hint = "check that no offer, page or contract promises the longer one"
            yield Finding(("plans", code, "prices", interval, "trial_days"), "trial_shortens", message, hint)


#: Three times 9.99 is sold as 29.99: up to one percent is the ending of a price and no mistake.
ROUNDING = Decimal("1.01")
#: A longer interval is a tenth to a half cheaper. Less than three tenths of the price is a wrong digit or interval.
CHEAPEST = Decimal("0.3")

#: What one plan asks in one currency: the path inside the plan and the amount, by interval from the shortest on.
_Asked = dict[str, tuple[KeyPath, Money]]


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
                f"{yearly} is more than twelve monthly payments ({twelve})",
                "a yearly price is usually no more than twelve monthly ones; check the digits of both",
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
            hint = "check the digits of both, and that each is under its interval"
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

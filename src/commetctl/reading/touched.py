"""Whom a change reaches: subscriptions in numbers, when they renew, and their revenue."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from commetctl.core.change import Change
from commetctl.core.impact import CurrencyRevenue, Doubt, Impact, Revenue, Touched
from commetctl.core.money import Money
from commetctl.core.text import counted
from commetctl.reading.amounts import grouped, said
from commetctl.review.review import Review

#: The reasons why a number of subscriptions or an amount of revenue is a range.
_DOUBTS = {
    Doubt.CURRENCY: "Commet does not report the currency of a subscription",
    Doubt.MARKET: "Commet does not report which subscriptions pay a market price",
    Doubt.PRICE: "some subscriptions do not name their price",
    Doubt.BILLING: "some subscriptions have no next billing date",
}
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def day_said(day: date) -> str:
    """`25 November 2026`, in any locale."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def number_said(touched: Touched) -> str:
    """`34 subscriptions`, `up to 34 subscriptions`, `no subscription`."""
    if not touched.count:
        return "no subscription"
    text = f"{grouped(str(touched.count))} {'subscription' if touched.count == 1 else 'subscriptions'}"
    return f"up to {text}" if touched.at_most else text


def touched_said(review: Review, change: Change) -> Iterator[str]:
    """How many subscriptions a change touches, when they renew, and the effect on recurring revenue, if counted."""
    touched = review.impact.touched.get(change.address) if review.impact else None
    if touched is None:
        return
    text = number_said(touched)
    if touched.renewing and touched.first and touched.last:
        one = touched.first == touched.last
        when = f"on {touched.first}" if one else f"from {touched.first} to {touched.last}"
        text += f", {_renewing(touched)} {when}"
    yield text + (f": {doubts_said(touched.doubts)}" if touched.at_most else "")
    if touched.revenue:
        left = uncounted_said(touched.uncounted)
        yield f"revenue: {range_said(touched.revenue, signed)} a month" + (f" (not counted: {left})" if left else "")


def _renewing(touched: Touched) -> str:
    if touched.renewing == touched.count:
        return "renewing" if touched.count == 1 else "all renewing"
    return f"{touched.renewing} of them renewing"


def uncounted_said(uncounted: Mapping[str, int]) -> str:
    """`3 in a trial, 1 paused`"""
    return ", ".join(f"{count} {why}" for why, count in uncounted.items())


def doubts_said(doubts: Collection[Doubt]) -> str:
    """The reasons why a number is a range, as one clause."""
    return "; ".join(text for doubt, text in _DOUBTS.items() if doubt in doubts)


def signed(money: Money) -> str:
    """An amount with its sign: `+410.00 USD`, `-3.50 USD`, `0.00 USD`."""
    return f"+{said(money)}" if money.amount > 0 else said(money)


def range_said(revenue: Revenue, word: Callable[[Money], str] = said) -> str:
    """`+410.00 USD`, `at most +410.00 USD`, `-20.00 to 0.00 USD`."""
    if revenue.is_exact:
        return word(revenue.high)
    if not revenue.low.amount:
        return f"at most {word(revenue.high)}"
    low = word(revenue.low).removesuffix(f" {revenue.low.currency.upper()}")
    return f"{low} to {word(revenue.high)}"


@dataclass(frozen=True)
class RevenueRow:
    """Recurring revenue a month in one currency: today, once all have renewed, and the difference."""

    currency: str
    today: str
    then: str
    change: str
    percent: str

    @classmethod
    def of(cls, item: CurrencyRevenue) -> "RevenueRow":
        """The row of one currency."""
        return cls(
            item.currency.upper(),
            range_said(item.today),
            range_said(item.then),
            range_said(item.change, signed),
            " to ".join(item.percents),
        )


def revenue_notes(impact: Impact) -> Iterator[str]:
    """What the rows leave out, and why some are ranges."""
    if impact.doubts:
        yield f"Some sums are ranges: {doubts_said(impact.doubts)}"
    if any(item.estimated for item in impact.currencies):
        yield "Amounts that Commet derives from an exchange rate are estimates, to the smallest step"
    if impact.currencies:
        left = uncounted_said(impact.uncounted)
        also = f"{_subscriptions(impact)} ({left}), usage" if left else "usage"
        yield f"Not included: {also}, add-ons, taxes, and prices that do not change"


def _subscriptions(impact: Impact) -> str:
    return counted(sum(impact.uncounted.values()), "subscription")

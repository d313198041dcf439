"""What a change means, in sentences: effects on existing customers, how many they are, and which side it comes from."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from commetctl.core.change import Change, Delete
from commetctl.core.changeset import Changeset
from commetctl.core.errors import ApiError, CommetctlError
from commetctl.core.impact import CurrencyRevenue, Doubt, Effect, Impact, Revenue, Touched, When
from commetctl.core.money import Money
from commetctl.core.text import counted
from commetctl.kinds import kind_of, owner
from commetctl.render.groups import Group
from commetctl.review.review import Cause, Review

#: Why a number of subscriptions or of revenue is a range.
_DOUBTS = {
    Doubt.CURRENCY: "Commet does not tell which currency each pays in",
    Doubt.MARKET: "the price has market prices, and Commet does not tell which subscriptions pay those",
    Doubt.PRICE: "some subscriptions do not tell which price they are on",
    Doubt.BILLING: "some subscriptions do not tell when they are billed next, or whether",
}

_SWITCHED = (
    "Commet has switched to plan versions: existing subscriptions keep the plan version that they accepted. Edits of "
    "plans reach new purchases only, and recurring revenue from existing customers does not change"
)


def going_said(changeset: Changeset, change: Delete) -> str:
    """`archived (with 1 regional price)`: what becomes of an object, and what goes along."""
    along = Counter(address.kind for address in changeset.along.get(change.address, ()))
    taken = ", ".join(counted(count, kind.replace("_", " ")) for kind, count in along.items())
    kind = kind_of(change.address)
    return (kind.gone if kind else "deleted") + (f" (with {taken})" if taken else "")


def common_effects(review: Review, group: Group) -> Sequence[Effect]:
    """What all changes of a group mean, where each of several means the same."""
    meanings = {tuple(effects_said(review, change)) for change in group.changes}
    return meanings.pop() if len(meanings) == 1 and len(group.changes) > 1 else ()


def effects_said(review: Review, change: Change) -> list[Effect]:
    """The effects of a change that are worth saying: parts of a new object affect no existing customer."""
    if owner(change.address) in review.created - {change.address}:
        return []
    effects = review.effects.get(change.address, ())
    telling = [effect for effect in effects if effect.when is not When.NOT_AT_ALL or effect.text]
    return telling or list(effects[:1])


def cause_said(review: Review, change: Change) -> str:
    """Which side the difference comes from; empty where there is nothing to tell it by."""
    match review.causes.get(change.address):
        case Cause.COMMET:
            since = f"since {review.base} was applied"
            return f"somebody changed this in Commet {since}, and the file did not: applying undoes it"
        case Cause.BOTH:
            return f"changed in the file and in Commet since {review.base}: the file's word counts"
        case Cause.FILE:
            # It is what one expects, and is counted at the end.
            return ""
        case None:
            return f"which side changed this since {review.base} is not known" if review.base else ""


def causes_said(review: Review) -> str:
    """How many differences come from which side; empty where there is nothing to tell it by."""
    if not review.base:
        return ""
    changes = review.changeset.changes
    causes = [review.causes.get(change.address) for change in changes]
    words = {
        Cause.FILE: "in the file",
        Cause.COMMET: "in Commet by somebody",
        Cause.BOTH: "in both",
        None: "on a side that is not known",
    }
    parts = [f"{causes.count(cause)} {text}" for cause, text in words.items() if cause in causes]
    marked = "; those not in the file alone are marked" if set(causes) - {Cause.FILE} else ""
    return f"changed since {review.base}: " + (", ".join(parts) or "nothing") + marked


def touched_said(touched: Touched) -> Iterator[str]:
    """How many subscriptions a change touches, when they renew, and what it does to recurring revenue."""
    if not touched.count:
        yield "no subscription is on it"
        return
    text = ("up to " if touched.at_most else "") + counted(touched.count, "subscription")
    if touched.renewing and touched.first and touched.last:
        when = f"on {touched.first}" if touched.first == touched.last else f"from {touched.first} to {touched.last}"
        text += f", {_renewing(touched)} {when}"
    yield text + (f": {doubts_said(touched.doubts)}" if touched.at_most else "")
    if touched.revenue:
        left = uncounted_said(touched.uncounted)
        yield f"recurring revenue: {revenue_said(touched.revenue)}" + (f" (not counted: {left})" if left else "")


def _renewing(touched: Touched) -> str:
    if touched.renewing == touched.count:
        return "which renews" if touched.count == 1 else "all of them renew"
    return "1 of them renews" if touched.renewing == 1 else f"{touched.renewing} of them renew"


def uncounted_said(uncounted: Mapping[str, int]) -> str:
    """`3 in a trial, 1 paused`"""
    return ", ".join(f"{count} {why}" for why, count in uncounted.items())


def doubts_said(doubts: Collection[Doubt]) -> str:
    """Why a number is a range, as sentences without a capital."""
    return "; ".join(text for doubt, text in _DOUBTS.items() if doubt in doubts)


def revenue_said(revenue: Revenue) -> str:
    """`+410.00 USD a month`, or the range that it is in."""
    return f"{_move_said(revenue)} a month"


def _move_said(change: Revenue) -> str:
    """`+410.00 USD`, `at most +410.00 USD`, `between -20.00 and 0.00 USD`."""
    if change.is_exact:
        return signed(change.high)
    if not change.low.amount:
        return f"at most {signed(change.high)}"
    currency = f" {change.low.currency.upper()}"
    return f"between {signed(change.low).removesuffix(currency)} and {signed(change.high)}"


def _amount_said(revenue: Revenue) -> str:
    """`410.00`, `at most 410.00`, `between 20.00 and 410.00`, without the currency."""
    if revenue.is_exact:
        return revenue.high.number()
    if not revenue.low.amount:
        return f"at most {revenue.high.number()}"
    return f"between {revenue.low.number()} and {revenue.high.number()}"


def signed(money: Money) -> str:
    """An amount with its sign: `+410.00 USD`, `-3.50 USD`, `0.00 USD`."""
    return f"+{money}" if money.amount > 0 else str(money)


def impact_said(review: Review) -> Iterator[str]:
    """What is known of the whole: how Commet works, and what the changes do to its subscriptions."""
    if review.switched:
        yield _SWITCHED
    yield from _whole_said(review.impact) if review.impact else ()


def _whole_said(impact: Impact) -> Iterator[str]:
    if impact.unknown:
        out = f"; {impact.way_out}" if impact.way_out else ""
        yield f"how many subscriptions this touches is not known: {impact.unknown}{out}"
    for item in impact.currencies:
        yield currency_said(item)
    if impact.doubts:
        yield f"some sums are ranges: {doubts_said(impact.doubts)}"
    if any(item.estimated for item in impact.currencies):
        yield "amounts that Commet derives from an exchange rate are estimates, to the smallest step"
    if impact.currencies:
        left = uncounted_said(impact.uncounted)
        also = f"subscriptions ({left}), usage" if left else "usage"
        yield f"not in the recurring revenue: {also}, add-ons, taxes, and prices that do not change"


def currency_said(item: CurrencyRevenue) -> str:
    """What changes in one currency: today, once all have renewed, the difference and the percentage."""
    then = f"{_amount_said(item.then)} {item.currency.upper()} a month"
    percents = f" ({' to '.join(item.percents)})" if item.percents else ""
    return (
        f"recurring revenue in {item.currency.upper()}, once all have renewed: "
        f"{_amount_said(item.today)} → {then}, {_move_said(item.change)}{percents}"
    )


def error_said(error: CommetctlError) -> list[str]:
    """What is wrong and what to do, and what the support of Commet needs to find it."""
    lines = [error.message, error.hint]
    if isinstance(error, ApiError):
        found = {"request id": error.request_id, "see": error.doc_url}
        lines += [f"{name}: {value}" for name, value in found.items() if value]
    return [line for line in lines if line]


def impact_document(review: Review) -> dict[str, Any]:
    """Whether Commet has plan versions, whom the changes touch, and which side each comes from, as far as is known."""
    document: dict[str, Any] = {"plan_versions": True} if review.switched else {}
    if review.impact:
        document["impact"] = _impact(review.impact)
    if review.base:
        causes = {str(address): cause.value for address, cause in review.causes.items()}
        document["drift"] = {"base": review.base, "causes": causes}
    return document


def _impact(impact: Impact) -> dict[str, Any]:
    return {
        "unknown": impact.unknown or None,
        "monthly_revenue": _revenue(impact.revenue) if impact.revenue else None,
        "revenue": [_currency(item) for item in impact.currencies],
        "uncounted": dict(impact.uncounted),
        "doubts": _doubts(impact.doubts),
        "touched": {str(address): _touched(item) for address, item in impact.touched.items()},
    }


def _currency(item: CurrencyRevenue) -> dict[str, Any]:
    percents = [text.rstrip("%").lstrip("+") for text in item.percents]
    return {
        "currency": item.currency,
        "before": _range(item.today),
        "after": _range(item.then),
        "change": _range(item.change),
        "percent": {"low": percents[0], "high": percents[-1]} if percents else None,
        "estimated": item.estimated,
    }


def _doubts(doubts: Collection[Doubt]) -> list[str]:
    return [doubt.value for doubt in Doubt if doubt in doubts]


def _touched(touched: Touched) -> dict[str, Any]:
    document: dict[str, Any] = {
        "subscriptions": touched.count,
        "at_most": touched.at_most,
        "by_status": dict(touched.by_status),
        "renewing": touched.renewing,
        "first_renewal": touched.first.isoformat() if touched.first else None,
        "last_renewal": touched.last.isoformat() if touched.last else None,
        "doubts": _doubts(touched.doubts),
    }
    if touched.revenue:
        document |= {"monthly_revenue": _revenue(touched.revenue), "uncounted": dict(touched.uncounted)}
    return document


def _revenue(revenue: Revenue) -> dict[str, Any]:
    return {**_range(revenue), "currency": revenue.low.currency}


def _range(revenue: Revenue) -> dict[str, Any]:
    return {"low": revenue.low.number(), "high": revenue.high.number()}

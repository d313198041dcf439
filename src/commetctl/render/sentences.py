"""What changes mean, in sentences and as data: effects on customers, how many there are, and where they come from."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from commetctl.core.change import Change, is_replaced, takes_away
from commetctl.core.changeset import Changeset
from commetctl.core.errors import ApiError, CommetctlError
from commetctl.core.impact import CurrencyRevenue, Doubt, Effect, Impact, Revenue, Touched, When
from commetctl.core.money import Money
from commetctl.core.text import counted
from commetctl.kinds import kind_of, owner
from commetctl.render.groups import Group
from commetctl.review.review import Cause, Review

#: The reasons why a number of subscriptions or an amount of revenue is a range.
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


def going_said(changeset: Changeset, change: Change) -> str:
    """`archived (with 1 regional price)`: what happens to an object and to its parts; empty where it stays."""
    if not takes_away(change):
        return ""
    along = Counter(address.kind for address in changeset.along.get(change.address, ()))
    taken = ", ".join(counted(count, kind.replace("_", " ")) for kind, count in along.items())
    kind = kind_of(change.address)
    word = kind.gone if kind else "deleted"
    if is_replaced(change) and kind and kind.replacement:
        word = kind.replacement.words
    return word + (f" (with {taken})" if taken else "")


def common_effects(review: Review, group: Group) -> Sequence[Effect]:
    """The effects that all changes of a group share; none for a single change."""
    meanings = {tuple(effects_said(review, change)) for change in group.changes}
    return meanings.pop() if len(meanings) == 1 and len(group.changes) > 1 else ()


def effects_said(review: Review, change: Change) -> list[Effect]:
    """The effects of a change that are worth showing: parts of a new object affect no existing customer."""
    if owner(change.address) in review.created - {change.address}:
        return []
    effects = review.effects.get(change.address, ())
    telling = [effect for effect in effects if effect.when is not When.NOT_AT_ALL or effect.text]
    return telling or list(effects[:1])


def cause_said(review: Review, change: Change) -> str:
    """The side that a difference comes from; empty if there is nothing to tell it by, or for an edit of the file."""
    match review.causes.get(change.address):
        case Cause.COMMET:
            since = f"since {review.base} was applied"
            return f"somebody changed this in Commet {since}, and the file did not: applying undoes it"
        case Cause.BOTH:
            return f"changed in the file and in Commet since {review.base}: the file takes precedence"
        case Cause.FILE:
            # The expected case, which is counted at the end of a plan.
            return ""
        case None:
            return f"which side changed this since {review.base} is not known" if review.base else ""


def causes_said(review: Review) -> str:
    """The number of differences that come from each side; empty if there is nothing to tell it by."""
    if not review.base:
        return ""
    changes = review.changeset.changes
    causes = [review.causes.get(change.address) for change in changes]
    words = {
        Cause.FILE: "in the file",
        Cause.COMMET: "in Commet",
        Cause.BOTH: "in both",
        None: "unknown",
    }
    parts = [f"{causes.count(cause)} {text}" for cause, text in words.items() if cause in causes]
    marked = "; those not only in the file are marked" if set(causes) - {Cause.FILE} else ""
    return f"changed since {review.base}: " + (", ".join(parts) or "nothing") + marked


def marks_said(review: Review, change: Change) -> Iterator[str]:
    """The side that a change comes from, and notes on its requests."""
    if cause := cause_said(review, change):
        yield cause
    yield from (f"note: {step.note}" for step in review.changeset.steps_for(change.address) if step.note)


def touched_said(review: Review, change: Change) -> Iterator[str]:
    """How many subscriptions a change touches, when they renew, and the effect on recurring revenue, if counted."""
    touched = review.impact.touched.get(change.address) if review.impact else None
    if touched is None:
        return
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
        yield f"recurring revenue: {_range_said(touched.revenue)} a month" + (f" (not counted: {left})" if left else "")


def _renewing(touched: Touched) -> str:
    if touched.renewing == touched.count:
        return "which renews" if touched.count == 1 else "all of them renew"
    return "1 of them renews" if touched.renewing == 1 else f"{touched.renewing} of them renew"


def uncounted_said(uncounted: Mapping[str, int]) -> str:
    """`3 in a trial, 1 paused`"""
    return ", ".join(f"{count} {why}" for why, count in uncounted.items())


def doubts_said(doubts: Collection[Doubt]) -> str:
    """The reasons why a number is a range, as one clause."""
    return "; ".join(text for doubt, text in _DOUBTS.items() if doubt in doubts)


def signed(money: Money) -> str:
    """An amount with its sign: `+410.00 USD`, `-3.50 USD`, `0.00 USD`."""
    return f"+{money}" if money.amount > 0 else str(money)


def _range_said(revenue: Revenue, said: Callable[[Money], str] = signed) -> str:
    """`+410.00 USD`, `at most +410.00 USD`, `between -20.00 and 0.00 USD`."""
    if revenue.is_exact:
        return said(revenue.high)
    if not revenue.low.amount:
        return f"at most {said(revenue.high)}"
    low = said(revenue.low).removesuffix(f" {revenue.low.currency.upper()}")
    return f"between {low} and {said(revenue.high)}"


def impact_said(review: Review) -> Iterator[str]:
    """What is known about all changes together: plan versions, and the effect on subscriptions and revenue."""
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
    """Revenue in one currency: today, once all have renewed, the difference and the percentage."""
    then = f"{_range_said(item.then, Money.number)} {item.currency.upper()} a month"
    percents = f" ({' to '.join(item.percents)})" if item.percents else ""
    return (
        f"recurring revenue in {item.currency.upper()}, once all have renewed: "
        f"{_range_said(item.today, Money.number)} → {then}, {_range_said(item.change)}{percents}"
    )


def error_said(error: CommetctlError) -> list[str]:
    """What is wrong, what to do about it, and the references that Commet's support asks for."""
    lines = [error.message, error.hint]
    if isinstance(error, ApiError):
        found = {"request id": error.request_id, "see": error.doc_url}
        lines += [f"{name}: {value}" for name, value in found.items() if value]
    return [line for line in lines if line]


def impact_document(review: Review) -> dict[str, Any]:
    """Plan versions, impact and drift of a review, as far as they are known."""
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

"""What a change means, in sentences: effects on existing customers, how many they are, and which side it comes from."""

from collections.abc import Iterator, Mapping

from commetctl.core.change import Change
from commetctl.core.effect import Effect, When
from commetctl.core.impact import Impact, Revenue, Touched
from commetctl.core.money import Money
from commetctl.core.review import Cause, Review
from commetctl.render.words import counted
from commetctl.sections.plans import addresses


def effects_said(review: Review, change: Change) -> list[Effect]:
    """The effects of a change that are worth saying: what belongs to a new plan has nobody to have one on."""
    if change.address.kind != addresses.PLAN and addresses.plan_of(change.address) in review.created:
        return []
    effects = review.effects.get(change.address, ())
    telling = [effect for effect in effects if effect.when is not When.NOT_AT_ALL or effect.text]
    return telling or list(effects[:1])


def cause_said(review: Review, change: Change) -> str:
    """Which side the difference comes from; empty where there is nothing to tell it by."""
    match review.causes.get(change.address):
        case Cause.COMMET:
            return f"somebody changed this in Commet since {review.base}, and the file did not: applying undoes it"
        case Cause.BOTH:
            return f"changed in the file and in Commet since {review.base}: the file's word counts"
        case _:
            # What the file changes is what one expects, and is counted at the end.
            return ""


def causes_said(review: Review) -> str:
    """How many differences come from which side; empty where there is nothing to tell it by."""
    if not review.base:
        return ""
    causes = list(review.causes.values())
    words = {Cause.FILE: "in the file", Cause.COMMET: "in Commet by somebody", Cause.BOTH: "in both"}
    parts = [f"{causes.count(cause)} {text}" for cause, text in words.items() if cause in causes]
    return f"changed since {review.base}: " + (", ".join(parts) or "nothing")


def touched_said(touched: Touched) -> Iterator[str]:
    """How many subscriptions a change touches, when they renew, and what it does to recurring revenue."""
    if not touched.count:
        yield "no subscription is on it"
        return
    number = counted(touched.count, "subscription")
    text = f"up to {number}: Commet does not tell which currency each pays in" if touched.at_most else number
    if touched.renewing and touched.first and touched.last:
        when = f"on {touched.first}" if touched.first == touched.last else f"from {touched.first} to {touched.last}"
        text += f", {'all' if touched.renewing == touched.count else touched.renewing} of them renew {when}"
    yield text
    if touched.revenue:
        left = uncounted_said(touched.uncounted)
        yield f"recurring revenue: {revenue_said(touched.revenue)}" + (f" (not counted: {left})" if left else "")


def uncounted_said(uncounted: Mapping[str, int]) -> str:
    """`3 in a trial, 1 paused`"""
    return ", ".join(f"{count} {why}" for why, count in uncounted.items())


def revenue_said(revenue: Revenue) -> str:
    """`+410.00 USD a month`, or the range that it is in."""
    if revenue.is_exact:
        return f"{signed(revenue.high)} a month"
    return f"{signed(revenue.low)} to {signed(revenue.high)} a month, by how many of them pay in US dollars"


def signed(money: Money) -> str:
    """An amount with its sign: `+410.00 USD`, `-3.50 USD`, `0.00 USD`."""
    return f"+{money}" if money.amount > 0 else str(money)


def impact_said(impact: Impact | None) -> Iterator[str]:
    """What is known of the whole."""
    if impact is None:
        return
    if impact.unknown:
        out = f"; {impact.way_out}" if impact.way_out else ""
        yield f"how many subscriptions this touches is not known: {impact.unknown}{out}"
    if impact.revenue:
        yield f"monthly recurring revenue of base prices in US dollars: {revenue_said(impact.revenue)}"

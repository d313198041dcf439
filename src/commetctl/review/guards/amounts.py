"""Guards about amounts: how far they move, and whether the scale in which they are sent is known."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from commetctl.core.amount_move import AmountMove, Sense, leading
from commetctl.core.errors import Refused
from commetctl.core.money import Derived
from commetctl.core.policy import Share
from commetctl.core.text import moved_text, named_move
from commetctl.review import scales
from commetctl.review.guards.objects import past_limit
from commetctl.review.guards.subject import Subject

_NOT_CENTS = "write amounts as on a price tag, 49.00 and not 4900; if this is intended, "
_LIFT = "--allow price_change"
_SANDBOX = (
    "find out in a sandbox: without `balance_scale`, apply a plan with `included_balance: 10.00`, subscribe a "
    "customer, and read `balance.included` from GET /subscriptions/{id}; 100000 means `balance_scale: minor`, and "
    "1000 means `rate`; then set it in the catalog"
)


def scale_unproven(subject: Subject) -> Iterator[Refused]:
    """No price or balance is sent to a live account in which no price proves the scale of this API version.

    The scale that the file states is a choice and no proof: only a comparison with the newer version is.
    """
    unproven = subject.mode.may_be_live and not subject.live.scale_proven
    if unproven and scales.sends(subject.changeset, scales.PRICE, scales.BALANCE):
        reason, also = scales.why_unproven(subject.live)
        yield Refused(
            "this API version does not document the unit of its prices, and nothing in the account proves it: "
            f"{reason}; prices in a live account could become a hundred times too high or too low",
            f'use `api_version: "2026-08-27"`, where the unit is documented{also}',
            code="scale_unproven",
        )


def balance_scale(subject: Subject) -> Iterator[Refused]:
    """No balance is sent in a scale that the account disproves, nor, live, in one that nothing states or proves."""
    if not scales.sends(subject.changeset, scales.BALANCE):
        return
    if contradiction := subject.balances.contradiction:
        yield contradiction
    elif subject.mode.may_be_live and not subject.balances.settled:
        yield Refused(
            "neither the catalog nor the account shows whether the integers of `included_balance` are minor units "
            "or ten-thousandths; customers could get a hundred times too much or too little",
            _SANDBOX,
            code="balance_scale",
        )


def scale(subject: Subject) -> Iterator[Refused]:
    """An amount that moves by a factor of a hundred is probably cents taken for dollars, or the reverse."""
    # A derived amount that only one thing moved is a hundredfold exactly where that thing is.
    moves = (move for move in subject.review.moves if subject.judges("scale", move.address, move.path))
    found = [move for move in moves if factor(move) and move.source is None]
    if not found:
        return
    exactly = "exactly " if all(map(_is_exact, found)) else ""
    by = f"by {exactly}" + " or ".join(sorted({factor(move) for move in found}, reverse=True))
    hint = _NOT_CENTS + subject.way_past("scale")
    if len(found) == 1:
        (move,) = found
        meaning = f": {move.meaning}" if move.meaning else ""
        rounded = "" if _is_exact(move) else ", after rounding"
        message = f"`{move.path}` changes {by}: {moved_text(move)}{meaning}{rounded}"
        yield Refused(message, hint, code="scale", address=move.address)
        return
    listed = ", ".join(f"{named_move(move)}{f' ({move.meaning})' if move.meaning else ''}" for move in found)
    all_of_them = len(found) == len(leading(subject.review.moves))
    amounts = f"all {len(found)} edited amounts" if all_of_them else f"{len(found)} amounts"
    yield Refused(f"{amounts} change {by}: {listed}", hint, code="scale")


def factor(move: AmountMove) -> str:
    """By what an amount is multiplied or divided if it is a hundred, up to the rounding of derived ones; else empty."""
    if not (move.before and move.after):
        return ""
    before, after = Fraction(move.before), Fraction(move.after)
    slack = _slack(move)
    if abs(after - before * 100) <= slack * 101:
        return "×100"
    return "÷100" if abs(before - after * 100) <= slack * 101 else ""


def _slack(move: AmountMove) -> Fraction:
    """By how much either side may be rounded if one of them is derived: half of the smallest step."""
    derived = [value.about for value in (move.was, move.becomes) if isinstance(value, Derived)]
    return max((Fraction(Decimal(1).scaleb(-about.decimals)) / 2 for about in derived), default=Fraction(0))


def _is_exact(move: AmountMove) -> bool:
    if not (move.before and move.after):
        return False
    before, after = Fraction(move.before), Fraction(move.after)
    return after in (before * 100, before / 100)


def price_change(subject: Subject) -> Iterator[Refused]:
    """What customers pay moves too far up or down, or what they get for it does; a price from nothing always does."""
    limit = subject.policy.max_price_change
    if limit is None:
        return
    moves = (move for move in subject.review.moves if subject.judges("price_change", move.address, move.path))
    judged = (move for move in moves if not _is_left_to_in_use(move, subject))
    far = leading(move for move in judged if move.is_beyond(limit.percent))
    hint = past_limit(subject, "price_change")
    if len(far) == 1:
        (move,) = far
        reason = f"`{move.path}` changes too much: {moved_text(move)} ({_by(move, limit)}; the limit is {limit})"
        yield Refused(reason, hint, code="price_change", address=move.address, lift=_LIFT)
    elif far:
        noun = "amounts" if any(move.sense is Sense.INCLUDED for move in far) else "prices"
        listed = ", ".join(f"{named_move(move)} ({_by(move, limit)})" for move in far)
        measured = all(move.share is not None for move in far)
        how = f"by more than {limit}" if measured else f"too much (the limit is {limit})"
        yield Refused(f"{len(far)} {noun} change {how}: {listed}", hint, code="price_change", lift=_LIFT)


def _is_left_to_in_use(move: AmountMove, subject: Subject) -> bool:
    """Whether a currency is removed whose customers then pay a price that cannot be compared with the old one.

    The guard `in_use` refuses that as long as a subscription may pay in the currency, unless its deletion is named.
    """
    deleted = any(change.address == move.address for change in subject.deletes)
    return deleted and (move.share is None or move.address in subject.allowed.deletes)


def _by(move: AmountMove, limit: Share) -> str:
    percent = move.percent_against(limit.percent)
    return f"{percent}: {move.meaning}" if move.meaning else percent

"""The guard `scale`: an amount that moves by a hundred is probably cents taken for dollars, or the reverse."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from commetctl.core.errors import Refused
from commetctl.core.money import Derived
from commetctl.core.move import AmountMove, leading
from commetctl.core.text import moved_text, named_move
from commetctl.review.guards.subject import Subject

_HINT = "write amounts as on a price tag, 49.00 and not 4900; if it is meant, give `--allow scale`"


def guard(subject: Subject) -> Iterator[Refused]:
    """One refusal that names every such amount, and says so when no amount moves otherwise."""
    changed = leading(subject.moves)
    # A derived amount that only one thing moved is a hundredfold exactly where that thing is.
    found = [move for move in subject.moves if factor(move) and move.source is None]
    if not found:
        return
    factors = " or ".join(sorted({factor(move) for move in found}, reverse=True))
    exactly = "exactly " if all(map(_is_exact, found)) else ""
    if len(found) == 1:
        (move,) = found
        meaning = f": {move.meaning}" if move.meaning else ""
        message = f"`{move.path}` moves by {exactly}{factors}: {moved_text(move)}{meaning}{_rounded(move)}"
        yield Refused(message, _HINT, code="scale", address=move.address)
        return
    listed = ", ".join(f"{named_move(move)}{f' ({move.meaning})' if move.meaning else ''}" for move in found)
    who = f"all {len(found)} amounts that change" if len(found) == len(changed) else f"{len(found)} amounts"
    yield Refused(f"{who} move by {exactly}{factors}: {listed}", _HINT, code="scale")


def factor(move: AmountMove) -> str:
    """By what an amount was multiplied or divided, if by a hundred, but for the rounding of what Commet derives."""
    if not (move.before and move.after):
        return ""
    before, after = Fraction(move.before), Fraction(move.after)
    slack = _slack(move)
    if abs(after - before * 100) <= slack * 101:
        return "×100"
    return "÷100" if abs(before - after * 100) <= slack * 101 else ""


def _slack(move: AmountMove) -> Fraction:
    """How far each side may be from what it was rounded from, where one is derived: half of the smallest step."""
    derived = [value.about for value in (move.was, move.becomes) if isinstance(value, Derived)]
    return max((Fraction(Decimal(1).scaleb(-about.decimals)) / 2 for about in derived), default=Fraction(0))


def _is_exact(move: AmountMove) -> bool:
    if not (move.before and move.after):
        return False
    before, after = Fraction(move.before), Fraction(move.after)
    return after in (before * 100, before / 100)


def _rounded(move: AmountMove) -> str:
    return "" if _is_exact(move) else ", but for rounding"

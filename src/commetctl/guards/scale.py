"""The guard `scale`: an amount that moves by exactly a hundred is probably cents taken for dollars, or the reverse."""

from collections.abc import Iterator

from commetctl.core.amounts import AmountMove, amount_moves
from commetctl.errors import Refused
from commetctl.guards.subject import Subject
from commetctl.render.words import moved_text, named_move

_HINT = "write amounts as on a price tag, 49.00 and not 4900; if it is meant, give `--allow scale`"


def guard(subject: Subject) -> Iterator[Refused]:
    """One refusal that names every such amount, and says so when no amount moves otherwise."""
    changed = list(amount_moves(subject.changeset.changes))
    found = [move for move in changed if _factor(move)]
    if not found:
        return
    factors = " or ".join(sorted({_factor(move) for move in found}, reverse=True))
    if len(found) == 1:
        refused = Refused(f"`{found[0].path}` moves by exactly {factors}: {moved_text(found[0])}", _HINT, code="scale")
        refused.address = str(found[0].address)
        yield refused
        return
    listed = ", ".join(map(named_move, found))
    who = f"all {len(found)} amounts that change" if len(found) == len(changed) else f"{len(found)} amounts"
    yield Refused(f"{who} move by exactly {factors}: {listed}", _HINT, code="scale")


def _factor(move: AmountMove) -> str:
    """By what an amount was multiplied or divided, if exactly by a hundred."""
    # Compared by products, because a quotient may not be exact.
    if not (move.before and move.after):
        return ""
    if move.after == move.before * 100:
        return "×100"
    return "÷100" if move.before == move.after * 100 else ""

"""Outcomes of an apply as text for a terminal or a log."""

from collections import Counter
from collections.abc import Sequence

from commetctl.core.change import Applied, Create, Delete, Failed, Outcome, Skipped, Update
from commetctl.core.text import left_said, printable
from commetctl.render.style import Style


def outcome_line(outcome: Outcome, style: Style) -> str:
    """One finished change, on one line."""
    address = printable(str(outcome.change.address))
    done = {Create: "created", Update: "updated", Delete: "deleted"}[type(outcome.change)]
    match outcome:
        case Applied():
            return f"  {style.paint('ok', 'ok')}       {address} {done}"
        case Failed(error=error):
            return f"  {style.paint('failed', 'failed')}   {address}: {printable(error.message)}{_so_far(outcome)}"
        case Skipped(reason=reason):
            return f"  {style.paint('skipped', 'skipped')}  {address}: {printable(reason)}{_so_far(outcome)}"


def _so_far(outcome: Failed | Skipped) -> str:
    """What was done of a change all the same."""
    return f"; so far it {left_said(outcome.left)}" if outcome.left else ""


def outcome_summary(outcomes: Sequence[Outcome]) -> str:
    """`3 applied, 1 failed, 2 skipped`."""
    counts = Counter(type(outcome) for outcome in outcomes)
    parts = [f"{counts[Applied]} applied"]
    parts += [f"{counts[kind]} {word}" for kind, word in ((Failed, "failed"), (Skipped, "skipped")) if counts[kind]]
    return ", ".join(parts)

"""Presenting a rehearsal: a row for each amount of each change, and what of it was not as expected."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from commetctl.catalog.dated.moments import said
from commetctl.cli.present import style
from commetctl.cli.report import Result
from commetctl.core.money import Money
from commetctl.core.text import counted, listed
from commetctl.core.values import text, time_text
from commetctl.render.tables import table

if TYPE_CHECKING:
    from commetctl.render.terminal import Style
    from commetctl.usecases.rehearsal.rehearse import Rehearsal
    from commetctl.usecases.rehearsal.verdict import Line

_HEAD = ("change", "price", "last bill before", "first after", "from", "to", "number")


def rehearsed(found: "Rehearsal", *, color: bool | None) -> Result:
    """A rehearsal as a result."""
    here = style(color)
    return Result("\n".join(_lines(found, here)), {"rehearsal": _document(found)}, found.exit_code, errors=found.errors)


def _lines(found: "Rehearsal", here: "Style") -> Iterator[str]:
    if not found.changes:
        yield "Nothing was rehearsed" if found.errors else "Nothing is scheduled, and nothing is due"
        return
    names = listed([f"{change.name} ({said(change.moment)})" for change in found.changes])
    if found.stopped:
        yield from here.wrapped(f"Not rehearsed to the end: {names}", 0)
        return
    yield from here.wrapped(f"Rehearsed from {found.start:%Y-%m-%d %H:%M} UTC to {found.until:%Y-%m-%d}: {names}", 0)
    yield ""
    lines = found.verdict.lines
    if lines:
        yield from table(_HEAD, [_row(line) for line in lines], here, right=(6,))
        yield ""
    yield from (part for note in _notes(found) for part in here.wrapped(note, 2))
    yield from here.wrapped(_conclusion(found), 2)


def _row(line: "Line") -> tuple[str, ...]:
    turn = line.turn
    number = "one made up" if line.made_up else str(line.subscriptions)
    tallies = (_tally(line.before), _tally(line.after))
    return (
        turn.change.name,
        f"{turn.price.key} {turn.currency.upper()}",
        *tallies,
        _day(line.first),
        _day(line.last),
        number,
    )


def _tally(tally: Mapping[Money, int]) -> str:
    return ", ".join(f"{number} × {amount.number()}" for amount, number in tally.items()) or "none"


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _notes(found: "Rehearsal") -> Iterator[str]:
    if found.pending:
        yield f"applied first: {counted(found.pending, 'edit')} of the catalog without a date"
    if found.unknown:
        yield f"subscriptions are not known ({found.unknown}): rehearsed with one for each price"
    elif any(line.made_up for line in found.verdict.lines):
        yield "one made up: no subscription is on it, or Commet does not say which"
    if silent := [line.turn.address for line in found.verdict.lines if not (line.before or line.after)]:
        yield f"no bill, since no customer is known to pay it: {listed([str(address) for address in silent])}"
    for what, counts in (("not in the counts", found.uncounted), ("not rehearsed", found.absent)):
        if counts:
            yield f"{what}: " + listed([f"{counted(number, 'subscription')} {why}" for why, number in counts.items()])


def _conclusion(found: "Rehearsal") -> str:
    if found.surprises:
        return "What is refused is not what the plan predicts"
    if found.verdict.differences:
        return "The bills are not as the plan predicts"
    if not found.verdict.lines:
        return "No price changes for which bills could be compared; every change was applied on its date"
    return "Every bill is as the plan predicts"


def _document(found: "Rehearsal") -> dict[str, Any]:
    """The rehearsal for machine output."""
    return {
        "start": time_text(found.start),
        "until": time_text(found.until),
        "changes": [{"file": change.name, "moment": time_text(change.moment)} for change in found.changes],
        "pending": found.pending,
        "lines": [_line_document(line) for line in found.verdict.lines],
        "differences": [
            {
                "change": item.change,
                "address": str(item.address),
                "what": item.what,
                "expected": item.expected,
                "rehearsed": item.rehearsed,
            }
            for item in found.verdict.differences
        ],
        "uncounted": dict(found.uncounted),
        "not_rehearsed": dict(found.absent),
        **({"unknown": found.unknown} if found.unknown else {}),
    }


def _line_document(line: "Line") -> dict[str, Any]:
    turn = line.turn
    return {
        "change": turn.change.name,
        "address": str(turn.address),
        "was": text(turn.was),
        "becomes": text(turn.becomes),
        "before": {str(amount): number for amount, number in line.before.items()},
        "after": {str(amount): number for amount, number in line.after.items()},
        "first": _day(line.first) or None,
        "last": _day(line.last) or None,
        "subscriptions": line.subscriptions,
        "made_up": line.made_up,
    }

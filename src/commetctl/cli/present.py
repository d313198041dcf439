"""Presenting: what use cases found, as a Result; and how to lay text out."""

import os
import sys
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TextIO

from commetctl.cli.report import Result
from commetctl.cli.streams import forced_color
from commetctl.core.text import change_text, counted, listed, printable
from commetctl.render.terminal import Style

if TYPE_CHECKING:
    # `validate` needs the style alone, and no HTTP.

    from collections.abc import Collection, Sequence

    from commetctl.cli.console import Console
    from commetctl.core.errors import Refused
    from commetctl.core.resource import Address
    from commetctl.reading import Reading
    from commetctl.usecases.conclusion import Conclusion
    from commetctl.usecases.migration import Amount
    from commetctl.usecases.migration.files import Migration
    from commetctl.usecases.plan import Prepared
    from commetctl.usecases.pull.prepare import PreparedPull

#: Columns: of a log, and of what is too narrow to be laid out.
_LOG, _NARROWEST = 100, 40
#: Columns of what is not broken.
_UNBROKEN = 1_000_000


def style(color: bool | None, stream: TextIO | None = None) -> Style:
    """How to write to a stream, by default stdout: its colours and its width.

    Colour where it was asked for, else where the environment forces it, or on a terminal.
    """
    stream = stream or sys.stdout
    if color is None:
        color = forced_color()
    if color is None:
        color = stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"
    return Style(color, max(_NARROWEST, _width(stream)))


def _width(stream: TextIO | None) -> int:
    """The width of the terminal, or the one in COLUMNS. A log has no width: errors are not wrapped there, so that a
    search finds them on one line; other text is wrapped to be readable.
    """
    asked = os.environ.get("COLUMNS", "")
    if asked.isdecimal() and int(asked):
        return int(asked)
    with suppress(OSError, ValueError, AttributeError):
        if stream and (width := os.get_terminal_size(stream.fileno()).columns):
            return width
    return _UNBROKEN if stream is sys.stderr else _LOG


def present(
    prepared: "Prepared",
    *,
    color: bool | None,
    verbose: bool,
    refused: "Sequence[Refused]" = (),
    command: str = "",
    timeline: bool = False,
) -> Result:
    """A plan; `refused` are the reasons why `apply` would refuse it, and `command` is how to apply it.

    With `timeline`, it shows what is scheduled in place of what is to be done now.
    """
    from commetctl.cli.scheduled import scheduled_of
    from commetctl.reading import reading_of
    from commetctl.render.json_scheduled import dated_plan_document

    reading = reading_of(prepared.review, refused, command, scheduled_of(prepared.coming))
    plan = partial(dated_plan_document, reading, prepared.catalog.desired)
    content = {"target": prepared.target, "plan": plan}
    return reviewed(reading, content, color=color, verbose=verbose, timeline=timeline)


def reviewed(
    reading: "Reading", content: dict[str, Any], *, color: bool | None, verbose: bool, timeline: bool = False
) -> Result:
    """A reading, with the `content` of its document."""
    from commetctl.render.json_impact import impact_document
    from commetctl.render.json_output import notice_document
    from commetctl.render.json_reading import reading_document
    from commetctl.render.text import plan_text

    return Result(
        plan_text(reading, style(color), whole=verbose, timeline=timeline),
        content | impact_document(reading.review) | {"reading": partial(reading_document, reading)},
        diagnostics=[notice_document(notice) for notice in reading.notices],
        reading=reading,
        timeline=timeline,
    )


def concluded(plan: Result, conclusion: "Conclusion", console: "Console") -> Result:
    """The result of an apply, out of that of its plan: what the console has not shown yet."""
    from commetctl.render.json_output import outcome_document
    from commetctl.render.terminal import outcome_summary

    plan.content["outcomes"] = [outcome_document(outcome) for outcome in conclusion.outcomes]
    if conclusion.record:
        plan.text = "\n  " + outcome_summary(conclusion.outcomes, verified=conclusion.verified, held=conclusion.held)
    else:
        # A refusal that came before the plan was shown says all.
        plan.text = "" if conclusion.errors else console.text
    plan.exit_code, plan.errors = conclusion.exit_code, [e for e in conclusion.errors if not console.has_said(e)]
    return plan


def pulled(prepared: "PreparedPull") -> Result:
    """A pull, before anything is written."""
    from commetctl.render.json_output import pulled_document

    changes, files = prepared.pulled.changes, [file.name for file in prepared.pulled.changed]
    lines = _pulled_lines(prepared) if files else ["No changes: the catalog matches Commet"]
    return Result(
        f"{printable(prepared.title)}\n\n" + "\n".join(f"  {line}".rstrip() for line in lines),
        {"target": prepared.target, "pulled": pulled_document(changes, files)},
        warnings=[*prepared.warnings],
    )


def _pulled_lines(prepared: "PreparedPull") -> list[str]:
    """What changes in the file, a line for each object and each of its fields."""
    from commetctl.core.change import Create, Update

    lines, changes = [], prepared.pulled.changes
    new = dict.fromkeys(change.address for change in changes if isinstance(change, Create))
    parts = _parts(new)
    for change in changes:
        if isinstance(change, Create) and change.after.parent in new:
            # It comes with what it belongs to.
            continue
        sign = "+" if isinstance(change, Create) else "~" if isinstance(change, Update) else "-"
        lines.append(f"{sign} {printable(str(change.address))}{parts.get(change.address, '')}")
        if isinstance(change, Update):
            lines += [f"    {printable(item.path)}  {change_text(item.before, item.after)}" for item in change.fields]
    if prepared.is_new:
        return [*lines, "", f"{counted(len(new), 'object')} to write to a new file, {printable(str(prepared.file))}"]
    kinds = [type(change).__name__ for change in changes]
    total = (
        f"{counted(len(new), 'object')} to add, {kinds.count('Update')} to change, {kinds.count('Delete')} to remove"
    )
    return [*lines, "", total]


def _parts(new: "Collection[Address]") -> "dict[Address, str]":
    """`, with 2 plan prices and 1 plan feature`: what comes with each new object."""
    from collections import Counter, defaultdict

    from commetctl.core.resource import noun
    from commetctl.kinds import owner

    counts: dict[Address, Counter[str]] = defaultdict(Counter)
    for address in new:
        if address != (whole := owner(address)):
            counts[whole][noun(address.kind)] += 1
    return {
        whole: f", with {listed([counted(count, called) for called, count in found.items()])}"
        for whole, found in counts.items()
    }


def migration_lines(migration: "Migration") -> list[str]:
    """What was carried over from a configuration, and what to look at."""
    from commetctl.usecases.migration import digits, dotted

    migrated, notes = migration.migrated, migration.notes
    sections = migrated.catalog.sheet.sections
    contents = ", ".join(
        counted(len(sections[section.name]), section.top.name) for section in migrated.catalog.sections
    )
    lines = [f"{migrated.source.file} → {migrated.catalog.file} ({migrated.catalog.contract.version})", ""]
    lines.append(f"  carried over: {contents}, {counted(len(migrated.amounts), 'amount')}")
    rows = [(dotted(amount.path), digits(amount.was), _became(amount)) for amount in migrated.amounts]
    widths = [max((len(row[column]) for row in rows), default=0) for column in (0, 1)]
    lines += [f"    {path:{widths[0]}}  {was:>{widths[1]}} → {became}" for path, was, became in rows]
    if notes:
        lines += ["", f"  to look at: {len(notes)}"]
    for note in notes:
        lines.append(f"    {dotted(note.path)}: {note.message}" if note.path else f"    {note.message}")
        lines += [f"      hint: {note.hint}"] if note.hint else []
    return lines


def migration_diagnostics(migration: "Migration") -> list[dict[str, Any]]:
    """The same for machines."""
    from commetctl.kinds import section_of
    from commetctl.usecases.migration import digits, dotted

    migrated = migration.migrated

    def place(path: Any) -> dict[str, Any]:
        origin = migrated.origin(path)
        return {"file": origin.file, "line": origin.line, "column": origin.column}

    def carried(message: str, address: object, path: Any) -> dict[str, Any]:
        document = {"severity": "info", "code": "carried", "message": message, "hint": "", "address": str(address)}
        return document | place(path)

    found = []
    for resource in migrated.catalog.desired.values():
        if resource.parent is None:
            path = (section_of(resource.address).name, resource.address.key)
            found.append(carried(f"`{dotted(path)}` is in the catalog", resource.address, path))
    for amount in migrated.amounts:
        message = f"`{dotted(amount.path)}` {digits(amount.was)} → {_became(amount)}"
        found.append(carried(message, amount.address, amount.path))
    for note in migration.notes:
        message = f"`{dotted(note.path)}`: {note.message}" if note.path else note.message
        document = {"severity": "warning", "code": note.code, "message": message, "hint": note.hint}
        found.append(document | (place(note.path) if note.path else {}))
    return found


def _became(amount: "Amount") -> str:
    return f"{amount.money}  ({amount.unit.value})" if amount.unit else f"{amount.money}"

"""A changeset and its outcomes as text for a terminal or a log."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from textwrap import wrap

from commetctl.core.address import Address
from commetctl.core.change import Change, Create, Delete, Update
from commetctl.core.changeset import Blocked, Changeset
from commetctl.core.outcome import Applied, Failed, Outcome, Skipped
from commetctl.core.resource import Resource
from commetctl.render.requests import requests_of
from commetctl.render.words import change_text, counted, notable, printable, value_text

_SIGNS = {Create: "+", Update: "~", Delete: "-"}
_COLORS = {"+": "32", "~": "33", "-": "31", "!": "35", "ok": "32", "failed": "31", "skipped": "33"}
#: Where prose is wrapped; values never are.
_WIDTH = 100
#: What a deletion means, where the API's word for it is not "deleted".
_GOING = {
    "plan": "no longer sold; its subscribers keep it",
    "plan_price": "archived: no longer sold; its subscribers keep it",
    "credit_pack": "no longer sold",
    "plan_feature": "taken out of the plan",
    "regional_price": "removed: the US dollar price counts",
    "regional_unit_price": "removed",
}


@dataclass(frozen=True)
class Style:
    """Whether to colour; colour never says anything that a sign does not."""

    color: bool = False

    def paint(self, name: str, text: str) -> str:
        """The text in the colour of a sign or a word."""
        return f"\x1b[{_COLORS[name]}m{text}\x1b[0m" if self.color else text


def plan_text(
    changeset: Changeset, ids: Mapping[Address, str], style: Style | None = None, *, requests: bool = False
) -> str:
    """What would be done, change by change, and how much of it; with `requests`, by which calls."""
    style = style or Style()
    lines: list[str] = []
    for change in changeset.changes:
        lines += _change(change, changeset, style)
        if requests:
            lines += [f"      {line}" for line in requests_of(changeset, change.address, ids)]
    for item in changeset.blocked:
        lines += _blocked(item, style)
    for notice in changeset.notices:
        lines += [f"  i {printable(str(notice.address))}" if notice.address else "  i"]
        lines += _wrapped("", notice.message)
        lines += _wrapped("hint: ", notice.hint) if notice.hint else []
    if lines:
        lines.append("")
    if changeset.unmanaged:
        lines += _unmanaged(changeset)
    return "\n".join([*lines, "  " + summary(changeset)])


def summary(changeset: Changeset) -> str:
    """`1 to create, 1 to update, 0 to delete, 0 blocked, 3 unmanaged`, or that there is nothing to do."""
    if not changeset.changes and not changeset.blocked:
        left = f", {len(changeset.unmanaged)} unmanaged" if changeset.unmanaged else ""
        known = "; see above for what cannot be compared" if changeset.notices else ""
        return f"No changes: Commet is as the file says{known}{left}"
    counts = Counter(type(change) for change in changeset.changes)
    return (
        f"{counts[Create]} to create, {counts[Update]} to update, {counts[Delete]} to delete, "
        f"{len(changeset.blocked)} blocked, {len(changeset.unmanaged)} unmanaged"
    )


def _change(change: Change, changeset: Changeset, style: Style) -> Iterator[str]:
    sign = _SIGNS[type(change)]
    head = f"  {style.paint(sign, sign)} {printable(str(change.address))}"
    match change:
        case Create(after):
            yield from _created(head, after)
        case Update():
            yield head
            width = max(len(item.path) for item in change.fields)
            for item in change.fields:
                yield f"      {printable(item.path):<{width}}  {change_text(item.before, item.after)}"
        case Delete(before):
            going = _GOING.get(before.address.kind, "deleted")
            along = Counter(address.kind for address in changeset.along.get(before.address, ()))
            taken = ", ".join(counted(count, kind.replace("_", " ")) for kind, count in along.items())
            yield f"{head}  {going}" + (f" (with {taken})" if taken else "")
    for step in changeset.steps_for(change.address):
        if step.note:
            yield from _wrapped("note: ", step.note)


def _created(head: str, resource: Resource) -> Iterator[str]:
    fields = notable(resource)
    if len(fields) == 1:
        # A lone amount speaks for itself; a lone yes or no does not.
        ((name, value),) = fields.items()
        yield f"{head}  {name} {value_text(value)}" if isinstance(value, bool) else f"{head}  {value_text(value)}"
        return
    yield head
    width = max(map(len, fields), default=0)
    for name, value in fields.items():
        yield f"      {printable(name):<{width}}  {value_text(value)}"


def _blocked(item: Blocked, style: Style) -> Iterator[str]:
    yield f"  {style.paint('!', '!')} {printable(str(item.change.address))}  blocked"
    if isinstance(item.change, Update):
        for field in item.change.fields:
            yield f"      {printable(field.path)}  {change_text(field.before, field.after)}"
    yield from _wrapped("why: ", item.reason)
    if item.hint:
        yield from _wrapped("way out: ", item.hint)


def _wrapped(label: str, text: str) -> list[str]:
    indent = " " * 6
    lines = wrap(
        label + printable(text), _WIDTH, initial_indent=indent, subsequent_indent=indent + "  ", break_long_words=False
    )
    # A line that begins with `::` is a command to the runner of GitHub.
    return [re.sub(r"^( *):(?=:)", r"\1\\x3a", line) for line in lines]


def _unmanaged(changeset: Changeset) -> list[str]:
    names = [printable(str(address)) for address in changeset.unmanaged]
    return [f"  Not in the file and left alone: {', '.join(names)}", ""]


def outcome_line(outcome: Outcome, style: Style) -> str:
    """One finished change, on one line."""
    address = printable(str(outcome.change.address))
    done = {Create: "created", Update: "updated", Delete: "deleted"}[type(outcome.change)]
    match outcome:
        case Applied():
            return f"  {style.paint('ok', 'ok')}       {address} {done}"
        case Failed(error=error):
            return f"  {style.paint('failed', 'failed')}   {address}: {printable(error.message)}"
        case Skipped(reason=reason):
            return f"  {style.paint('skipped', 'skipped')}  {address}: {printable(reason)}"


def outcome_summary(outcomes: list[Outcome]) -> str:
    """`3 applied, 1 failed, 2 skipped`."""
    counts = Counter(type(outcome) for outcome in outcomes)
    parts = [f"{counts[Applied]} applied"]
    parts += [f"{counts[kind]} {word}" for kind, word in ((Failed, "failed"), (Skipped, "skipped")) if counts[kind]]
    return ", ".join(parts)

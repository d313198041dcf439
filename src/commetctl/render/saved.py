"""The planned changes of a saved plan as text, from its document: nothing of the file is believed but its words."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from commetctl.core.impact import When
from commetctl.core.money import percent_text
from commetctl.core.text import value_text
from commetctl.core.values import text
from commetctl.reading.amounts import ABOUT, grouped
from commetctl.reading.effects import SHORT
from commetctl.reading.lines import REPLACED, SIGNS
from commetctl.reading.names import field_label
from commetctl.render.tables import table
from commetctl.render.terminal import Style

_HEAD = ("", "object", "field", "before", "after", "change", "from when", "place")


def saved_text(plan: Mapping[str, Any], style: Style) -> str:
    """Each field of each change on a line, what is blocked, what the effects mean, and a summary."""
    changes, blocked = _items(plan.get("changes")), _items(plan.get("blocked"))
    rows = [row for change in changes for row in _rows(change)]
    lines = list(table(_HEAD, rows, style, right=(5,))) if rows else []
    for item in blocked:
        lines += ["", f"  ! {_word(item, 'address')}  blocked"]
        lines += style.wrapped(f"why: {_word(item, 'reason')}")
        lines += style.wrapped(f"way out: {_word(item, 'hint')}") if item.get("hint") else []
    lines += _meanings(changes, style)
    return "\n".join([*lines, "", f"  {_summary(plan.get('summary'))}"]).lstrip("\n")


def _rows(change: Mapping[str, Any]) -> Iterator[list[str]]:
    """A row for each field of a change, the first of which names the object."""
    sign = REPLACED if change.get("replaced") else SIGNS.get(_word(change, "action"), "?")
    start, place = [sign, _word(change, "address")], _word(change, "origin")
    effects = _items(change.get("effects"))
    whole = _when(effects, "")
    fields = _items(change.get("fields"))
    for number, item in enumerate(fields):
        path = _word(item, "path")
        before, after = _shown(item, "before", change), _shown(item, "after", change)
        when = _when(effects, path) or (whole if not number else "")
        yield [*start, field_label(path), before, after, _percent(item), when, place]
        start, place = ["", ""], ""
    if not fields:
        yield [*start, "", "", "", "", whole, place]
    for item in _items(change.get("along_objects")):
        values = ", ".join(_shown(field, "before", change) for field in _items(item.get("fields")))
        yield ["", f"with {_word(item, 'address')}", "", values, "", "", "", ""]


def _meanings(changes: Sequence[Mapping[str, Any]], style: Style) -> Iterator[str]:
    """What each effect means, once."""
    effects = [effect for change in changes for effect in _items(change.get("effects"))]
    said = dict.fromkeys((_label(effect), _word(effect, "text")) for effect in effects if effect.get("text"))
    if said:
        yield ""
    for label, words in said:
        yield from style.wrapped(f"{label}: {words}", 2)


def _summary(summary: Any) -> str:
    found = summary if isinstance(summary, Mapping) else {}
    words = {"create": "to create", "update": "to update", "delete": "to delete", "blocked": "blocked"}
    counts = [f"{found.get(name, 0)} {said}" for name, said in words.items()]
    return ", ".join([*counts, f"{found.get('unmanaged', 0)} unmanaged"])


def _shown(item: Mapping[str, Any], side: str, change: Mapping[str, Any]) -> str:
    """A value with its currency; nothing on the side on which the object is not there."""
    value = item.get(side)
    if value is None:
        absent = (side == "before") == (change.get("action") == "create")
        return "" if absent and change.get("action") != "update" else "none"
    currency = f" {_word(item, 'currency').upper()}" if item.get("currency") else ""
    if isinstance(value, Mapping) and value.get("derived"):
        return f"{ABOUT} {_number(_word(value, 'about'))}{currency}"
    if isinstance(value, Mapping) and value.get("unknown"):
        return "not known"
    if isinstance(value, bool):
        return value_text(value)
    if isinstance(value, int) or currency:
        return _number(str(value)) + currency
    return value if isinstance(value, str) else text(value)


def _number(number: str) -> str:
    """A number with its thousands apart; anything else as it is."""
    try:
        return grouped(number)
    except ValueError:
        return number


def _percent(item: Mapping[str, Any]) -> str:
    """How far an amount or a count goes; empty for anything else."""
    sides = item.get("before"), item.get("after")
    if not all(isinstance(side, str if item.get("currency") else int) and not isinstance(side, bool) for side in sides):
        return ""
    try:
        return percent_text(*(Decimal(str(side)) for side in sides))
    except (InvalidOperation, ValueError, OverflowError):
        return ""


def _when(effects: Sequence[Mapping[str, Any]], path: str) -> str:
    found = [_label(effect) for effect in effects if _word(effect, "path") == path]
    return ", ".join(dict.fromkeys(found))


def _label(effect: Mapping[str, Any]) -> str:
    try:
        return SHORT[When(effect.get("when"))]
    except ValueError:
        return SHORT[When.UNKNOWN]


def _word(item: Mapping[str, Any], name: str) -> str:
    return str(item.get(name) or "")


def _items(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list | tuple) else []

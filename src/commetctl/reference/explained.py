"""Kinds, fields and codes explained, as text and as data."""

from collections.abc import Iterator, Sequence
from typing import Any

from commetctl.core import exits
from commetctl.core.impact import When
from commetctl.kinds.effects import Row, Way
from commetctl.reference.codes import Code, Theme
from commetctl.reference.kinds import Field, Kind
from commetctl.reference.words import first_sentence
from commetctl.render.terminal import Style

_WAYS = {
    Way.NEW: "new",
    Way.GONE: "removed",
    Way.UP: "up",
    Way.DOWN: "down",
    Way.ON: "turned on",
    Way.OFF: "turned off",
    Way.ADDED: "added",
    Way.REMOVED: "removed",
    Way.ANY: "changed",
    Way.REPLACED: "replaced",
}


def kinds_text(found: Sequence[Kind], style: Style) -> str:
    """The list of kinds."""
    longest = max(len(kind.name) for kind in found)
    lines = ["The kinds of object in a catalog. `commetctl explain KIND` describes one.", ""]
    for kind in found:
        lines.append(f"  {style.paint('bold', kind.name.ljust(longest))}  {kind.place}")
        lines += style.wrapped(kind.about, longest + 4)
    return "\n".join(lines)


def kind_text(kind: Kind, style: Style) -> str:
    """A kind: its place, its address, what adding or removing an object means, and its fields."""
    lines = [style.paint("bold", kind.name), *_paragraph(kind.about, style), "", f"  in the file  {kind.place}"]
    if kind.address:
        lines.append(f"  address      {kind.address}, such as {kind.example}")
    if kind.words:
        lines.append(f"  also called  {', '.join(kind.words)}")
    if kind.permanent:
        lines += style.wrapped(f"permanent    {kind.permanent}", 2)
    if kind.effects:
        lines += ["", "For existing customers:", *_effects(kind.effects, style)]
    lines += ["", "Fields:"]
    for item in kind.fields:
        lines.append(f"  {style.paint('bold', item.path)}  {_facts(item)}")
        lines += style.wrapped(first_sentence(item.description), 6)
    return "\n".join([*lines, "", f"`commetctl explain {kind.name}.{kind.fields[0].path}` describes a field."])


def field_text(kind: Kind, item: Field, style: Style) -> str:
    """A field: its type, limits, examples, whether the API returns it, and what a change means."""
    lines = [style.paint("bold", f"{kind.name}.{item.path}"), *_paragraph(item.description, style), ""]
    default = "" if item.default == "required" else item.default
    facts = {"type": item.type, "limits": item.limits, "unit": item.unit, "default": default or "none; required"}
    lines += [f"  {label.ljust(12)} {value}" for label, value in facts.items() if value]
    lines += [f"  example      {item.path.rpartition('.')[2]}: {example}" for example in item.examples]
    fixed = f"cannot change after creation: {item.fixed}" if item.fixed else ""
    for label, value in (("returned", item.returned), ("fixed", fixed)):
        if value:
            lines += style.wrapped(f"{label.ljust(12)} {value}", 2)
    if item.leads:
        lines.append(f"  inside       `commetctl explain {item.leads}`")
    if item.effects:
        lines += ["", "For existing customers:", *_effects(item.effects, style)]
    return "\n".join(lines)


def codes_text(themes: Sequence[Theme], style: Style) -> str:
    """The list of codes, by theme."""
    lines = style.wrapped("The codes of errors, warnings and remarks. `commetctl explain CODE` describes one.", 0)
    for theme in themes:
        names = ", ".join(dict.fromkeys(code.name for code in theme.codes))
        lines += ["", style.paint("bold", theme.title), *style.wrapped(names, 2)]
    return "\n".join(lines)


def code_text(meanings: Sequence[Code], style: Style) -> str:
    """A code: each of its meanings, with its exit code."""
    lines = [style.paint("bold", meanings[0].name)]
    for number, code in enumerate(meanings):
        strict = ", 3 with `--strict`" if code.strict else ""
        lines += [""] if number else []
        lines += [f"  {code.sort.value} · exit code {code.exit_code}{strict}", *_paragraph(code.gist, style)]
        lines += ["", *_paragraph(code.more, style)] if code.more else []
    return "\n".join(lines)


def _paragraph(text: str, style: Style) -> list[str]:
    """Prose whose lines all begin in the third column."""
    first, *others = style.wrapped(text, 2)
    return [first, *(line.removeprefix("  ") for line in others)]


def _facts(item: Field) -> str:
    default = {"required": "required", "none": ""}.get(item.default, f"default {item.default}")
    unit = "" if item.unit == "percent" else item.unit
    return " · ".join(fact for fact in (item.type, unit, default) if fact)


def _effects(rows: Sequence[Row], style: Style) -> Iterator[str]:
    for row in rows:
        yield from style.wrapped(effect_text(row, rows), 2)


def effect_text(row: Row, rows: Sequence[Row]) -> str:
    """One of the rows about a kind or a field: which change, when it takes effect, and what it means."""
    several = any(other.way is not Way.ANY for other in rows)
    known = frozenset[str]().union(*(other.versions for other in rows))
    what = "otherwise" if several and row.way is Way.ANY and not row.given else _what(row, known)
    return f"{what} · {_means(row)}"


def _what(row: Row, known: frozenset[str]) -> str:
    """The change of a row, and the versions where they are not all of the known ones."""
    given = f" {row.given.words}" if row.given else ""
    versions = "" if row.versions == known else f" ({', '.join(sorted(row.versions))})"
    return _WAYS[row.way] + given + versions


def _means(row: Row) -> str:
    when = "nothing changes" if row.when is When.NOT_AT_ALL else row.when.label
    return f"{when}: {row.text}" if row.text else when


def kind_document(kind: Kind, only: Field | None = None) -> dict[str, Any]:
    """A kind as data, with all of its fields or one."""
    return {
        "kind": kind.name,
        "words": list(kind.words),
        "about": kind.about,
        "place": kind.place,
        "address": kind.address or None,
        "example": kind.example or None,
        "permanent": kind.permanent or None,
        "effects": [_effect(row) for row in kind.effects],
        "fields": [_field_document(item) for item in ([only] if only else kind.fields)],
    }


def code_document(code: Code) -> dict[str, Any]:
    """One meaning of a code as data."""
    return {
        "code": code.name,
        "sort": code.sort.value,
        "exit_code": code.exit_code,
        "strict_exit_code": exits.INVALID if code.strict else code.exit_code,
        "text": code.text,
    }


def _field_document(item: Field) -> dict[str, Any]:
    return {
        "path": item.path,
        "type": item.type,
        "limits": item.limits or None,
        "unit": item.unit or None,
        "required": item.default == "required",
        "default": None if item.default in ("required", "none") else item.default,
        "description": item.description,
        "examples": list(item.examples),
        "returned": item.returned or None,
        "fixed": item.fixed or None,
        "leads": item.leads or None,
        "effects": [_effect(row) for row in item.effects],
    }


def _effect(row: Row) -> dict[str, Any]:
    return {
        "way": row.way.value,
        "given": row.given.value if row.given else None,
        "when": row.when.value,
        "text": row.text,
        "source": row.source,
        "api_versions": sorted(row.versions),
    }

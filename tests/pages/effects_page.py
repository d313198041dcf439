"""The page of the table of effects."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from effects_lines import (
    KINDS,
    SEVERAL,
    SWITCHED,
    TITLES,
    Line,
    change,
    having,
    is_everywhere,
    label,
    lines,
    sources,
    versions,
)
from pagetext import code, listed, made_from, paragraphs

from commetctl.core.contract import CONTRACTS
from commetctl.core.impact import When
from commetctl.kinds.effects import SILENT, Row
from commetctl.reference.words import lacking

_HEAD = """\
# What a change means for existing customers

When each change takes effect for *existing customers*: those with a subscription, trials included, at the time of the
change. New customers get what the catalog says when they sign up. `commetctl plan`, `apply`, `diff` and `preview` print
the same beside each change. The rules are documented by Commet, not observed; numbers are [sources](#sources)."""

_WHENS = {
    When.AT_ONCE: "in the current billing period",
    When.NEXT_PERIOD: "in the next billing period",
    When.AT_RENEWAL: "for each customer when the paid period ends, up to a year later",
    When.NEW_ONLY: "existing customers keep what they have",
    When.NOT_AT_ALL: "no bill and no entitlement changes",
    When.UNKNOWN: "no source says it, or it depends on a value that Commet does not return",
}

_NOTES = """\
*Otherwise* is a change whose direction is not known. A change without a kind in parentheses applies to every kind that
has it. A change that is in no table is *not known*."""

_SWITCHED = """\
From API version 2026-10-04, an edited plan becomes a new version for new purchases, and each subscription keeps the
version that it accepted, whatever API version made the edit. `plan` and `apply` ask Commet whether it has switched
(`GET /plans/{id}/versions`); if the request fails, they assume that it has not. After the switch (`plan_versions` in
JSON), these rows replace those above, and the revenue of existing customers does not change. `diff` always describes a
Commet without plan versions."""

_SOURCES = """\
*Guide* and *reference*: the official SDK 9.7.0, for API version 2026-08-27. *Skills*: Commet's skills pages of April
2026, unless they say July. *Older guide*: spring 2026, for version 2026-07-11. *Plan versions*: the guide on version
2026-10-04. *Webhooks*: the events in the SDK's reference. What is documented for one version counts for both, unless
the other contradicts it."""

_HEADINGS = "change | when | meaning and source\n---|---|---\n"


def page() -> str:
    """The page for the table as it is."""
    made = lines()
    parts = [_HEAD, "".join(f"- *{label(when)}*: {_WHENS[when]}.\n" for when in When), _NOTES]
    for title in (SEVERAL, *TITLES):
        parts += [f"## {title}", _without(title), _table(line for line in made if line.section == title)]
    parts += [f"## {SWITCHED}", _SWITCHED, _table(line for line in made if line.section == SWITCHED)]
    parts += ["## Sources", _SOURCES, "".join(f"{number}. {source}\n" for number, source in enumerate(sources(), 1))]
    return paragraphs([*parts, made_from("src/commetctl/kinds", "..")])


def _without(title: str) -> str:
    """The versions that none of the kinds of a section are in."""
    known = frozenset[str]().union(*(KINDS[kind].versions for kind in TITLES.get(title, KINDS)))
    return lacking(contract for contract in CONTRACTS.values() if contract.version not in known).strip()


def _table(found: Iterable[Line]) -> str:
    return _HEADINGS + "".join(" | ".join(cells(line)) + "\n" for line in found)


def cells(line: Line) -> tuple[str, str, str]:
    """The cells of a line: what changes, when, and what it means with the number of the source."""
    first = line.rows[0]
    given, only = first.given, max(map(versions, line.rows))
    together = line.section in (SEVERAL, SWITCHED)
    what = _with_kinds(line.rows) if together else listed(_ways_together(line.rows))
    what += f" {given.words}" if given and line.section != SWITCHED else ""
    notes = [*([only] if only else []), *(map(code, _told_apart(line)))]
    what += f" ({', '.join(notes)})" if notes else ""
    numbers = dict.fromkeys(sources().index(item.source) + 1 for item in line.rows if item.source != SILENT)
    source = f" [{', '.join(map(str, numbers))}]" if numbers else ""
    return what, label(first.when), (line.text + source).strip()


def _told_apart(line: Line) -> tuple[str, ...]:
    """The kinds of a line, where its section has others that could be meant."""
    first, kinds = line.rows[0], TITLES.get(line.section, ())
    could = {kind for kind in kinds if any(item.field == first.field for item in KINDS[kind].effects)}
    those = having(first)
    return those if could - set(those) else ()


def _with_kinds(rows: Sequence[Row]) -> str:
    """`rate`; `price` and removed (`plan_price`, `regional_price`): no kinds where they are all that have the field."""
    by_change: dict[str, list[str]] = defaultdict(list)
    for item in rows:
        by_change[change(item)] += [] if is_everywhere(item) else [code(item.kind)]
    by_kinds: dict[str, list[str]] = defaultdict(list)
    for name, kinds in by_change.items():
        by_kinds[f" ({', '.join(kinds)})" if kinds else ""].append(name)
    return "; ".join(listed(names) + kinds for kinds, names in by_kinds.items())


def _ways_together(rows: Sequence[Row]) -> list[str]:
    """The changes of a line, each once; up and down of a field are one."""
    found = list(dict.fromkeys(map(change, rows)))
    for name in [one.removesuffix(" up") for one in found if one.endswith(" up")]:
        if f"{name} down" in found:
            found[found.index(f"{name} up")] += " or down"
            found.remove(f"{name} down")
    return found

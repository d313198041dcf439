"""The page of the table of effects: rows that say the same of several fields or kinds are one line."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pagetext import code, listed, made_from, paragraphs, slug

from commetctl.core.impact import When
from commetctl.kinds import every_kind
from commetctl.kinds.effects import PLAN_VERSIONS, SILENT, Row, Way

KINDS = {kind.name: kind for kind in every_kind() if kind.effects}
TABLE = [row for kind in KINDS.values() for row in kind.effects]

_HEAD = """\
# What a change means for existing customers

*Existing customers* have a subscription, also in a trial, at the moment of the change. New customers get what the
catalog says when they sign up. `commetctl plan`, `apply`, `diff` and `preview` print the same beside each change. The
rules are documented by Commet, not observed; numbers are [sources](#sources)."""

_WHENS = {
    When.AT_ONCE: "in the current billing period",
    When.NEXT_PERIOD: "in the next billing period",
    When.AT_RENEWAL: "for each customer when the paid period ends, up to a year later",
    When.NEW_ONLY: "existing customers keep what they have",
    When.NOT_AT_ALL: "no bill and no entitlement changes",
    When.UNKNOWN: "no source says it, or it depends on a value that Commet does not return",
}

_NOTES = """\
*Otherwise* is a change whose direction is not known. A change without a kind is for all kinds that have it. A
change that is in no table is *not known*."""

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

#: The sections: kinds that mean nearly the same are told of together.
_TITLES = {
    "Features": ("feature",),
    "Markets": ("market",),
    "Offers": ("offer",),
    "Plans": ("plan",),
    "Prices": ("plan_price", "price_variant"),
    "Regional prices": ("regional_price",),
    "Market prices": ("market_price", "variant_price"),
    "Features of a plan": ("plan_feature",),
    "Exchange rates": ("exchange_rate",),
    "Unit prices in another currency": ("regional_unit_price",),
    "Plan groups": ("plan_group",),
    "Credit packs": ("credit_pack",),
    "Promo codes": ("promo_code",),
    "Add-ons": ("addon",),
}

_WAYS = {
    Way.NEW: "new",
    Way.GONE: "removed",
    Way.UP: "up",
    Way.DOWN: "down",
    Way.ON: "turned on",
    Way.OFF: "turned off",
    Way.ADDED: "added",
    Way.REMOVED: "removed",
    Way.REPLACED: "replaced",
}

#: Words for a way of one field where its own are clearer.
_SPECIAL = {
    ("visibility", Way.ON): "`private` → `public`",
    ("visibility", Way.OFF): "`public` → `private`",
}
#: In how many kinds a row stands before it is told of all of them at once.
_SEVERAL = 3
SEVERAL = "Several kinds"
SWITCHED = "When Commet has plan versions"
_HEADINGS = "change | when | meaning and source\n---|---|---\n"


@dataclass(frozen=True)
class Line:
    """A line of a table: rows that mean the same, in a section."""

    section: str
    rows: tuple[Row, ...]

    @property
    def text(self) -> str:
        """What it means; `higher or lower` where it is the same up and down."""
        text = self.rows[0].text
        return re.sub("higher|lower", "higher or lower", text) if {item.text for item in self.rows} != {text} else text


def section_of(kind: str) -> str:
    """The section that tells of a kind."""
    return next(title for title, kinds in _TITLES.items() if kind in kinds)


def anchor(kind: str) -> str:
    """The anchor of the section that tells of a kind."""
    return slug(section_of(kind))


def label(when: When) -> str:
    """A time of effect in a cell."""
    return "nothing" if when is When.NOT_AT_ALL else when.label


def sources() -> list[str]:
    """Every source, in the order in which the page has them."""
    return list(dict.fromkeys(item.source for item in TABLE if item.source != SILENT))


def lines() -> list[Line]:
    """Every row of the table, in lines."""
    kinds: Mapping[tuple[object, ...], set[str]] = defaultdict(set)
    for item in TABLE:
        kinds[_in_any_kind(item)].add(item.kind)
    found: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for item in TABLE:
        having = _having(item)
        versions = item.versions.intersection(*(KINDS[kind].versions for kind in having))
        section, more = section_of(item.kind), (item.given, having, versions)
        if item.given is PLAN_VERSIONS:
            section, more = SWITCHED, ()
        elif len(kinds[_in_any_kind(item)]) >= _SEVERAL:
            section, more = SEVERAL, (item.given, _is_everywhere(item))
        text = item.text if _one_sided(item) else re.sub("higher|lower", "", item.text)
        found[section, item.when, text, "" if text else item.source, *more].append(item)
    return [Line(str(key[0]), tuple(rows)) for key, rows in found.items()]


def _in_any_kind(item: Row) -> tuple[object, ...]:
    return item.field, item.way, item.given, item.when, item.text, item.source


def _is_everywhere(item: Row) -> bool:
    """Whether a row about a field is there in every kind with that field."""
    those = {other.kind for other in TABLE if other.field == item.field}
    return bool(item.field) and those == {other.kind for other in TABLE if _in_any_kind(other) == _in_any_kind(item)}


def _having(item: Row) -> tuple[str, ...]:
    """The kinds of its section that have a row."""
    same = [other.kind for other in TABLE if _in_any_kind(other) == _in_any_kind(item)]
    return tuple(kind for kind in _TITLES[section_of(item.kind)] if kind in same)


def _one_sided(item: Row) -> bool:
    """Whether no row says the same of the other direction."""
    other = item.text.replace("higher", "lower") if item.way is Way.UP else item.text.replace("lower", "higher")
    way = Way.DOWN if item.way is Way.UP else Way.UP
    twin = replace(item, way=way, text=other)
    return item.way not in (Way.UP, Way.DOWN) or twin not in TABLE


def page() -> str:
    """The page for the table as it is."""
    made = lines()
    parts = [_HEAD, "".join(f"- *{label(when)}*: {_WHENS[when]}.\n" for when in When), _NOTES]
    for title in (SEVERAL, *_TITLES):
        parts += [f"## {title}", _table(line for line in made if line.section == title)]
    parts += [f"## {SWITCHED}", _SWITCHED, _table(line for line in made if line.section == SWITCHED)]
    parts += ["## Sources", _SOURCES, "".join(f"{number}. {source}\n" for number, source in enumerate(sources(), 1))]
    return paragraphs([*parts, made_from("src/commetctl/kinds", "..")])


def _table(found: Iterable[Line]) -> str:
    return _HEADINGS + "".join(" | ".join(cells(line)) + "\n" for line in found)


def cells(line: Line) -> tuple[str, str, str]:
    """The cells of a line: what changes, when, and what it means with the number of the source."""
    first = line.rows[0]
    given, versions = first.given, max(map(_versions, line.rows))
    together = line.section in (SEVERAL, SWITCHED)
    what = _with_kinds(line.rows) if together else listed(_ways_together(line.rows))
    what += f" {given.words}" if given and line.section != SWITCHED else ""
    notes = [*([versions] if versions else []), *(map(code, _told_apart(line)))]
    what += f" ({', '.join(notes)})" if notes else ""
    numbers = dict.fromkeys(sources().index(item.source) + 1 for item in line.rows if item.source != SILENT)
    source = f" [{', '.join(map(str, numbers))}]" if numbers else ""
    return what, label(first.when), (line.text + source).strip()


def _told_apart(line: Line) -> tuple[str, ...]:
    """The kinds of a line, where its section has others that could be meant."""
    first, kinds = line.rows[0], _TITLES.get(line.section, ())
    could = {item.kind for item in TABLE if item.kind in kinds and item.field == first.field}
    having = _having(first)
    return having if could - set(having) else ()


def _with_kinds(rows: Sequence[Row]) -> str:
    """`rate`; `price` and removed (`plan_price`, `regional_price`): no kinds where they are all that have the field."""
    by_change: dict[str, list[str]] = defaultdict(list)
    for item in rows:
        by_change[change(item)] += [] if _is_everywhere(item) else [code(item.kind)]
    by_kinds: dict[str, list[str]] = defaultdict(list)
    for words, kinds in by_change.items():
        by_kinds[f" ({', '.join(kinds)})" if kinds else ""].append(words)
    return "; ".join(listed(words) + kinds for kinds, words in by_kinds.items())


def _ways_together(rows: Sequence[Row]) -> list[str]:
    """The changes of a line, each once; up and down of a field are one."""
    found = list(dict.fromkeys(map(change, rows)))
    for name in [words.removesuffix(" up") for words in found if words.endswith(" up")]:
        if f"{name} down" in found:
            found[found.index(f"{name} up")] += " or down"
            found.remove(f"{name} down")
    return found


def change(item: Row) -> str:
    """What changes, and how, in words."""
    return " ".join(_words(item))


def _words(item: Row) -> Iterator[str]:
    if item.field:
        yield code(item.field)
    if (item.field, item.way) in _SPECIAL:
        yield _SPECIAL[item.field, item.way]
    elif item.way is not Way.ANY:
        yield _WAYS[item.way]
    elif not item.given and any(
        other.way is not Way.ANY for other in TABLE if (other.kind, other.field) == (item.kind, item.field)
    ):
        yield "otherwise"


def _versions(item: Row) -> str:
    """The versions of a row, where they are not all of its kind."""
    return "" if item.versions == KINDS[item.kind].versions else ", ".join(sorted(item.versions))

"""The table of effects in lines: rows that say the same of several fields or kinds are one line."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from pagetext import code, slug

from commetctl.core.impact import When
from commetctl.kinds import every_kind
from commetctl.kinds.effects import PLAN_VERSIONS, SILENT, Row, Way

KINDS = {kind.name: kind for kind in every_kind() if kind.effects}
TABLE = [row for kind in KINDS.values() for row in kind.effects]

#: The sections, each with its kinds.
TITLES = {
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
#: From how many kinds on a row that they share has one line for all of them.
_SEVERAL = 3
SEVERAL = "Several kinds"
SWITCHED = "When Commet has plan versions"


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
    """The section about a kind."""
    return next(title for title, kinds in TITLES.items() if kind in kinds)


def anchor(kind: str) -> str:
    """The anchor of the section about a kind."""
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
        those = having(item)
        common = item.versions.intersection(*(KINDS[kind].versions for kind in those))
        more: tuple[object, ...] = (item.given, those, common)
        section = section_of(item.kind)
        if item.given is PLAN_VERSIONS:
            section, more = SWITCHED, ()
        elif len(kinds[_in_any_kind(item)]) >= _SEVERAL:
            section, more = SEVERAL, (item.given, is_everywhere(item))
        text = item.text if _one_sided(item) else re.sub("higher|lower", "", item.text)
        found[section, item.when, text, "" if text else item.source, *more].append(item)
    return [Line(str(key[0]), tuple(rows)) for key, rows in found.items()]


def _in_any_kind(item: Row) -> tuple[object, ...]:
    return item.field, item.way, item.given, item.when, item.text, item.source


def is_everywhere(item: Row) -> bool:
    """Whether every kind with the field of a row has such a row."""
    those = {other.kind for other in TABLE if other.field == item.field}
    return bool(item.field) and those == {other.kind for other in TABLE if _in_any_kind(other) == _in_any_kind(item)}


def having(item: Row) -> tuple[str, ...]:
    """The kinds in the section of a row that have such a row."""
    same = [other.kind for other in TABLE if _in_any_kind(other) == _in_any_kind(item)]
    return tuple(kind for kind in TITLES[section_of(item.kind)] if kind in same)


def _one_sided(item: Row) -> bool:
    """Whether no row has the same text for the other direction, but for its words."""
    other = item.text.replace("higher", "lower") if item.way is Way.UP else item.text.replace("lower", "higher")
    way = Way.DOWN if item.way is Way.UP else Way.UP
    twin = replace(item, way=way, text=other)
    return item.way not in (Way.UP, Way.DOWN) or twin not in TABLE


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


def versions(item: Row) -> str:
    """The versions of a row, where they are not all of its kind."""
    return "" if item.versions == KINDS[item.kind].versions else ", ".join(sorted(item.versions))

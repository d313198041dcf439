"""Effects as data: rows that say what a change means for existing customers, each with its source.

`guide` is the documentation that the official SDK 9.7.0 carries (API version 2026-08-27), by page; `reference` is the
API reference in it; `skills` are Commet's own skills pages of April 2026, or of July 2026 where that is said; `older
guide` are the guides of spring 2026, to which API version 2026-07-11 belongs; `plan versions` is the guide on API
version 2026-10-04.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from commetctl.core.change import Change, FieldChange
from commetctl.core.contract import CONTRACTS, V2026_07_11, V2026_08_27
from commetctl.core.impact import When
from commetctl.core.money import Derived, Money
from commetctl.core.resource import ABSENT, UNKNOWN, Address, Value


class Way(Enum):
    """How something changes."""

    NEW = "new"
    GONE = "gone"
    UP = "up"
    DOWN = "down"
    ON = "on"
    OFF = "off"
    ADDED = "added"
    REMOVED = "removed"
    ANY = "any"
    REPLACED = "replaced"


NEW, GONE, UP, DOWN, ON, OFF = Way.NEW, Way.GONE, Way.UP, Way.DOWN, Way.ON, Way.OFF
ADDED, REMOVED, ANY, REPLACED = Way.ADDED, Way.REMOVED, Way.ANY, Way.REPLACED

AT_ONCE, NEXT, RENEWAL = When.AT_ONCE, When.NEXT_PERIOD, When.AT_RENEWAL
NEW_ONLY, NONE, UNDOCUMENTED = When.NEW_ONLY, When.NOT_AT_ALL, When.UNKNOWN

#: The versions in which a row holds, where it does not in all.
TODAY = frozenset({V2026_08_27.version})
OLDER = frozenset({V2026_07_11.version})
#: Every version that has a contract.
EVERY_VERSION = frozenset(CONTRACTS)

SKILLS = "skills, billing concepts"
VERSIONS = "plan versions, two intentional behavior changes"
SILENT = "no source says it"
LEDGER = "commetctl: it is kept in the plan's metadata, for commetctl itself"


@dataclass(frozen=True)
class Given:
    """A circumstance in which a change means something else than usual: its name in rows, and in a sentence."""

    value: str
    words: str


#: Commet has switched to plan versions: each subscription keeps the version that it accepted.
PLAN_VERSIONS = Given("with plan versions", "where Commet has plan versions")


@dataclass(frozen=True)
class Setting:
    """What else is known about a change: what is created beside it, and whether Commet has plan versions."""

    created: frozenset[Address] = frozenset()
    switched: bool = False


@dataclass(frozen=True)
class Row:
    """One rule: what a change of a field, in one way, means for existing customers.

    `field` is empty for an object that is new, gone or replaced. `source` names the page that documents it. A row with
    `given` counts in that circumstance alone, and comes before those without. `kind` is filled in by the kind of the
    row.
    """

    field: str
    way: Way
    when: When
    text: str
    source: str
    versions: frozenset[str] = EVERY_VERSION
    counts: bool = True
    given: Given | None = None
    kind: str = ""

    @property
    def name(self) -> str:
        """The name of the row: `plan_price.price up`, `plan_price.price any (one-time)`."""
        subject = f"{self.kind}.{self.field}" if self.field else self.kind
        return f"{subject} {self.way.value}" + (f" ({self.given.value})" if self.given else "")


def quiet(
    *fields: str, text: str = "", source: str = "reference: no bill is made of it", given: Given | None = None
) -> tuple[Row, ...]:
    """Rows for fields that no bill and no entitlement depends on, always or in one circumstance."""
    return tuple(Row(field, ANY, NONE, text, source, counts=False, given=given) for field in fields)


def where_switched(_: Change, setting: Setting) -> Iterator[Given]:
    """The circumstances of a change that only plan versions make a difference to."""
    if setting.switched:
        yield PLAN_VERSIONS


def ways(item: FieldChange) -> tuple[Way, ...]:
    """The ways in which a field changes, the most specific first."""
    before, after = item.before, item.after
    if before is UNKNOWN or after is UNKNOWN:
        return (ANY,)
    if before in (None, ABSENT) or after in (None, ABSENT):
        return (ADDED, UP, ANY) if before in (None, ABSENT) else (REMOVED, DOWN, ANY)
    if isinstance(before, bool) or before in ("public", "private"):
        return (ON if after in (True, "public") else OFF, ANY)
    numbers = _number(before), _number(after)
    if numbers[0] is None or numbers[1] is None or numbers[0] == numbers[1]:
        return (ANY,)
    return (UP if numbers[1] > numbers[0] else DOWN, ANY)


def _number(value: Value) -> Decimal | None:
    match value:
        case Derived(about):
            return about.amount
        case Money():
            return value.amount
        case int() | Decimal():
            return Decimal(value)
        case _:
            return None

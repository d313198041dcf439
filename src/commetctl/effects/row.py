"""Rows of the table of effects: the ways in which a field can change, and the circumstances, that they tell apart."""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from commetctl.core.change import Change, Delete, FieldChange, Update
from commetctl.core.contract import CONTRACTS
from commetctl.core.effect import When
from commetctl.core.money import Derived, Money
from commetctl.core.resource import ABSENT, UNKNOWN, Value
from commetctl.sections.plans import addresses


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


NEW, GONE, UP, DOWN, ON, OFF = Way.NEW, Way.GONE, Way.UP, Way.DOWN, Way.ON, Way.OFF
ADDED, REMOVED, ANY = Way.ADDED, Way.REMOVED, Way.ANY


class Given(Enum):
    """A circumstance in which a change means something else than it usually does."""

    #: The price is paid once and never again.
    ONE_TIME = "one-time"
    #: The feature of the plan is not enabled, neither before nor after.
    DISABLED = "disabled"
    #: Whether the feature is unlimited changes too.
    UNLIMITED_TOO = "with unlimited"


_EVERY_VERSION = frozenset(CONTRACTS)
_PRICES = (addresses.PRICE, addresses.REGIONAL_PRICE)


@dataclass(frozen=True)
class Row:
    """One rule: what a change of a kind, or of one field of it, in one way, means for existing customers.

    `field` is empty for an object that is new or gone. `source` says who says so. A row that is `given`
    a circumstance counts in it alone, and comes before those without.
    """

    kind: str
    field: str
    way: Way
    when: When
    text: str
    source: str
    versions: frozenset[str] = _EVERY_VERSION
    counts: bool = True
    given: Given | None = None

    @property
    def name(self) -> str:
        """What the row is called by: `plan_price.price up`, `plan_price.price any (one-time)`."""
        subject = f"{self.kind}.{self.field}" if self.field else self.kind
        return f"{subject} {self.way.value}" + (f" ({self.given.value})" if self.given else "")


def givens(change: Change) -> tuple[Given, ...]:
    """The circumstances of a change, the most telling one first."""
    sides = [change.before] if isinstance(change, Delete) else [change.after]
    if isinstance(change, Update):
        sides.append(change.before)
    found = []
    if change.address.kind in _PRICES and change.address.key.split("/")[1:2] == ["one_time"]:
        found.append(Given.ONE_TIME)
    if all(side.fields.get("enabled") is False for side in sides):
        found.append(Given.DISABLED)
    if _differs(change, "unlimited"):
        found.append(Given.UNLIMITED_TOO)
    return tuple(found)


def _differs(change: Change, path: str) -> bool:
    known = [item.path for item in change.fields if item.before is not UNKNOWN] if isinstance(change, Update) else []
    return path in known


def ways(item: FieldChange) -> tuple[Way, ...]:
    """How a field changes, the most telling way first."""
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

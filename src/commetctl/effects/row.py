"""Rows of the table of effects, and the ways in which a field can change that they tell apart."""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from commetctl.core.change import FieldChange
from commetctl.core.contract import CONTRACTS
from commetctl.core.effect import When
from commetctl.core.money import Derived, Money
from commetctl.core.resource import ABSENT, UNKNOWN, Value


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

_EVERY_VERSION = frozenset(CONTRACTS)


@dataclass(frozen=True)
class Row:
    """One rule: what a change of a kind, or of one field of it, in one way, means for existing customers.

    `field` is empty for an object that is new or gone. `source` says who says so.
    """

    kind: str
    field: str
    way: Way
    when: When
    text: str
    source: str
    versions: frozenset[str] = _EVERY_VERSION
    counts: bool = True

    @property
    def name(self) -> str:
        """What the row is called by: `plan_price.price up`."""
        return " ".join(filter(None, (f"{self.kind}.{self.field}" if self.field else self.kind, self.way.value)))


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

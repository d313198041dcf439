"""Rows of the table of effects: the ways in which a field can change, and the circumstances, that they tell apart."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from commetctl.core.change import Change, Delete, FieldChange, Update
from commetctl.core.contract import CONTRACTS
from commetctl.core.money import Derived, Money
from commetctl.core.resource import ABSENT, UNKNOWN, Address, Value
from commetctl.core.review import When
from commetctl.kinds.plans import addresses


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
    """A circumstance in which a change means something else than it usually does, the most telling one first."""

    #: The plan is new too: nobody is on it.
    NEW_PLAN = "with a new plan"
    #: Commet has switched to plan versions: each subscription keeps the version that it accepted.
    PLAN_VERSIONS = "with plan versions"
    #: The price is paid once and never again.
    ONE_TIME = "one-time"
    #: The feature is new in the plan too.
    NEW_FEATURE = "with a new feature"
    #: The feature of the plan is not enabled, neither before nor after.
    DISABLED = "disabled"
    #: The feature of the plan gets enabled too.
    ENABLED_TOO = "with enabled"
    #: The feature of the plan gets disabled too.
    DISABLED_TOO = "with disabled"
    #: The feature was unlimited, and no longer is.
    LIMITED_TOO = "with a limit"
    #: The feature becomes unlimited too.
    UNLIMITED_TOO = "with unlimited"
    #: The feature is unlimited, before and after.
    UNLIMITED = "unlimited"
    #: What is used beyond the included amount is charged after the change.
    CHARGED = "with overage"


_LABEL = "reference: no bill is made of it"
_EVERY_VERSION = frozenset(CONTRACTS)
_PRICES = (addresses.PRICE, addresses.REGIONAL_PRICE)
_OF_A_PLAN = frozenset(addresses.KINDS) - {addresses.PLAN}


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


@dataclass(frozen=True)
class Setting:
    """What else there is to know about a change: the objects that are created beside it, and how Commet works.

    `switched` says that Commet has switched to plan versions.
    """

    created: frozenset[Address] = frozenset()
    switched: bool = False


def givens(change: Change, setting: Setting) -> tuple[Given, ...]:
    """The circumstances of a change, the most telling one first."""
    found = {*_around(change, setting), *_enabling(change), *_limiting(change)}
    return tuple(given for given in Given if given in found)


def _around(change: Change, setting: Setting) -> Iterator[Given]:
    address, resource = change.address, change.before if isinstance(change, Delete) else change.after
    if address.kind in _OF_A_PLAN and addresses.plan_of(address) in setting.created:
        yield Given.NEW_PLAN
    if setting.switched:
        yield Given.PLAN_VERSIONS
    if address.kind in _PRICES and address.key.split("/")[1:2] == ["one_time"]:
        yield Given.ONE_TIME
    if resource.parent in setting.created and address.kind == addresses.REGIONAL_UNIT_PRICE:
        yield Given.NEW_FEATURE


def _enabling(change: Change) -> Iterator[Given]:
    match _sides(change, "enabled"):
        case (False, False):
            yield Given.DISABLED
        case (False, True):
            yield Given.ENABLED_TOO
        case (True, False):
            yield Given.DISABLED_TOO
        case _:
            pass


def _limiting(change: Change) -> Iterator[Given]:
    match _sides(change, "unlimited"):
        case (True, True):
            yield Given.UNLIMITED
        case (True, False):
            yield Given.LIMITED_TOO
        case (False, True):
            yield Given.UNLIMITED_TOO
        case _:
            pass
    price = _sides(change, "overage")[1]
    if isinstance(price, Money) and price.amount and _sides(change, "unlimited")[1] is False:
        yield Given.CHARGED


def _sides(change: Change, name: str) -> tuple[Value, Value]:
    """A field before and after; of what is new or gone, the same twice."""
    before, after = (
        (change.before, change.after)
        if isinstance(change, Update)
        else (change.before, change.before)
        if isinstance(change, Delete)
        else (change.after, change.after)
    )
    return before.fields.get(name), after.fields.get(name)


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


def quiet(
    kind: str,
    *fields: str,
    text: str = "",
    source: str = "reference: no bill is made of it",
    given: Given | None = None,
) -> tuple[Row, ...]:
    """Fields that no bill and no entitlement depends on, always or in one circumstance."""
    return tuple(Row(kind, field, ANY, When.NOT_AT_ALL, text, source, counts=False, given=given) for field in fields)

"""The time of an account: that of the emulator's own clock, or of the sandbox's test clock when it is ahead of it.

The own clock runs ahead of the machine's by what it was moved. The test clock stands still (`frozenTime` in the API).
Both are in the database, and both only move forward.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from commetctl.emulator.errors import EmulatorError
from commetctl.emulator.store import Database, Table
from commetctl.emulator.wire import parse_time, spelled, stamp

#: The own clock: one row, with the microseconds by which it is ahead.
_OWN = Table("own_clock", "one INTEGER PRIMARY KEY, ahead INTEGER NOT NULL")
_TEST = Table("test_clock", "livemode INTEGER PRIMARY KEY, time TEXT NOT NULL")
TABLES = (_OWN, _TEST)
# The bounds of every time of a request too.
_FIRST_YEAR, _YEARS = 2000, 1000


class Clock(NamedTuple):
    """What the clocks of an account show: the own clock, and the time of the account."""

    own: datetime
    now: datetime


def read(db: Database, machine: datetime, *, livemode: bool) -> Clock:
    """The clocks of an account while the machine's clock shows a time."""
    shown, frozen = own(db, machine), _frozen(db, livemode=livemode)
    return Clock(shown, shown if frozen is None else max(shown, frozen))


def is_simulated(db: Database, now: datetime, *, livemode: bool) -> bool:
    """Whether the time of an account is another than the machine's, since one of its clocks was moved."""
    frozen = _frozen(db, livemode=livemode)
    return bool(ahead(db)) or (frozen is not None and frozen >= now)


def own(db: Database, machine: datetime) -> datetime:
    """The time of the own clock while the machine's clock shows a time."""
    return machine + ahead(db)


def move_own(db: Database, machine: datetime, target: datetime) -> None:
    """Move the own clock to a time; EmulatorError when it shows a later one, or when the time is out of bounds."""
    shown = own(db, machine)
    if target < shown:
        raise EmulatorError(f"the clock is at {spelled(shown)}; it only moves forward, not to {spelled(target)}")
    if not is_possible(target):
        raise EmulatorError("the clock only moves within this millennium")
    moved = (target - machine) // timedelta(microseconds=1)
    db.insert("own_clock", {"one": 1, "ahead": moved}, or_update="one")


def set_test(db: Database, target: datetime, *, livemode: bool) -> None:
    """Set the test clock of an account."""
    db.insert("test_clock", {"livemode": livemode, "time": stamp(target)}, or_update="livemode")


def is_possible(target: datetime) -> bool:
    """Whether a clock may show a time."""
    return 0 <= target.year - _FIRST_YEAR < _YEARS


def _frozen(db: Database, *, livemode: bool) -> datetime | None:
    row = db.first("SELECT time FROM test_clock WHERE livemode = ?", livemode)
    return parse_time(row["time"]) if row is not None else None


def ahead(db: Database) -> timedelta:
    """By how much the own clock is ahead of the machine's."""
    row = db.first("SELECT ahead FROM own_clock")
    return timedelta(microseconds=row["ahead"] if row is not None else 0)

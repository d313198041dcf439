"""What is scheduled, as people read it: each scheduled change, whom it reaches, and how long after its
announcement.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from commetctl.core.call import digest
from commetctl.core.change import action
from commetctl.core.impact import PAID, Touched
from commetctl.core.text import counted, listed
from commetctl.core.values import moment_text, text, time_text
from commetctl.reading.effects import Meaning, meanings
from commetctl.reading.lines import Line, field_of
from commetctl.reading.names import lower_first
from commetctl.reading.touched import day_said

if TYPE_CHECKING:
    from commetctl.reading.reading import Reading, Told


class Dated(NamedTuple):
    """The head of a change: its file, its moment in UTC, the reason, what becomes of existing customers, and when it is
    announced; `days` is how long before the first higher bill that is to be, where something says so.
    """

    file: str
    moment: datetime
    why: str = ""
    existing: str = "at_renewal"
    #: From when existing customers get it, where it says a moment.
    since: datetime | None = None
    announced: date | None = None
    days: int | None = None


@dataclass(frozen=True)
class Scheduled:
    """A scheduled change, and the reading of what it changes; its refusals are those as of the date."""

    head: Dated
    reading: "Reading"
    #: The values that it was written over, as text.
    was: str = ""
    #: All subscriptions that it touches; None where they are not counted.
    reached: Touched | None = None

    @property
    def when(self) -> str:
        """`2027-01-01`, or `2027-01-01 09:30 UTC`."""
        return moment_text(self.head.moment)

    @property
    def here(self) -> str:
        """The moment by the clock of the reader's terminal, `2027-01-01 01:00 +01:00`; empty where that is UTC."""
        found = self.head.moment.astimezone()
        if not found.utcoffset():
            return ""
        return f"{found:%Y-%m-%d %H:%M} {found.isoformat()[-6:]}"

    @property
    def touched(self) -> tuple[Touched, ...]:
        """The subscriptions that it touches, by what they notice."""
        impact = self.reading.review.impact
        found = impact.felt.items() if impact else ()
        return tuple(touched for felt, touched in found if felt.when in PAID)

    @property
    def customers(self) -> int | None:
        """How many subscriptions it touches, at most; None where they are not counted."""
        return self.reached.count if self.reached else None

    @property
    def first_bill(self) -> date | None:
        """The day of the first bill with it."""
        return min((each.first for each in self.touched if each.first), default=None)

    @property
    def last_bill(self) -> date | None:
        """The day of the last of the first bills with it: from then on, everybody pays by it."""
        return max((each.last for each in self.touched if each.last), default=None)

    @property
    def billed(self) -> str:
        """`first bill on 1 January 2027, that of the last customer on 31 January 2027`; empty without one."""
        first, last = self.first_bill, self.last_bill
        if not (first and last):
            return ""
        rest = "" if first == last else f", that of the last customer on {day_said(last)}"
        return f"first bill on {day_said(first)}{rest}"

    @property
    def kept(self) -> str:
        """What becomes of existing customers, where that is not what Commet does anyway."""
        if self.head.since:
            return f"existing customers get it from {moment_text(self.head.since)} on"
        return "" if self.head.existing == "at_renewal" else "existing customers keep what they have"

    @property
    def told(self) -> str:
        """When it is announced: `announcement on 1 December 2026, 31 days before the first bill`."""
        announced, first = self.head.announced, self.first_bill
        if announced is None:
            return ""
        said = f"announcement on {day_said(announced)}"
        if first is None:
            return said
        days = (first - announced).days
        if days < 0:
            return f"{said}, {counted(-days, 'day')} after the first bill"
        return f"{said}, {counted(days, 'day')} before the first bill"

    @property
    def id(self) -> str:
        """What was agreed to: the moment, the changes with the values before them, and the lock. No count is in it."""
        changes = [
            [str(change.address), action(change), [[str(line.path), line.before, line.after] for line in lines]]
            for change, lines in ((told.change, told.lines) for group in self.reading.groups for told in group.changes)
        ]
        existing = [self.head.existing, *([time_text(self.head.since)] if self.head.since else [])]
        return digest([time_text(self.head.moment), existing, changes, text(self.was)])

    def rows(self) -> Iterator["Row"]:
        """One row for each amount that it changes; one without amounts where there are none."""
        found = [
            Row(self, group.name, self._what(told, line), line, told.lines[0].where)
            for group in self.reading.groups
            for told in group.changes
            for line in told.lines
            if line.is_amount
        ]
        yield from found or [Row(self, "", self._without_amounts)]

    def _what(self, told: "Told", line: Line) -> str:
        """What a line is about, where no line above it says so."""
        if line.sign or line.address != told.change.address:
            return line.what
        return field_of(self.reading.names.title(line.address), line.path)

    @property
    def _without_amounts(self) -> str:
        said = [headline.text for headline in self.reading.headlines]
        names = [group.name for group in self.reading.groups]
        return "; ".join(said) or (f"{listed(names)}: no amount" if names else self.reading.summary.rstrip("."))


class Row(NamedTuple):
    """A row of the timeline: one amount of one dated change."""

    scheduled: Scheduled
    owner: str
    what: str
    line: Line | None = None
    where: str = ""

    @property
    def subject(self) -> str:
        """`Pro: monthly price in EUR`"""
        return f"{self.owner}: {lower_first(self.what)}" if self.owner else self.what

    @property
    def bills(self) -> str:
        """`2027-01-01 to 2027-01-31`: the days of the first bills with it."""
        if not (self.line and self.line.first and self.line.last):
            return ""
        first, last = self.line.first, self.line.last
        return f"{first}" if first == last else f"{first} to {last}"


def in_order(scheduled: Iterable[Scheduled]) -> list[Row]:
    """The rows of the timeline, by date."""
    return [row for each in sorted(scheduled, key=lambda each: each.head.moment) for row in each.rows()]


def words_of(reading: "Reading") -> list[Meaning]:
    """What the words beside the lines of what is scheduled mean, as far as the reading does not say it anyway."""
    shown = [
        (line.address, effect) for each in reading.scheduled for line in each.reading.lines for effect in line.effects
    ]
    return [meaning for meaning in meanings(shown) if meaning not in reading.meanings]


def unknown_of(reading: "Reading") -> list[str]:
    """What is not known about the customers of what is scheduled, unless the reading says it itself."""
    said = dict.fromkeys(text for each in reading.scheduled for text in each.reading.unknown)
    return [text for text in said if text not in set(reading.unknown)]

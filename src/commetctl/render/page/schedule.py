"""What is scheduled on the page: a timeline that is read from top to bottom, on a phone too."""

from collections.abc import Iterator
from dataclasses import dataclass

from commetctl.core.values import moment_text, time_text
from commetctl.reading import Reading
from commetctl.reading.amounts import without_shared_unit
from commetctl.reading.effects import Meaning
from commetctl.reading.lines import Line
from commetctl.reading.scheduled import Scheduled, unknown_of, words_of
from commetctl.reading.touched import day_said


@dataclass(frozen=True)
class Upcoming:
    """One dated change, as the template reads it."""

    scheduled: Scheduled

    @property
    def time(self) -> str:
        """The moment for machines."""
        return time_text(self.scheduled.head.moment)

    @property
    def day(self) -> str:
        """`1 January 2027`, in UTC."""
        return day_said(self.scheduled.head.moment.date())

    @property
    def clock(self) -> str:
        """`09:30 UTC`"""
        return moment_text(self.scheduled.head.moment).partition(" ")[2] or "00:00 UTC"

    @property
    def facts(self) -> list[str]:
        """The bills, the announcement, and what becomes of existing customers."""
        scheduled = self.scheduled
        said = (scheduled.billed, scheduled.told, scheduled.kept)
        return [f"{fact[:1].upper()}{fact[1:]}." for fact in said if fact]

    @property
    def reading(self) -> Reading:
        """What it changes."""
        return self.scheduled.reading

    @property
    def summary(self) -> str:
        """What to say where it changes nothing."""
        return "" if self.reading.groups or self.reading.blocked else self.reading.summary

    def before(self, line: Line) -> str:
        """The side before, without the unit that both sides share."""
        return without_shared_unit(line.before, line.after)

    def whom(self, line: Line) -> str:
        """`At renewal, up to 34 subscriptions`"""
        said = ", ".join(filter(None, (line.when, line.whom)))
        return f"{said[:1].upper()}{said[1:]}"

    def days(self, line: Line) -> list[str]:
        """The days of the first and of the last of the first bills."""
        return [each.isoformat() for each in dict.fromkeys((line.first, line.last)) if each]


@dataclass(frozen=True)
class Timeline:
    """All of them, by date."""

    reading: Reading

    def __iter__(self) -> Iterator[Upcoming]:
        """Each change, by date."""
        return (Upcoming(each) for each in sorted(self.reading.scheduled, key=lambda each: each.head.moment))

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self.reading.scheduled)

    @property
    def unknown(self) -> list[str]:
        """What is not known of customers."""
        return unknown_of(self.reading)

    @property
    def meanings(self) -> list[Meaning]:
        """What the words mean, beside those that the summary explains."""
        return words_of(self.reading)

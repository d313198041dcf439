"""Groups: subscriptions that get their bills on the same days, one of which is rehearsed for all of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import NamedTuple, Self

from commetctl.review.subscribers import BILLED, Kind, Member

_TRIALING = "trialing"


class Group(NamedTuple):
    """Subscriptions that get their bills on the same days, on the same side of every moment.

    `billed` is when they are billed next, `day` the day of the month on which they are, and `goes_on` says whether
    another period follows.
    """

    kind: Kind
    billed: datetime | None
    day: int | None
    goes_on: bool

    @property
    def is_in_trial(self) -> bool:
        """Whether the next bill is the first."""
        return self.kind.status == _TRIALING

    @property
    def is_billed(self) -> bool:
        """Whether bills of theirs count as renewals."""
        return self.kind.status in BILLED

    @property
    def why_not(self) -> str:
        """Why no emulator can have them; empty where it can."""
        if not (self.is_billed or self.is_in_trial):
            return "neither active nor in a trial"
        if self.billed is None:
            return "without a date of the next bill"
        if self.kind.now.price is None and self.kind.now.interval is None:
            return "that name neither price nor interval"
        then, now = self.kind.then, self.kind.now
        moves = then is not None and (then.plan, then.interval) != (now.plan, now.interval)
        return "that are scheduled to move" if moves else ""


@dataclass(frozen=True)
class Grouping:
    """Puts subscriptions into groups. Of a time of day it keeps only the last of its `marks` that has passed."""

    marks: tuple[time, ...]

    @classmethod
    def at(cls, moments: Iterable[datetime]) -> Self:
        """The grouping that tells apart what is billed before each of some moments from what is billed after it."""
        return cls(tuple(sorted({time(), *(moment.astimezone(UTC).time() for moment in moments)})))

    def __call__(self, member: Member) -> Group:
        """The group of one subscription."""
        return Group(member.kind, member.billed and self._rounded(member.billed), member.day, member.goes_on)

    def _rounded(self, billed: datetime) -> datetime:
        return datetime.combine(billed.date(), max(mark for mark in self.marks if mark <= billed.time()), UTC)

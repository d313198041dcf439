"""Notice: how long after the announcement existing customers get a higher bill, and how many get it too soon."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from commetctl.core.amount_move import AmountMove
from commetctl.core.impact import Feeling, Touched, When
from commetctl.core.resource import Address
from commetctl.kinds.sides import Live
from commetctl.review.feelings import feelings
from commetctl.review.impact import touching
from commetctl.review.review import Review
from commetctl.review.subscribers import Subscribers


@dataclass(frozen=True)
class Promise:
    """That a higher bill comes `days` after the announcement, on `announced`; None where nothing says when that is.

    `source` is the file that says so; empty for edits of the catalog, which are announced today at the earliest.
    """

    days: int
    announced: date | None
    source: str = ""

    @property
    def deadline(self) -> datetime | None:
        """Before this moment, a higher bill comes too soon: 00:00 UTC of the day."""
        if self.announced is None:
            return None
        return datetime.combine(self.announced, time(), UTC) + timedelta(days=self.days)


@dataclass(frozen=True)
class Rise:
    """An object that costs existing customers more, with those whom it touches; None where they are not counted.

    `unknown` says why they are not.
    """

    owner: Address
    promise: Promise
    touched: Touched | None
    unknown: str = ""


def rises(
    review: Review,
    live: Live,
    subscribers: Subscribers,
    promise: Promise,
    among: Callable[[AmountMove], bool] | None = None,
) -> Iterator[Rise]:
    """What costs existing customers more in a review, by the moves `among` all."""
    for felt, own in feelings(review, among).items():
        if felt.feeling is not Feeling.COSTS_MORE or felt.when in (When.NEW_ONLY, When.NOT_AT_ALL):
            continue
        if review.switched:
            # Existing subscriptions keep the plan version that they accepted.
            continue
        if subscribers.unknown:
            yield Rise(felt.owner, promise, None, subscribers.unknown)
        else:
            yield Rise(felt.owner, promise, touching(review, live, subscribers, own))

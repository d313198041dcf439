"""What is to come on a date: from the outlooks of use cases to what people read."""

from collections.abc import Sequence
from dataclasses import replace

from commetctl.core.values import text
from commetctl.reading import reading_of
from commetctl.reading.scheduled import Dated, Scheduled
from commetctl.usecases.dated.outlook import Outlook


def scheduled_of(coming: Sequence[Outlook]) -> list[Scheduled]:
    """What is to come on a date, as people read it."""
    found = []
    for outlook in coming:
        head, promise = outlook.change.head, outlook.promise
        dated = Dated(
            outlook.change.name,
            outlook.change.moment,
            head.why or "",
            head.existing.word,
            head.existing.moment,
            head.announced,
            promise.days if promise else None,
        )
        # Its sentences count from its date.
        heading = replace(outlook.review.heading, as_of=outlook.change.moment)
        reading = reading_of(replace(outlook.review, heading=heading), outlook.refused)
        found.append(Scheduled(dated, reading, text(dict(head.was)), outlook.reached))
    return found

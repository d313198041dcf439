"""What is to come on a date: from the outlooks of use cases to what people read."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from commetctl.core.values import text
from commetctl.reading import reading_of
from commetctl.reading.scheduled import Dated, Scheduled

if TYPE_CHECKING:
    # It has to do with accounts, which few that need this module read.
    from commetctl.catalog import Catalog
    from commetctl.usecases.dated.outlook import Outlook


def scheduled_in(catalog: "Catalog") -> list[Scheduled]:
    """What a catalog has for a date to come, without an account."""
    if not catalog.coming:
        return []
    from commetctl.usecases.dated.outlook import outlooks_offline

    return scheduled_of(outlooks_offline(catalog))


def scheduled_of(coming: "Iterable[Outlook]") -> list[Scheduled]:
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

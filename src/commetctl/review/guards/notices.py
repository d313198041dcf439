"""The guard about notice: nobody pays more sooner after the announcement than the catalog promises."""

from collections.abc import Iterator

from commetctl.core.errors import Refused
from commetctl.core.text import counted
from commetctl.review.guards.subject import Subject
from commetctl.review.notice import Rise

_LIFT = "--allow notice"


def notice(subject: Subject) -> Iterator[Refused]:
    """Customers pay more too soon after the announcement, or nothing says when that is."""
    for rise in subject.rises:
        if reason := _why(rise, subject.way_past("notice")):
            yield Refused(reason[0], reason[1], code="notice", address=rise.owner, lift=_LIFT)


def _why(rise: Rise, way_past: str) -> tuple[str, str] | None:
    """Why a rise comes too soon, and what to do."""
    promise, touched = rise.promise, rise.touched
    days = counted(promise.days, "day")
    if touched is None:
        message = (
            f"a higher bill may come {days} after the announcement at the earliest, and the dates of bills are not "
        )
        message += f"known: {rise.unknown}"
        return message, f"use a key that may read subscriptions, or {way_past}"
    if not touched.count:
        return None
    if promise.announced is None:
        some = counted(touched.count, "subscription")
        message = f"{some} will have a higher bill, and `announced` is missing"
        return message, f"add `announced:` with the day to `change:` in {promise.source}, or {way_past}"
    if not touched.soon:
        return None
    told = f"on {promise.announced}" if promise.source else f"today, on {promise.announced}, at the earliest"
    first = f"; the first bill is on {touched.first}" if touched.first else ""
    some = counted(touched.soon, "subscription")
    has = "has" if touched.soon == 1 else "have"
    message = f"{some} {has} a higher bill less than {days} after the announcement {told}{first}"
    instead = "give the change a later date," if promise.source else "schedule the change: `commetctl schedule`;"
    return message, f"{instead} or {way_past}"

"""What is scheduled, in the JSON document: each scheduled change, as a plan of its own."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from commetctl.core.resource import ResourceSet
from commetctl.core.values import time_text
from commetctl.reading.reading import Reading, Refusal
from commetctl.reading.scheduled import Scheduled
from commetctl.render.json_output import blocked_document, change_document, plan_document
from commetctl.render.json_reading import reading_document


def dated_plan_document(reading: Reading, desired: ResourceSet) -> dict[str, Any]:
    """The plan of a reading, with what is scheduled; its id is of what is to be done now alone."""
    return plan_document(reading.review, desired) | {"scheduled": scheduled_documents(reading.scheduled)}


def scheduled_documents(scheduled: Sequence[Scheduled]) -> list[dict[str, Any]]:
    """Each dated change, in the order of the dates."""
    return [_scheduled(each) for each in scheduled]


def _scheduled(scheduled: Scheduled) -> dict[str, Any]:
    head, reading = scheduled.head, scheduled.reading
    return {
        "file": head.file,
        "effective": time_text(head.moment),
        "existing": {"from": time_text(head.since)} if head.since else head.existing,
        "announced": _day(head.announced),
        "notice": head.days,
        "why": head.why or None,
        "customers": scheduled.customers,
        "first_bill": _day(scheduled.first_bill),
        "last_bill": _day(scheduled.last_bill),
        "plan_id": scheduled.id,
        "refused": [_refused(refusal) for refusal in reading.refusals],
        "changes": [change_document(change, reading.review) for change in reading.review.changeset.changes],
        "blocked": [blocked_document(item) for item in reading.blocked],
        "reading": reading_document(reading),
    }


def _refused(refusal: Refusal) -> dict[str, Any]:
    document = {"code": refusal.code, "message": refusal.message, "hint": refusal.hint}
    return document | ({"address": str(refusal.address)} if refusal.address else {})


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None

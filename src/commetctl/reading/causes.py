"""Causes: which side a difference comes from, the file or the dashboard."""

from commetctl.core.change import Change
from commetctl.review.review import Cause, Review

_WORDS = {
    Cause.FILE: "in the catalog",
    Cause.COMMET: "in Commet",
    Cause.BOTH: "in both",
    None: "unknown",
}


def cause_said(review: Review, change: Change) -> str:
    """The side that a difference comes from; empty if there is nothing to tell it by, or for an edit of the file."""
    if review.made:
        both = review.causes.get(change.address) is Cause.BOTH
        return f"the catalog has changed here too since {review.base}" if both else ""
    match review.causes.get(change.address):
        case Cause.COMMET:
            return f"a dashboard edit since {review.base} was applied; applying undoes it"
        case Cause.BOTH:
            return f"changed in the catalog and in Commet since {review.base}; the catalog wins"
        case Cause.FILE:
            # The expected case, which is counted at the end of a plan.
            return ""
        case None:
            return f"which side changed this since {review.base} is not known" if review.base else ""


def causes_said(review: Review) -> str:
    """The number of differences that come from each side; empty if there is nothing to tell it by."""
    if not review.base or review.made:
        return ""
    causes = [review.causes.get(change.address) for change in review.changeset.changes]
    parts = [f"{causes.count(cause)} {text}" for cause, text in _WORDS.items() if cause in causes]
    marked = "; changes from Commet are marked" if set(causes) - {Cause.FILE} else ""
    return f"Changed since {review.base}: " + (", ".join(parts) or "nothing") + marked

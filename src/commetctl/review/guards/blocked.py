"""The guard `blocked`: as long as one change cannot be made, none is."""

from collections.abc import Iterator

from commetctl.core.errors import Refused
from commetctl.review.guards.subject import Subject


def guard(subject: Subject) -> Iterator[Refused]:
    """One refusal for all blocked changes: the plan shows each with its reason and its way out."""
    count = len(subject.changeset.blocked)
    if count:
        some = "1 change is blocked" if count == 1 else f"{count} changes are blocked"
        hint = "see the way out of each, or apply others with `--target`"
        yield Refused(f"{some}, so nothing is applied", hint, code="blocked")

"""The guards: reasons not to apply a changeset at all, found before the first write.

Each guard is a function of a Subject, and its refusals have its name as their code. To add one, write it in a file of
its own, and add it here, to `cli/options.py` where it can be allowed by name, and to the table in `docs/cli.md`.
"""

from collections.abc import Callable, Iterable

from commetctl.core.errors import Refused
from commetctl.review.guards import balance_scale, blocked, in_use, mode, scale, scale_unproven, thresholds
from commetctl.review.guards.subject import Allowed, Subject

__all__ = ["ALLOWABLE", "GUARDS", "Allowed", "Subject", "refusals"]

#: In the order in which they are reported.
GUARDS: tuple[tuple[str, Callable[[Subject], Iterable[Refused]]], ...] = (
    ("mode", mode.guard),
    ("blocked", blocked.guard),
    ("scale_unproven", scale_unproven.guard),
    ("balance_scale", balance_scale.guard),
    ("scale", scale.guard),
    ("price_change", thresholds.price_change),
    ("deletes", thresholds.deletes),
    ("updates", thresholds.updates),
    ("in_use", in_use.guard),
)

#: The guards that the command line can lift as a whole. The others have ways past of their own, or none.
ALLOWABLE = ("scale", "price_change", "deletes", "updates")


def refusals(subject: Subject) -> list[Refused]:
    """Every reason not to go on, all of them at once."""
    lifted = subject.allowed.guards & frozenset(ALLOWABLE)
    return [refused for name, guard in GUARDS if name not in lifted for refused in guard(subject)]

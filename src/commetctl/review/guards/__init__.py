"""Guards: reasons not to apply a changeset at all, found before the first write.

Each guard is a function of a Subject and yields refusals with its own name as their code. To add one, write it in
`amounts` or `objects` and add it here, to `cli/options.py` if the command line can lift it, and to the table in
`docs/cli.md`.
"""

from collections.abc import Callable, Iterable

from commetctl.core.errors import Refused
from commetctl.review.guards import amounts, notices, objects
from commetctl.review.guards.subject import Allowed, Subject

__all__ = ["ALLOWABLE", "GUARDS", "OF_EACH", "Allowed", "Subject", "refusals"]

#: In the order in which they are reported.
GUARDS: tuple[tuple[str, Callable[[Subject], Iterable[Refused]]], ...] = (
    ("mode", objects.mode),
    ("clock", objects.clock),
    ("blocked", objects.blocked),
    ("scale_unproven", amounts.scale_unproven),
    ("balance_scale", amounts.balance_scale),
    ("scale", amounts.scale),
    ("price_change", amounts.price_change),
    ("deletes", objects.deletes),
    ("updates", objects.updates),
    ("in_use", objects.in_use),
    ("notice", notices.notice),
)

#: The guards that judge each dated change alone, as the plan does before its date.
OF_EACH = ("scale", "price_change", "deletes", "updates")

#: The guards that `--allow` can lift. The others are lifted in other ways, or not at all.
ALLOWABLE = ("scale", "price_change", "deletes", "updates", "notice")


def refusals(subject: Subject) -> list[Refused]:
    """All reasons not to apply the changeset."""
    lifted = subject.allowed.guards & frozenset(ALLOWABLE)
    return [refused for name, guard in GUARDS if name not in lifted for refused in guard(subject)]

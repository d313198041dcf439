"""Trials: rules about what a change does to them."""

from collections.abc import Iterable, Iterator

from commetctl.core.change import Change, Update
from commetctl.kinds.plans import addresses
from commetctl.kinds.section import Finding


def trial_shortens(changes: Iterable[Change]) -> Iterator[Finding]:
    """A trial that becomes shorter, or none: who was promised the longer one and has not begun gets less."""
    for change in changes:
        if not (isinstance(change, Update) and change.address.kind == addresses.PRICE):
            continue
        before, after = (side.fields["trial_days"] for side in (change.before, change.after))
        if isinstance(before, int) and isinstance(after, int) and after < before:
            code, interval = change.address.key.split("/")
            message = f"the trial shortens from {before} to {after} days"
            hint = "check that no offer, page or contract promises the longer one"
            yield Finding(("plans", code, "prices", interval, "trial_days"), "trial_shortens", message, hint)

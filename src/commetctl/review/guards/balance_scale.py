"""The guard `balance_scale`: a balance is sent only in a scale that the file states or the account proves."""

from collections.abc import Iterator

from commetctl.core.errors import Refused
from commetctl.review import scales
from commetctl.review.guards.subject import Subject

_HINT = (
    "find out in a sandbox: without `balance_scale`, apply a plan with `included_balance: 10.00`, subscribe a "
    "customer, and read `balance.included` of GET /subscriptions/{id}; 100000 means `balance_scale: minor`, and 1000 "
    "means `rate`; then set it in the file"
)


def guard(subject: Subject) -> Iterator[Refused]:
    """One refusal where a balance would be sent: in any mode against what the account proves, else on live alone."""
    if not scales.sends(subject.changeset, scales.BALANCE):
        return
    if contradiction := subject.balances.contradiction:
        yield contradiction
    elif subject.mode.may_be_live and not subject.balances.settled:
        yield Refused(
            "neither the file nor the account says whether the integers of `included_balance` are minor units or "
            "ten-thousandths, and customers could get a hundred times too much or too little",
            _HINT,
            code="balance_scale",
        )

"""The guard `scale_unproven`: a live organization gets no amount whose integer may mean a hundred times as much."""

from collections.abc import Iterator

from commetctl.core.errors import Refused
from commetctl.core.money import Money
from commetctl.kinds.plans import addresses
from commetctl.kinds.section import Live
from commetctl.review import scales
from commetctl.review.guards.subject import Subject


def guard(subject: Subject) -> Iterator[Refused]:
    """One refusal where a price or a balance would be sent and no price of the account proves the scale.

    What the file states is a choice and no proof: only a comparison with the newer version is.
    """
    unproven = subject.mode.may_be_live and not subject.live.scale_proven
    if unproven and scales.sends(subject.changeset, scales.PRICE, scales.BALANCE):
        reason, also = _reason(subject.live)
        yield Refused(
            f"this API version does not settle what the integers of prices mean, and nothing proves it: {reason}; a "
            "live organization could get prices a hundred times too high or too low",
            f'use `api_version: "2026-08-27"`, which leaves no doubt{also}',
            code="scale_unproven",
        )


def _reason(live: Live) -> tuple[str, str]:
    """Why nothing proves the scale, and what else there is to do."""
    prices = [r.fields["price"] for r in live.resources.values() if r.address.kind == addresses.PRICE]
    also = "; or make one price in the dashboard, with which the scale is compared"
    if not prices:
        return "the account has no price to compare", also
    if not any(isinstance(price, Money) and price.amount for price in prices):
        return "every price of the account is zero, which is the same in every scale", also
    return "version 2026-08-27, which would settle it, does not answer the prices of the account", ""

"""A changeset of a real account before the guards, and what they say of it."""

from dataclasses import dataclass, replace

from commetctl.core.errors import Refused
from commetctl.core.resource import Address
from commetctl.review.guards import ALLOWABLE, Allowed, Subject, refusals
from harness import Shop


@dataclass(frozen=True)
class Judged:
    """A subject, and what is said of it."""

    subject: Subject

    @property
    def refusals(self) -> list[Refused]:
        """Every refusal."""
        return refusals(self.subject)

    @property
    def codes(self) -> list[str]:
        """The code of every refusal."""
        return [refused.code for refused in self.refusals]

    def only(self, code: str) -> Refused:
        """The one refusal of a code."""
        (refused,) = [refused for refused in self.refusals if refused.code == code]
        return refused

    def allowing(self, *guards: str, deletes: tuple[str, ...] = ()) -> "Judged":
        """The same with this allowed."""
        allowed = Allowed(frozenset(guards), frozenset(map(Address.parse, deletes)))
        return Judged(replace(self.subject, allowed=allowed))


def judged(shop: Shop, yaml: str, *, prune: bool = False, targets: tuple[str, ...] = ()) -> Judged:
    """What the guards say of a text beside the account as it is."""
    return Judged(shop.plan(yaml, prune=prune, targets=tuple(map(Address.parse, targets))).prepared.subject)


def lifted_by_its_own_name_alone(found: Judged, guard: str) -> bool:
    """Whether a guard that fires is silent when it is allowed, and whatever else is allowed is not enough."""
    others = [name for name in ALLOWABLE if name != guard]
    everything = tuple(str(change.address) for change in found.subject.deletes)
    return (
        guard in found.codes
        and guard not in found.allowing(guard).codes
        and guard in found.allowing(*others, deletes=everything).codes
    )

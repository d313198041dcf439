"""Steps: the calls that carry out one change, or several that the API takes together."""

from dataclasses import dataclass

from commetctl.core.address import Address
from commetctl.core.call import ApiCall


@dataclass(frozen=True)
class Step:
    """Calls that belong together, sent one after the other.

    `covers` are the changes that are done when the step is. `after` names steps that must be done before it, beyond
    what follows from references between resources. A `closing` step comes after everything else of what it covers:
    nothing waits for it because of a reference. `proves_scale` marks a step after which the account can prove what its
    prices mean, where nothing proved it before. `note` is for the reader, never for a decision.
    """

    name: str
    covers: tuple[Address, ...]
    calls: tuple[ApiCall, ...]
    after: frozenset[str] = frozenset()
    closing: bool = False
    proves_scale: bool = False
    note: str = ""

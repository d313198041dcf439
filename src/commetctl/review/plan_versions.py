"""Whether Commet has switched to plan versions, which no answer of an older API version says.

Since the switch, an edit of a plan reaches new purchases only, also when it is made through an older API version. The
list of the versions of a plan exists in API version 2026-10-04 alone, and only after the switch.
"""

from collections.abc import Iterable
from typing import Any

from commetctl.api.client import Client
from commetctl.core.call import Request
from commetctl.core.change import Change
from commetctl.core.contract import Contract
from commetctl.core.errors import CommetctlError
from commetctl.kinds.plans import addresses
from commetctl.kinds.section import Live
from commetctl.review.effects import effects

#: The API version that has the list, by a header of this request alone.
_VERSION = "2026-10-04"


def has_switched(client: Client, changes: Iterable[Change], contract: Contract, live: Live) -> bool:
    """Whether edits of plans reach new purchases only. Asks, with one GET, only where the answer matters to `changes`.

    Anything but the list means no, a failure included: what a change means is worth a question, not an error.
    """
    changes = list(changes)
    plan = next((found for address, found in live.ids.items() if address.kind == addresses.PLAN), None)
    if plan is None or effects(changes, contract) == effects(changes, contract, switched=True):
        return False
    try:
        answer: Any = client.once(Request("GET", ("plans", plan, "versions")), version=_VERSION)
    except CommetctlError:
        return False
    return isinstance(answer, dict) and answer.get("object") == "list" and isinstance(answer.get("data"), list)

"""Whether Commet has switched to plan versions, which answers of older API versions do not reveal.

Since the switch, an edit of a plan reaches new purchases only, even if it is made through an older API version. The
list of versions of a plan exists only in API version 2026-10-04, and only after the switch.
"""

from collections.abc import Iterable
from typing import Any

from commetctl.api.client import Client
from commetctl.core.call import Request
from commetctl.core.change import Change
from commetctl.core.contract import Contract
from commetctl.core.errors import CommetctlError
from commetctl.kinds.plans import addresses
from commetctl.kinds.sides import Live
from commetctl.review.effects import effects

#: The API version that has the list; it is sent with this request only.
_VERSION = "2026-10-04"


def has_switched(client: Client, changes: Iterable[Change], contract: Contract, live: Live) -> bool:
    """Whether edits of plans reach new purchases only. Performs one GET, and only if the answer matters to `changes`.

    Anything but the list means no, including a failure: a plan must not fail for want of this answer.
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

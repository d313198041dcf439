"""Commet's clock, by which changes are due: that of the sandbox's test clock if one runs, else that of its answers."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from commetctl.api.client import Client
from commetctl.catalog import Catalog
from commetctl.core.call import Request
from commetctl.core.errors import ApiError, Refused, Unreachable
from commetctl.core.times import moment
from commetctl.usecases.account import Account

#: How far the clock of this machine may be from Commet's, in seconds, while that decides what is due.
_SKEW = 300


@dataclass(frozen=True)
class Clock:
    """The time of an account. `is_simulated` says that it is that of a test clock, which nobody's clock agrees with."""

    now: datetime
    is_simulated: bool = False


def clock_of(client: Client) -> Clock:
    """The time of an account. Performs one GET, which tells it even where it is refused.

    Raises what the client raises where no answer came, and Unreachable where no answer has a time.
    """
    answer: Any = None
    try:
        answer = client.send(Request("GET", ("test-clock",)))
    except (ApiError, Unreachable):
        # Live accounts have no test clock, and a key may not be allowed to read it. The refusal has the time too.
        if client.time is None:
            raise
    simulated = moment(answer.get("now")) if isinstance(answer, dict) and answer.get("isActive") is True else None
    if simulated:
        return Clock(simulated, is_simulated=True)
    if client.time is None:
        hint = "changes are due by Commet's clock, so its answers must have a `Date` header; check the proxy"
        raise Unreachable("Commet's answer has no time", hint, code="no_time")
    return Clock(client.time)


def at_its_time(catalog: Catalog, account: Account, client: Client) -> Catalog:
    """The catalog with the changes that are due by the clock of the account.

    Raises Refused where the clock of this machine differs from it so that other changes would be due.
    """
    if not catalog.changes:
        return catalog
    clock = clock_of(client)
    here = datetime.now(UTC)
    found = catalog.as_of(clock.now)
    apart = abs((clock.now - here).total_seconds()) > _SKEW
    if apart and not (clock.is_simulated or account.local) and catalog.as_of(here).due != found.due:
        raise Refused(
            f"the clock of this machine says {here:%Y-%m-%d %H:%M} UTC, and Commet's says {clock.now:%Y-%m-%d %H:%M} "
            "UTC: between the two, a change is due",
            "set the clock of this machine, then run it again; nothing was written",
            code="clock",
        )
    return found

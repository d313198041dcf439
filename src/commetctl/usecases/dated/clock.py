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


def at_its_time(catalog: Catalog, client: Client) -> tuple[Catalog, Clock | None]:
    """The catalog with the changes that are due by the clock of the account, and that clock; None where none are."""
    if not catalog.changes:
        return catalog, None
    clock = clock_of(client)
    return catalog.as_of(clock.now), clock


def disagreement(catalog: Catalog, account: Account, clock: Clock | None) -> Refused | None:
    """The refusal to write where the clock of this machine says that other changes of a catalog are due."""
    here = datetime.now(UTC)
    if clock is None or clock.is_simulated or account.local:
        return None
    if abs((clock.now - here).total_seconds()) <= _SKEW:
        return None
    between = [each.name for each in catalog.changes if min(here, clock.now) < each.moment <= max(here, clock.now)]
    if not between:
        return None
    return Refused(
        f"Commet's clock says {clock.now:%Y-%m-%d %H:%M} UTC, and that of this machine {here:%Y-%m-%d %H:%M} UTC: "
        f"{between[0]} is due between the two",
        "set the clock of this machine; with an emulator whose clock was moved, use a sandbox key or `--local`",
        code="clock",
    )

"""What differs between the API versions that the emulator speaks, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

#: The first version with writes to the catalog; the first one with nested overages and offers.
WRITES, NESTED = "2026-05-25", "2026-06-07"
#: The last version of the older generation (`/manage`, `success` and `data`), and the first of the newer one.
LAST_OLD, FIRST_NEW = "2026-07-11", "2026-07-24"


@dataclass(frozen=True)
class ApiVersion:
    """One API version, and the values that its enums have."""

    name: str
    intervals: tuple[str, ...]
    currencies: tuple[str, ...]
    statuses: tuple[str, ...]

    @property
    def is_new(self) -> bool:
        return self.name >= FIRST_NEW

    @property
    def durations(self) -> tuple[str, ...]:
        """The intervals that recur, in which the phase of an offer can be counted."""
        return tuple(interval for interval in self.intervals if interval != "one_time")

    def within(self, since: str, until: str) -> bool:
        """Whether the version is between two others, both included; an empty name is no bound."""
        return since <= self.name and (not until or self.name <= until)


_CURRENCIES = (
    *("ars", "brl", "clp", "cop", "pen", "uyu", "pyg", "bob", "mxn", "cad"),
    *("eur", "jpy", "cny", "krw", "hkd", "sgd", "twd", "inr", "thb"),
)
_STATUSES = ("draft", "pending_payment", "trialing", "active", "past_due", "canceled")

_V0501 = ApiVersion(
    name="2026-05-01",
    intervals=("weekly", "monthly", "quarterly", "yearly", "one_time"),
    currencies=_CURRENCIES,
    statuses=(*_STATUSES, "paused", "expired"),
)
_V0512 = replace(_V0501, name="2026-05-12")
_V0518 = replace(_V0512, name="2026-05-18")
_V0525 = replace(_V0518, name=WRITES)
_V0607 = replace(_V0525, name=NESTED, statuses=_STATUSES)
_V0610 = replace(_V0607, name="2026-06-10")
_V0623 = replace(_V0610, name="2026-06-23")
_V0711 = replace(_V0623, name=LAST_OLD, currencies=("usd", *_CURRENCIES))
_V0724 = replace(_V0711, name=FIRST_NEW)
_V0731 = replace(_V0724, name="2026-07-31")
_V0827 = replace(
    _V0731,
    name="2026-08-27",
    intervals=("weekly", "monthly", "quarterly", "semiannual", "yearly", "one_time"),
    currencies=(*_V0731.currencies, "gbp"),
    statuses=(*_STATUSES, "paused"),
)
# What this version adds is served only with the quirk `plan_versions`; everything else is as before.
_V1004 = replace(_V0827, name="2026-10-04")

#: Every version that an official SDK was ever pinned to, and 2026-10-04.
VERSIONS: Mapping[str, ApiVersion] = {
    version.name: version
    for version in (
        *(_V0501, _V0512, _V0518, _V0525, _V0607, _V0610, _V0623, _V0711),
        *(_V0724, _V0731, _V0827, _V1004),
    )
}
CURRENT = _V0827


def version_for(header: str | None) -> ApiVersion:
    """The version that a `Commet-Version` header names; the current one when it is missing or unknown."""
    return VERSIONS.get(header or "", CURRENT)

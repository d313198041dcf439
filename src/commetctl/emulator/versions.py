"""What differs between the API versions that the emulator speaks, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum


class Generation(Enum):
    """The two shapes of the wire: before 2026-07-24 (`/manage`, `success/data`), and since."""

    OLD = "old"
    NEW = "new"


@dataclass(frozen=True)
class ApiVersion:
    """One API version: its generation and the values that its enums have."""

    name: str
    generation: Generation
    intervals: tuple[str, ...]
    currencies: tuple[str, ...]

    @property
    def is_new(self) -> bool:
        return self.generation is Generation.NEW


_CURRENCIES = (
    *("ars", "brl", "clp", "cop", "pen", "uyu", "pyg", "bob", "mxn", "cad"),
    *("eur", "jpy", "cny", "krw", "hkd", "sgd", "twd", "inr", "thb"),
)

# 06-07 differs further (its GET /features lists what a customer has access to); it is served like 06-10, our choice.
_V0607 = ApiVersion(
    name="2026-06-07",
    generation=Generation.OLD,
    intervals=("weekly", "monthly", "quarterly", "yearly", "one_time"),
    currencies=_CURRENCIES,
)
_V0610 = replace(_V0607, name="2026-06-10")
_V0711 = replace(_V0610, name="2026-07-11", currencies=("usd", *_CURRENCIES))
_V0724 = replace(_V0711, name="2026-07-24", generation=Generation.NEW)
_V0731 = replace(_V0724, name="2026-07-31")
_V0827 = replace(
    _V0731,
    name="2026-08-27",
    intervals=("weekly", "monthly", "quarterly", "semiannual", "yearly", "one_time"),
    currencies=(*_V0731.currencies, "gbp"),
)
# What this version adds is served only with the quirk `plan_versions`; everything else is as before.
_V1004 = replace(_V0827, name="2026-10-04")

VERSIONS: Mapping[str, ApiVersion] = {
    version.name: version for version in (_V0607, _V0610, _V0711, _V0724, _V0731, _V0827, _V1004)
}
CURRENT = _V0827


def version_for(header: str | None) -> ApiVersion:
    """The version that a `Commet-Version` header names; the current one when it is missing or unknown."""
    return VERSIONS.get(header or "", CURRENT)

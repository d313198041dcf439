"""The keys at the top of a file of a catalog, and the version, which every file says first."""

from collections.abc import Mapping
from typing import Any

from commetctl.core.contract import CONTRACTS
from commetctl.kinds import by_name
from commetctl.kinds.section import Finding
from commetctl.kinds.spelling import nearest

VERSION = 1
#: Keys whose value is one of a few words.
SETTINGS = {
    "api_version": tuple(CONTRACTS),
    "mode": ("sandbox", "live"),
    "price_scale": ("rate", "minor"),
    "balance_scale": ("minor", "rate"),
}
INCLUDE = "include"


#: The keys that only the main file of a catalog has.
OF_MAIN = (*SETTINGS, "policy", INCLUDE)


def known() -> tuple[str, ...]:
    """Every key, in the order in which they stand in a file."""
    return ("version", *OF_MAIN, *by_name())


def version_finding(data: Mapping[str, Any]) -> Finding | None:
    """What is wrong with the version of a file, if anything; `unknown_version` leaves nothing else to say of it."""
    version = data.get("version")
    if version is None:
        if "version" in {nearest(key, known()) for key in data if key not in known()}:
            # It is there and misspelt, which is said of that key.
            return None
        return Finding(("version",), "missing_key", "is required", "begin the file with `version: 1`")
    if isinstance(version, bool) or version != VERSION:
        return Finding(("version",), "unknown_version", f"must be {VERSION}", "upgrade commetctl for a later one")
    return None

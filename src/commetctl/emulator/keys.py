"""API keys: which organisation one opens, and what a restricted one may do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from commetctl.emulator.errors import ApiError

Right = Literal["read", "write"]


@dataclass(frozen=True)
class Key:
    """A caller: a live or sandbox organisation, with all rights or those granted by resource."""

    livemode: bool
    grants: Mapping[str, str] | None = None

    def require(self, resource: str, right: Right) -> None:
        if self.grants is not None and right[0] not in self.grants.get(resource, ""):
            raise ApiError("forbidden", f"this API key lacks the permission {resource}:{right}")


def authenticate(header: str | None) -> Key:
    """Read an `x-api-key`.

    Full keys start with `ck_`, restricted ones with `rk_` (official SDK 9.7.0); the emulator knows no secrets and
    accepts every key of that form. What a restricted key may do is written into it after a dot, as in
    `rk_sandbox_x.plan:rw,feature:r`; without a dot it may do everything (our choice).
    """
    if header is None or not header.startswith(("ck_", "rk_")):
        raise ApiError("unauthorized", "a valid API key is required in the x-api-key header")
    name, dot, granted = header.partition(".")
    livemode = name.startswith(("ck_live_", "rk_live_"))
    if not (dot and header.startswith("rk_")):
        return Key(livemode)
    pairs = (item.partition(":") for item in granted.split(","))
    return Key(livemode, {resource: rights for resource, _, rights in pairs})

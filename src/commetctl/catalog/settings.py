"""The keys at the top of a file, its version, and `policy:`, which says how much one run may change."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from commetctl.core.contract import CONTRACTS
from commetctl.core.policy import Limit, Policy, Share
from commetctl.core.text import nearest
from commetctl.kinds import by_name
from commetctl.kinds.scalars import Spec, refuse_separators
from commetctl.kinds.section import Finding

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
    """What is wrong with the version of a file, if anything; with `unknown_version`, nothing else can be checked."""
    version = data.get("version")
    if version is None:
        if "version" in {nearest(key, known()) for key in data if key not in known()}:
            # It is there, but misspelt, which is reported for that key.
            return None
        return Finding(("version",), "missing_key", "is required", "begin the file with `version: 1`")
    if isinstance(version, bool) or version != VERSION:
        return Finding(
            ("version",), "unknown_version", f"must be {VERSION}", "upgrade commetctl to use a later version"
        )
    return None


_SHARE = re.compile(r"(0|[1-9][0-9]{0,5})(\.[0-9]{1,2})?%\Z")
_OFF = "off"
_LARGEST = 2**31 - 1
_DEFAULT = Policy()


def _limit(value: object) -> Limit:
    """`30%`, `5` or `off`."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST:
        return value
    share = _share(value, "must be a share such as 30%, a whole number such as 5, or `off`")
    if share and share.percent > 100:
        raise _wrong("is more than 100%", _OFF)
    return share


def _price_limit(value: object) -> Share | None:
    """`50%` or `off`."""
    return _share(value, "must be a percentage such as 50%, or `off`")


def _share(value: object, otherwise: str) -> Share | None:
    if value == _OFF:
        return None
    if isinstance(value, str) and _SHARE.match(value):
        return Share(Decimal(value[:-1]))
    refuse_separators(value)
    raise _wrong(otherwise, _meant(value))


def _meant(value: Any) -> str:
    """The limit that was probably meant."""
    if isinstance(value, bool) or value in ("no", "none", "never", "unlimited"):
        return _OFF
    if isinstance(value, int | Decimal) and value >= 0:
        return str(Share(Decimal(value * 100 if value < 1 else value)))
    if isinstance(value, str) and _SHARE.match(value.replace(" ", "")):
        return value.replace(" ", "")
    return ""


def _wrong(message: str, fix: str) -> PydanticCustomError:
    hint = f"write `{fix}`{' for no limit' if fix == _OFF else ''}" if fix else ""
    return PydanticCustomError("limit", "{message}", {"message": message, "hint": hint, "fix": fix})


_SHARE_OR_OFF = {
    "title": "Percentage",
    "type": "string",
    "pattern": r"^(0|[1-9][0-9]{0,5})(\.[0-9]{1,2})?%$|^off$",
    "patternErrorMessage": "A percentage such as 50%, or off.",
}
_LIMIT = {
    "title": "Limit",
    "type": "integer",
    "minimum": 0,
    "maximum": _LARGEST,
    "pattern": r"^(100(\.00?)?|(0|[1-9][0-9]?)(\.[0-9]{1,2})?)%$|^off$",
    "patternErrorMessage": "A share such as 30%, a whole number such as 5, or off.",
}


class PolicySpec(Spec):
    """The limits of one run; a guard refuses a run that exceeds one of them."""

    max_deletes: Annotated[Limit, PlainValidator(_limit), WithJsonSchema(_LIMIT)] = Field(
        default=_DEFAULT.max_deletes,
        description="How many managed objects one run may delete, parts included: a percentage (counted from 10 "
        "objects on), a number, or `off`.",
        examples=["30%", "5", "off"],
        json_schema_extra={"unit": "objects"},
    )
    max_updates: Annotated[Limit, PlainValidator(_limit), WithJsonSchema(_LIMIT)] = Field(
        default=_DEFAULT.max_updates,
        description="How many managed objects one run may change: a percentage (counted from 10 objects on), a "
        "number, or `off`.",
        examples=["30%", "5", "off"],
        json_schema_extra={"unit": "objects"},
    )
    max_price_change: Annotated[Share | None, PlainValidator(_price_limit), WithJsonSchema(_SHARE_OR_OFF)] = Field(
        default=_DEFAULT.max_price_change,
        description="How far any price or exchange rate may move, up or down: a percentage, or `off`.",
        examples=["50%", "off"],
        json_schema_extra={"unit": "percent of the previous amount"},
    )

    min_notice: Annotated[int, Field(ge=0, le=3650)] | None = Field(
        default=_DEFAULT.min_notice,
        description="How many days must pass between the announcement of a higher price and the first bill with it; "
        "the guard `notice` refuses a run in which a customer pays more sooner.",
        examples=["30"],
        json_schema_extra={"unit": "days"},
    )

    def policy(self) -> Policy:
        """The policy that it stands for."""
        return Policy(self.max_deletes, self.max_updates, self.max_price_change, self.min_notice)

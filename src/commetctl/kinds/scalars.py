"""The scalar types of the catalog file, with messages that say what to write instead."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError

from commetctl.core.money import EXPONENTS
from commetctl.core.separators import plain_digits, separated
from commetctl.core.spaces import named, odd_in

CODE = re.compile(r"[a-z0-9_]+\Z")
#: The key in the extras of a field at which its type is said in words, where the annotation says too little.
TYPE = "said"
_PLAIN_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?\Z")
# C0 but for line feed and tab, DEL, C1, and the byte order mark.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff]")
_LARGEST_INT32 = 2**31 - 1


class Spec(BaseModel):
    """The shape of one object of the file: unknown keys are errors, types are exact.

    `short_forms` are the types of what may stand for the object.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    short_forms: ClassVar[tuple[Any, ...]] = ()

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, value: Any) -> Any:
        """`null` means the same as leaving the field out; an unknown key stays, to be refused."""
        if not isinstance(value, dict):
            return value
        return {key: item for key, item in value.items() if item is not None or key not in cls.model_fields}


class OddNumber(str):
    """A YAML number that is not written plainly: an exponent, an underscore, `0x`, `.inf`, `.nan`."""

    __slots__ = ()


def number(text: str) -> int | Decimal | OddNumber:
    """The number that a plain YAML scalar stands for, never through a float."""
    if len(text) > 40 or not _PLAIN_NUMBER.match(text):
        return OddNumber(text)
    return Decimal(text) if "." in text else int(text)


def without_nulls(value: Any) -> Any:
    """A mapping without the keys that are null."""
    return {k: v for k, v in value.items() if v is not None} if isinstance(value, dict) else value


Item = TypeVar("Item")
#: Objects by key, where a key that is null is not there.
Keyed = Annotated[dict[str, Item], BeforeValidator(without_nulls)]


def refuse_separators(value: object) -> None:
    """Raise a mistake for a text that is a number with a comma or another sign between its digits."""
    if isinstance(value, str) and (found := separated(value)):
        message = "has {sign}, and a number here has at most a point"
        raise PydanticCustomError(found.code, message, {"sign": found.sign, "hint": found.hint, "fix": found.fix})


def _decimal(value: object) -> Decimal:
    refuse_separators(value)
    if isinstance(value, str) and not isinstance(value, OddNumber):
        value = number(value)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        message = "must be a plain number such as 49.00: digits and at most one point"
        raise PydanticCustomError("amount", message, {"hint": plain_digits(value)})
    # `-0` is 0.
    return Decimal(value) if value else Decimal(0)


def _not_negative(value: Decimal) -> Decimal:
    if value < 0:
        raise PydanticCustomError("amount", "cannot be negative")
    return value


def _positive(value: Decimal) -> Decimal:
    if value <= 0:
        raise PydanticCustomError("rate", "must be more than zero")
    if len(str(value).replace(".", "").strip("0")) > 15:
        raise PydanticCustomError("rate", "has more than 15 digits, which JSON numbers do not keep exactly")
    return value


def _text(value: object) -> object:
    if isinstance(value, bool | int | Decimal | OddNumber):
        raise PydanticCustomError("text", "must be text; put it in quotes")
    return value


def _clean(value: str) -> str:
    if not value.strip():
        raise PydanticCustomError("text", "is empty; leave it out instead")
    if _CONTROL.search(value):
        raise PydanticCustomError("text", "contains a control character")
    if value.endswith("\n") and value.strip() == value[:-1]:
        raise PydanticCustomError("text", "ends with a line break; write `|-` or `>-` instead of `|` or `>`")
    if value != value.strip():
        odd = next((named(sign) for sign in (value[0], value[-1]) if odd_in(sign)), "white space")
        raise PydanticCustomError("text", "begins or ends with {odd}", {"odd": odd})
    return value


def is_line(value: str) -> bool:
    """Whether a text can be a name in the file: not empty, on one line, no white space at its ends."""
    try:
        return _one_line(_clean(value)) == value
    except PydanticCustomError:
        return False


def _one_line(value: str) -> str:
    if "\n" in value or "\t" in value:
        raise PydanticCustomError("text", "must be on one line")
    return value


def _label(value: object) -> object:
    if isinstance(value, Decimal | OddNumber):
        raise PydanticCustomError("metadata", "is not a whole number; put it in quotes to keep it as it is written")
    if not isinstance(value, str | int | None):
        raise PydanticCustomError("metadata", "must be text, a whole number or a boolean")
    if isinstance(value, int) and abs(value) > 2**53 - 1:
        raise PydanticCustomError("metadata", "is too large to be kept exactly; put it in quotes")
    return value


_QUOTED_RATE = {
    "pattern": r"^(?!0*(\.0*)?$)(0|[1-9][0-9]*)(\.[0-9]+)?$",
    "patternErrorMessage": "A plain number above 0.",
}
_LABEL = {"type": ["string", "integer", "boolean"], "minimum": -(2**53 - 1), "maximum": 2**53 - 1}


class Pattern:
    """The pattern of a text in JSON Schema, beside what pydantic says of it."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """What pydantic asks for."""
        return {**handler(schema), "pattern": self._pattern}


# What each is in JSON Schema. `decimals`, the most digits after the point, is for the reader of the schema to resolve:
# None where they depend on the currency.


def _time(value: object) -> datetime:
    try:
        time = value if isinstance(value, datetime) else datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise PydanticCustomError("time", "must be a time such as 2026-12-01T00:00:00Z") from None
    if time.tzinfo is None:
        raise PydanticCustomError("time", "has no time zone; end it with Z for UTC")
    return time.astimezone(UTC)


#: A moment, in UTC.
Time = Annotated[datetime, BeforeValidator(_time)]
#: An amount in major units of a currency that is known from its place; never negative.
Amount = Annotated[
    Decimal,
    BeforeValidator(_decimal),
    AfterValidator(_not_negative),
    WithJsonSchema({"title": "Amount", "type": "number", "minimum": 0, "decimals": None}),
]
#: A currency that Commet prices in. Another word is a mistake that the rules of a section report.
Currency = Annotated[str, BeforeValidator(_text), WithJsonSchema({"title": "Currency", "enum": sorted(EXPONENTS)})]
#: How much of a currency one US dollar is.
Rate = Annotated[
    Decimal,
    BeforeValidator(_decimal),
    AfterValidator(_positive),
    WithJsonSchema({"title": "Exchange rate", "type": "number", "exclusiveMinimum": 0, **_QUOTED_RATE}),
]
#: A share in percent, two decimals at most.
Percent = Annotated[
    Decimal,
    BeforeValidator(_decimal),
    AfterValidator(_not_negative),
    WithJsonSchema({"title": "Percentage", "type": "number", "minimum": 0, "decimals": 2}),
]
#: One line of text.
Name = Annotated[
    str,
    BeforeValidator(_text),
    AfterValidator(_clean),
    AfterValidator(_one_line),
    Pattern(r"^\S([^\n\t]*\S)?$"),
]
#: Text, perhaps of several lines.
Text = Annotated[
    str,
    BeforeValidator(_text),
    AfterValidator(_clean),
    Pattern(r"^\S([\s\S]*\S)?$"),
]
#: A whole number that fits a signed 32-bit integer.
Count = Annotated[int, Field(ge=0, le=_LARGEST_INT32)]
#: A whole number of units, as large as JSON keeps exact.
Units = Annotated[int, Field(ge=0, le=2**53 - 1)]
#: Free-form labels.
Metadata = dict[str, Annotated[Any, AfterValidator(_label), WithJsonSchema(_LABEL)]]


class Lifecycle(Spec):
    """Protection of an object."""

    protect: bool = Field(
        default=False,
        description="Whether commetctl refuses to delete the object, whatever the command line says. Except on plans "
        "and their parts, it applies only while the entry is in the catalog.",
        examples=["true"],
    )


class Protectable(Spec):
    """An object whose deletion can be refused.

    Plans and what belongs to them remember it in the plan's ledger, so it holds when the entry leaves the file.
    Other objects have no place in Commet to remember it: there it holds while the entry is in the file.
    """

    lifecycle: Lifecycle = Field(
        default=Lifecycle(), description="Protection of the object.", examples=["{protect: true}"]
    )

"""The head of a change, `change:`: from when it holds, for whom, and the values that it was written over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from commetctl.catalog.dated.moments import NEVER, PATTERN, dated, day, moment, said
from commetctl.core.environment import NAME
from commetctl.kinds.scalars import TYPE, Spec, Text

#: The key of the head in a file of a change.
HEAD = "change"
#: The key that stands for every environment, and for runs without one, where the file names none.
ANY = ""
_AT_RENEWAL, _KEEP, _FROM = "at_renewal", "keep", "from"
#: The guards that the head of a change can lift for what it changes.
Liftable = Literal["scale", "price_change", "deletes", "updates", "notice"]


@dataclass(frozen=True)
class Existing:
    """What becomes of existing customers: `at_renewal`, `keep`, or `from` with the moment."""

    word: str = _AT_RENEWAL
    moment: datetime | None = None

    @property
    def is_at_renewal(self) -> bool:
        """Whether existing customers get the change as Commet hands it on, which every API version can do."""
        return self.word == _AT_RENEWAL

    def __str__(self) -> str:
        return f"{_FROM} {said(self.moment)}" if self.moment else self.word


def _by_environment(value: object) -> object:
    if not isinstance(value, dict):
        return {ANY: value}
    if wrong := next((name for name in value if not NAME.fullmatch(name)), None):
        hint = "a name has small letters, digits and `-`, such as `production`"
        message = f"has `{wrong}`, which is not the name of an environment"
        raise PydanticCustomError("bad_value", "{message}", {"message": message, "hint": hint})
    return value


def _existing(value: object) -> Existing:
    if isinstance(value, str) and value in (_AT_RENEWAL, _KEEP):
        return Existing(value)
    if isinstance(value, dict) and list(value) == [_FROM]:
        return Existing(_FROM, dated(value[_FROM]))
    message = f"must be `{_AT_RENEWAL}`, `{_KEEP}`, or a moment such as `{{from: 2027-03-01}}`"
    raise PydanticCustomError("bad_value", "{message}", {"message": message})


def _mapping(value: object) -> Mapping[str, Any]:
    if isinstance(value, dict):
        return value
    raise PydanticCustomError("dict_type", "must be a mapping of paths to values")


_WHEN = {"type": "string", "pattern": rf"^({PATTERN}|now|never)$"}
_DAY = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$", "format": "date"}
_BY_ENVIRONMENT = {
    "type": "object",
    "minProperties": 1,
    "propertyNames": {"pattern": f"^{NAME.pattern}$"},
    "additionalProperties": _WHEN,
}
_EXISTING = {
    "title": "Existing customers",
    "oneOf": [
        {"enum": [_AT_RENEWAL, _KEEP]},
        {
            "type": "object",
            "properties": {_FROM: {"type": "string", "pattern": f"^{PATTERN}$"}},
            "required": [_FROM],
            "additionalProperties": False,
        },
    ],
}


class HeadSpec(Spec):
    """When a change is due, and what is known about it."""

    effective: Annotated[
        dict[str, Annotated[datetime, PlainValidator(moment)]],
        Field(min_length=1),
        BeforeValidator(_by_environment),
        WithJsonSchema({"title": "Moment", "oneOf": [_WHEN, _BY_ENVIRONMENT]}),
    ] = Field(
        description="From when the change holds, by Commet's clock: a date, which is 00:00 UTC, a time with an offset, "
        "or `now`; or one of them, or `never`, for each environment.",
        examples=["2027-01-01", "2027-01-01T00:00:00+01:00", "{sandbox: now, production: 2027-01-01}"],
        json_schema_extra={TYPE: "date, time, `now`, or one of them for each environment"},
    )
    existing: Annotated[Existing, PlainValidator(_existing), WithJsonSchema(_EXISTING)] = Field(
        default=Existing(),
        description="What becomes of existing customers: `at_renewal`, `keep` (new customers only), or from a later "
        "moment. API version 2026-08-27 can do `at_renewal` alone.",
        examples=["at_renewal", "keep", "{from: 2027-03-01}"],
        json_schema_extra={TYPE: "`at_renewal`, `keep`, or a moment"},
    )
    announced: Annotated[date, PlainValidator(day), WithJsonSchema(_DAY)] | None = Field(
        default=None,
        description="The day of the announcement to customers.",
        examples=["2026-12-01"],
        json_schema_extra={TYPE: "date"},
    )
    notice: Annotated[int, Field(ge=0, le=3650)] | None = Field(
        default=None,
        description="How many days after `announced` the first higher bill may come at the earliest; the guard "
        "`notice` counts the customers who get one sooner. `policy.min_notice` counts too: the larger one holds.",
        examples=["30"],
        json_schema_extra={"unit": "days"},
    )
    why: Text | None = Field(default=None, description="The reason.", examples=["FIN-812, list prices 2027"])
    allow: list[Liftable] = Field(
        default_factory=list,
        description="Guards that do not judge what this change does, as if a person gave `--allow`.",
        examples=["[price_change]"],
    )
    was: Annotated[
        Mapping[str, Any], PlainValidator(_mapping), WithJsonSchema({"title": "Values before", "type": "object"})
    ] = Field(
        default_factory=dict,
        description="The values that the change replaces. `commetctl schedule` writes them; `validate` compares them "
        "with the catalog.",
        examples=["{plans.pro.prices.monthly: {price: 49.00}}"],
        json_schema_extra={TYPE: "mapping by path"},
    )

    def moment(self, environment: str) -> datetime | None:
        """The moment in an environment, or without one; NEVER where it is never due, None where no date is given."""
        return self.effective.get(ANY) or self.effective.get(environment)

    @property
    def is_by_environment(self) -> bool:
        """Whether each environment has a date of its own."""
        return ANY not in self.effective

    @property
    def is_for_some(self) -> bool:
        """Whether it is due at all somewhere."""
        return any(found != NEVER for found in self.effective.values())

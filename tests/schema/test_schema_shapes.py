"""Fields of any shape are in the schema, whatever kind has them: lists, unions, times, keys of a form of their own."""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

import pytest
from jsonschema import Draft202012Validator
from pydantic import Field

from commetctl.kinds.scalars import Amount, Keyed, Name, Pattern, Percent, Protectable, Spec
from commetctl.reference.schema import model_schema


class ShareOff(Spec):
    """A share off the price."""

    type: Literal["share"] = Field(description="What is taken off.", examples=["share"])
    percent: Percent = Field(
        description="How much.", examples=["20"], json_schema_extra={"unit": "percent", "maximum": 100}
    )


class AmountOff(Spec):
    """An amount off the price."""

    type: Literal["amount"] = Field(description="What is taken off.", examples=["amount"])
    amounts: Keyed[Amount] = Field(
        description="How much.",
        examples=["{usd: 5}"],
        json_schema_extra={"unit": "of its currency", "keys": "currency"},
    )


Off = Annotated[ShareOff | AmountOff, Field(discriminator="type")]


class ToySpec(Protectable):
    """What no kind has."""

    short_forms: ClassVar[tuple[Any, ...]] = (Annotated[bool, Field(description="Short for `{on: …}`.")],)

    on: bool = Field(default=True, description="Whether it is on.", examples=["false"])
    steps: list[Off] = Field(default_factory=list, description="One after the other.", examples=["[]"])
    first: Off | None = Field(default=None, description="The first.", examples=["{type: share, percent: 20}"])
    starts: datetime | None = Field(default=None, description="When.", examples=["2026-01-01T00:00:00Z"])
    names: list[Name] = Field(default_factory=list, description="Names.", examples=["[Pro]"])
    label: Annotated[Name, Field(max_length=5)] | None = Field(default=None, description="Short.", examples=["Pro"])
    tiers: list[Amount] = Field(
        default_factory=list, description="Amounts.", examples=["[5.00]"], json_schema_extra={"unit": "US dollars"}
    )


class File(Spec):
    """All of it."""

    toys: dict[Annotated[str, Pattern("^[A-Z]+$")], ToySpec] = Field(description="Toys, by key.")


SCHEMA = Draft202012Validator(model_schema(File))
VARIABLE = "${COMMETCTL_VAR_x}"
GOOD: list[Any] = [
    {},
    None,
    True,
    VARIABLE,
    {"steps": None, "first": None, "starts": None, "names": None, "label": None},
    {
        "steps": [
            {"type": "share", "percent": 20},
            {"type": "amount", "amounts": {"jpy": 5, "usd": "5.25", "eur": None}},
        ]
    },
    {"first": {"type": "share", "percent": VARIABLE}},
    {"first": {"type": VARIABLE, "percent": 5}, "steps": [{"type": VARIABLE, "percent": 5}]},
    {"starts": "2026-01-01T00:00:00Z", "names": ["Pro", VARIABLE], "tiers": [5, "5.25", VARIABLE]},
    {"starts": VARIABLE, "label": "Basic"},
]
BAD: list[Any] = [
    5,
    "on",
    {"steps": {}},
    {"steps": [{"type": "share", "amounts": {"usd": 5}}]},
    {"steps": [{"type": "both", "percent": 5}]},
    {"steps": [{"percent": 5}]},
    {"first": {"type": "share", "percent": 101}},
    {"first": {"type": "amount", "amounts": {"jpy": "5.5"}}},
    {"first": {"type": "amount", "amounts": {"abc": 5}}},
    {"starts": 5},
    {"names": "Pro"},
    {"names": [" Pro"]},
    {"label": "Longer"},
    {"tiers": ["5.255"]},
]


@pytest.mark.parametrize("toy", GOOD, ids=repr)
def test_what_fits_is_valid(toy: Any) -> None:
    SCHEMA.validate({"toys": {"A": toy}})


@pytest.mark.parametrize("toy", BAD, ids=repr)
def test_what_does_not_fit_is_refused(toy: Any) -> None:
    assert not SCHEMA.is_valid({"toys": {"A": toy}})


def test_a_key_has_the_form_of_its_mapping() -> None:
    assert not SCHEMA.is_valid({"toys": {"a": {}}})


def test_an_overlay_requires_nothing_inside() -> None:
    overlay = Draft202012Validator(model_schema(File, overlay=True))
    overlay.validate({"toys": {"A": {"first": {"percent": 30}}}})
    assert not overlay.is_valid({"toys": {"A": {"first": {"share": 30}}}})


def test_definitions_are_named_after_their_models() -> None:
    names = set(model_schema(File)["$defs"])
    assert names == {"toy", "share_off", "amount_off", "lifecycle"}

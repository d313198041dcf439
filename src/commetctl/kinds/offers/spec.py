"""The shape of an offer in the file: its phases are a union, each with one key that says what it is."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from commetctl.kinds import memory
from commetctl.kinds.named.spec import Id, given_id, previous_name
from commetctl.kinds.scalars import Amount, Keyed, Metadata, Name, Percent, Protectable, Spec, Time

#: How many phases an offer has at most. (Guide, offers.)
MOST_PHASES = 10
_CYCLES = "How long the phase lasts. Without it, the phase never ends; only the last one may omit it."
_LONGEST = 2**31 - 1
_PERIODS: JsonDict = {"unit": "billing periods"}

Cycles = Annotated[int, Field(ge=1, le=_LONGEST)]


def _some(value: dict[str, Any]) -> dict[str, Any]:
    if not value:
        raise PydanticCustomError("amounts", "has no amount", {"hint": "write at least `usd`"})
    return value


Amounts = Annotated[Keyed[Amount], AfterValidator(_some)]


def _share(value: Any) -> Any:
    if not 0 < value <= 100:
        raise PydanticCustomError("percent", "must be more than 0 and at most 100")
    if value * 100 != int(value * 100):
        raise PydanticCustomError("percent", "has more than two decimals")
    return value


#: A discount in percent: more than none, at most all of it.
Share = Annotated[Percent, AfterValidator(_share)]


class FreeTrialSpec(Spec):
    """A trial before the first payment."""

    days: Annotated[int, Field(ge=1, le=_LONGEST)] = Field(
        description="How long the first charge is delayed.", examples=["14"], json_schema_extra={"unit": "days"}
    )


class PercentageSpec(Spec):
    """A discount on the plan's price, as a percentage."""

    percent: Share = Field(
        description="The discount. More than 0.",
        examples=["50"],
        json_schema_extra={"unit": "percent", "maximum": 100},
    )
    cycles: Cycles | None = Field(default=None, description=_CYCLES, examples=["3"], json_schema_extra=_PERIODS)


class AmountOffSpec(Spec):
    """A discount on the plan's price, as an amount."""

    amounts: Amounts = Field(
        description="The discount, by currency. Commet does not convert it: customers in other currencies cannot use "
        "the offer.",
        examples=["{usd: 10.00, eur: 9.00}"],
        json_schema_extra={"keys": "currency", "unit": "of its currency"},
    )
    cycles: Cycles | None = Field(default=None, description=_CYCLES, examples=["2"], json_schema_extra=_PERIODS)


class FixedPriceSpec(Spec):
    """A price instead of the plan's own."""

    prices: Amounts = Field(
        description="The price, by currency. Commet does not convert it: customers in other currencies cannot use "
        "the offer.",
        examples=["{usd: 19.00}"],
        json_schema_extra={"keys": "currency", "unit": "of its currency"},
    )
    cycles: Cycles | None = Field(default=None, description=_CYCLES, examples=["12"], json_schema_extra=_PERIODS)
    interval: Literal["weekly", "monthly", "quarterly", "semiannual", "yearly"] | None = Field(
        default=None, description="The billing interval of the price.", examples=["monthly"]
    )


class PhaseSpec(Spec):
    """One phase of an offer: exactly one of `free_trial`, `percentage`, `amount_off` and `fixed_price`."""

    free_trial: FreeTrialSpec | None = Field(
        default=None, description="A free trial. Only as the first phase.", examples=["{days: 14}"]
    )
    percentage: PercentageSpec | None = Field(
        default=None, description="A discount as a percentage.", examples=["{percent: 50, cycles: 3}"]
    )
    amount_off: AmountOffSpec | None = Field(
        default=None,
        description="A discount as an amount.",
        examples=["{amounts: {usd: 10.00, eur: 9.00}, cycles: 2}"],
    )
    fixed_price: FixedPriceSpec | None = Field(
        default=None,
        description="A price in place of the plan's price.",
        examples=["{prices: {usd: 19.00}, cycles: 12}"],
    )

    @model_validator(mode="after")
    def _is_one(self) -> "PhaseSpec":
        if len(self.model_fields_set) != 1:
            names = ", ".join(f"`{name}`" for name in type(self).model_fields)
            raise PydanticCustomError("phase", "must be exactly one of {names}", {"names": names})
        return self

    @property
    def type(self) -> str:
        """What the phase is: the name of its one key."""
        return next(iter(self.model_fields_set))

    @property
    def terms(self) -> FreeTrialSpec | PercentageSpec | AmountOffSpec | FixedPriceSpec:
        """What stands under that key."""
        found: FreeTrialSpec | PercentageSpec | AmountOffSpec | FixedPriceSpec = getattr(self, self.type)
        return found


class OfferSpec(Protectable):
    """An offer: a trial, a discount or a temporary price."""

    name: Name = Field(
        description="Your name for the offer, by which Commet identifies it. Unique in the catalog.",
        examples=["Launch offer"],
    )
    phases: Annotated[list[PhaseSpec], Field(min_length=1, max_length=MOST_PHASES)] = Field(
        description="What the offer gives, in order.",
        examples=["[{free_trial: {days: 14}}, {percentage: {percent: 50, cycles: 3}}]"],
    )
    starts_at: Time | None = Field(
        default=None, description="When the offer can first be accepted.", examples=["2027-01-01T00:00:00Z"]
    )
    ends_at: Time | None = Field(
        default=None, description="When the offer can no longer be accepted.", examples=["2027-02-01T00:00:00Z"]
    )
    active: bool = Field(default=True, description="Whether the offer can be accepted.", examples=["false"])
    metadata: Metadata = Field(
        default_factory=dict,
        description="Your own labels: text, whole numbers or booleans by key. The key `commetctl` is reserved.",
        examples=["{campaign: launch}"],
        json_schema_extra=memory.RESERVED,
    )
    previous_name: Name | None = previous_name("offer", "Start offer")
    id: Id | None = given_id("offer", "offer_01")

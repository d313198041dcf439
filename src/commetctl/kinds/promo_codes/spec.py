"""The shape of a promo code in the file."""

from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from commetctl.kinds.offers.spec import Cycles, Share
from commetctl.kinds.scalars import Amount, Name, Protectable, Spec, Time

_LARGEST = 2**31 - 1


class DiscountSpec(Spec):
    """The discount of a code: exactly one of `percent` and `amount`. Only in API version 2026-07-11."""

    percent: Share | None = Field(
        default=None,
        description="The discount. More than 0, less than 100.",
        examples=["50"],
        json_schema_extra={"unit": "percent", "maximum": 100},
    )
    amount: Amount | None = Field(
        default=None,
        description="The discount.",
        examples=["10.00"],
        json_schema_extra={"unit": "US dollars"},
    )
    cycles: Cycles | None = Field(
        default=None,
        description="How long the discount lasts. Without it, the discount never ends.",
        examples=["3"],
        json_schema_extra={"unit": "billing periods"},
    )

    @model_validator(mode="after")
    def _is_one(self) -> "DiscountSpec":
        if (self.percent is None) == (self.amount is None):
            raise PydanticCustomError("discount", "must have exactly one of `percent` and `amount`")
        return self


class PromoCodeSpec(Protectable):
    """A code that customers enter at checkout to get an offer."""

    offer: Name | None = Field(
        default=None,
        description="The key of the offer under `offers:`. Required, except in API version 2026-07-11, which has "
        "`discount` instead.",
        examples=["launch"],
    )
    discount: DiscountSpec | None = Field(
        default=None,
        description="The discount. Only in API version 2026-07-11, which has no offers.",
        examples=["{percent: 50, cycles: 3}"],
    )
    plans: Annotated[list[Name], Field(min_length=1)] | None = Field(
        default=None,
        description="The codes of the plans that it is valid for. Without it, all plans.",
        examples=["[pro, business]"],
    )
    billing_interval: Literal["weekly", "monthly", "quarterly", "semiannual", "yearly", "one_time"] | None = Field(
        default=None,
        description="The billing interval that it is valid for. Without it, all intervals.",
        examples=["monthly"],
    )
    max_redemptions: Annotated[int, Field(ge=1, le=_LARGEST)] | None = Field(
        default=None,
        description="How often it can be redeemed, by all customers together. Without it, any number of times.",
        examples=["500"],
        json_schema_extra={"unit": "redemptions"},
    )
    expires_at: Time | None = Field(
        default=None, description="When it can no longer be redeemed.", examples=["2027-01-31T23:59:59Z"]
    )

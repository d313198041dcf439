"""The shape of a price of a plan in the file: in US dollars, in other currencies, by market, and its variants."""

from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, ConfigDict, Field, model_validator
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from commetctl.kinds.scalars import Amount, Count, Currency, Keyed, Pattern, Protectable, without_nulls

#: The unit of an amount that is not in US dollars.
ITS_CURRENCY = "of its currency"
_DOLLARS: JsonDict = {"unit": "US dollars"}
_IN_CURRENCY: JsonDict = {"unit": ITS_CURRENCY}
#: The name of a variant: text on one line, and part of an address.
_VariantName = Annotated[str, Pattern(r"^[^\s/]([^\n\t/]*[^\s/])?$")]


def regional_price_in_full(value: Any) -> Any:
    """What the short form of a regional price stands for: the amount alone."""
    return value if isinstance(value, dict) else {"price": value}


def _not_a_number(value: Any, example: str) -> Any:
    """A value, unless it is an amount where a mapping has to say more."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        raise PydanticCustomError("short_form", "must be a mapping such as {example}", {"example": example})
    return value


class RegionalPriceSpec(Protectable):
    """The price in one currency; short form: the amount alone."""

    short_forms: ClassVar[tuple[Any, ...]] = (Amount,)

    price: Amount = Field(
        description="The price of one period, as on a price tag.",
        examples=["45.00"],
        json_schema_extra=_IN_CURRENCY,
    )
    included_balance: Amount | None = Field(
        default=None,
        description="The balance included each month, also on a yearly price. Required if the price in US dollars "
        "has one, and only then.",
        examples=["23.00"],
        json_schema_extra=_IN_CURRENCY,
    )

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return regional_price_in_full(value)


class MarketPriceSpec(Protectable):
    """The price in the countries of one market, in a currency of its own."""

    currency: Currency = Field(
        description="The currency in which customers of this market pay. It may be `usd`.",
        examples=["brl"],
    )
    price: Amount = Field(
        description="The price of one period in this market, as on a price tag.",
        examples=["199.00"],
        json_schema_extra=_IN_CURRENCY,
    )

    @model_validator(mode="before")
    @classmethod
    def _no_short_form(cls, value: Any) -> Any:
        return _not_a_number(value, "{currency: brl, price: 199.00}")


class VariantSpec(Protectable):
    """Another version of a price: it costs the same, except in its market prices."""

    model_config = ConfigDict(title="Price variant")

    market_prices: Keyed[MarketPriceSpec] = Field(
        description="Prices by market. The base price must have a price for the same market.",
        examples=["{brazil: {currency: brl, price: 149.00}}"],
        json_schema_extra={"keys": "market"},
    )


class PriceSpec(Protectable):
    """The price of a plan for one billing interval, in US dollars."""

    model_config = ConfigDict(title="Plan price")

    price: Amount = Field(
        description="The price of one period, as on a price tag, not in cents. It may be 0.",
        examples=["49.00"],
        json_schema_extra=_DOLLARS,
    )
    trial_days: Count = Field(
        default=0,
        description="How long a new customer can try the plan before the first payment. Not on a one-time price.",
        examples=["14"],
        json_schema_extra={"unit": "days"},
    )
    is_default: bool | None = Field(
        default=None,
        description="Whether customers who choose no price get this one. Required on one price, if the plan has "
        "several.",
        examples=["true"],
    )
    included_credits: Count | None = Field(
        default=None,
        description="The credits included each month, also on a yearly price. Only on plans with `consumption_model: "
        "credits`.",
        examples=["1000"],
        json_schema_extra={"unit": "credits a month"},
    )
    included_balance: Amount | None = Field(
        default=None,
        description="The money for usage included each month, also on a yearly price. Only on plans with "
        "`consumption_model: balance`.",
        examples=["25.00"],
        json_schema_extra={"unit": "US dollars a month"},
    )
    regional_prices: Keyed[RegionalPriceSpec] = Field(
        default_factory=dict,
        description="Prices in other currencies: an amount, or a mapping.",
        examples=["{eur: 45.00, brl: 249.00, jpy: 7200}"],
        json_schema_extra={"keys": "currency"},
    )
    market_prices: Keyed[MarketPriceSpec] = Field(
        default_factory=dict,
        description="Prices in the countries of a market, by its key under `markets:`. Not in API version 2026-07-11.",
        examples=["{brazil: {currency: brl, price: 199.00}}"],
        json_schema_extra={"keys": "market"},
    )
    variants: Annotated[dict[_VariantName, VariantSpec], BeforeValidator(without_nulls)] = Field(
        default_factory=dict,
        description="Other versions of the price, for an experiment, for example. Needs `markets:`. Not in API "
        "version 2026-07-11.",
        examples=["{experiment_b: {market_prices: {brazil: {currency: brl, price: 149.00}}}}"],
        json_schema_extra={"keys": "name"},
    )

    @model_validator(mode="before")
    @classmethod
    def _no_short_form(cls, value: Any) -> Any:
        return _not_a_number(value, "{price: 49.00}")

"""The shape of a plan in the file, with the short forms that it allows."""

from decimal import Decimal
from typing import Any, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from commetctl.sections.lifecycle import Protectable
from commetctl.sections.values import Amount, Count, Keyed, Metadata, Name, Percent, Rate, Spec, Text, Units


class RegionalPriceSpec(Protectable):
    """The price in one currency; short form: the amount alone."""

    price: Amount
    included_balance: Amount | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return value if isinstance(value, dict) else {"price": value}


class PriceSpec(Protectable):
    """The price of a plan for one billing interval, in US dollars."""

    price: Amount
    trial_days: Count = 0
    is_default: bool | None = None
    included_credits: Count | None = None
    included_balance: Amount | None = None
    regional_prices: Keyed[RegionalPriceSpec] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _no_short_form(cls, value: Any) -> Any:
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            raise PydanticCustomError("short_form", "must be a mapping such as {price: 49.00}")
        return value


class OverageSpec(Spec):
    """What one unit beyond the included amount costs."""

    unit_price: Amount
    regional_prices: Keyed[Amount] = Field(default_factory=dict)


class PlanFeatureSpec(Protectable):
    """A feature inside a plan; short forms: `true`, `false`, `unlimited`."""

    enabled: bool = True
    included_amount: Units = 0
    unlimited: bool = False
    overage: OverageSpec | None = None
    credits_per_unit: Count | None = None
    pricing_mode: Literal["fixed", "ai_model"] = "fixed"
    margin_percent: Percent | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        if isinstance(value, bool):
            return {"enabled": value}
        if isinstance(value, str) and value != "unlimited":
            raise PydanticCustomError("short_form", "must be `true`, `false`, `unlimited` or a mapping")
        return {"unlimited": True} if value == "unlimited" else value


class PlanSpec(Protectable):
    """A billing plan."""

    name: Name
    description: Text | None = None
    consumption_model: Literal["metered", "credits", "balance"] | None = None
    visibility: Literal["public", "private"] = "private"
    is_free: bool = False
    block_on_exhaustion: bool = False
    metadata: Metadata = Field(default_factory=dict)
    prices: Keyed[PriceSpec] = Field(default_factory=dict)
    features: Keyed[PlanFeatureSpec] = Field(default_factory=dict)
    exchange_rates: Keyed[Rate] = Field(default_factory=dict)

    def default_interval(self) -> str | None:
        """The interval of the one default price; None when there is none or more than one."""
        marked = [interval for interval, price in self.prices.items() if price.is_default]
        if not marked and len(self.prices) == 1:
            marked = [interval for interval, price in self.prices.items() if price.is_default is None]
        return marked[0] if len(marked) == 1 else None

"""The shape of a plan in the file, with the short forms that it allows."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from commetctl.core.money import UNIT_PRICE_DECIMALS
from commetctl.kinds import memory
from commetctl.kinds.plans.price_spec import ITS_CURRENCY, PriceSpec
from commetctl.kinds.scalars import Amount, Count, Keyed, Metadata, Name, Percent, Protectable, Rate, Spec, Text, Units


def plan_feature_in_full(value: Any) -> Any:
    """What the short forms of a plan feature stand for: `true`, `false`, `unlimited`."""
    if isinstance(value, bool):
        return {"enabled": value}
    return {"unlimited": True} if value == "unlimited" else value


class OverageSpec(Spec):
    """The price of one unit beyond the included amount."""

    unit_price: Amount = Field(
        description="The price of one unit beyond the included amount.",
        examples=["0.002"],
        json_schema_extra={"unit": "US dollars a unit", "decimals": UNIT_PRICE_DECIMALS},
    )
    regional_prices: Keyed[Amount] = Field(
        default_factory=dict,
        description="The price of one unit in other currencies. The plan needs an exchange rate for each.",
        examples=["{brl: 0.011}"],
        json_schema_extra={"keys": "currency", "unit": ITS_CURRENCY, "decimals": UNIT_PRICE_DECIMALS},
    )


class PlanFeatureSpec(Protectable):
    """A feature inside a plan; short forms: `true`, `false`, `unlimited`."""

    short_forms: ClassVar[tuple[Any, ...]] = (
        Annotated[bool, Field(description="Short for `{enabled: …}`.")],
        Annotated[Literal["unlimited"], Field(description="Short for `{unlimited: true}`.")],
    )

    enabled: bool = Field(
        default=True,
        description="Whether the plan includes the feature; `false` lists it as not included.",
        examples=["false"],
    )
    included_amount: Units = Field(
        default=0,
        description="The units that the plan includes. Not with `unlimited`, and not on a boolean feature.",
        examples=["10000"],
        json_schema_extra={"unit": "units, by the feature's `unit_name`"},
    )
    unlimited: bool = Field(default=False, description="Whether usage is unlimited.", examples=["true"])
    overage: OverageSpec | None = Field(
        default=None,
        description="The price of units beyond the included amount; without it, customers cannot use more. Only on "
        "paid plans with `consumption_model: metered` or `balance`, and not with `unlimited`.",
        examples=["{unit_price: 0.002}"],
    )
    credits_per_unit: Count | None = Field(
        default=None,
        description="The credits that one unit uses. Only on plans with `consumption_model: credits`.",
        examples=["10"],
        json_schema_extra={"unit": "credits a unit"},
    )
    pricing_mode: Literal["fixed", "ai_model"] = Field(
        default="fixed",
        description="How a unit is priced: `fixed`, or `ai_model` for the cost of an AI model plus a margin, on "
        "plans with `consumption_model: balance`.",
        examples=["ai_model"],
    )
    margin_percent: Percent | None = Field(
        default=None,
        description="The margin on the cost of the AI model. Only with `pricing_mode: ai_model`.",
        examples=["20"],
        json_schema_extra={"unit": "percent", "maximum": 1000},
    )

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        if isinstance(value, str) and value != "unlimited":
            raise PydanticCustomError("short_form", "must be `true`, `false`, `unlimited` or a mapping")
        return plan_feature_in_full(value)


class PlanSpec(Protectable):
    """A billing plan."""

    name: Name = Field(
        description="The name that customers see. Commet may refuse the name of another plan.", examples=["Pro"]
    )
    description: Text | None = Field(
        default=None, description="Text that customers see beside the name.", examples=["For growing teams"]
    )
    consumption_model: Literal["metered", "credits", "balance"] | None = Field(
        default=None,
        description="How usage is paid for: `metered` bills units beyond those included, `credits` uses credits, "
        "`balance` uses the included money. Required for usage features.",
        examples=["metered"],
    )
    visibility: Literal["public", "private"] = Field(
        default="private",
        description="Whether the plan is on the pricing page. A new plan becomes public after all of its parts exist.",
        examples=["public"],
    )
    is_free: bool = Field(
        default=False,
        description="Whether the plan is free. A free plan has no prices and no overage.",
        examples=["true"],
    )
    block_on_exhaustion: bool = Field(
        default=False,
        description="Whether usage stops when the credits or the balance run out.",
        examples=["true"],
    )
    metadata: Metadata = Field(
        default_factory=dict,
        description="Your own labels: text, whole numbers or booleans by key. The key `commetctl` is reserved.",
        examples=['{tier: "2"}'],
        json_schema_extra=memory.RESERVED,
    )
    prices: Keyed[PriceSpec] = Field(
        default_factory=dict,
        description="Prices by billing interval. A price that you remove is archived.",
        examples=["{monthly: {price: 49.00}}"],
        json_schema_extra={"keys": "interval"},
    )
    features: Keyed[PlanFeatureSpec] = Field(
        default_factory=dict,
        description="What the plan includes, by feature code. A feature that you remove leaves the plan.",
        examples=["{sso: true, storage: unlimited, api_calls: {included_amount: 10000}}"],
        json_schema_extra={"keys": "feature code"},
    )
    exchange_rates: Keyed[Rate] = Field(
        default_factory=dict,
        description="How much of each currency one US dollar buys. Commet derives the amounts from it that the "
        "catalog does not give. A rate cannot be removed.",
        examples=["{brl: 5.20, eur: 0.92}"],
        json_schema_extra={"keys": "currency", "unit": "of the currency for 1 US dollar"},
    )

    def default_interval(self) -> str | None:
        """The interval of the one default price; None when there is none or more than one."""
        marked = [interval for interval, price in self.prices.items() if price.is_default]
        if not marked and len(self.prices) == 1:
            marked = [interval for interval, price in self.prices.items() if price.is_default is None]
        return marked[0] if len(marked) == 1 else None

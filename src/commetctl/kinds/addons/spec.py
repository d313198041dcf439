"""The shape of an add-on in the file."""

from typing import Annotated, Literal, get_args

from pydantic import Field

from commetctl.core.money import UNIT_PRICE_DECIMALS
from commetctl.kinds.scalars import Amount, Count, Name, Protectable, Text, Units

# Limits of names and descriptions: API reference, add-ons.
_LONGEST_NAME, _LONGEST_DESCRIPTION = 100, 255


class AddonSpec(Protectable):
    """A feature that customers can add to a subscription, for a price of its own."""

    name: Annotated[Name, Field(max_length=_LONGEST_NAME)] = Field(
        description="The name that customers see.", examples=["Extra storage"]
    )
    feature: Name = Field(
        description="The code of the feature that it adds. A feature can have only one add-on.",
        examples=["storage_gb"],
    )
    consumption_model: Literal["boolean", "metered", "credits", "balance"] = Field(
        description="How usage is paid for: `boolean` only gives access, `metered` bills units beyond those included, "
        "`credits` and `balance` use what the plan includes. A plan needs the same model, except for `boolean`.",
        examples=["metered"],
    )
    base_price: Amount = Field(
        description="The price of one billing period, as on a price tag. In other currencies, Commet converts it at "
        "the plan's exchange rate.",
        examples=["5.00"],
        json_schema_extra={"unit": "US dollars"},
    )
    included_units: Units | None = Field(
        default=None,
        description="The units that it includes. Required with `consumption_model: metered`, and only allowed with it.",
        examples=["100"],
        json_schema_extra={"unit": "units, by the feature's `unit_name`"},
    )
    overage_rate: Amount | None = Field(
        default=None,
        description="The price of one unit; with `metered`, of one beyond those included. Required with "
        "`consumption_model: metered` or `balance`, and only allowed with them.",
        examples=["0.02"],
        json_schema_extra={"unit": "US dollars a unit", "decimals": UNIT_PRICE_DECIMALS},
    )
    credit_cost: Count | None = Field(
        default=None,
        description="The credits that one unit uses. Required with `consumption_model: credits`, and only allowed "
        "with it.",
        examples=["5"],
        json_schema_extra={"unit": "credits a unit"},
    )
    description: Annotated[Text, Field(max_length=_LONGEST_DESCRIPTION)] | None = Field(
        default=None,
        description="Text that customers see beside the name.",
        examples=["100 GB more for your files"],
    )


#: The models that this version knows; the API may add more.
MODELS: tuple[str, ...] = get_args(AddonSpec.model_fields["consumption_model"].annotation)
#: The models that have a field, for each field that not all have. (API reference, create an add-on.)
MODELS_WITH = {
    "included_units": ("metered",),
    "overage_rate": ("metered", "balance"),
    "credit_cost": ("credits",),
}

"""The shape of an add-on in the file."""

from typing import Annotated, Literal, get_args

from pydantic import Field

from commetctl.core.money import UNIT_PRICE_DECIMALS
from commetctl.kinds.scalars import Amount, Count, Name, Protectable, Text, Units

# Limits of names and descriptions: API reference, add-ons.
_LONGEST_NAME, _LONGEST_DESCRIPTION = 100, 255


class AddonSpec(Protectable):
    """A feature that customers can activate on their subscriptions, for a price of its own."""

    name: Annotated[Name, Field(max_length=_LONGEST_NAME)] = Field(
        description="The name that customers see: at most 100 characters.", examples=["Extra storage"]
    )
    feature: Name = Field(
        description="The feature that it adds, by its code under `features:`. A feature has one add-on at most, "
        "and Commet identifies the add-on by it.",
        examples=["storage_gb"],
    )
    consumption_model: Literal["boolean", "metered", "credits", "balance"] = Field(
        description="What customers pay for usage with: `boolean` gives access and counts nothing, `metered` "
        "bills usage beyond the included units, `credits` and `balance` use what the plan includes. "
        "Plans with the same model can have it; with `boolean`, all plans can.",
        examples=["metered"],
    )
    base_price: Amount = Field(
        description="The price per billing period in US dollars, as on a price tag, never in cents. Commet "
        "converts it at the plan's exchange rate.",
        examples=["5.00"],
        json_schema_extra={"unit": "US dollars"},
    )
    included_units: Units | None = Field(
        default=None,
        description="How many units it includes. Required with `consumption_model: metered`, and only allowed there.",
        examples=["100"],
        json_schema_extra={"unit": "units, by the feature's `unit_name`"},
    )
    overage_rate: Amount | None = Field(
        default=None,
        description="The price of one unit in US dollars, with `metered` beyond the included units: at most four "
        "decimals. Required with `consumption_model: metered` or `balance`, and only allowed there.",
        examples=["0.02"],
        json_schema_extra={"unit": "US dollars a unit", "decimals": UNIT_PRICE_DECIMALS},
    )
    credit_cost: Count | None = Field(
        default=None,
        description="How many credits one unit costs. Required with `consumption_model: credits`, and only "
        "allowed there.",
        examples=["5"],
        json_schema_extra={"unit": "credits a unit"},
    )
    description: Annotated[Text, Field(max_length=_LONGEST_DESCRIPTION)] | None = Field(
        default=None,
        description="A description that customers see next to the name: at most 255 characters.",
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

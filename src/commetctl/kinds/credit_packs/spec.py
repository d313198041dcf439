"""The shape of a credit pack in the file."""

from typing import Annotated

from pydantic import Field

from commetctl.kinds.named.spec import Id, given_id, previous_name
from commetctl.kinds.scalars import Amount, Name, Protectable, Text

# Limits of names and descriptions: API reference, credit packs.
_LONGEST_NAME, _LONGEST_DESCRIPTION = 100, 255


class CreditPackSpec(Protectable):
    """A pack of credits that customers on credits plans can buy."""

    name: Annotated[Name, Field(max_length=_LONGEST_NAME)] = Field(
        description="The name that customers see, by which Commet identifies the pack. Unique in the catalog.",
        examples=["Starter Pack"],
    )
    credits: Annotated[int, Field(ge=1, le=2**31 - 1)] = Field(
        description="The credits in the pack.",
        examples=["100"],
        json_schema_extra={"unit": "credits"},
    )
    price: Amount = Field(
        description="The price of the pack, as on a price tag, not in cents.",
        examples=["10.00"],
        json_schema_extra={"unit": "US dollars"},
    )
    description: Annotated[Text, Field(max_length=_LONGEST_DESCRIPTION)] | None = Field(
        default=None,
        description="Text that customers see beside the name.",
        examples=["100 credits for light usage"],
    )
    is_active: bool = Field(
        default=True, description="Whether the pack is for sale. Commet lists only active packs.", examples=["false"]
    )
    previous_name: Name | None = previous_name("pack", "Small Pack")
    id: Id | None = given_id("pack", "cpk_01", " Required to reactivate an inactive pack.")

"""Markets: groups of countries in which prices may have amounts of their own."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from commetctl.core.contract import Contract
from commetctl.core.resource import Value
from commetctl.kinds.codecs import METADATA
from commetctl.kinds.countries import ASSIGNED, COUNTRY, instead
from commetctl.kinds.effects import ANY, GONE, NEW, NEW_ONLY, NONE, TODAY, Row, quiet
from commetctl.kinds.kind import Kind
from commetctl.kinds.named import Named, given_id, not_sent, previous_name
from commetctl.kinds.named.spec import Id
from commetctl.kinds.routes import routes
from commetctl.kinds.scalars import Metadata, Name, Protectable
from commetctl.kinds.section import Finding, Sheet, shared_items
from commetctl.kinds.wire import WireField, word


def _country(value: str) -> str:
    if not COUNTRY.match(value):
        hint = f"write `{instead(value)}`" if instead(value) else "two upper-case letters, such as `BR` for Brazil"
        raise PydanticCustomError("country", "is not a country code", {"hint": hint})
    return value


class MarketSpec(Protectable):
    """A market: countries that can have prices of their own."""

    name: Name = Field(
        description="Your name for the market, by which Commet identifies it. Unique in the catalog.",
        examples=["Brazil"],
    )
    countries: Annotated[list[Annotated[Name, AfterValidator(_country)]], Field(min_length=1)] = Field(
        description="Two-letter country codes (ISO 3166-1). A country can be in only one market.",
        examples=["[DE, AT, CH]"],
    )
    metadata: Metadata = Field(
        default_factory=dict,
        description="Your own labels: text, whole numbers or booleans by key.",
        examples=["{owner: emea}"],
    )
    previous_name: Name | None = previous_name("market", "Brasil")
    id: Id | None = given_id("market", "pmg_01")


class _Markets(Named):
    def check(self, sheet: Sheet) -> Iterator[Finding]:
        yield from super().check(sheet)
        for path, message, hint in shared_items(sheet, self, "countries", ("country", "market")):
            yield Finding(path, "country_twice", message, hint)


def unknown_country(sheet: Sheet) -> Iterator[Finding]:
    """Codes that no country has."""
    for key, spec in sheet.sections.get("markets", {}).items():
        for index, country in enumerate(spec.countries):
            if country not in ASSIGNED:
                hint = f"write `{instead(country)}`" if instead(country) else "check the code in ISO 3166-1"
                path = ("markets", key, "countries", str(index))
                yield Finding(path, "unknown_country", f"`{country}` is not the code of a country", hint)


def _countries(value: object, _: Contract) -> Value:
    if not isinstance(value, list):
        raise TypeError(value)
    return tuple(sorted(map(word, value)))


_CHECKOUT = "guide, markets and regional pricing: the market is that of the country in which a checkout opens"
_DELETE = "reference, delete a market"

_EFFECTS = (
    Row("", NEW, NONE, "no price has an amount for it yet", "guide, markets and regional pricing", counts=False),
    Row("", GONE, NONE, "Commet refuses the deletion while a price or a subscription uses it", _DELETE, counts=False),
    Row(
        "countries", ANY, NEW_ONLY, "it applies from the next checkout in a country that moves", _CHECKOUT, counts=False
    ),
    *quiet("name", "metadata"),
)

MARKETS = _Markets(
    name="markets",
    about="Groups of countries with prices of their own, by a key of your choice. Market prices and variants need "
    "this section.",
    kind=Kind(
        "market",
        "A group of countries that can have prices of their own.",
        "markets.KEY",
        "NAME",
        "Brazil",
        MarketSpec,
        words=("markets",),
        table=(
            WireField("name", "name", needed=True),
            WireField(
                "countries",
                "countryCodes",
                lambda codes, _: list(codes),
                _countries,
                needed=True,
                unordered=True,
                make=lambda codes: tuple(sorted(codes)),
            ),
            METADATA,
        ),
        returned=not_sent("market"),
        unique=("name",),
        exclusive=("countries",),
        wording=frozenset({"name", "metadata"}),
        versions=TODAY,
        effects=_EFFECTS,
    ),
    spec=MarketSpec,
    routes=routes("/markets", in_older=False),
    noun="market",
    # An update replaces the market, although it is a PATCH. (Reference, update a market.)
    replaces=True,
    lint={"unknown_country": unknown_country},
)

"""Places: a country for each currency and each market, in which a made-up customer pays its price."""

from collections.abc import Collection, Iterator

from commetctl.core.resource import Address, ResourceSet

#: Countries whose currency Commet prices in; several, as a market may have one of them (guide, regional pricing).
_COUNTRIES = {
    "ars": "AR", "bob": "BO", "brl": "BR", "cad": "CA", "clp": "CL", "cny": "CN", "cop": "CO", "gbp": "GB",
    "eur": "DE FR IT ES NL IE FI PT", "hkd": "HK", "inr": "IN", "jpy": "JP", "krw": "KR", "mxn": "MX", "pen": "PE",
    "pyg": "PY", "sgd": "SG", "thb": "TH", "twd": "TW", "uyu": "UY",
}  # fmt: skip
_FIELD = "countries"


def country_of(currency: str, taken: Collection[str]) -> str:
    """A country that pays in a currency and is not `taken` by a market; empty where there is none."""
    return next((country for country in _COUNTRIES.get(currency, "").split() if country not in taken), "")


def countries(resources: ResourceSet, row: Address) -> Iterator[str]:
    """The countries of the market of a market price."""
    for ref in resources[row].refs:
        listed = resources[ref].fields.get(_FIELD) if ref in resources else None
        yield from map(str, listed) if isinstance(listed, tuple) else ()


def in_markets(resources: ResourceSet, price: Address) -> frozenset[str]:
    """The countries in which a market price takes the place of a price, or of a variant of it."""
    rows = [row for row in resources.values() if price in _above(resources, row.address)]
    return frozenset(country for row in rows for country in countries(resources, row.address))


def _above(resources: ResourceSet, address: Address) -> Iterator[Address]:
    row = resources.get(address)
    while row is not None and row.parent is not None:
        yield row.parent
        row = resources.get(row.parent)

"""Which fields of a catalog the API gives back, and by which names."""

from collections.abc import Mapping

from commetctl.kinds.credit_packs import CREDIT_PACKS
from commetctl.kinds.features import FEATURES
from commetctl.kinds.plans import addresses, ledger, tables

_TABLES = {
    "feature": FEATURES.table,
    addresses.PLAN: tables.PLAN,
    addresses.PRICE: tables.PRICE,
    addresses.FEATURE: tables.FEATURE,
    "credit_pack": CREDIT_PACKS.table,
}
#: What travels outside the tables.
_MORE: Mapping[str, Mapping[str, str]] = {
    addresses.PLAN: {
        "metadata": "metadata",
        "prices": "prices",
        "features": "features",
        "exchange_rates": "exchangeRates",
    },
    addresses.PRICE: {"regional_prices": "regionalPrices"},
    addresses.REGIONAL_PRICE: {"price": "price", "included_balance": "includedBalance"},
    addresses.FEATURE: {"overage.unit_price": "overage.unitPrice", "overage.regional_prices": "overageUnitPrice"},
    addresses.EXCHANGE_RATE: {"rate": "exchangeRate"},
    addresses.REGIONAL_UNIT_PRICE: {"unit_price": "overageUnitPrice"},
}
_UNREAD = frozenset(name for names in ledger.UNREAD.values() for name in names)


def wire_name(kind: str, path: str) -> str:
    """What the API calls a field; empty for one that it does not have."""
    names = {column.name: column.wire for column in _TABLES.get(kind, ())} | dict(_MORE.get(kind, {}))
    return names.get(path, "")


def returned(kind: str, path: str) -> str:
    """Whether the API gives a field back, in words; empty for what is not about an object of the API."""
    if kind == "policy":
        return ""
    if path.startswith("lifecycle"):
        if kind in addresses.KINDS:
            return "no, Commet has no place for it: commetctl keeps it in the plan's metadata"
        return "no, Commet has no place for it: it holds while the entry is in the file"
    wire = wire_name(kind, path)
    if kind == addresses.FEATURE and path in _UNREAD:
        return f"never, it is sent as `{wire}`: commetctl remembers it in the plan's metadata, or shows `unknown`"
    if not wire:
        return "no, it is not sent: it says which pack is meant"
    if (kind, path) == ("credit_pack", "is_active"):
        return f"only by being listed: packs that are not active are not; sent as `{wire}`"
    return f"yes, as `{wire}`"

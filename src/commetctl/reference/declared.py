"""The addresses that a file declares, as far as it can be read: for whoever is still typing it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from commetctl.catalog.assembly import assemble
from commetctl.catalog.source import FileSource
from commetctl.core.errors import CommetctlError
from commetctl.core.resource import Address
from commetctl.kinds.plans import addresses

#: A larger file takes longer to read, in bytes, than anybody waits for a word.
LARGEST = 128 * 1024


def declared(file: Path, environment: str = "") -> list[str]:
    """Every address that a catalog declares; none where it cannot be read, or not soon."""
    try:
        if file.stat().st_size > LARGEST:
            return []
        data = assemble(FileSource(file), environment).document.data
    except (CommetctlError, OSError):
        return []
    return [str(address) for address in _all(data)]


def _all(data: Any) -> Iterator[Address]:
    for code, _ in _entries(data, "features"):
        yield addresses.catalog_feature(code)
    for code, plan in _entries(data, "plans"):
        yield addresses.plan(code)
        yield from _parts(code, plan)
    for _, pack in _entries(data, "credit_packs"):
        if isinstance(pack, dict) and isinstance(pack.get("name"), str):
            yield Address("credit_pack", pack["name"])


def _parts(code: str, plan: Any) -> Iterator[Address]:
    for interval, price in _entries(plan, "prices"):
        yield addresses.price(code, interval)
        for currency, _ in _entries(price, "regional_prices"):
            yield addresses.regional_price(code, interval, currency)
    for feature, entry in _entries(plan, "features"):
        yield addresses.feature(code, feature)
        overage = entry.get("overage") if isinstance(entry, dict) else None
        for currency, _ in _entries(overage, "regional_prices"):
            yield addresses.regional_unit_price(code, feature, currency)
    for currency, _ in _entries(plan, "exchange_rates"):
        yield addresses.exchange_rate(code, currency)


def _entries(data: Any, key: str) -> list[tuple[str, Any]]:
    """What a key of a mapping holds, where it is a mapping too."""
    held = data.get(key) if isinstance(data, dict) else None
    return [(name, value) for name, value in held.items() if value is not None] if isinstance(held, dict) else []

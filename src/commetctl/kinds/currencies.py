"""Whether a currency of the file is one that Commet prices in."""

from collections.abc import Iterator

from commetctl.core.contract import V2026_08_27, Contract
from commetctl.core.money import EXPONENTS
from commetctl.core.values import KeyPath
from commetctl.kinds.section import Finding

OTHER_VERSION = f"use API version {V2026_08_27.version}, the default"


def unknown_currency(path: KeyPath, currency: str, contract: Contract) -> Iterator[Finding]:
    """What is wrong with a currency at a path of the file."""
    if currency in contract.currencies:
        return
    if currency in EXPONENTS:
        message = f"`{currency}` is not a currency of API version {contract.version}"
        yield Finding(path, "currency_not_in_version", message, OTHER_VERSION)
        return
    near = currency.lower() if currency.lower() in EXPONENTS else ""
    hint = f"write `{near}`" if near else "known: " + ", ".join(sorted(contract.currencies))
    yield Finding(path, "unknown_currency", f"`{currency}` is not a currency that Commet prices in", hint, fix=near)

"""Catalogs with dated changes: a main file, its changes, and what is said about them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from commetctl.catalog import Catalog, load
from commetctl.core.errors import CommetctlError, InvalidCatalog
from environments.files import written
from telling import as_told

BASE = """\
version: 1
features:
  sso: {name: SSO, type: boolean}
plans:
  pro:
    name: Pro
    prices:
      monthly: {price: 49.00, regional_prices: {eur: 45.00}}
    features: {sso: true}
"""
#: Before every date of the tests.
TODAY = datetime(2026, 11, 30, 12, tzinfo=UTC)
RAISED = "plans: {pro: {prices: {monthly: {price: 59.00}}}}"
WAS = "was: {plans.pro.prices.monthly: {price: 49.00}}"


def change(head: str = "effective: 2027-01-01", content: str = RAISED) -> str:
    """The text of a change."""
    return f"version: 1\nchange: {{{head}}}\n{content}\n"


def at(
    folder: Path, changes: Mapping[str, str], moment: datetime = TODAY, environment: str = "", base: str = BASE
) -> Catalog:
    """The catalog of a moment with some changes, each by its name; a name with a slash is that of a file beside."""
    return load(_files(folder, changes, base), environment=environment, moment=moment)


def told(
    folder: Path, changes: Mapping[str, str], environment: str = "", base: str = BASE, moment: datetime = TODAY
) -> list[str]:
    """Every line that is said about it, without the folder; empty where all is valid."""
    try:
        at(folder, changes, moment, environment, base)
    except InvalidCatalog as error:
        return [line.replace(f"{folder}/", "") for line in as_told(error.problems)]
    except CommetctlError as error:
        return [error.message.replace(f"{folder}/", ""), f"  hint: {error.hint}"]
    return []


def said(folder: Path, text: str, environment: str = "", base: str = BASE) -> list[str]:
    """What is said about one change."""
    return told(folder, {"raise.yaml": text}, environment, base)


def _files(folder: Path, changes: Mapping[str, str], base: str) -> Path:
    named = {name.removeprefix("./") if "/" in name else f"changes/{name}": text for name, text in changes.items()}
    return written(folder, {"commet.yaml": base, **named})


def price(catalog: Catalog, address: str = "plan_price.pro/monthly") -> str:
    """The price of an object of the catalog."""
    return next(str(item.fields["price"]) for item in catalog.desired.values() if str(item.address) == address)

"""What `plan` and `apply` share: from the file and the account to the changeset, and back after an apply."""

from dataclasses import dataclass
from typing import Any

from commetctl.api.client import Client
from commetctl.catalog import Catalog
from commetctl.cli.session import Account
from commetctl.core.address import Address
from commetctl.core.changeset import Changeset, Notice
from commetctl.errors import CommetctlError
from commetctl.guard import Mode
from commetctl.live import fetch
from commetctl.reconcile import Options, reconcile
from commetctl.sections.section import Live, World


@dataclass(frozen=True)
class Prepared:
    """A catalog beside the account as it is, and the changeset between them."""

    catalog: Catalog
    account: Account
    world: World
    changeset: Changeset
    mode: Mode
    options: Options

    def heading(self) -> str:
        """`commet.yaml → sandbox, https://commet.co (2026-08-27)`"""
        place = self.account.place if self.account.local else f"{self.mode.word}, {self.account.place}"
        return f"{self.catalog.file} → {place} ({self.catalog.contract.version})"

    def target(self) -> dict[str, Any]:
        """The account for machine output."""
        return {
            "api_url": f"local:{self.account.local}" if self.account.local else self.account.api_url,
            "api_version": self.catalog.contract.version,
            "livemode": self.mode.proven,
        }


def prepare(catalog: Catalog, account: Account, client: Client, options: Options, *, allow_live: bool) -> Prepared:
    """Compare, and find out which organization the account is; performs GETs only."""
    world, changeset = compare(catalog, client, options)
    # The embedded Commet is neither: a catalog for a live organization may be rehearsed on it.
    mode = Mode(world.live.livemode, account.key, None if account.local else catalog.mode, allow_live)
    return Prepared(catalog, account, world, changeset, mode, options)


def compare(catalog: Catalog, client: Client, options: Options) -> tuple[World, Changeset]:
    """Read the account and reconcile it with the file; performs GETs only."""
    live, notices = read(catalog, client, prune=options.prune)
    world = World(catalog.desired, live, catalog.contract)
    return world, reconcile(world, catalog.sections, notices, options)


def read(catalog: Catalog, client: Client, *, prune: bool = False) -> tuple[Live, list[Notice]]:
    """The account, its objects matched with those of the file."""
    live = fetch(client, catalog.sections, catalog.contract, prune=prune)
    notices: list[Notice] = []
    for section in catalog.sections:
        notices += section.adopt(catalog.sheet.sections[section.name], catalog.desired, live)
    return live, notices


def options(targets: tuple[str, ...], *, prune: bool) -> Options:
    """The chosen options; raises CommetctlError for a target that is not an address."""
    try:
        return Options(prune, tuple(Address.parse(text) for text in targets))
    except ValueError as error:
        raise CommetctlError(str(error), "see the addresses that `commetctl plan` prints", code="bad_address") from None

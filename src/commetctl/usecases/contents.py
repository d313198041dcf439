"""The contents of an account: all that it has, and which of it the catalog here declares."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from commetctl.catalog import Catalog, load
from commetctl.core.contract import Contract
from commetctl.core.errors import CommetctlError
from commetctl.core.policy import Mode
from commetctl.core.resource import Address
from commetctl.kinds.sides import Live
from commetctl.review.heading import Heading
from commetctl.usecases.account import Account
from commetctl.usecases.balance_scale import assumption
from commetctl.usecases.pull.prepare import read_new


@dataclass(frozen=True)
class Contents:
    """What an account has. `unmanaged` are the objects that the catalog lacks; None where there is no catalog."""

    account: Account
    contract: Contract
    mode: Mode
    live: Live
    catalog: str
    unmanaged: frozenset[Address] | None
    warnings: tuple[CommetctlError, ...]

    @cached_property
    def heading(self) -> Heading:
        """The account, as it was read now."""
        return self.account.heading(self.catalog, self.mode, self.contract)


def contents(account: Account, file: Path, api_version: str | None) -> Contents:
    """Read all that an account has; performs GETs only. Without a catalog in `file`, nothing is unmanaged."""
    catalog, trouble = _catalog(file, api_version, account.environment)
    version = api_version or (catalog.contract.version if catalog else None)
    everything, live, balances = read_new("the account", version, account)
    mode = account.mode(live.livemode, None)
    notices = [
        CommetctlError(notice.message, notice.hint, code=notice.code, address=notice.address) for notice in live.notices
    ]
    return Contents(
        account,
        everything.contract,
        mode,
        live,
        catalog.title if catalog else "",
        _unmanaged(catalog, live) if catalog else None,
        (*trouble, *notices, *assumption(balances, live)),
    )


def _catalog(file: Path, api_version: str | None, environment: str) -> tuple[Catalog | None, list[CommetctlError]]:
    """The catalog here, and what is to be said where it cannot be read: the account can be shown without."""
    if not file.exists():
        return None, []
    try:
        return load(file, api_version, environment), []
    except CommetctlError as error:
        message = f"which objects are unmanaged is not known: {error.message}"
        return None, [CommetctlError(message, "see `commetctl validate`", code="unmanaged_unknown")]


def _unmanaged(catalog: Catalog, live: Live) -> frozenset[Address]:
    """The objects that stand for themselves and are not declared, by whatever name the catalog knows them."""
    known = live
    for section in catalog.sections:
        known, _ = section.adopt(catalog.sheet.sections[section.name], catalog.desired, known)
    declared = {(address.kind, id_) for address, id_ in known.ids.items() if address in catalog.desired}
    return frozenset(
        address
        for address, resource in live.resources.items()
        if resource.parent is None
        and address not in catalog.desired
        and (address.kind, live.ids.get(address)) not in declared
    )

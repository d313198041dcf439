"""Reading the account that a catalog is compared with."""

from commetctl.api.client import Client
from commetctl.catalog import Catalog
from commetctl.core.changeset import Notice
from commetctl.kinds.sides import Live
from commetctl.planning.live import fetch


def fetched(catalog: Catalog, client: Client, *, prune: bool = False) -> Live:
    """The account as Commet gives it."""
    return fetch(client, catalog.sections, catalog.contract, prune=prune)


def matched(catalog: Catalog, live: Live) -> tuple[Live, list[Notice]]:
    """The account with its objects matched with those of a catalog, and notices about both."""
    kinds = {kind for section in catalog.sections for kind in section.kinds}
    notices = [notice for notice in live.notices if notice.address is None or notice.address.kind in kinds]
    for section in catalog.sections:
        live, adopted = section.adopt(catalog.sheet.sections[section.name], catalog.desired, live)
        notices += adopted
    return live, notices


def read(catalog: Catalog, client: Client, *, prune: bool = False) -> tuple[Live, list[Notice]]:
    """The account, its objects matched with those of the file."""
    return matched(catalog, fetched(catalog, client, prune=prune))

"""Buying a declared credit pack for a subscription, and seeing the credits arrive."""

import uuid
from dataclasses import asdict, dataclass
from typing import Any

from commetctl.api.client import Client
from commetctl.catalog import Catalog
from commetctl.core.address import Address
from commetctl.errors import CommetctlError, Refused
from commetctl.live import fetch
from commetctl.sections.credit_packs import CREDIT_PACKS
from commetctl.sections.names import nearest


@dataclass(frozen=True)
class Purchase:
    """What was bought, and the credits of the subscription before and after."""

    subscription: str
    pack: str
    credits: int
    before: int
    after: int

    def document(self) -> dict[str, Any]:
        """The purchase for machine output."""
        return asdict(self)


def buy(client: Client, catalog: Catalog, subscription: str, pack: str, *, allow_live: bool) -> Purchase:
    """Buy the pack with the given key in the catalog.

    Raises CommetctlError for a pack that is not declared or not applied, and Refused for a live subscription without
    `allow_live`, or when the credits did not arrive.
    """
    declared = catalog.sheet.sections.get("credit_packs", {})
    if pack not in declared:
        near = nearest(pack, declared)
        hint = f"did you mean `{near}`?" if near else "declared: " + (", ".join(declared) or "none")
        raise CommetctlError(
            f"`{pack}` is not a key under `credit_packs:` of {catalog.file}", hint, code="unknown_pack"
        )
    address = Address("credit_pack", declared[pack].name)
    live = fetch(client, (CREDIT_PACKS,), catalog.contract)
    if address not in live.ids:
        raise CommetctlError(f"Commet does not sell {address}", "run `commetctl apply` first", code="pack_not_live")
    before = _subscription(client, catalog, subscription)
    if before.get("livemode") is not False and not allow_live:
        raise Refused(
            f"{subscription} is live: a real customer would be charged", "give `--live` to do it", code="mode"
        )
    call = catalog.contract.call("purchase_credits", {"creditPackId": live.ids[address]}, subscription=subscription)
    answer = client.send(call, {}, f"commetctl-{uuid.uuid4().hex}")
    after = _subscription(client, catalog, subscription)
    bought = Purchase(subscription, address.key, int(answer["credits"]), _left(before), _left(after))
    if bought.after - bought.before != bought.credits or bought.credits != declared[pack].credits:
        raise CommetctlError(
            f"{subscription} had {bought.before} credits and has {bought.after}, and the pack gives "
            f"{declared[pack].credits}",
            "compare the subscription in the dashboard; usage in between counts too",
            code="credits_differ",
        )
    return bought


def _subscription(client: Client, catalog: Catalog, subscription: str) -> dict[str, Any]:
    found = client.send(catalog.contract.call("get_subscription", subscription=subscription), {})
    if not isinstance(found, dict) or not isinstance(found.get("credits"), dict):
        raise CommetctlError(
            f"{subscription} has no credits: its plan is not on the credits model",
            "packs can be bought on credits plans only",
            code="no_credits",
        )
    return found


def _left(subscription: dict[str, Any]) -> int:
    return int(subscription["credits"]["remaining"])

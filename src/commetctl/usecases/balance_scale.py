"""The scale of included balances: when an account is searched for it, and what plans and pulls say about it."""

from dataclasses import replace

from commetctl.api.client import Client
from commetctl.core.changeset import Changeset, Notice
from commetctl.core.errors import CommetctlError
from commetctl.core.policy import Mode
from commetctl.kinds.sides import Live, World
from commetctl.review.scales import BALANCE, WORDS, Balances, assumed, has_balances, known_balances, sends

_HINT = "check one balance against the dashboard, and set `balance_scale: minor` or `balance_scale: rate` in the file"


def looked_at_balances(changeset: Changeset, world: World, client: Client, mode: Mode) -> tuple[Changeset, Balances]:
    """What is known about balances, with a notice where it is assumed. They are read only if one would be sent."""
    sent = sends(changeset, BALANCE)
    balances = known_balances(client, world.live) if sent else assumed(world.contract)
    refused = sent and mode.may_be_live
    if balances.settled or refused or not has_balances([*world.live.resources.values(), *world.desired.values()]):
        return changeset, balances
    notice = Notice("balance_scale_assumed", _said(balances, "sent" if sent else "read"), _HINT)
    return replace(changeset, notices=(*changeset.notices, notice)), balances


def pulled_balances(client: Client, live: Live) -> Balances:
    """What is known about the balances of an account that is pulled. They are read only if it has one."""
    return known_balances(client, live) if has_balances(live.resources.values()) else assumed(client.contract)


def assumption(balances: Balances, live: Live) -> list[CommetctlError]:
    """The warning of a pull with balances whose scale nothing proves."""
    if balances.settled or not has_balances(live.resources.values()):
        return []
    return [CommetctlError(_said(balances, "read"), _HINT, code="balance_scale_assumed")]


def _said(balances: Balances, done: str) -> str:
    return (
        f"included balances are {done} as {WORDS[balances.scale]}, which nothing proves: Commet's documentation "
        "contradicts itself"
    )

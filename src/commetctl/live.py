"""The live side: the account as the API lists it, turned into the resources that the file expands to."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from commetctl.api.client import Client
from commetctl.core.contract import V2026_08_27, Contract
from commetctl.core.resource import Resource, ResourceSet
from commetctl.errors import ApiError, NotPermitted, Unreachable
from commetctl.sections import SECTIONS
from commetctl.sections.plans.older import OlderPlans
from commetctl.sections.section import Found, Live, Obstacle, Rows, Section

_SAME_ADDRESS = Obstacle("Commet has two of them that cannot be told apart", "rename or delete one in the dashboard")


def fetch(client: Client, sections: Sequence[Section], contract: Contract, *, prune: bool = False) -> Live:
    """Read the given sections and those that they refer to, one list call each.

    With `prune`, those that refer to them too: what they use cannot be deleted.
    Raises the client's errors, Unreachable for a list that could not be read whole, and Refused when prices are proven
    not to be in the chosen scale.
    """
    managed = {section.name for section in sections}
    needed = managed | {name for section in sections for name in section.uses}
    if prune:
        needed |= {section.name for section in SECTIONS if managed & set(section.uses)}
    live = Live(scale_proven=contract.price_scale_settled)
    resources: dict[object, Resource] = {}
    for section in SECTIONS:
        if section.name in needed:
            answers = _answers(client, section, contract)
            _note_mode(answers, live)
            with _as_described(f"list of {section.name}", contract):
                for item in section.read(answers, contract, live):
                    _add(item, resources, live)
    live.resources = ResourceSet(resources.values())
    return live


def prove_scale(client: Client, plan_id: str) -> None:
    """Read one plan in the chosen version and in the newer one, and compare what they say of its prices.

    Raises Refused when the chosen scale is not what the account uses. Says nothing where the newer version cannot be
    read.
    """
    call = client.contract.call("get_plan", plan=plan_id)
    try:
        newer = client.send(call, {}, version=V2026_08_27.version)
    except ApiError:
        return
    older = client.send(call, {})
    with _as_described("plan", client.contract):
        OlderPlans([older], [newer], client.contract).prove_scale()


@contextmanager
def _as_described(what: str, contract: Contract) -> Iterator[None]:
    """Turn an answer that lacks what it must have, or has it in another shape, into an error that says so."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unreachable(
            f"the API's {what} is not as version {contract.version} describes it ({error!r})",
            "check that --api-url points at the Commet API",
            code="unexpected_answer",
        ) from error


def _answers(client: Client, section: Section, contract: Contract) -> list[Rows | None]:
    answers: list[Rows | None] = []
    for listing in section.listings(contract):
        if listing.version is None:
            answers.append(client.list(listing))
        elif answers[-1]:
            try:
                answers.append(client.list(listing))
            except NotPermitted:
                raise
            except ApiError:
                answers.append(None)
    return answers


def _note_mode(answers: Sequence[Rows | None], live: Live) -> None:
    for rows in answers:
        for row in rows or ():
            if isinstance(row.get("livemode"), bool):
                live.livemode = row["livemode"]


def _add(item: Found, resources: dict[object, Resource], live: Live) -> None:
    address = item.resource.address
    if address in resources and not item.obstacle:
        live.obstacles[address] = _SAME_ADDRESS
    resources[address] = item.resource
    if item.id:
        live.ids[address] = item.id
    if item.obstacle:
        live.obstacles[address] = item.obstacle

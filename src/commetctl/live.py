"""The live side: the account as the API lists it, turned into the resources that the file expands to."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from commetctl.api.client import Client
from commetctl.core.address import Address
from commetctl.core.contract import V2026_08_27, Contract
from commetctl.core.resource import Resource, ResourceSet
from commetctl.core.times import Times
from commetctl.errors import ApiError, NotPermitted, Unreachable
from commetctl.sections import SECTIONS
from commetctl.sections.plans.older import OlderPlans
from commetctl.sections.section import Found, Live, Obstacle, Read, Rows, Section

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
    reads: list[Read] = []
    modes: list[bool] = []
    times = Times()
    for section in SECTIONS:
        if section.name in needed:
            answers = _answers(client, section, contract)
            modes += _modes(answers)
            for rows in answers:
                times = times.with_rows(section.kinds, rows or ())
            with _as_described(f"list of {section.name}", contract):
                reads.append(section.read(answers, contract))
    proven = [read.scale_proven for read in reads if read.scale_proven is not None]
    return Live(
        *_merged([item for read in reads for item in read.found]),
        memory={address: entries for read in reads for address, entries in read.memory.items()},
        beside={address: item for read in reads for address, item in read.beside.items()},
        livemode=modes[-1] if modes else None,
        times=times,
        scale_proven=all(proven) if proven else contract.price_scale_settled,
    )


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


def _modes(answers: Sequence[Rows | None]) -> list[bool]:
    """What the rows of some answers say the organization is, each that says it."""
    found = (row.get("livemode") for rows in answers for row in rows or ())
    return [mode for mode in found if isinstance(mode, bool)]


def _merged(items: Sequence[Found]) -> tuple[ResourceSet, dict[Address, str], dict[Address, Obstacle]]:
    """What was found by address: resources, ids and obstacles; of two at one address, the last."""
    resources: dict[Address, Resource] = {}
    obstacles: dict[Address, Obstacle] = {}
    for item in items:
        address = item.resource.address
        if address in resources and not item.obstacle:
            obstacles[address] = _SAME_ADDRESS
        resources[address] = item.resource
        if item.obstacle:
            obstacles[address] = item.obstacle
    ids = {item.resource.address: item.id for item in items if item.id}
    return ResourceSet(resources.values()), ids, obstacles

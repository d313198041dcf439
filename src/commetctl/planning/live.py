"""The live side: lists of the API, read as the same kinds of resource that a catalog declares."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

from commetctl.api.client import Client
from commetctl.core.call import ApiCall, resolved
from commetctl.core.changeset import Notice
from commetctl.core.contract import Contract, Listing, Row, Rows
from commetctl.core.errors import ApiError, NotPermitted, Unreachable
from commetctl.core.resource import Address, ResourceSet
from commetctl.core.text import printable
from commetctl.core.times import Times
from commetctl.core.values import text
from commetctl.kinds import SECTIONS
from commetctl.kinds.obstacles import SAME_ID, contradictory, joined
from commetctl.kinds.section import Section
from commetctl.kinds.sides import Found, Live, Read
from commetctl.kinds.wire import word

#: How many characters of an unexpected value an error shows.
_LONGEST = 60
#: How many objects are read at the same time.
_AT_ONCE = 4


def fetch(client: Client, sections: Sequence[Section], contract: Contract, *, prune: bool = False) -> Live:
    """Read the given sections and those that they refer to.

    With `prune`, also read those that refer to them, because an object in use cannot be deleted; those that the key may
    not read are noted. Raises the client's
    errors, Unreachable for a list that cannot be read in full, and Refused if prices are proven to be in another scale
    than the chosen one.
    """
    reads: list[Read] = []
    modes: set[bool] = set()
    times = Times()
    try:
        listed, denied = _listed(client, sections, contract, prune=prune)
    finally:
        client.tell("")
    for section in SECTIONS:
        # In an API version that lacks the section, there are none of its objects.
        if answers := listed.get(section.name):
            modes |= _modes(answers)
            for rows in answers:
                times = times.with_rows(tuple(section.kinds), rows or ())
            ids = {item.id: item.resource.address for read in reads for item in read.found if item.id}
            with as_described(f"list of {section.name}", contract):
                reads.append(section.read(answers, contract, ids))
    found = _merged(item for read in reads for item in read.found)
    proven = [read.scale_proven for read in reads if read.scale_proven is not None]
    return Live(
        ResourceSet(item.resource for item in found),
        {item.resource.address: item.id for item in found if item.id},
        {item.resource.address: item.obstacle for item in found if item.obstacle},
        {address: entries for read in reads for address, entries in read.memory.items()},
        unread=frozenset(address for read in reads for address in read.unread),
        times=times,
        livemode=_mode(modes),
        scale_proven=all(proven) if proven else contract.price_scale_settled,
        notices=(*_not_understood(found), *(notice for read in reads for notice in read.notices)),
        switches=client.switches,
        managed=frozenset(section.name for section in sections),
        denied=denied,
    )


def _listed(
    client: Client, sections: Sequence[Section], contract: Contract, *, prune: bool
) -> tuple[Mapping[str, list[Rows | None]], frozenset[str]]:
    """The answers to the listings of all sections that are needed, by section, and the users that may not be read."""
    needed = {section.name for section in sections}
    users = {section.name for section in SECTIONS if prune and needed & set(section.uses)}
    listed: dict[str, list[Rows | None]] = {}
    denied: set[str] = set()
    asked: set[str] = set()
    # What the rows refer to is read after them.
    while waiting := [section for section in SECTIONS if section.name in (needed | users) - asked]:
        for section in waiting:
            asked.add(section.name)
            client.tell(f"{section.name.replace('_', ' ')} … {len(asked)} of {len(needed | users)}")
            try:
                listed[section.name] = answers = _answers(client, section, contract)
            except NotPermitted as error:
                if section.name in needed or error.code != "forbidden":
                    raise
                denied.add(section.name)
            else:
                (needed if section.name in needed else users).update(section.refers(answers))
    for section in SECTIONS:
        # What refers to a list that may not be read cannot be read either.
        if section.name in listed and denied & set(section.refers(listed[section.name])):
            denied.add(section.name)
            del listed[section.name]
    return listed, frozenset(denied)


@contextmanager
def as_described(what: str, contract: Contract) -> Iterator[None]:
    """Raise Unreachable, with the place and the value, if an answer that is read inside is not as documented."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unreachable(
            f"the API's {what} does not match version {contract.version}: {_odd(error)}",
            "check that --api-url points at the Commet API",
            code="unexpected_answer",
        ) from error


def _odd(error: Exception) -> str:
    """What is wrong with an answer, by the exception of its reader; `__notes__` are the places, innermost first."""
    place = " of ".join([*getattr(error, "__notes__", ())])
    match error:
        case KeyError(args=(str() as name,)):
            said = f"`{name}` is missing"
        case TypeError() | ValueError() if error.args and not isinstance(error.args[0], str):
            said = f"it has `{printable(text(error.args[0]))[:_LONGEST]}` where a name, code or id is expected"
        case ValueError(args=(str() as value,)):
            said = f"it has `{printable(value)[:_LONGEST]}` where a code is expected"
        case _:
            said = "a part of it has an unexpected shape"
    return f"{said}, in {place}" if place else said


def _answers(client: Client, section: Section, contract: Contract) -> list[Rows | None]:
    answers: list[Rows | None] = []
    for listing in section.listings(contract):
        if listing.version is None:
            answers.append(_whole(client, listing))
        elif answers[-1]:
            try:
                answers.append(client.list(listing))
            except NotPermitted:
                raise
            except ApiError:
                answers.append(None)
    return answers


def _whole(client: Client, listing: Listing) -> Rows:
    """The rows of a list, each replaced by a read of its object if the list does not give all fields."""
    rows, each = client.list(listing), listing.each
    if each is None:
        return rows
    with as_described("list", client.contract), ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(lambda row: _object(client, client.contract.call(each, id=word(row["id"]))), rows))


def _object(client: Client, call: ApiCall) -> Row:
    found = client.send(resolved(call))
    if not isinstance(found, Mapping):
        raise TypeError(found)
    return found


def _modes(answers: Sequence[Rows | None]) -> set[bool]:
    """The modes of the account that rows state: True for live, False for a sandbox."""
    found = (row.get("livemode") for rows in answers for row in rows or ())
    return {mode for mode in found if isinstance(mode, bool)}


def _mode(modes: set[bool]) -> bool | None:
    """The one mode of an account, None if no row states it; raises Unreachable if rows contradict each other."""
    if len(modes) > 1:
        raise Unreachable(
            "Commet returns some objects as live and others as sandbox objects",
            "nothing can be planned from this; check the key and --api-url, and report this to Commet support",
            code="unexpected_answer",
        )
    return next(iter(modes), None)


def _merged(items: Iterable[Found]) -> list[Found]:
    """The objects by address; two at the same address become one of which nothing is known.

    Two objects with the same id must not be changed.
    """
    merged: dict[Address, Found] = {}
    for item in items:
        address = item.resource.address
        merged[address] = contradictory(item) if address in merged else item
    used = Counter((address.kind, item.id or "") for address, item in merged.items())
    return [_told_apart(item, used[item.resource.address.kind, item.id or ""]) for item in merged.values()]


def _told_apart(item: Found, count: int) -> Found:
    return replace(item, obstacle=joined([SAME_ID, item.obstacle])) if item.id and count > 1 else item


def _not_understood(found: Iterable[Found]) -> Iterator[Notice]:
    for item in found:
        if item.obstacle and item.obstacle.unknown:
            yield Notice("not_understood", *item.obstacle.said, item.resource.address)

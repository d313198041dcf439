"""The guard `in_use`: what subscriptions use is deleted only where it is named."""

from collections.abc import Iterator

from commetctl.core.errors import Refused
from commetctl.core.resource import Address
from commetctl.core.text import counted
from commetctl.kinds import kind_of, section_of
from commetctl.kinds.account import Live, Users
from commetctl.review.guards.subject import Subject
from commetctl.review.subscribers import Subscribers


def guard(subject: Subject) -> Iterator[Refused]:
    """A refusal for each such object. What goes along with one has no users that it has not."""
    for address in in_question(subject):
        reason, hint = _reason(address, subject.live, subject.subscribers)
        if reason:
            hint = f"if it is meant, give `--allow-delete {address}`{hint}"
            yield Refused(reason, hint, code="in_use", address=address)


def in_question(subject: Subject) -> list[Address]:
    """What is to go, may be in use, and is not named: where there is nothing, no subscription need be counted."""
    going = (change.address for change in subject.deletes if change.address not in subject.allowed.deletes)
    return [address for address in going if _users(address, subject.live)]


def _users(address: Address, live: Live) -> list[Users]:
    """The subscriptions that use an object, or else the objects that refer to it."""
    kind = kind_of(address)
    if not kind or not kind.used:
        return []
    referring = (item.address for item in live.resources.values() if address in item.refs)
    own = section_of(address).users(address, live)
    users = [own] if own else [section_of(user).users(user, live) for user in referring]
    return [item for item in users if item]


def _reason(address: Address, live: Live, subscribers: Subscribers) -> tuple[str, str]:
    """Why an object may not go, and what else there is to do; both empty where no subscription uses it."""
    if subscribers.unknown:
        reason = f"whether any subscription uses it is not known: {subscribers.unknown}"
        return reason, f", or {subscribers.way_out}" if subscribers.way_out else ""
    users = _users(address, live)
    count = sum(_count(item, live, subscribers) for item in users)
    if not count:
        return "", ""
    uses = f"{counted(count, 'subscription')} {'uses' if count == 1 else 'use'} it"
    if any(item.currency for item in users):
        return f"up to {uses}: Commet does not tell which currency each of them pays in", ""
    return uses, ""


def _count(users: Users, live: Live, subscribers: Subscribers) -> int:
    plan, price = live.ids[users.plan], users.price
    if price is None:
        return subscribers.of_plan(plan)
    return subscribers.of_price(plan, live.ids.get(price), price.key.rpartition("/")[2])

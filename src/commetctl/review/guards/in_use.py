"""The guard `in_use`: what subscriptions use is deleted only where it is named."""

from collections.abc import Iterator

from commetctl.core.errors import Refused
from commetctl.core.resource import Address
from commetctl.core.text import counted
from commetctl.kinds.plans import addresses
from commetctl.kinds.section import Live
from commetctl.review.guards.subject import Subject
from commetctl.review.subscribers import Subscribers

_FEATURE = addresses.catalog_feature("").kind
_PARTS = (addresses.PLAN, addresses.PRICE, addresses.REGIONAL_PRICE, addresses.FEATURE)


def guard(subject: Subject) -> Iterator[Refused]:
    """A refusal for each such object. What goes along with one has no users that it has not."""
    for address in in_question(subject):
        reason, hint = _reason(address, subject.live, subject.subscribers)
        if reason:
            hint = f"if it is meant, give `--allow-delete {address}`{hint}"
            yield Refused(reason, hint, code="in_use", address=address)


def in_question(subject: Subject) -> list[Address]:
    """What is to go, may be in use, and is not named: where there is nothing, no subscription need be counted."""
    return [
        change.address
        for change in subject.deletes
        if change.address not in subject.allowed.deletes
        and (change.address.kind in _PARTS or _plans_with(change.address, subject.live))
    ]


def _plans_with(feature: Address, live: Live) -> list[Address]:
    """The live plans that include a feature; none for what is no feature."""
    if feature.kind != _FEATURE:
        return []
    users = (resource for resource in live.resources.values() if resource.address.kind == addresses.FEATURE)
    return [addresses.plan_of(user.address) for user in users if feature in user.refs]


def _reason(address: Address, live: Live, subscribers: Subscribers) -> tuple[str, str]:
    """Why an object may not go, and what else there is to do; both empty where nobody uses it."""
    if subscribers.unknown:
        reason = f"whether any subscription uses it is not known: {subscribers.unknown}"
        return reason, f", or {subscribers.way_out}" if subscribers.way_out else ""
    count = _count(address, live, subscribers)
    if not count:
        return "", ""
    uses = f"{counted(count, 'subscription')} {'uses' if count == 1 else 'use'} it"
    if address.kind == addresses.REGIONAL_PRICE:
        return f"up to {uses}: Commet does not tell which currency each of them pays in", ""
    return uses, ""


def _count(address: Address, live: Live, subscribers: Subscribers) -> int:
    if address.kind == _FEATURE:
        return sum(subscribers.of_plan(live.ids[plan]) for plan in _plans_with(address, live))
    plan = live.ids[addresses.plan_of(address)]
    if address.kind in (addresses.PLAN, addresses.FEATURE):
        return subscribers.of_plan(plan)
    code, interval = address.key.split("/")[:2]
    return subscribers.of_price(plan, live.ids.get(addresses.price(code, interval)), interval)

"""Guards about the account and its objects: its mode, what is blocked, how much changes, and what is in use."""

from collections.abc import Iterator
from decimal import Decimal
from shlex import quote

from commetctl.core.errors import Refused
from commetctl.core.policy import FEWEST_FOR_SHARES, Limit, Mode
from commetctl.core.resource import Address
from commetctl.core.text import counted
from commetctl.kinds import kind_of, section_of
from commetctl.kinds.sides import Live, Users
from commetctl.review.guards.subject import Subject
from commetctl.review.subscribers import Subscribers


def mode(subject: Subject) -> Iterator[Refused]:
    """The account must be of the mode that the file and the flags say."""
    if refused := wrong_mode(subject.mode):
        yield refused


def clock(subject: Subject) -> Iterator[Refused]:
    """Nothing is written where the clocks of this machine and of Commet disagree about what is due."""
    if subject.clock:
        yield subject.clock


def wrong_mode(mode: Mode) -> Refused | None:
    """The refusal of an account whose mode is not what the file and the flags say; None where it is."""
    reason = _why_wrong(mode)
    return Refused(*reason, code="mode") if reason else None


def _why_wrong(mode: Mode) -> tuple[str, str] | None:
    if mode.declared == "sandbox" and mode.proven is True:
        return "the catalog declares `mode: sandbox`, but the key belongs to a live account", "use a sandbox key"
    if mode.declared == "live" and mode.proven is False:
        return "the catalog declares `mode: live`, but the key belongs to a sandbox", "use a live key"
    if mode.expected and mode.proven is None:
        return (
            "nothing proves that the account is live: it is empty, and the key does not show its mode",
            "use a key that begins with `ck_live_` or `rk_live_`",
        )
    if mode.declared is None and mode.proven is True and not mode.allow_live:
        return (
            "the key belongs to a live account, and the catalog does not declare `mode: live`",
            "add `mode: live` to the catalog, or give `--live`",
        )
    return None


def blocked(subject: Subject) -> Iterator[Refused]:
    """As long as one change is blocked, none is made. The plan shows each with its reason and way out."""
    if count := len(subject.changeset.blocked):
        some = "1 change is blocked" if count == 1 else f"{count} changes are blocked"
        hint = "see the way out of each change, or apply the others with `--target`"
        yield Refused(f"{some}, so nothing is applied", hint, code="blocked")


def deletes(subject: Subject) -> Iterator[Refused]:
    """Too many objects are deleted or replaced, including those deleted with others."""
    gone = [change.address for change in subject.deletes] + [change.address for change in subject.replaced]
    counted_now = (address for address in gone if _counts(subject, "deletes", address))
    count = sum(1 + len(subject.changeset.along.get(address, ())) for address in counted_now)
    done = "deleted or replaced" if any(subject.replaced) else "deleted"
    yield from _too_many(subject, "deletes", done, count, subject.policy.max_deletes)


def updates(subject: Subject) -> Iterator[Refused]:
    """Too many objects are updated."""
    count = sum(_counts(subject, "updates", change.address) for change in subject.updates)
    yield from _too_many(subject, "updates", "updated", count, subject.policy.max_updates)


def _counts(subject: Subject, guard: str, address: Address) -> bool:
    return str(address) not in subject.begun and subject.judges(guard, address)


def _too_many(subject: Subject, name: str, done: str, count: int, limit: Limit) -> Iterator[Refused]:
    many, hint = f"would be {done}, and the limit is {limit}", past_limit(subject, name)
    if isinstance(limit, int) and count > limit:
        yield Refused(f"{counted(count, 'object')} {many}", hint, code=name, lift=f"--allow {name}")
        return
    whole = sum(address.kind in subject.kinds for address in subject.live.resources)
    if limit is None or isinstance(limit, int) or whole < FEWEST_FOR_SHARES:
        return
    # Compared as products, because a quotient may not be exact.
    if Decimal(count) * 100 > limit.percent * whole:
        yield Refused(f"{count} of {whole} objects {many}", hint, code=name, lift=f"--allow {name}")


def past_limit(subject: Subject, name: str) -> str:
    """How to get past a limit of the policy."""
    return f"if this is intended, {subject.way_past(name)}, or set `max_{name}` under `policy:` in the catalog"


def in_use(subject: Subject) -> Iterator[Refused]:
    """Objects that subscriptions use are deleted only when named; their parts have no users beyond theirs."""
    for address in in_question(subject):
        reason, hint = _in_use(address, subject.live, subject.subscribers)
        if reason:
            hint = f"if this is intended, give `--allow-delete {address}`{hint}"
            yield Refused(reason, hint, code="in_use", address=address, lift=f"--allow-delete {quote(str(address))}")


def in_question(subject: Subject) -> list[Address]:
    """The objects to delete that may be in use and are not named; if there are none, nobody need be counted."""
    going = (change.address for change in subject.deletes if change.address not in subject.allowed.deletes)
    return [address for address in going if _users(address, subject.live)]


def _users(address: Address, live: Live) -> list[Users]:
    """The subscriptions to an object, or else to the objects that refer to it."""
    kind = kind_of(address)
    if not kind or not kind.used:
        return []
    referring = (item.address for item in live.resources.values() if address in item.refs)
    own = section_of(address).users(address, live)
    users = [own] if own else [section_of(user).users(user, live) for user in referring]
    return [item for item in users if item]


def _in_use(address: Address, live: Live, subscribers: Subscribers) -> tuple[str, str]:
    """Why an object may not be deleted, and another way out; both empty if no subscription uses it."""
    if subscribers.unknown:
        reason = f"it is not known whether a subscription uses it: {subscribers.unknown}"
        return reason, f", or {subscribers.way_out}" if subscribers.way_out else ""
    users = _users(address, live)
    count = sum(_count(item, live, subscribers) for item in users)
    if not count:
        return "", ""
    uses = f"{counted(count, 'subscription')} {'uses' if count == 1 else 'use'} it"
    if any(item.currency for item in users):
        return f"up to {uses}: Commet does not report the currency of a subscription", ""
    if any(item.in_market for item in users):
        return f"up to {uses}: Commet does not report the market of a subscription", ""
    return uses, ""


def _count(users: Users, live: Live, subscribers: Subscribers) -> int:
    plan, price = live.ids[users.plan], users.price
    if price is None:
        return subscribers.of_plan(plan)
    named = users.only or live.ids.get(price)
    return subscribers.of_price(plan, named, price.key.rpartition("/")[2], users.variants)

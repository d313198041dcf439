"""The guards `deletes`, `updates` and `price_change`: more change in one run than the policy lets pass unasked."""

from collections.abc import Iterator
from decimal import Decimal

from commetctl.core.errors import Refused
from commetctl.core.move import AmountMove, Sense, leading
from commetctl.core.permissions import FEWEST_FOR_SHARES, Limit, Share
from commetctl.core.text import moved_text, named_move
from commetctl.review.guards.subject import Subject


def deletes(subject: Subject) -> Iterator[Refused]:
    """Too many objects go, counted with what goes along."""
    gone = (change.address for change in subject.deletes if str(change.address) not in subject.begun)
    count = sum(1 + len(subject.changeset.along.get(address, ())) for address in gone)
    yield from _too_many(subject, "deletes", count, subject.policy.max_deletes)


def updates(subject: Subject) -> Iterator[Refused]:
    """Too many objects change."""
    count = sum(str(change.address) not in subject.begun for change in subject.updates)
    yield from _too_many(subject, "updates", count, subject.policy.max_updates)


def price_change(subject: Subject) -> Iterator[Refused]:
    """What customers pay moves too far, up or down, or what they get for it does; from nothing, every price does."""
    limit = subject.policy.max_price_change
    if limit is None:
        return
    judged = (move for move in subject.moves if not _is_judged_by_use(move, subject))
    far = leading(move for move in judged if move.is_beyond(limit.percent))
    hint = _hint("price_change")
    if len(far) == 1:
        (move,) = far
        reason = f"`{move.path}` moves too far: {moved_text(move)} ({_by(move, limit)}; the limit is {limit})"
        yield Refused(reason, hint, code="price_change", address=move.address)
    elif far:
        noun = "amounts" if any(move.sense is Sense.INCLUDED for move in far) else "prices"
        listed = ", ".join(f"{named_move(move)} ({_by(move, limit)})" for move in far)
        measured = all(move.share is not None for move in far)
        how = f"by more than {limit}" if measured else f"too far (the limit is {limit})"
        yield Refused(f"{len(far)} {noun} move {how}: {listed}", hint, code="price_change")


def _is_judged_by_use(move: AmountMove, subject: Subject) -> bool:
    """Whether a currency goes, and the price that its customers pay then cannot be compared with the old one.

    The guard `in_use` refuses that for as long as any subscription may pay in it, and lets it pass where it is named.
    """
    deleted = any(change.address == move.address for change in subject.deletes)
    return deleted and (move.share is None or move.address in subject.allowed.deletes)


def _by(move: AmountMove, limit: Share) -> str:
    percent = move.percent_against(limit.percent)
    return f"{percent}: {move.meaning}" if move.meaning else percent


def _too_many(subject: Subject, name: str, count: int, limit: Limit) -> Iterator[Refused]:
    verb = name.removesuffix("s") + "d"
    objects = "1 object" if count == 1 else f"{count} objects"
    if isinstance(limit, int) and count > limit:
        yield Refused(f"{objects} would be {verb}, and the limit is {limit}", _hint(name), code=name)
        return
    whole = sum(address.kind in subject.kinds for address in subject.live.resources)
    if limit is None or isinstance(limit, int) or whole < FEWEST_FOR_SHARES:
        return
    # Compared by products: a quotient may not be exact.
    if Decimal(count) * 100 > limit.percent * whole:
        yield Refused(f"{count} of {whole} objects would be {verb}, and the limit is {limit}", _hint(name), code=name)


def _hint(name: str) -> str:
    return f"if it is meant, give `--allow {name}`, or set `max_{name}` under `policy:` in the file"
